//! Who is compared: what the index finds by anything that was typed.

use super::{
    compare::{numbers, phones},
    names::Name,
};
use crate::{
    error::Result,
    packing::Unpacker,
    search::{
        dates::{words_of, year_word},
        find::matching,
        query::quoted,
        sound::sound,
    },
    tables::elsewhere,
};
use clinical::{Identity, PartialDate, Patient};
use rusqlite::Connection;
use std::collections::BTreeSet;

/// So many are taken of what one question finds, those registered first.
const FOUND_MAX: u32 = 40;
/// So many are compared at most: reading them is what takes time.
const COMPARED_MAX: usize = 80;
/// Letters at the beginning of a name that were written right, whatever came after.
const STEM_LETTERS: usize = 3;
/// Words of one name that are asked for.
const WORDS_MAX: usize = 4;

/// The charts of whoever may be alike, the surest questions first.
pub(super) fn of(db: &Connection, typed: &Patient) -> Result<Vec<i64>> {
    let mut charts = Vec::new();
    let mut known = BTreeSet::new();
    for question in questions(typed) {
        let found = matching(db, &question, FOUND_MAX)?;
        charts.extend(found.into_iter().filter(|chart| known.insert(*chart)));
        if charts.len() >= COMPARED_MAX {
            break;
        }
    }
    charts.truncate(COMPARED_MAX);
    Ok(charts)
}

/// Whoever may be alike of those whose charts are not here.
pub(super) fn elsewhere(
    db: &Connection,
    unpacker: &mut Unpacker,
    typed: &Patient,
) -> Result<Vec<Patient>> {
    let mut found: Vec<Patient> = Vec::new();
    for question in questions(typed) {
        for one in elsewhere::matching(db, unpacker, &question, FOUND_MAX)? {
            if found.len() < COMPARED_MAX && found.iter().all(|known| known.id != one.id) {
                found.push(one);
            }
        }
    }
    Ok(found)
}

/// What the index is asked, as FTS5 reads it.
fn questions(typed: &Patient) -> Vec<String> {
    let identity = &typed.identity;
    let name = identity.preferred_name().map(Name::of).unwrap_or_default();
    let family = any(name.family.iter().take(WORDS_MAX).map(|word| spelled(word)));
    let given = any(name.given.iter().take(WORDS_MAX).map(|word| spelled(word)));
    let exact = |words: &[String]| any(words.iter().take(WORDS_MAX).map(|it| quoted(it, true)));
    let either = any([family.clone(), given.clone()].into_iter().flatten());
    [
        any(numbers(identity).iter().map(|number| quoted(number, true))),
        any(phones(typed).iter().map(|phone| quoted(phone, true))),
        all([either, days(identity)]),
        // Another spelling alone is no reason to show anybody.
        all([family, given, years(identity)]),
        all([exact(&name.family), exact(&name.given)]),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// A word, what begins like it, and what sounds like it.
fn spelled(word: &str) -> String {
    let stem: String = word.chars().take(STEM_LETTERS).collect();
    let same = [quoted(word, true), quoted(&stem, false)];
    let sound = sound(word).map(|sound| quoted(&sound, true));
    same.into_iter().chain(sound).collect::<Vec<_>>().join(" OR ")
}

/// The day of birth, and the same with day and month the other way round.
fn days(identity: &Identity) -> Option<String> {
    let born = identity.birth_date.as_ref()?;
    let day = born.date()?;
    let other = format!("{:04}-{:02}-{:02}", day.year(), day.day(), day.month());
    let other = other.parse::<PartialDate>().ok();
    let days = std::iter::once(born.clone()).chain(other);
    any(days.filter_map(|day| words_of(&day).into_iter().next()).map(|day| quoted(&day, true)))
}

/// The year of birth and those beside it, for an estimate may be one off; and the birthday in
/// whichever year.
fn years(identity: &Identity) -> Option<String> {
    let born = identity.birth_date.as_ref()?;
    let years = (born.year() - 1..=born.year() + 1).map(year_word);
    any(years.chain(words_of(born).into_iter().nth(1)).map(|word| quoted(&word, true)))
}

fn any(terms: impl Iterator<Item = String>) -> Option<String> {
    let terms: Vec<String> = terms.collect();
    (!terms.is_empty()).then(|| format!("({})", terms.join(" OR ")))
}

/// All of several; none where one is not known.
fn all<const N: usize>(terms: [Option<String>; N]) -> Option<String> {
    let terms: Option<Vec<String>> = terms.into_iter().collect();
    terms.map(|terms| terms.join(" AND "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{PatientDraft, PatientId};

    #[test]
    fn the_index_is_asked_for_what_is_known() {
        let check = |family: &str, given: &str, born: &str, phone: &str, want: &[&str]| {
            let draft = PatientDraft {
                family: family.into(),
                given: given.into(),
                birth_date: born.into(),
                phone: phone.into(),
                ..PatientDraft::default()
            };
            let id = PatientId::from_uuid(clinical::uuid_v7(1, [0; 10]));
            let typed = draft.so_far(id, &"2026-11-24".parse().unwrap());
            assert_eq!(questions(&typed), want, "{family} {given} {born} {phone}");
        };
        check("", "", "", "", &[]);
        // One name that many have is not asked for alone.
        check("Okello", "", "", "", &[]);
        check("", "", "1988", "", &[]);
        check("", "", "", "0712 345 678", &[r#"("712345678")"#]);
        check("Ouma", "Ann", "", "", &[r#"("ouma") AND ("ann")"#]);
        check(
            "Ouma",
            "",
            "1988-03-04",
            "",
            &[r#"(("ouma" OR "oum"* OR "¬om")) AND ("¶19880304" OR "¶19880403")"#],
        );
        check(
            "Ouma",
            "Ann",
            "1988-03-04",
            "",
            &[
                r#"(("ouma" OR "oum"* OR "¬om") OR ("ann" OR "ann"* OR "¬an")) AND ("¶19880304" OR "¶19880403")"#,
                r#"("ouma" OR "oum"* OR "¬om") AND ("ann" OR "ann"* OR "¬an") AND ("¢1987" OR "¢1988" OR "¢1989" OR "¤0304")"#,
                r#"("ouma") AND ("ann")"#,
            ],
        );
        check(
            "王",
            "Ann",
            "1988",
            "",
            &[
                r#"("wang" OR "wan"* OR "¬wng") AND ("ann" OR "ann"* OR "¬an") AND ("¢1987" OR "¢1988" OR "¢1989")"#,
                r#"("wang") AND ("ann")"#,
            ],
        );
    }
}
