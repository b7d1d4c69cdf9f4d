//! The search for diagnoses: the tables are whole, and what clinicians type is found.

use super::table::{Table, unpacked};
use super::{Found, Matched, display_of, everyday, find};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// What was packed of the release of April 2026: 74,719 codes can be reported.
const RELEASE_SHA256: &str = "4f812a6e391ba39a509564e10512c00cb116ead753f46f8c17c856d52ab2a062";
const CODES: usize = 74_719;

const QUERIES: &str = include_str!("tests/queries.tsv");

fn codes(query: &str, limit: usize) -> Vec<String> {
    find(query, limit).into_iter().map(|found| found.code).collect()
}

#[test]
fn the_classification_is_whole() {
    let sum: String = Sha256::digest(unpacked()).iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(sum, RELEASE_SHA256, "made again by examples/icd10cm.rs");
    let table = Table::bundled();
    let all: Vec<String> =
        table.nodes.iter().flat_map(|node| table.codes(node)).map(|(code, _)| code).collect();
    assert_eq!(all.len(), CODES);
    assert_eq!(all.iter().collect::<BTreeSet<_>>().len(), CODES, "each code once");
    for pair in table.nodes.windows(2) {
        assert!(pair[1].depth <= pair[0].depth + 1, "{} has nothing above it", pair[1].code);
    }
}

#[test]
fn everyday_names_codes_that_there_are() {
    let table = Table::bundled();
    let mut known: BTreeSet<String> = table.nodes.iter().map(|node| node.code.to_owned()).collect();
    known.extend(table.nodes.iter().flat_map(|node| table.codes(node)).map(|(code, _)| code));
    let everyday = everyday::everyday();
    let lines = include_str!("../../../../assets/terminology/everyday.tsv").lines();
    assert_eq!(
        everyday.len(),
        lines.filter(|line| !line.starts_with('#')).count(),
        "read, once each"
    );
    assert!(everyday.len() > 1000);
    for (code, it) in &everyday {
        assert!(known.contains(*code), "there is no {code}");
        assert!(it.common <= 3, "{code}");
    }
    for (word, meant) in everyday::other_words() {
        assert!(!meant.is_empty() && !word.contains(' '), "{word}");
    }
}

/// The first five of what is found begin with one of these.
fn is_among_five(query: &str, wanted: &str) -> bool {
    let wanted: Vec<String> = wanted.split(' ').map(|code| code.replace('.', "")).collect();
    let is_wanted = |code: &String| wanted.iter().any(|it| code.replace('.', "").starts_with(it));
    codes(query, 5).iter().any(is_wanted)
}

#[test]
fn what_patients_say_is_found_in_each_language() {
    let everyday = everyday::everyday();
    let mut languages = BTreeSet::new();
    for (code, language, names) in everyday::said() {
        assert!(everyday.contains_key(code), "{code} is no diagnosis of everyday");
        assert!(["en", "fr", "es", "sw"].contains(&language), "{code} {language}");
        assert!(!names.is_empty(), "{code} {language}");
        languages.insert(language);
    }
    assert_eq!(languages.len(), 4);
    let missed: Vec<&str> = include_str!("tests/said.tsv")
        .lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| line.split_once('\t'))
        .filter(|(query, wanted)| !is_among_five(query, wanted))
        .map(|(query, _)| query)
        .collect();
    assert_eq!(missed, [""; 0], "not among the first five");
}

#[test]
fn what_clinicians_type_is_found() {
    let (mut all, mut first, mut missed) = (0_u32, 0_u32, Vec::new());
    for line in QUERIES.lines().filter(|line| !line.starts_with('#')) {
        let (query, wanted) = line.split_once('\t').unwrap();
        let wanted: Vec<String> = wanted.split(' ').map(|code| code.replace('.', "")).collect();
        let found: Vec<bool> = codes(query, 5)
            .iter()
            .map(|code| wanted.iter().any(|it| code.replace('.', "").starts_with(it)))
            .collect();
        all += 1;
        first += u32::from(found.first() == Some(&true));
        if !found.contains(&true) {
            missed.push(query);
        }
    }
    assert!(all >= 300);
    assert!(missed.len() * 20 <= usize::try_from(all).unwrap(), "not among five: {missed:?}");
    assert!(first * 100 >= all * 85, "{first} of {all} are first");
}

#[test]
fn the_first_is_what_is_meant() {
    let check = |query: &str, code: &str, matched: Matched| {
        let Some(Found { code: first, matched: how, .. }) = find(query, 5).into_iter().next()
        else {
            panic!("{query} finds nothing")
        };
        assert_eq!((first.as_str(), how), (code, matched), "{query}");
    };
    use Matched::{Code, Partly, Spelling, Words};
    // Names and abbreviations.
    check("htn", "I10", Words);
    check("  Heart   ATTACK ", "I21.9", Words);
    // Words in any order, begun, in British and American spelling.
    check("chronic hepatitis b", "B18.1", Words);
    check("b hepatitis chronic", "B18.1", Words);
    check("hyperten", "I10", Words);
    check("diarrhoea", "R19.7", Words);
    check("oedema", "R60.9", Words);
    check("Crohn's", "K50.90", Words);
    // A side that was said is heeded, one that was not is not guessed.
    check("right knee pain", "M25.561", Words);
    check("knee pain", "M25.569", Words);
    // The first treatment of an injury, until something else is said.
    check("ankle sprain", "S93.409A", Words);
    check("ankle sprain sequela", "S93.409S", Words);
    // What stands in a header is said of all beneath it.
    check("chickenpox pneumonia", "B01.2", Words);
    // Of several that say the same the common one.
    check("hernia", "K40.90", Words);
    check("smoker", "F17.210", Words);
    // Slips of spelling.
    check("pnuemonia", "J18.9", Spelling);
    check("gonorhea", "A54.9", Spelling);
    // Words that say nothing of a diagnosis.
    check("asthma kitgum", "J45.909", Partly);
    // Codes.
    check("e11.65", "E11.65", Code);
    check("E1165", "E11.65", Code);
    check("s52501d", "S52.501D", Code);
    check("S52.501", "S52.501A", Code);
}

#[test]
fn what_is_found_can_be_reported() {
    for query in
        ["diabetes", "asthma", "E11", "fracture", "cellulitis left leg", "S52", "V00", "fall"]
    {
        let found = find(query, 10);
        assert_eq!(found.len(), 10, "{query}");
        for it in found {
            assert_eq!(display_of(&it.code).as_deref(), Some(it.display.as_str()), "{}", it.code);
        }
    }
    let check = |code: &str, is_one: bool| assert_eq!(display_of(code).is_some(), is_one, "{code}");
    check("I10", true);
    check("S52.501A", true);
    check("T14.8XXA", true);
    check("B20", true);
    check("E11", false);
    check("S52.501", false);
    check("S52.501Z", false);
    check("", false);
    check("I1", false);
}

#[test]
fn how_it_came_is_not_what_it_is() {
    for query in ["burn", "poisoning", "injury", "fracture leg"] {
        let external = |code: &String| code.starts_with(['V', 'W', 'X', 'Y']);
        let codes = codes(query, 3);
        assert!(!codes.is_empty() && !codes.iter().any(external), "{query}: {codes:?}");
    }
    let war = |found: &Found| found.display.contains("war operations");
    assert!(!find("explosion", 5).iter().any(war));
}

#[test]
fn nothing_is_found_for_nothing_and_anything_can_be_typed() {
    for nothing in ["", "  ", "()", "zzzzqqqqxxxx", "\u{0}", "ж", "糖尿病"] {
        assert_eq!(find(nothing, 5), [], "{nothing:?}");
    }
    assert_eq!(find("diabetes", 0), []);
    for odd in [
        "\u{301}\u{301}a",
        "a\u{0}b'",
        "'''",
        "----",
        "É11",
        "I\u{661}0",
        "x".repeat(5000).as_str(),
    ] {
        find(odd, 5);
    }
    let long = "diabetes ".repeat(500);
    assert_eq!(codes(&long, 1), ["E11.9"]);
}

#[test]
fn no_category_hides_the_others() {
    let found = codes("glaucoma", 10);
    let of_one = found.iter().filter(|code| code.starts_with("H40")).count();
    assert_eq!((found.len(), of_one), (10, 6), "{found:?}");
    // Where nothing else answers, the rest of it has its turn.
    let found = codes("H40", 10);
    assert!(found.iter().all(|code| code.starts_with("H40")), "{found:?}");
}
