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
            let length = said.part(reader, bounds, length, is_possible, label)?;
            let Some(repeats) = repeats(reader.resource) else { return Some(length) };
            // So long is one supply of several, and no length of treatment.
            said.rest.extend([label(&length), repeats]);
            None
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

/// How often an order may be supplied again, in words; `None` where it may not, or where the order
/// has that number. Of two numbers nobody knows which one holds.
fn repeats(order: Json<'_>) -> Option<String> {
    let supplies = all(order, "dispenseRequest").flat_map(Json::items);
    let numbers = supplies.flat_map(|supply| all(supply, "numberOfRepeatsAllowed"));
    let numbers: Vec<String> = numbers.filter_map(written).collect();
    let is_none = |number: &String| number.parse::<f64>().is_ok_and(|number| number == 0.0);
    let is_read = matches!(numbers.as_slice(), [one] if one.parse().is_ok_and(possible::repeats));
    let may = !is_read && !numbers.iter().all(is_none);
    may.then(|| format!("repeats allowed: {}", numbers.join(" or ")))
}

fn all<'a>(of: Json<'a>, name: &str) -> impl Iterator<Item = Json<'a>> {
    of.members().filter(move |(member, _)| *member == name).map(|(_, value)| value)
}

fn written(value: Json<'_>) -> Option<String> {
    let text = value.text().unwrap_or(std::borrow::Cow::Borrowed(value.raw()));
    (value.kind() != Kind::Null).then(|| text.trim().to_owned())
}
