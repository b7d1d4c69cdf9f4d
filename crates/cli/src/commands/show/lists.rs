//! Answers that are lists: who was found, what waits.

use api::{DuplicateHit, Listed, PatientHit, TaskItem};
use clinical::{Encounter, MedicationRequest, display};

use super::{
    clock::Clock,
    line::{identity, loudness, status_line},
    merging::also,
};
use crate::output::on_one_line;

/// A page of a list: what stands on it, and how much more there is.
pub(crate) fn listed<T>(page: &Listed<T>, lines: String, is_later: bool) -> String {
    let shown = u64::try_from(page.items.len()).unwrap_or(u64::MAX);
    match &page.next {
        Some(next) if is_later => {
            format!("{lines}of {} in all; the next: --after {next}\n", page.total)
        }
        Some(next) => {
            let more = page.total.saturating_sub(shown);
            format!("{lines}and {more} more: --after {next}\n")
        }
        None => lines,
    }
}

/// Patients that were found; where there are others, with whether no more are ever listed.
pub(crate) fn hits(hits: &[PatientHit], cut: Option<bool>) -> String {
    let line = |hit: &PatientHit| {
        let city = hit.city.as_deref().unwrap_or_default();
        let place = if hit.elsewhere { NOT_HERE } else { "" };
        let who = identity(&hit.identity);
        let mut versions = hit.versions.iter().map(identity).filter(|other| *other != who);
        let or = versions.next().map(|other| format!("  (disputed: or {other})"));
        let or = or.unwrap_or_default();
        format!(
            "{}  {who}{or}{}  {}{place}
",
            hit.patient,
            also(&hit.also),
            on_one_line(city)
        )
    };
    if hits.is_empty() {
        return "nobody is found".to_owned();
    }
    let mut out: String = hits.iter().map(line).collect();
    out.push_str(match cut {
        None => "",
        Some(true) => "others match and are not listed: type more of the name\n",
        Some(false) => {
            "others match and are not listed: type more of the name, or a higher --limit\n"
        }
    });
    out
}

/// Beside somebody whose chart is at the server alone.
const NOT_HERE: &str = "(not on this computer: `fieldchart chart` fetches it)";

/// Somebody who may be the same as a patient who was registered, and why.
pub(crate) fn duplicate(it: &DuplicateHit) -> String {
    let reasons: Vec<&str> = it.reasons.iter().map(|code| reason(code)).collect();
    let how = if it.strong { "most likely" } else { "perhaps" };
    let who = identity(&it.hit.identity);
    let place = if it.hit.elsewhere { NOT_HERE } else { "" };
    let reasons = reasons.join(", ");
    let who = who + &also(&it.hit.also);
    format!("{how} registered already: {}  {who}  ({reasons}) {place}", it.hit.patient)
        .trim_end()
        .to_owned()
}

fn reason(code: &str) -> &str {
    match code {
        "identifier" => "same number",
        "name" => "same name",
        "swapped-names" => "same names the other way round",
        "phone" => "same telephone",
        "birth-date" => "same birth date",
        "similar-name" => "similar name",
        "swapped-birth-date" => "birth date with day and month swapped",
        "close-birth-date" => "birth date is close",
        "family-name" => "same family name",
        "city" => "same village or town",
        other => other,
    }
}

/// A visit that goes on, with what the other commands call it.
fn open_visit(visit: &Encounter, clock: Clock<'_>) -> String {
    let since = visit.start.as_ref().map(|start| clock.dated(start));
    let since = since.unwrap_or_else(|| "not known".to_owned());
    let reason = display::labels(&visit.reason);
    let line = format!("{} since {since} {reason}", visit.status.code());
    format!("  {}  {}\n", visit.id, on_one_line(line.trim_end()))
}

/// The tasks that wait.
pub(crate) fn tasks(items: &[TaskItem], clock: Clock<'_>) -> String {
    let line = |item: &TaskItem| {
        let who = item.identity.as_ref().map(identity).unwrap_or_default();
        let detail = on_one_line(&item.task.detail);
        let (task, patient) = (item.task.id, item.patient);
        let tier = loudness(item.task.tier);
        let at = clock.moment(item.raised_at);
        let medicine =
            |of: &MedicationRequest| format!("  {}\n", on_one_line(&status_line(&of.order)));
        let medicines: String = item.medicines.iter().map(medicine).collect();
        let visits: String = item.visits.iter().map(|of| open_visit(of, clock)).collect();
        format!("{task}  {patient}  {who}\n  [{tier}] raised {at}\n  {detail}\n{medicines}{visits}")
    };
    if items.is_empty() { "no task waits".to_owned() } else { items.iter().map(line).collect() }
}
