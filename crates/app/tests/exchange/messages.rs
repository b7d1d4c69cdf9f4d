//! What takes many messages: one is on its way while the next is kept and the one after it sealed.

use super::{PatientId, Station, allergy, call, chart, register, server::Server, synced, two};
use crate::support::random::Random;
use app::App;

/// So many that their changes take several messages.
const PEOPLE: usize = 200;

fn people(app: &App<Station>) -> Vec<PatientId> {
    (0..PEOPLE).map(|_| register(app, "Okello")).collect()
}

/// Words that nothing can press together.
fn words(random: &mut Random) -> String {
    (0..30).map(|_| format!("{:016x}", random.next())).collect()
}

#[test]
fn what_takes_many_messages_arrives_wherever_the_line_breaks() {
    let server = Server::default();
    let (stations, [mut a, b]) = two(&server);
    let people = people(&a);
    synced(&a);
    synced(&b);
    let mut random = Random::new(7);
    for patient in people.iter().flat_map(|patient| [patient; 6]) {
        allergy(&a, *patient, &words(&mut random));
    }
    let mut waited = Vec::new();
    for cut_at in 1.. {
        server.cut_after(cut_at);
        let ended = call(&a, api::SyncNow {});
        waited.push(ended.to_send);
        if matches!(ended.phase, api::SyncPhase::Idle) {
            break;
        }
        // Another time the program ends there, too.
        if cut_at % 2 == 0 {
            drop(a);
            a = stations[0].sign_in();
        }
    }
    server.cut_after(usize::MAX);
    assert!(waited.windows(2).filter(|two| two[0] > two[1]).count() > 2, "messages: {waited:?}");
    assert_eq!(waited.last(), Some(&0));
    assert_eq!((synced(&a).alarms, synced(&b).alarms), (vec![], vec![]));
    for patient in &people {
        assert_eq!(chart(&a, *patient).allergies.len(), 6);
        assert_eq!(chart(&a, *patient), chart(&b, *patient));
    }
}
