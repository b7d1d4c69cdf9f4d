//! The behaviour suite: what every [`EnvelopeLog`] does.
//!
//! `make` is given the clinics to open and returns a fresh, empty log. Instantiate all of it with
//! [`crate::envelope_log_suite!`].
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::string_slice,
    reason = "these are tests, compiled only where tests are"
)]

use super::{EnvelopeLog, FloorLog, LogError, PageQuery};
use crate::codec::Canonical as _;
use crate::cursor::Mark;
use crate::envelope::Envelope;
use crate::fixtures::{clinic, device, envelope, run};
use crate::have::{Have, Lane};
use crate::ids::{ClinicId, EnvelopeId, LogEpoch};
use crate::limits::{FORKS_PER_COUNTER_MAX, HAVE_ENTRIES_MAX};
use crate::wire::{Item, Refused, Verdict};

mod keys;

pub use keys::{
    a_document_has_so_many_keys_of_an_epoch, erased_keys_are_gone_for_good, keys_are_read_by_place,
    where_a_log_stands_is_what_its_parts_say,
};

/// The clinics of the suite with their logs' first lives.
pub const CLINICS: [(ClinicId, LogEpoch); 2] =
    [(clinic(1), LogEpoch([0xe1; 16])), (clinic(2), LogEpoch([0xe2; 16]))];

const ONE: ClinicId = clinic(1);
const TWO: ClinicId = clinic(2);

/// Instantiates the suite as tests. `$make` is a function from
/// `&[(sync::ids::ClinicId, sync::ids::LogEpoch)]` to a fresh log.
#[macro_export]
macro_rules! envelope_log_suite {
    ($make:path) => {
        $crate::envelope_log_suite! { @ $make:
            appended_is_read_in_order
            pages_keep_to_their_limits
            what_the_reader_holds_is_named_only
            pushing_twice_is_pushing_once
            a_gap_is_not_stored
            a_fork_is_kept_and_named
            a_counter_has_few_forks
            a_device_has_its_share_of_lanes
            have_tells_every_lane
            clinics_do_not_see_each_other
            an_unknown_clinic_is_an_error
            the_chain_covers_every_id
            bytes_come_back_as_they_went
            appending_at_once_leaves_no_hole
        }
    };
    (@ $make:path: $($name:ident)*) => {$(
        #[test]
        fn $name() {
            $crate::log::suite::$name($make);
        }
    )*};
}

/// Instantiates the suite of [`FloorLog`] as tests, as [`crate::envelope_log_suite!`] does.
#[macro_export]
macro_rules! floor_suite {
    ($make:path) => {
        #[test]
        fn a_floor_is_raised_and_never_lowered() {
            $crate::log::suite::a_floor_is_raised_and_never_lowered($make);
        }
        #[test]
        fn what_is_below_a_floor_is_read_as_before() {
            $crate::log::suite::what_is_below_a_floor_is_read_as_before($make);
        }
    };
}

/// Instantiates the suite of [`KeyTable`](crate::log::KeyTable) as tests, as
/// [`crate::envelope_log_suite!`] does.
#[macro_export]
macro_rules! key_table_suite {
    ($make:path) => {
        #[test]
        fn keys_are_read_by_place() {
            $crate::log::suite::keys_are_read_by_place($make);
        }
        #[test]
        fn a_document_has_so_many_keys_of_an_epoch() {
            $crate::log::suite::a_document_has_so_many_keys_of_an_epoch($make);
        }
        #[test]
        fn where_a_log_stands_is_what_its_parts_say() {
            $crate::log::suite::where_a_log_stands_is_what_its_parts_say($make);
        }
    };
}

/// Instantiates the suite of [`ErasingTable`](crate::log::ErasingTable) as tests, as
/// [`crate::envelope_log_suite!`] does.
#[macro_export]
macro_rules! erasing_suite {
    ($make:path) => {
        #[test]
        fn erased_keys_are_gone_for_good() {
            $crate::log::suite::erased_keys_are_gone_for_good($make);
        }
    };
}

/// A floor is a place of the log, and only goes up; clinics do not share it.
pub fn a_floor_is_raised_and_never_lowered<L: FloorLog>(
    make: impl Fn(&[(ClinicId, LogEpoch)]) -> L,
) {
    let log = make(&CLINICS);
    let sent = run(1, 1, 9);
    append(&log, &sent);
    let mark = |seq: usize| sent[..seq].iter().fold(Mark::START, |mark, e| mark.then(e.id()));
    let check = |raise: Mark, expected: Mark| {
        log.raise_floor(ONE, raise, false).unwrap();
        let bounds = log.floor(ONE).unwrap();
        assert_eq!((bounds.floor, bounds.head), (expected, mark(9)));
    };
    check(mark(4), mark(4));
    check(mark(2), mark(4));
    check(mark(9), mark(9));
    let beyond = Mark { seq: 10, ..mark(9) };
    check(beyond, mark(9));
    assert_eq!(log.floor(TWO).unwrap().floor, Mark::START);
    let stranger = clinic(9);
    assert!(matches!(log.raise_floor(stranger, mark(1), true), Err(LogError::UnknownClinic)));
    assert!(matches!(log.find_envelope(stranger, sent[0].id()), Err(LogError::UnknownClinic)));
}

/// Nothing is dropped: what is cold is read from every place, found, known when it comes again, and
/// its lanes go on.
pub fn what_is_below_a_floor_is_read_as_before<L: FloorLog>(
    make: impl Fn(&[(ClinicId, LogEpoch)]) -> L,
) {
    let log = make(&CLINICS);
    // More than are moved at a time.
    let sent = [run(1, 1, 600), run(2, 1, 5)].concat();
    append(&log, &sent);
    let skip: Have = [(sent[0].header().lane(), sent[9].position())].into_iter().collect();
    let read = || {
        let places = [0, 1, 300, 599, 602, 605, 700];
        let queries = places.map(|after| PageQuery { skip: &skip, items_max: 700, ..all(after) });
        queries.map(|query| log.page(ONE, &query).unwrap())
    };
    let (pages, have) = (read(), log.have(ONE).unwrap());
    for (place, cold) in [(300, false), (601, true)] {
        let floor = log.page(ONE, &all(place)).unwrap().start;
        log.raise_floor(ONE, floor, cold).unwrap();
        assert_eq!(read(), pages);
        assert_eq!(log.have(ONE).unwrap(), have);
    }
    for place in [0, 598, 604] {
        let found = log.find_envelope(ONE, sent[place].id()).unwrap();
        assert_eq!(found, Some((place as u64 + 1, sent[place].clone())));
    }
    assert_eq!(log.find_envelope(ONE, EnvelopeId([9; 32])).unwrap(), None);
    assert_eq!(append(&log, &sent[..1]), [Verdict::Duplicate { seq: 1 }]);
    let goes_on = run(1, 1, 601);
    assert_eq!(append(&log, &goes_on[600..]), [Verdict::Stored { seq: 606 }]);
}

/// Envelopes come back whole, in order, with marks on both ends.
pub fn appended_is_read_in_order<L: EnvelopeLog>(make: impl Fn(&[(ClinicId, LogEpoch)]) -> L) {
    let log = make(&CLINICS);
    let sent = [run(1, 1, 3), run(2, 1, 2)].concat();
    let verdicts = append(&log, &sent);
    assert_eq!(verdicts, (1..=5).map(|seq| Verdict::Stored { seq }).collect::<Vec<_>>());
    let page = log.page(ONE, &all(0)).unwrap();
    assert_eq!(page.log_epoch, LogEpoch([0xe1; 16]));
    assert_eq!(page.items, whole(&sent));
    assert_eq!((page.start.seq, page.end.seq, page.head), (0, 5, 5));
    let later = log.page(ONE, &all(3)).unwrap();
    assert_eq!(later.items, whole(&sent[3..]));
    assert_eq!((later.start.seq, later.end), (3, page.end));
    let beyond = log.page(ONE, &all(99)).unwrap();
    assert_eq!((beyond.start, beyond.end, beyond.items.len()), (page.end, page.end, 0));
}

/// Items and bytes are capped, but a page is never empty while there is something.
pub fn pages_keep_to_their_limits<L: EnvelopeLog>(make: impl Fn(&[(ClinicId, LogEpoch)]) -> L) {
    let log = make(&CLINICS);
    let sent = run(1, 1, 10);
    append(&log, &sent);
    let one = sent[0].encoded_len() + 1;
    let check = |items_max, bytes_max, expected| {
        let query = PageQuery { items_max, bytes_max, ..all(2) };
        let page = log.page(ONE, &query).unwrap();
        assert_eq!(page.items.len(), expected, "{items_max} items, {bytes_max} bytes");
        assert_eq!(page.end.seq, 2 + page.items.len() as u64);
        assert_eq!(page.head, 10);
    };
    check(0, usize::MAX, 0);
    check(3, usize::MAX, 3);
    check(99, usize::MAX, 8);
    check(99, 1, 1);
    check(99, 3 * one, 3);
    check(99, 3 * one - 1, 2);
}

/// Of what a reader holds, the page has the names.
pub fn what_the_reader_holds_is_named_only<L: EnvelopeLog>(
    make: impl Fn(&[(ClinicId, LogEpoch)]) -> L,
) {
    let log = make(&CLINICS);
    let mine = run(1, 1, 3);
    let sent = [mine.clone(), run(2, 1, 1)].concat();
    append(&log, &sent);
    let skip: Have = [(mine[1].header().lane(), mine[1].position())].into_iter().collect();
    let page = log.page(ONE, &PageQuery { skip: &skip, ..all(0) }).unwrap();
    let names: Vec<_> = page.items.iter().map(Item::id).collect();
    assert_eq!(names, sent.iter().map(Envelope::id).collect::<Vec<_>>());
    let brief: Vec<_> = page.items.iter().map(|i| matches!(i, Item::Brief(_))).collect();
    assert_eq!(brief, [true, true, false, false]);
    // Names are small: they do not use up the bytes of a page.
    let bytes_max = 2 * 61 + sent[2].encoded_len() + 1;
    let page = log.page(ONE, &PageQuery { skip: &skip, bytes_max, ..all(0) }).unwrap();
    assert_eq!(page.items.len(), 3);
}

/// A repeated push has the same effect and tells the same places.
pub fn pushing_twice_is_pushing_once<L: EnvelopeLog>(make: impl Fn(&[(ClinicId, LogEpoch)]) -> L) {
    let log = make(&CLINICS);
    let sent = run(1, 1, 3);
    append(&log, &sent[..2]);
    let again = append(&log, &sent);
    assert_eq!(
        again,
        [Verdict::Duplicate { seq: 1 }, Verdict::Duplicate { seq: 2 }, Verdict::Stored { seq: 3 }]
    );
    let twice = append(&log, &[sent[2].clone(), sent[2].clone()]);
    assert_eq!(twice, [Verdict::Duplicate { seq: 3 }; 2]);
    assert_eq!(log.floor(ONE).unwrap().head.seq, 3);
}

/// What comes after a hole is not taken, so that HAVE stays true.
pub fn a_gap_is_not_stored<L: EnvelopeLog>(make: impl Fn(&[(ClinicId, LogEpoch)]) -> L) {
    let log = make(&CLINICS);
    let sent = run(1, 1, 4);
    let verdicts = append(&log, &[sent[1].clone(), sent[0].clone(), sent[2].clone()]);
    assert_eq!(
        verdicts,
        [Verdict::Gap { have: 0 }, Verdict::Stored { seq: 1 }, Verdict::Gap { have: 1 }]
    );
    assert_eq!(append(&log, &sent[3..]), [Verdict::Gap { have: 1 }]);
    assert_eq!(log.floor(ONE).unwrap().head.seq, 1);
}

/// Two envelopes of one counter are both kept, whichever branch goes on.
pub fn a_fork_is_kept_and_named<L: EnvelopeLog>(make: impl Fn(&[(ClinicId, LogEpoch)]) -> L) {
    let log = make(&CLINICS);
    let sent = run(1, 1, 2);
    append(&log, &sent);
    let twin = envelope(1, 1, 2, sent[0].id(), (0xaa, 30));
    let child = envelope(1, 1, 3, twin.id(), (0xab, 30));
    let stray = envelope(1, 1, 4, EnvelopeId([9; 32]), (0xac, 30));
    let verdicts = append(&log, &[twin.clone(), child.clone(), stray.clone()]);
    assert_eq!(
        verdicts,
        [Verdict::Forked { seq: 3 }, Verdict::Stored { seq: 4 }, Verdict::Forked { seq: 5 }]
    );
    let items = log.page(ONE, &all(2)).unwrap().items;
    assert_eq!(items, whole(&[twin, child, stray.clone()]));
    let lane = Lane { device: device(1), generation: 1 };
    assert_eq!(log.have(ONE).unwrap().get(lane), Some(stray.position()));
}

/// A stolen key cannot fill one counter without end.
pub fn a_counter_has_few_forks<L: EnvelopeLog>(make: impl Fn(&[(ClinicId, LogEpoch)]) -> L) {
    let log = make(&CLINICS);
    let twins: Vec<_> = (0..=FORKS_PER_COUNTER_MAX)
        .map(|n| envelope(1, 1, 1, EnvelopeId::NONE, (u8::try_from(n).unwrap(), 30)))
        .collect();
    let verdicts = append(&log, &twins);
    assert_eq!(verdicts[0], Verdict::Stored { seq: 1 });
    assert_eq!(verdicts[1], Verdict::Forked { seq: 2 });
    assert_eq!(verdicts.last(), Some(&Verdict::Refused(Refused::TooManyForks)));
    let lane = Lane { device: device(1), generation: 1 };
    assert_eq!(log.have(ONE).unwrap().get(lane), Some(twins[0].position()));
}

/// A device that begins lanes without end leaves a vector that everybody can read, and room in it
/// for the others; what it goes on with in a lane that it has is stored.
pub fn a_device_has_its_share_of_lanes<L: EnvelopeLog>(
    make: impl Fn(&[(ClinicId, LogEpoch)]) -> L,
) {
    let log = make(&CLINICS);
    append(&log, &run(2, 1, 1));
    append(&log, &run(3, 1, 1));
    append(&log, &run(4, 1, 1));
    let share = HAVE_ENTRIES_MAX / 2 / 4;
    let first = |generation| envelope(1, generation, 1, EnvelopeId::NONE, (1, 30));
    let lanes: Vec<_> = (1..=u32::try_from(share).unwrap() + 9).map(first).collect();
    let mut verdicts = Vec::new();
    lanes.chunks(1000).for_each(|some| verdicts.extend(append(&log, some)));
    let too_many = Verdict::Refused(Refused::TooManyForks);
    let stored = verdicts.iter().take_while(|verdict| **verdict != too_many).count();
    assert_eq!(stored, share);
    assert!(verdicts[share..].iter().all(|verdict| *verdict == too_many));
    let have = log.have(ONE).unwrap();
    assert_eq!(have.of_device(device(1)).iter().count(), share);
    assert_eq!(Have::from_bytes(&have.to_bytes()).unwrap(), have);
    // What it holds back of such a lane is missing, what goes on is taken, and others begin.
    let last = lanes.last().unwrap();
    let number = last.header().generation;
    let follows = envelope(1, number, 2, last.id(), (2, 30));
    let goes_on = envelope(1, 1, 2, lanes[0].id(), (2, 30));
    let again = [last.clone(), follows, goes_on, lanes[0].clone()];
    let verdicts = append(&log, &[&again[..], &run(2, 2, 1), &run(5, 1, 1)].concat());
    let seq = u64::try_from(share).unwrap() + 4;
    assert_eq!(
        verdicts,
        [
            too_many,
            Verdict::Gap { have: 0 },
            Verdict::Stored { seq },
            Verdict::Duplicate { seq: 4 },
            Verdict::Stored { seq: seq + 1 },
            Verdict::Stored { seq: seq + 2 },
        ]
    );
}

/// The vector names each device's generations with their last envelopes.
pub fn have_tells_every_lane<L: EnvelopeLog>(make: impl Fn(&[(ClinicId, LogEpoch)]) -> L) {
    let log = make(&CLINICS);
    assert!(log.have(ONE).unwrap().is_empty());
    let runs = [run(1, 1, 3), run(1, 2, 1), run(2, 1, 2)];
    runs.iter().for_each(|run| {
        append(&log, run);
    });
    let expected: Have = runs
        .iter()
        .filter_map(|run| run.last())
        .map(|last| (last.header().lane(), last.position()))
        .collect();
    assert_eq!(log.have(ONE).unwrap(), expected);
}

/// One clinic's envelopes, vectors and places are nothing to another.
pub fn clinics_do_not_see_each_other<L: EnvelopeLog>(make: impl Fn(&[(ClinicId, LogEpoch)]) -> L) {
    let log = make(&CLINICS);
    append(&log, &run(1, 1, 3));
    let bounds = log.floor(TWO).unwrap();
    assert_eq!(
        (bounds.log_epoch, bounds.floor, bounds.head),
        (CLINICS[1].1, Mark::START, Mark::START)
    );
    assert!(log.have(TWO).unwrap().is_empty());
    assert!(log.page(TWO, &all(0)).unwrap().items.is_empty());
    let verdicts = log.append(TWO, &run(1, 1, 1)).unwrap();
    assert_eq!(verdicts, [Verdict::Stored { seq: 1 }]);
    assert_eq!(log.floor(ONE).unwrap().head.seq, 3);
}

/// A clinic that was never opened is refused, not made.
pub fn an_unknown_clinic_is_an_error<L: EnvelopeLog>(make: impl Fn(&[(ClinicId, LogEpoch)]) -> L) {
    let log = make(&CLINICS);
    let stranger = clinic(9);
    let unknown = |result: Option<LogError>| matches!(result, Some(LogError::UnknownClinic));
    assert!(unknown(log.append(stranger, &run(1, 1, 1)).err()));
    assert!(unknown(log.page(stranger, &all(0)).err()));
    assert!(unknown(log.have(stranger).err()));
    assert!(unknown(log.floor(stranger).err()));
}

/// Marks are the running hash over the ids, page by page as at once.
pub fn the_chain_covers_every_id<L: EnvelopeLog>(make: impl Fn(&[(ClinicId, LogEpoch)]) -> L) {
    let log = make(&CLINICS);
    let sent = run(1, 1, 5);
    sent.chunks(2).for_each(|chunk| {
        append(&log, chunk);
    });
    let mut mark = Mark::START;
    for (after, envelope) in (0..).zip(&sent) {
        let page = log.page(ONE, &PageQuery { items_max: 1, ..all(after) }).unwrap();
        assert_eq!(page.start, mark);
        mark = mark.then(envelope.id());
        assert_eq!(page.end, mark);
    }
    assert_eq!(log.floor(ONE).unwrap().head, mark);
}

/// Every byte of an envelope survives, for any size of body.
pub fn bytes_come_back_as_they_went<L: EnvelopeLog>(make: impl Fn(&[(ClinicId, LogEpoch)]) -> L) {
    let log = make(&CLINICS);
    for (number, len) in [(1, 0), (2, 1), (3, 1000), (4, 700_000)] {
        let sent = envelope(number, 1, 1, EnvelopeId::NONE, (number, len));
        append(&log, std::slice::from_ref(&sent));
        let page = log.page(ONE, &all(u64::from(number) - 1)).unwrap();
        let Some(Item::Whole(got)) = page.items.first() else { panic!("no envelope") };
        assert_eq!(got.to_bytes(), sent.to_bytes());
    }
}

/// Places have no holes and the chain holds, however many append at the same time.
pub fn appending_at_once_leaves_no_hole<L: EnvelopeLog + Sync>(
    make: impl Fn(&[(ClinicId, LogEpoch)]) -> L,
) {
    let log = make(&CLINICS);
    let runs: Vec<_> = (1..=4).map(|number| run(number, 1, 6)).collect();
    std::thread::scope(|scope| {
        for run in &runs {
            let log = &log;
            scope.spawn(move || run.chunks(2).for_each(|chunk| drop(append(log, chunk))));
        }
    });
    let page = log.page(ONE, &all(0)).unwrap();
    let walked = page.items.iter().fold(Mark::START, |mark, item| mark.then(item.id()));
    assert_eq!((walked, page.head), (page.end, 24));
}

fn append(log: &impl EnvelopeLog, envelopes: &[Envelope]) -> Vec<Verdict> {
    log.append(ONE, envelopes).unwrap()
}

fn all(after: u64) -> PageQuery<'static> {
    static NOTHING: Have = Have::new();
    PageQuery { after, skip: &NOTHING, items_max: usize::MAX, bytes_max: usize::MAX }
}

fn whole(envelopes: &[Envelope]) -> Vec<Item> {
    envelopes.iter().cloned().map(Item::Whole).collect()
}
