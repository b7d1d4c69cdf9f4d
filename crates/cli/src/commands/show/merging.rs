//! Two people who may be one, for people.

use super::line::identity;
use crate::output::on_one_line;
use api::{ComparedPatient, LinkedChart, PatientsCompared};
use clinical::display;

/// Two people side by side, what differs, and whether they are shown as one now.
pub(crate) fn compared(compared: &PatientsCompared, merged: bool) -> String {
    let lines = [side("goes on", &compared.one), side("beside it", &compared.other)];
    let differs =
        compared.differs.iter().map(|word| format!("differs: {}", word.replace('-', " ")));
    let end = if merged {
        "both are shown as one from now on; `patient separate` undoes it"
    } else {
        "nothing was changed: say --yes once it is sure that they are one person"
    };
    let lines = lines.into_iter().chain(differs).chain([end.to_owned()]);
    lines.collect::<Vec<_>>().join("\n")
}

fn side(which: &str, side: &ComparedPatient) -> String {
    let last = side.last_visit.as_ref();
    let last = last
        .map_or_else(|| "no visit".to_owned(), |day| format!("last visit {}", display::date(day)));
    let who = identity(&side.identity);
    format!("{which}: {}  {who}{}  {last}", side.patient, also(&side.also))
}

/// `  (also CLN-2)`; nothing where there is no other chart.
pub(crate) fn also(numbers: &[String]) -> String {
    let numbers: Vec<String> = numbers.iter().map(|number| on_one_line(number)).collect();
    if numbers.is_empty() { String::new() } else { format!("  (also {})", numbers.join(", ")) }
}

/// The other charts of a person, each with who said so and when.
pub(super) fn linked(chart: &LinkedChart, by: &str, at: &str) -> String {
    let number = if chart.number.is_empty() { "not here yet" } else { &chart.number };
    let (number, by) = (on_one_line(number), on_one_line(by));
    format!("  Shown as one with {number} ({}): {by}, {at}", chart.patient)
}
