//! `Timing`: how often and how long, and in words what neither can say.

use super::{Reader, Said, code, rhythm::Rhythm, value};
use crate::json::{Json, Kind};
use clinical::{Decimal, DosageDuration, DurationUnit, Timing, possible};

pub(super) fn timing(
    reader: &mut Reader<'_>,
    element: Json<'_>,
    said: &mut Said,
) -> (Option<Timing>, Option<DosageDuration>) {
    let Some(timing) = element.get("timing").filter(|timing| timing.is_object()) else {
        return (None, None);
    };
    if timing.get("event").is_some() {
        said.rest.push("at set times".to_owned());
    }
    let repeat = timing.get("repeat").filter(|repeat| repeat.is_object());
    let rhythm = repeat.map(|repeat| Rhythm::of(reader, repeat, said)).unwrap_or_default();
    let rhythm = match timing.get("code") {
        Some(code) => code::beside(reader, code, rhythm, said),
        None => rhythm,
    };
    let often = rhythm.told(said);
    let Some(repeat) = repeat else { return (often, None) };
    numbers(reader, repeat, said);
    (often, duration(reader, repeat, said))
}

/// What else `repeat` says in numbers.
fn numbers(reader: &mut Reader<'_>, repeat: Json<'_>, said: &mut Said) {
    let all = [
        ("count", "times in all"),
        ("countMax", "times in all at most"),
        ("duration", "long each time"),
        ("offset", "minutes from the event"),
    ];
    for (name, after) in all {
        let number = number(reader, repeat, (name, after), said);
        said.rest.extend(number.map(|number| format!("{number} {after}")));
    }
}

/// A number that can be one.
pub(super) fn number(
    reader: &mut Reader<'_>,
    repeat: Json<'_>,
    (name, after): (&str, &str),
    said: &mut Said,
) -> Option<Decimal> {
    let number = reader.decimal(repeat, name)?;
    // At the event itself is no time from it.
    let is_possible = possible::amount(&number) || (name == "offset" && number.to_f64() == 0.0);
    let element = repeat.get(name).unwrap_or(repeat);
    said.part(reader, element, number, is_possible, |number| format!("{number} {after}"))
}

fn duration(reader: &mut Reader<'_>, repeat: Json<'_>, said: &mut Said) -> Option<DosageDuration> {
    for name in ["boundsRange", "boundsPeriod"] {
        if let Some(bounds) = repeat.get(name) {
            said.amount(reader, bounds, "for ");
        }
    }
    let bounds = repeat.get("boundsDuration")?;
    let quantity = value::quantity(reader, bounds)?;
    let code = quantity.ucum.as_deref().unwrap_or(&quantity.unit);
    match DurationUnit::from_code(code) {
        Some(unit) if bounds.kind() == Kind::Object && quantity.comparator.is_none() => {
            let length = DosageDuration { value: quantity.value, unit };
            let is_possible = possible::amount(&length.value);
            let label = |length: &DosageDuration| format!("for {}", length.label());
            said.part(reader, bounds, length, is_possible, label)
        }
        _ => {
            let words = format!("for {}", quantity.label());
            let is_possible = value::is_amount(bounds);
            let words = said.part(reader, bounds, words, is_possible, Clone::clone);
            said.rest.extend(words);
            None
        }
    }
}
