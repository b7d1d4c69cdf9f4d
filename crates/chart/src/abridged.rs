//! Changes as they travel: without what can be worked out.
//!
//! ```text
//! change   = magic (4) ‖ checksum (4) ‖ hashed       checksum = SHA-256(hashed)[..4]
//! hashed   = type (1) ‖ length of the body (LEB128) ‖ body
//! body     = count of what it follows (LEB128) ‖ hashes (32 each) ‖ rest
//!
//! abridged = 0 ‖ change, of one in another form
//!          | 1 ‖ body
//!          | 2 ‖ rest, of one that follows the change before it and no other
//! ```
//! Hashes and checksums are what no compression makes shorter: of a small edit made after another they
//! are a third of what goes out. The chunk's form is Automerge's, of its binary format's description:
//! <https://automerge.org/automerge-binary-format-spec/>.

use crate::change::ChangeHash;
use sha2::{Digest, Sha256};

const MAGIC: [u8; 4] = [0x85, 0x6f, 0x4a, 0x83];
const CHECKSUM_LEN: usize = 4;
/// The type of a change that is not compressed.
const CHANGE: u8 = 1;
/// The count of what a change follows that follows one.
const ONE: u8 = 1;

/// The first byte of an abridged change, for ever.
const WHOLE: u8 = 0;
const BODY: u8 = 1;
const LINKED: u8 = 2;

/// Consecutive changes of one document without what [`restored`] works out; one that has another form
/// goes as it is.
pub fn abridged(changes: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut before: Option<ChangeHash> = None;
    let shorter = changes.iter().map(|change| {
        let body = body_of(change).filter(|body| whole_of(body) == *change);
        let short = match (body, before) {
            (Some(body), Some(before)) => linked(body, before).or(Some((BODY, body))),
            (Some(body), None) => Some((BODY, body)),
            (None, _) => None,
        };
        before = hash_in(change);
        let (form, rest) = short.unwrap_or((WHOLE, change));
        [&[form], rest].concat()
    });
    shorter.collect()
}

/// The changes that were [`abridged`]; `None` of bytes that never were. Whether they are changes at
/// all is for who loads them to say.
pub fn restored(abridged: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
    let mut before: Option<ChangeHash> = None;
    let whole = abridged.iter().map(|short| {
        let (form, rest) = short.split_first()?;
        let change = match *form {
            WHOLE => rest.to_vec(),
            BODY => whole_of(rest),
            LINKED => whole_of(&[&[ONE], before?.as_slice(), rest].concat()),
            _ => return None,
        };
        before = hash_in(&change);
        Some(change)
    });
    whole.collect()
}

/// What stands in a body after the hash of the one change it follows, where that is the change before.
fn linked(body: &[u8], before: ChangeHash) -> Option<(u8, &[u8])> {
    let rest = body.strip_prefix(&[ONE])?.strip_prefix(before.as_slice())?;
    Some((LINKED, rest))
}

/// The body of a change that is not compressed.
fn body_of(change: &[u8]) -> Option<&[u8]> {
    let hashed = hashed_of(change)?.strip_prefix(&[CHANGE])?;
    let length = hashed.iter().position(|byte| byte & 0x80 == 0)?;
    hashed.get(length + 1..)
}

/// The change with a body.
fn whole_of(body: &[u8]) -> Vec<u8> {
    let mut hashed = vec![CHANGE];
    push_leb128(&mut hashed, body.len());
    hashed.extend_from_slice(body);
    let hash = Sha256::digest(&hashed);
    let checksum = hash.iter().take(CHECKSUM_LEN).copied();
    MAGIC.into_iter().chain(checksum).chain(hashed).collect()
}

/// The hash of what stands in the place of a change, whatever it is.
fn hash_in(change: &[u8]) -> Option<ChangeHash> {
    Some(Sha256::digest(hashed_of(change)?).into())
}

fn hashed_of(change: &[u8]) -> Option<&[u8]> {
    change.strip_prefix(&MAGIC)?.get(CHECKSUM_LEN..)
}

fn push_leb128(out: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        out.push(if number == 0 { low } else { low | 0x80 });
        if number == 0 {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use automerge::{AutoCommit, ReadDoc as _, transaction::Transactable as _};
    use proptest::prelude::*;

    /// Changes of a document that was edited so many times, each with a value of its own.
    fn edited(times: usize) -> AutoCommit {
        let mut document = AutoCommit::new();
        for at in 0..times {
            document.put(automerge::ROOT, format!("key {at}"), "x".repeat(at * 40)).unwrap();
            document.commit();
        }
        document
    }

    fn bytes_of(document: &mut AutoCommit) -> Vec<Vec<u8>> {
        document.get_changes(&[]).into_iter().map(|change| change.raw_bytes().to_vec()).collect()
    }

    fn forms(short: &[Vec<u8>]) -> Vec<u8> {
        short.iter().map(|one| one[0]).collect()
    }

    #[test]
    fn a_row_of_changes_goes_without_what_can_be_worked_out() {
        let changes = bytes_of(&mut edited(5));
        let short = abridged(&changes);
        assert_eq!(forms(&short), [BODY, LINKED, LINKED, LINKED, LINKED]);
        let saved = |at: usize| changes[at].len() - short[at].len();
        assert!(saved(0) >= 9 && saved(4) >= 42, "{} {}", saved(0), saved(4));
        assert_eq!(restored(&short), Some(changes));
    }

    #[test]
    fn changes_made_apart_keep_what_they_follow() {
        let mut one = edited(2);
        let mut other = one.fork();
        one.put(automerge::ROOT, "one", 1).unwrap();
        other.put(automerge::ROOT, "other", 2).unwrap();
        one.merge(&mut other).unwrap();
        one.put(automerge::ROOT, "both", 3).unwrap();
        let changes = bytes_of(&mut one);
        let short = abridged(&changes);
        // The second of two made apart follows another than the one before it; the last follows two.
        assert_eq!(forms(&short), [BODY, LINKED, LINKED, BODY, BODY]);
        assert_eq!(restored(&short).as_ref(), Some(&changes));
        let mut read = AutoCommit::new();
        read.load_incremental(&restored(&short).unwrap().concat()).unwrap();
        assert_eq!(read.get_heads(), one.get_heads());
        assert!(read.get(automerge::ROOT, "both").unwrap().is_some());
    }

    #[test]
    fn what_has_another_form_goes_as_it_is() {
        let changes = bytes_of(&mut edited(3));
        let check = |wrong: &dyn Fn(&mut Vec<u8>), expected: &[u8]| {
            let mut changes = changes.clone();
            wrong(&mut changes[1]);
            let short = abridged(&changes);
            assert_eq!(forms(&short), expected, "{:?}", changes[1]);
            assert_eq!(restored(&short), Some(changes));
        };
        check(&|change| change.clear(), &[BODY, WHOLE, BODY]);
        check(&|change| change.truncate(7), &[BODY, WHOLE, BODY]);
        check(&|change| change[0] ^= 1, &[BODY, WHOLE, BODY]);
        // A wrong checksum stays wrong, and what follows is linked by what stands here.
        check(&|change| change[4] ^= 1, &[BODY, WHOLE, LINKED]);
        check(&|change| change[8] = 2, &[BODY, WHOLE, BODY]);
        check(&|change| change.push(0), &[BODY, WHOLE, BODY]);
    }

    #[test]
    fn what_never_was_abridged_is_nothing() {
        let check = |short: &[&[u8]]| {
            let short: Vec<Vec<u8>> = short.iter().map(|one| one.to_vec()).collect();
            assert_eq!(restored(&short), None, "{short:?}");
        };
        check(&[&[]]);
        check(&[&[3, 1]]);
        check(&[&[LINKED, 1]]);
        check(&[&[WHOLE, 1, 2], &[LINKED, 1]]);
    }

    proptest! {
        #[test]
        fn whatever_bytes_come_back_as_they_were(changes in proptest::collection::vec(
            prop_oneof![
                proptest::collection::vec(any::<u8>(), 0..60),
                (0_usize..400).prop_map(|len| whole_of(&vec![7; len])),
            ],
            0..6,
        )) {
            prop_assert_eq!(restored(&abridged(&changes)), Some(changes));
        }

        #[test]
        fn hostile_bytes_never_panic(short in proptest::collection::vec(
            proptest::collection::vec(0_u8..5, 0..60), 0..6,
        )) {
            if let Some(changes) = restored(&short) {
                prop_assert_eq!(restored(&abridged(&changes)), Some(changes));
            }
        }
    }
}
