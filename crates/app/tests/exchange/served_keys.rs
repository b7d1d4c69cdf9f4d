//! Which places a computer that serves others over the LAN says their keys have.

use super::{Station, allergy, call, register, server::Server, synced, two};
use api::EraseChart;
use app::App;
use clinical::PatientId;
use sync::{
    ids::{ClinicId, DocTag, VerifyKey},
    wire::{
        Frame as _, KeysPage, KeysPlaced, KeysRequest, PushReply, PushRequest, WrappedKey, path,
        read_reply,
    },
};

/// What one hears who pushes keys alone.
fn placed(app: &App<Station>, who: (&VerifyKey, ClinicId), keys: &[WrappedKey]) -> KeysPlaced {
    let push = PushRequest { clinic: who.1, keys: keys.to_vec(), envelopes: Vec::new() };
    let reply = app.answer(who.0, path::PUSH, &push.to_frame()).unwrap();
    read_reply::<PushReply>(&reply).unwrap().unwrap().keys.unwrap()
}

/// The keys behind a place.
fn behind(app: &App<Station>, who: (&VerifyKey, ClinicId), after: u64) -> KeysPage {
    let asked = KeysRequest { clinic: who.1, after };
    let reply = app.answer(who.0, path::KEYS, &asked.to_frame()).unwrap();
    read_reply::<KeysPage>(&reply).unwrap().unwrap()
}

#[test]
fn keys_that_are_brought_have_the_places_that_are_told_and_never_more() {
    let server = Server::default();
    let (_stations, [a, _b]) = two(&server);
    let first_of_all = register(&a, "Okello");
    synced(&a);
    let caller = server.device_keys().remove(1);
    let who = (&caller, server.clinic());
    // Of the first epoch; whether it is a key at all, nobody can tell.
    let key = |content: u8| {
        let wrapped = [&[1, 0, 0, 0, 1][..], &[content; 80]].concat();
        WrappedKey { doc_tag: DocTag([7; 32]), wrapped }
    };
    let head = behind(&a, who, u64::MAX).head;
    let first = placed(&a, who, &[key(1), key(2)]);
    assert_eq!((first.before, behind(&a, who, first.before).keys), (head, vec![key(1), key(2)]));
    assert_eq!(first.after, behind(&a, who, u64::MAX).head);
    let again = placed(&a, who, &[key(1), key(2)]);
    assert_eq!(again, KeysPlaced { before: first.after, after: first.after });
    let more = placed(&a, who, &[key(1), key(3)]);
    assert_eq!((more.before, behind(&a, who, more.before).keys), (first.after, vec![key(3)]));
    assert!((1..=2).contains(&(more.after - more.before)), "{more:?}");
    // The key that was the last is erased: its place is not given again, and is nobody's.
    let erase = |patient: PatientId| {
        let number = patient.to_string().rsplit('-').next().unwrap().to_owned();
        call(&a, EraseChart { patient, number, ground: "entered twice".to_owned() });
        synced(&a);
    };
    erase(first_of_all);
    let last = register(&a, "Last");
    allergy(&a, last, "Latex");
    synced(&a);
    let before = behind(&a, who, u64::MAX).head;
    erase(last);
    assert!(behind(&a, who, u64::MAX).head < before, "the last was erased");
    let next = placed(&a, who, &[key(4)]);
    assert!(next.after > before && next.after - next.before <= 1, "{before}: {next:?}");
    assert_eq!(behind(&a, who, next.after - 1).keys, [key(4)]);
}
