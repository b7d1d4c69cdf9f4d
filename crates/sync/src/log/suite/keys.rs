//! What every [`KeyTable`] and every [`ErasingTable`] does.

use super::{CLINICS, ONE, TWO};
use crate::fixtures::{self, clinic, device};
use crate::have::Have;
use crate::ids::{ClinicId, DocTag, LogEpoch};
use crate::limits::KEYS_PER_DOCUMENT_EPOCH_AND_DEVICE_MAX;
use crate::log::{EnvelopeLog, ErasingTable, KeyTable, LogError, PageQuery, Standing};
use crate::wire::{KeysPlaced, WrappedKey};

/// Keys come in order, once each, in pages; clinics do not see each other's.
pub fn keys_are_read_by_place<L: KeyTable>(make: impl Fn(&[(ClinicId, LogEpoch)]) -> L) {
    let table = make(&CLINICS);
    let sent: Vec<_> = (1..=5).map(|n| wrapped_key(n, 1, 1)).collect();
    let put = |keys: &[WrappedKey], before, after| {
        let placed = table.put_keys(ONE, device(1), keys).unwrap();
        assert_eq!(placed, KeysPlaced { before, after });
    };
    put(&sent[..3], 0, 3);
    put(&sent, 3, 5);
    put(&sent, 5, 5);
    put(&[], 5, 5);
    let check = |clinic, after, max, expected: &[WrappedKey], end, head| {
        let page = table.keys(clinic, after, max).unwrap();
        assert_eq!((page.keys.as_slice(), page.end, page.head), (expected, end, head));
    };
    check(ONE, 0, 99, &sent, 5, 5);
    check(ONE, 0, 2, &sent[..2], 2, 5);
    check(ONE, 2, 99, &sent[2..], 5, 5);
    check(ONE, 5, 99, &[], 5, 5);
    check(ONE, 9, 99, &[], 5, 5);
    check(TWO, 0, 99, &[], 0, 0);
    let stranger = clinic(9);
    assert!(matches!(table.put_keys(stranger, device(1), &sent), Err(LogError::UnknownClinic)));
    assert!(matches!(table.keys(stranger, 0, 9), Err(LogError::UnknownClinic)));
}

/// What a HELLO asks and what a page says beside its items is what the log and the table say.
pub fn where_a_log_stands_is_what_its_parts_say<L: EnvelopeLog + KeyTable>(
    make: impl Fn(&[(ClinicId, LogEpoch)]) -> L,
) {
    let log = make(&CLINICS);
    let nothing = Have::new();
    let check = |clinic, at, keys_head| {
        let page = log.page(clinic, &PageQuery::of_none(at, &nothing)).unwrap();
        let (bounds, have) = (log.floor(clinic).unwrap(), log.have(clinic).unwrap());
        let expected = Standing { bounds, have, at: page.start, keys_head };
        assert_eq!(log.standing(clinic, at).unwrap(), expected);
        assert_eq!((page.keys_head, page.items.len()), (keys_head, 0));
    };
    check(ONE, 0, 0);
    let sent = [fixtures::run(1, 1, 3), fixtures::run(2, 1, 2)].concat();
    log.put_keys(ONE, device(1), &[wrapped_key(1, 1, 1), wrapped_key(2, 1, 1)]).unwrap();
    log.append(ONE, &sent).unwrap();
    [0, 1, 4, 5, 99].into_iter().for_each(|at| check(ONE, at, 2));
    let stands = log.standing(ONE, 4).unwrap();
    assert_eq!((stands.at.seq, stands.bounds.head.seq, stands.have.iter().count()), (4, 5, 2));
    check(TWO, 4, 0);
    assert!(matches!(log.standing(clinic(9), 0), Err(LogError::UnknownClinic)));
}

/// A document has a key for every epoch in which it was written, whatever they are; of one epoch each
/// device may bring as many as there may be computers, so that one that makes keys without end fills no
/// place but its own.
pub fn a_document_has_so_many_keys_of_an_epoch<L: KeyTable>(
    make: impl Fn(&[(ClinicId, LogEpoch)]) -> L,
) {
    let table = make(&CLINICS);
    let all = || {
        let mut keys = Vec::new();
        let mut after = 0;
        loop {
            let page = table.keys(ONE, after, 1000).unwrap();
            keys.extend(page.keys);
            if page.end == page.head {
                return keys;
            }
            after = page.end;
        }
    };
    let each_epoch: Vec<_> = (1..=300).map(|epoch| wrapped_key(1, epoch, 0)).collect();
    let put = |keys: &[WrappedKey]| {
        table.put_keys(ONE, device(1), keys).unwrap();
    };
    each_epoch.chunks(7).for_each(put);
    assert_eq!(all(), each_epoch, "of epochs there is no end");
    // Under the key of one epoch, whichever their own is.
    let later = |own: u8, under: u8, content: u16| {
        let content = [content.to_be_bytes(); 40].concat();
        let wrapped = [&[2, 0, 0, 0, own, 0, 0, 0, under][..], &content].concat();
        WrappedKey { doc_tag: DocTag([1; 32]), wrapped }
    };
    let under_7 = |content: u16| {
        if content.is_multiple_of(2) { wrapped_key(1, 7, content) } else { later(3, 7, content) }
    };
    let max = u16::try_from(KEYS_PER_DOCUMENT_EPOCH_AND_DEVICE_MAX).unwrap();
    let of_one: Vec<_> = (0..max + 40).map(under_7).collect();
    of_one.chunks(300).for_each(put);
    // Held already, or over what there may be: none of it comes in again.
    table.put_keys(ONE, device(1), &of_one).unwrap();
    let expected = [&each_epoch, &of_one[1..usize::from(max)]].concat();
    assert_eq!(all(), expected);
    // What another device brings has places of its own, also where it brings what is held already.
    let of_another = [under_7(0), under_7(max + 60), under_7(max + 61)];
    table.put_keys(ONE, device(2), &of_another).unwrap();
    let expected = [&expected[..], &of_another[1..]].concat();
    assert_eq!(all(), expected, "nobody takes the places of the others");
    // Of another epoch, and of another document.
    let more = [wrapped_key(1, 8, 1), later(7, 9, 1), wrapped_key(2, 7, 1)];
    table.put_keys(ONE, device(1), &more).unwrap();
    assert_eq!(all(), [&expected[..], &more].concat());
}

/// Keys of a document that is erased are given to nobody, and none of it is taken again; others keep
/// their places, and clinics do not erase each other's.
pub fn erased_keys_are_gone_for_good<L: ErasingTable>(make: impl Fn(&[(ClinicId, LogEpoch)]) -> L) {
    let table = make(&CLINICS);
    let sent: Vec<_> = (1..=5).map(|n| wrapped_key(n, 1, 1)).collect();
    table.put_keys(ONE, device(1), &sent).unwrap();
    table.put_keys(ONE, device(1), &[wrapped_key(2, 1, 9)]).unwrap();
    table.put_keys(TWO, device(1), &sent).unwrap();
    let erased = [DocTag([2; 32]), DocTag([4; 32]), DocTag([8; 32])];
    assert_eq!(table.erase_keys(ONE, &erased).unwrap(), 3);
    assert_eq!(table.erase_keys(ONE, &erased).unwrap(), 0, "twice is once");
    let again =
        [wrapped_key(2, 1, 1), wrapped_key(2, 1, 7), wrapped_key(8, 1, 1), wrapped_key(6, 1, 1)];
    let placed = table.put_keys(ONE, device(1), &again).unwrap();
    assert_eq!(placed, KeysPlaced { before: 6, after: 7 }, "what is erased has no place");
    let page = |clinic, after, max| table.keys(clinic, after, max).unwrap();
    let all = page(ONE, 0, 99);
    let left = [sent[0].clone(), sent[2].clone(), sent[4].clone(), wrapped_key(6, 1, 1)];
    assert_eq!((all.keys.as_slice(), all.end, all.head), (&left[..], 7, 7));
    let later = page(ONE, 3, 99);
    assert_eq!((later.keys.as_slice(), later.end), (&left[2..], 7), "places stay");
    assert_eq!(page(TWO, 0, 99).keys, sent);
    let stranger = clinic(9);
    assert!(matches!(table.erase_keys(stranger, &erased), Err(LogError::UnknownClinic)));
}

fn wrapped_key(document: u8, epoch: u32, content: u16) -> WrappedKey {
    fixtures::wrapped_key(DocTag([document; 32]), epoch, content)
}
