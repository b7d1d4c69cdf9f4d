//! Searching among all patients, opening charts, and writing a note while it is kept.

use super::{
    bare,
    gauge::{Gauge, Met, Press, painted, told},
    stage,
    targets::{CHART_MAX, GLYPH_MAX, SEARCH_MAX, TYPING, Target},
};
use crate::{
    chart::{ENCOUNTERS, some_patients},
    clock::Usage,
    desk::call,
    outcome::Outcome,
    places::Places,
    population::{self, PASSWORD},
    row::{Row, within},
    search::some_texts,
};
use api::{Lock, OpenChart};
use clinical::{Identity, PatientId};
use fantoccini::key::Key;
use std::{thread, time::Duration};
use tests::window::Window;

/// So many texts are typed, letter by letter.
const TEXTS: usize = 20;
/// So many ordinary charts are opened, and the long one so often.
const CHARTS: u64 = 40;
const LONG_ROUNDS: usize = 15;
/// Results, and a chart, that have not changed for so long are finished.
const RESULTS_QUIET: Duration = Duration::from_millis(120);
const CHART_QUIET: Duration = Duration::from_millis(400);
/// Between two letters of a hand that types sixty words a minute, with what the driver takes.
const LETTER: Duration = Duration::from_millis(120);
/// After a word the hand rests until the note is kept, after every third until it is made part of the
/// record: about so long, at first.
const RESTS: [Duration; 2] = [Duration::from_millis(390), Duration::from_millis(1_980)];
const LONG_REST_EACH: usize = 3;
/// So much sooner or later the next letter comes, when the last one came after the note was kept, or
/// before.
const AIM: Duration = Duration::from_millis(4);
const KEEP: &str = "save-draft";
const NOTE: &str = "Coughs since Monday with some fever at night and sleeps badly but eats and \
    drinks well and has taken nothing for it so far except honey in hot water twice a day which \
    helped for an hour or two she says and nobody else at home is ill";

/// Everything that is typed on the population's store.
pub(super) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let (long, others) = numbers(places)?;
    let [bare_glyphs, bare_lists] = bare::measure(places)?;
    let before = Usage::now();
    let window = stage::open(places, "typing", &population::folder(places), Vec::new())?;
    stage::write_password(&window, PASSWORD);
    window.key(Key::Return);
    window.see_part("today", "Waiting");
    let gauge = Gauge::on(&window);
    let [search, chart, long_chart, note, kept, bare_glyph, bare_list] = TYPING;
    let keys = type_names(&window, &gauge, &some_texts(u64::from(places.patients), TEXTS))?;
    let mut rows = vec![row(search, &keys, &format!(", {} patients", places.patients), SEARCH_MAX)];
    let ordinary = open_all(&window, &gauge, &others)?;
    let longs = open_all(&window, &gauge, &vec![long; LONG_ROUNDS])?;
    rows.push(row(chart, &ordinary, "", CHART_MAX));
    rows.push(row(long_chart, &longs, "", CHART_MAX));
    // A chart nobody has written to.
    open_all(&window, &gauge, others.get(..1).unwrap_or_default())?;
    let letters = write_note(&window, &gauge)?;
    let during: Vec<Press> = letters.iter().filter(|press| press.during).copied().collect();
    rows.push(row(note, &letters, "", GLYPH_MAX));
    rows.push(row(kept, &during, "", GLYPH_MAX));
    rows.push(Row::plain(bare_glyph.what, told(&bare_glyphs)));
    rows.push(Row::plain(bare_list.what, told(&bare_lists)));
    Ok(stage::beside(rows, &window, &before))
}

fn row(target: Target, presses: &[Press], among: &str, limit: Duration) -> Row {
    if presses.is_empty() {
        return Row::absent(target.what, "not measured: no such key came", target.most);
    }
    let what = format!("{}{among}, {} times", target.what, presses.len());
    Row::new(what, told(presses), target.most, within(&[(painted(presses).at(95), limit)]))
}

/// The numbers by which a long chart and ordinary ones are found.
fn numbers(places: &Places) -> Outcome<(String, Vec<String>)> {
    let app = population::open(places)?;
    let long = app.demonstrate_long(ENCOUNTERS)?;
    let number = |patient: PatientId| -> Outcome<String> {
        let chart = call(&app, OpenChart { patient })?.chart;
        let number = chart.patient.as_ref().and_then(|it| number_of(&it.identity));
        number.ok_or_else(|| "a patient has no number".into())
    };
    let numbers =
        (number(long)?, some_patients(places, CHARTS).map(number).collect::<Outcome<_>>()?);
    call(&app, Lock {})?;
    Ok(numbers)
}

fn number_of(identity: &Identity) -> Option<String> {
    identity.identifier.first().map(|identifier| identifier.value.clone())
}

/// Types texts letter by letter into the search, each letter once the one before is answered.
fn type_names(window: &Window, gauge: &Gauge<'_>, texts: &[String]) -> Outcome<Vec<Press>> {
    window.press("Patients");
    let mut presses = Vec::new();
    for text in texts {
        window.fill(FIND, "");
        window.see("Seen last");
        for letter in text.chars() {
            presses.push(gauge.press(&letter.to_string(), RESULTS_QUIET)?);
        }
    }
    Ok(presses)
}

const FIND: &str = "Find a patient by name";

/// Opens the chart of each number from the search.
fn open_all(window: &Window, gauge: &Gauge<'_>, numbers: &[String]) -> Outcome<Vec<Press>> {
    let mut presses = Vec::new();
    for number in numbers {
        window.press("Patients");
        window.fill(FIND, number);
        window.see_count("#find-results [role=option]", 1);
        presses.push(gauge.press(&char::from(Key::Return).to_string(), CHART_QUIET)?);
        window.see_part("banner", number);
    }
    Ok(presses)
}

/// Writes into the note of the chart on screen and rests after each word; tells of each letter whether
/// it came while the note was being kept. After a rest the next letter aims at that moment.
fn write_note(window: &Window, gauge: &Gauge<'_>) -> Outcome<Vec<Press>> {
    window.key(Key::F3);
    window.see("Subjective");
    window.press_field("Subjective");
    gauge.begin(true);
    let [mut short, mut long] = RESTS;
    let mut is_long = false;
    for (at, word) in NOTE.split_inclusive(' ').enumerate() {
        for (place, letter) in word.chars().enumerate() {
            window.keys(&letter.to_string());
            if place == 0 {
                let rest = if is_long { &mut long } else { &mut short };
                *rest = aimed(*rest, gauge.met(KEEP, usize::from(is_long)));
            }
            thread::sleep(LETTER);
        }
        is_long = at % LONG_REST_EACH == 0;
        thread::sleep(if is_long { long } else { short }.saturating_sub(LETTER));
    }
    window.see_part("saved-state", "Kept on this computer");
    gauge.presses(KEEP)
}

/// The next rest: nearer to the moment in which the note is kept.
fn aimed(rest: Duration, met: Met) -> Duration {
    match met {
        Met::Before => rest + AIM,
        Met::During => rest,
        Met::After => rest.saturating_sub(AIM),
    }
}
