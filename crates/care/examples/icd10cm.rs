//! Packs ICD-10-CM for the search of diagnoses.
//!
//! `xz -dc icd10cm_2026apr.tsv.xz | cargo run -p care --example icd10cm > assets/terminology/icd10cm.zst`
//!
//! In comes the tabular list of NCHS and CMS (public domain), one line for each code, parents
//! before children: code, kind, parent, leaf, description, inclusion terms, what it excludes. Out
//! goes what the search needs: the release; each set of seventh characters, as `=A, initial
//! encounter|…`; then each category as depth, code, mark (`.` can be reported, a number: with a
//! seventh character of that set), description, inclusion terms. The seventh characters themselves,
//! half of all codes, follow from their set.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a tool run by hand: what is wrong with its input ends it"
)]

use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};

/// The release that is packed.
const RELEASE: &str = "ICD-10-CM, April 2026 (NCHS, CMS)";
const LEVEL: i32 = 19;

/// One line of the list.
struct Entry<'a> {
    code: &'a str,
    kind: &'a str,
    parent: &'a str,
    is_leaf: bool,
    description: &'a str,
    inclusions: &'a str,
}

fn main() {
    let mut list = String::new();
    std::io::stdin().read_to_string(&mut list).expect("the list is read from standard input");
    let packed = zstd::bulk::compress(text(&list).as_bytes(), LEVEL).expect("it can be packed");
    std::io::stdout().write_all(&packed).expect("the packed list is written");
}

fn text(list: &str) -> String {
    let entries: Vec<Entry<'_>> = list.lines().skip(1).map(entry).collect();
    let sevenths = sevenths(&entries);
    let mut sets: Vec<&str> = sevenths.values().map(String::as_str).collect();
    sets.sort_unstable();
    sets.dedup();
    let mut text = format!("{RELEASE}\n");
    for set in &sets {
        text.push_str(&format!("={set}\n"));
    }
    let mut depths: BTreeMap<&str, usize> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| is_category(entry)) {
        if depths.contains_key(entry.code) {
            continue;
        }
        let depth = depths.get(entry.parent).map_or(0, |depth| depth + 1);
        depths.insert(entry.code, depth);
        let set = sevenths.get(entry.code).map(|set| sets.binary_search(&set.as_str()));
        let mark = match (set, entry.is_leaf) {
            (Some(set), _) => set.expect("every set is listed").to_string(),
            (None, true) => ".".to_owned(),
            (None, false) => String::new(),
        };
        let Entry { code, description, inclusions, .. } = entry;
        text.push_str(&format!("{depth}\t{code}\t{mark}\t{description}\t{inclusions}\n"));
    }
    text
}

/// Of each category with seventh characters: the set, written as one text.
fn sevenths<'a>(entries: &[Entry<'a>]) -> BTreeMap<&'a str, String> {
    let named: BTreeMap<&str, &str> = entries.iter().map(|it| (it.code, it.description)).collect();
    let mut sets: BTreeMap<&str, String> = BTreeMap::new();
    for entry in entries.iter().filter(|entry| entry.kind == "extended") {
        let added = entry.description.strip_prefix(named[entry.parent]);
        let added = added.and_then(|added| added.strip_prefix(", "));
        let added = added.unwrap_or_else(|| panic!("{} is named otherwise", entry.code));
        let sign = entry.code.chars().next_back().expect("a code has signs");
        let mut code = entry.parent.to_owned();
        if !code.contains('.') {
            code.push('.');
        }
        while code.len() < 7 {
            code.push('X');
        }
        assert_eq!(format!("{code}{sign}"), entry.code, "another way to write a seventh character");
        let set = sets.entry(entry.parent).or_default();
        if !set.is_empty() {
            set.push('|');
        }
        set.push_str(&format!("{sign} {added}"));
    }
    sets
}

/// A block of one category bears its code, and is listed twice in its place.
fn is_category(entry: &Entry<'_>) -> bool {
    let is_alone = entry.kind == "block" && !entry.code.contains('-');
    is_alone || matches!(entry.kind, "category" | "subcategory")
}

fn entry(line: &str) -> Entry<'_> {
    let parts: Vec<&str> = line.split('\t').collect();
    Entry {
        code: parts[0],
        kind: parts[1],
        parent: parts[2],
        is_leaf: parts[3] == "1",
        description: parts[4],
        inclusions: parts[5],
    }
}
