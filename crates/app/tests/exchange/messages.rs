//! What takes many messages: one is on its way while the next is kept and the one after it sealed.

use super::{PatientId, Station, allergy, call, chart, register, server::Server, synced, two};
use crate::support::random::Random;
use app::App;

/// So many that their changes take several messages.
const PEOPLE: usize = 200;

fn people(app: &App<Station>) -> Vec<PatientId> {
    (0..PEOPLE).map(|_| register(app, "Okello")).collect()
}

/// Allergies of each.
const ALLERGIES: usize = 9;

/// Words that can hardly be pressed together.
fn words(random: &mut Random) -> String {
    let sign = |bits: u64| char::from(b"abcdefghijklmnopqrstuvwxyzABCDEF"[(bits & 31) as usize]);
    let of = |word: u64| (0..12).map(move |at| sign(word >> (5 * at)));
    (0..40).flat_map(|_| of(random.next())).collect()
}

#[test]
fn what_is_said_to_be_pushed_next_is_pushed_next() {
    let server = Server::default();
    let (_stations, [a, b]) = two(&server);
    let people = people(&a);
    synced(&a);
    synced(&b);
    let before = server.foretold();
    let mut random = Random::new(8);
    for patient in people.iter().flat_map(|patient| [patient; ALLERGIES]) {
        allergy(&a, *patient, &words(&mut random));
    }
    let requests = server.requests();
    synced(&a);
    let after = server.foretold();
    // Hello, and a push more than were said to be next.
    let pushes = server.requests() - requests - 1;
    assert_eq!((after.0 - before.0, after.1 - before.1), (pushes - 1, 0));
    assert!(pushes > 4, "{pushes}");
    synced(&b);
    assert_eq!(chart(&a, people[0]), chart(&b, people[0]));
}

#[test]
fn what_takes_many_messages_arrives_wherever_the_line_breaks() {
    let server = Server::default();
    let (stations, [mut a, b]) = two(&server);
    let people = people(&a);
    synced(&a);
    synced(&b);
    let mut random = Random::new(7);
    for patient in people.iter().flat_map(|patient| [patient; ALLERGIES]) {
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
        assert_eq!(chart(&a, *patient).allergies.len(), ALLERGIES);
        assert_eq!(chart(&a, *patient), chart(&b, *patient));
    }
}
