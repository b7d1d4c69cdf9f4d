//! Searching while someone types: every beginning of what people type, one after the other.

use crate::{
    clock::{Spread, Took, time},
    desk::call,
    outcome::Outcome,
    places::Places,
    population::{self, SEED},
    row::{Row, both, within},
    unlock,
};
use api::FindPatients;
use app::demo;
use std::time::Duration;

/// Patients the typing is about. Peoples take turns, so there are several of each script.
const PATIENTS: u64 = 42;
/// As many as a window shows.
const LIMIT: u32 = 20;
const P95_MAX: Duration = Duration::from_millis(15);
const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// Searches through the use-case, and in the store alone.
pub(crate) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let typed = typed(u64::from(places.patients));
    let app = population::open(places)?;
    let (whole, found) = search(&typed, |query| {
        call(&app, FindPatients { query: query.to_owned(), limit: LIMIT }).map(|hits| hits.len())
    })?;
    call(&app, api::Lock {})?;
    let store = unlock::open_raw(&population::folder(places))?;
    let (bare, _) =
        search(&typed, |query| store.find_patients(query, LIMIT).map(|hits| hits.len()))?;
    let what = format!(
        "search as you type, {} keystrokes among {} patients, use-case with its audit row",
        whole.len(),
        places.patients
    );
    let found = format!("; {found} found someone");
    Ok(vec![
        Row::new(what, told(&whole) + &found, "p95 ≤ 15 ms", within(&[(whole.at(95), P95_MAX)])),
        Row::plain("the same in the store alone", told(&bare)),
    ])
}

/// Types everything; tells how many keystrokes found somebody.
fn search<E: std::error::Error + 'static>(
    typed: &[String],
    mut find: impl FnMut(&str) -> Result<usize, E>,
) -> Result<(Spread, usize), E> {
    let mut hits = 0;
    let mut once = |query: &String| -> Result<Took, E> {
        let (found, took) = time(|| find(query))?;
        hits += usize::from(found > 0);
        tell_slow(query, found, took);
        Ok(took)
    };
    let spread = typed.iter().map(&mut once).collect::<Result<Spread, E>>()?;
    Ok((spread, hits))
}

fn tell_slow(query: &str, found: usize, took: Took) {
    if took.cpu > P95_MAX {
        eprintln!("  slow: {query:?}, {found} found, {}", both(took));
    }
}

fn told(spread: &Spread) -> String {
    let [p50, p95, p99] = [50, 95, 99].map(|percent| both(spread.at(percent)));
    format!("p50 {p50}, p95 {p95}, p99 {p99}")
}

/// Every beginning of everything typed about some of the population.
fn typed(patients: u64) -> Vec<String> {
    let step = (patients / PATIENTS).max(1);
    // Odd, so that all peoples are met.
    let indices = (0..PATIENTS).map(|n| (n * (step | 1)) % patients.max(1));
    indices.flat_map(whole_texts).flat_map(|text| beginnings(&text)).collect()
}

/// So many texts as people type them, each about another patient of the population; the kinds of
/// text take turns.
pub(crate) fn some_texts(patients: u64, wanted: usize) -> Vec<String> {
    let step = (patients / PATIENTS).max(1) | 1;
    let indices = (0..PATIENTS).map(|n| n * step % patients.max(1));
    let texts = indices.enumerate().filter_map(|(turn, index)| {
        let texts = whole_texts(index);
        let text = texts.get(turn.checked_rem(texts.len())?)?;
        Some(text.to_lowercase())
    });
    texts.take(wanted).collect()
}

/// What someone may type to find one patient.
fn whole_texts(index: u64) -> Vec<String> {
    let patient = demo::generate(SEED, index).patient;
    let name = patient.identity.name.first().cloned().unwrap_or_default();
    let given = name.given.join(" ");
    let mut texts = vec![format!("{} {given}", name.family), format!("{given} {}", name.family)];
    if let Some(born) = &patient.identity.birth_date {
        let written = born.to_string();
        texts.push(format!("{given} {}", born.year()));
        if let [year, month, day] = written.split('-').collect::<Vec<_>>().as_slice() {
            texts.push(format!("{day}/{month}/{year}"));
            let named = month.parse::<usize>().ok().and_then(|month| MONTHS.get(month - 1));
            texts.extend(named.map(|named| format!("{day}{named}{year}")));
        }
    }
    texts.extend(patient.telecom.iter().map(|phone| local(&phone.value)));
    texts.extend(patient.identity.identifier.iter().map(|found| found.value.clone()));
    texts
}

/// A number as it is dialled at home.
fn local(phone: &str) -> String {
    phone.split_once(' ').map_or_else(|| phone.to_owned(), |(_, rest)| format!("0{rest}"))
}

fn beginnings(text: &str) -> Vec<String> {
    let text = text.trim();
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.filter_map(|end| text.get(..end).map(str::to_owned)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_typed_grows_by_one_character() {
        assert_eq!(beginnings("Ọlá"), ["Ọ", "Ọl", "Ọlá"]);
        assert_eq!(local("+254 000 123 456"), "0000 123 456");
        let typed = typed(1_000);
        assert!(typed.len() > 2_000, "{}", typed.len());
        assert!(typed.iter().any(|query| query.chars().all(|c| c > '\u{600}')));
    }

    #[test]
    fn some_texts_are_of_every_kind() {
        let texts = some_texts(1_000, 20);
        assert_eq!(texts.len(), 20);
        let with = |is: fn(&str) -> bool| texts.iter().filter(|text| is(text)).count();
        assert!(with(|text| text.starts_with('0')) > 0, "a telephone: {texts:?}");
        assert!(with(|text| text.contains('/')) > 0, "a day: {texts:?}");
        assert!(with(|text| text.chars().any(char::is_alphabetic)) > 5, "names: {texts:?}");
    }
}
