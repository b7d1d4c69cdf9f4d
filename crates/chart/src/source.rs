//! Originals as they are kept: whole, or in pieces where one is larger than a change should be.
//!
//! A small one is one value under its id. Of a large one the value under its id is a head that
//! names the whole by its hash, and the pieces stand under keys of their own,
//! `<id>/<hash>.<number>`: two versions of one original never mix, and each piece travels in a
//! change of its own. The head is written last, so an original is there when all of it is.

use crate::{
    EditError,
    change::hex,
    document::{Document, Item},
};
use clinical::{Source, Stamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The section of originals, in a chart and in the clinic's document.
pub(crate) const SOURCES: &str = "sources";
/// An original longer than this is kept in pieces of this length, bytes.
const PIECE_LEN: usize = 256 << 10;
/// No original is longer than this, bytes: twice the longest document that is imported, for the
/// quotation marks within.
const SOURCE_LEN_MAX: usize = 136 << 20;

/// What stands in the place of a large original.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    /// The beginning of the SHA-256 of the whole, 32 hex digits.
    pieces: String,
    /// How many there are.
    count: u32,
}

/// An original in the form it is kept in.
struct Kept {
    key: String,
    value: Vec<u8>,
    pieces: Vec<(String, Vec<u8>)>,
}

impl Kept {
    fn of(source: &Source) -> Self {
        let key = source.id.simple().to_string();
        let whole = serde_json::to_vec(source).unwrap_or_default();
        if whole.len() <= PIECE_LEN {
            return Self { key, value: whole, pieces: Vec::new() };
        }
        let hash: String = hex(&Sha256::digest(&whole)).chars().take(32).collect();
        let pieces: Vec<_> = (0_u32..)
            .zip(whole.chunks(PIECE_LEN))
            .map(|(number, piece)| (piece_key(&key, &hash, number), piece.to_vec()))
            .collect();
        let count = u32::try_from(pieces.len()).unwrap_or(u32::MAX);
        let value = serde_json::to_vec(&Head { pieces: hash, count }).unwrap_or_default();
        Self { key, value, pieces }
    }

    fn len(&self) -> usize {
        self.value.len() + self.pieces.iter().map(|(_, piece)| piece.len()).sum::<usize>()
    }
}

/// Keeps an original; whether it is another than the one that is there.
pub(crate) fn keep(
    document: &mut Document,
    source: &Source,
    stamp: Stamp,
) -> Result<bool, EditError> {
    let kept = Kept::of(source);
    document.has_room(kept.len(), SOURCE_LEN_MAX)?;
    for (key, piece) in &kept.pieces {
        document.put(SOURCES, key, piece)?;
        document.cut(stamp);
    }
    document.put(SOURCES, &kept.key, &kept.value)
}

/// Whether this very original is there.
pub(crate) fn keeps(document: &Document, source: &Source) -> bool {
    let kept = Kept::of(source);
    let present = |key: &str, value: &[u8]| {
        document.get(SOURCES, key).is_some_and(|present| present.bytes == value)
    };
    present(&kept.key, &kept.value) && kept.pieces.iter().all(|(key, piece)| present(key, piece))
}

/// Reads one original. `bytes` gives what stands under the rest of a key after the id and the
/// slash, and under the id itself for nothing.
pub(crate) fn read<'a>(bytes: impl Fn(&str) -> Option<&'a [u8]>) -> Option<Source> {
    let value = bytes("")?;
    if let Ok(source) = serde_json::from_slice(value) {
        return Some(source);
    }
    let head: Head = serde_json::from_slice(value).ok()?;
    let mut whole = Vec::new();
    for number in 0..head.count {
        whole.extend_from_slice(bytes(&piece_name(&head.pieces, number))?);
    }
    serde_json::from_slice(&whole).ok()
}

/// Reads every original among the items of a section.
pub(crate) fn all(items: &[Item]) -> Vec<Source> {
    let mut by_id: BTreeMap<&str, BTreeMap<&str, &[u8]>> = BTreeMap::new();
    for item in items {
        let (id, name) = item.key.split_once('/').unwrap_or((&item.key, ""));
        by_id.entry(id).or_default().insert(name, &item.written.bytes);
    }
    let of = |kept: BTreeMap<&str, &[u8]>| read(|name| kept.get(name).copied());
    by_id
        .into_iter()
        .filter(|(id, _)| Uuid::try_parse(id).is_ok())
        .filter_map(|(_, k)| of(k))
        .collect()
}

fn piece_name(hash: &str, number: u32) -> String {
    format!("{hash}.{number}")
}

fn piece_key(id: &str, hash: &str, number: u32) -> String {
    format!("{id}/{}", piece_name(hash, number))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(body_len: usize) -> Source {
        Source {
            id: Uuid::from_bytes([7; 16]),
            resource_type: "Binary".to_owned(),
            full_url: None,
            body: "x".repeat(body_len),
        }
    }

    #[test]
    fn a_small_original_is_one_value() {
        let kept = Kept::of(&source(3));
        assert_eq!(kept.key, "07070707070707070707070707070707");
        let want =
            r#"{"id":"07070707-0707-0707-0707-070707070707","resourceType":"Binary","body":"xxx"}"#;
        assert_eq!(String::from_utf8(kept.value).unwrap(), want);
        assert!(kept.pieces.is_empty());
    }

    /// What is stored never changes its form.
    #[test]
    fn a_large_original_is_a_head_and_its_pieces() {
        let kept = Kept::of(&source(600_000));
        let head = r#"{"pieces":"HASH","count":3}"#;
        let whole = hex(&Sha256::digest(serde_json::to_vec(&source(600_000)).unwrap()));
        let hash: String = whole.chars().take(32).collect();
        assert_eq!(hash, "c0c9d6cdcad89b6a12f40008b7604938");
        assert_eq!(String::from_utf8(kept.value).unwrap(), head.replace("HASH", &hash));
        let keys: Vec<&str> = kept.pieces.iter().map(|(key, _)| key.as_str()).collect();
        let key = |n: u32| format!("07070707070707070707070707070707/{hash}.{n}");
        assert_eq!(keys, [key(0), key(1), key(2)]);
        assert!(kept.pieces.iter().all(|(_, piece)| piece.len() <= PIECE_LEN));
    }

    #[test]
    fn an_original_is_read_when_all_of_it_is_there() {
        for len in [0, PIECE_LEN, 3 * PIECE_LEN] {
            let kept = Kept::of(&source(len));
            let mut held: BTreeMap<&str, &[u8]> = BTreeMap::new();
            for (key, piece) in &kept.pieces {
                held.insert(key.split_once('/').unwrap().1, piece);
            }
            assert_eq!(read(|name| held.get(name).copied()), None, "no head yet");
            held.insert("", &kept.value);
            assert_eq!(read(|name| held.get(name).copied()), Some(source(len)));
            if let Some((key, _)) = kept.pieces.last() {
                held.remove(key.split_once('/').unwrap().1);
                assert_eq!(read(|name| held.get(name).copied()), None, "one piece is missing");
            }
        }
    }
}
