//! A chart, for people.

mod findings;

#[cfg(test)]
mod tests;

pub(super) use findings::finding;

use api::{ChartView, HistoryItem, Recorded};
use clinical::{
    AlertTier, AllergyIntolerance, AllergyState, CodeableConcept, DetectedIssue, EntryKind,
    EntryRef, MedicationAbout, MedicationIntent, MedicationOrder, MedicationRequest, Stamp,
    VerificationStatus, Waiting, display,
};
use std::fmt::Write;

use super::clock::Clock;
use super::dispute::versions;
use super::documents;
use super::entries::{medicine, problem, visit};
use super::line::{identity_on, loudness, risk, status_line};
use super::merging::linked;
use crate::output::on_one_line;

/// Whether the lines of entries end with what the other commands call them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ids(pub(crate) bool);

impl Ids {
    fn of(self, entry: EntryRef) -> String {
        if self.0 { format!("  {entry}") } else { String::new() }
    }
}

/// A chart.
pub(crate) fn chart(view: &ChartView, ids: Ids, clock: Clock<'_>) -> String {
    let mut out = String::new();
    who(&mut out, view, clock);
    if !view.advice.is_empty() {
        let _ = write!(out, "\n{}", advice(&view.advice));
    }
    allergies(&mut out, view, ids, clock);
    medicines(&mut out, view, ids, clock);
    problems(&mut out, view, ids);
    visits(&mut out, view, ids, clock);
    findings::findings(&mut out, view, ids);
    notes(&mut out, view, ids, clock);
    for (line, document) in documents::of_chart(&view.chart) {
        let id = ids.of(EntryRef::new(EntryKind::Document, document.id.uuid()));
        let _ = writeln!(out, "\nDocument {line}{id}");
    }
    for sharing in &view.chart.shared {
        let (from, to) = (on_one_line(&sharing.from.name), on_one_line(&sharing.to.name));
        let (at, ground) = (clock.moment(sharing.at), sharing.ground.word());
        let until = sharing.until.as_ref().map(|day| format!(", until {}", clock.dated(day)));
        let until = until.unwrap_or_default();
        let _ = writeln!(out, "\nGiven by {from} to {to}, {at}: {ground}{until}");
    }
    missing(&mut out, view, clock);
    for task in &view.chart.tasks {
        let (status, detail) = (task.status.code(), on_one_line(&task.detail));
        let id = ids.of(EntryRef::new(EntryKind::Task, task.id.uuid()));
        let _ = writeln!(out, "\nTask [{status}] {detail}{id}");
    }
    for draft in &view.drafts {
        let begun = draft.begun.and_then(|begun| view.people.get(&begun.author));
        let by = begun.map(|name| format!(", begun by {}", on_one_line(name))).unwrap_or_default();
        let _ = writeln!(out, "\nDraft {} {}{by}", on_one_line(&draft.title), draft.id);
        for (section, text) in &draft.sections {
            let _ = writeln!(out, "  {}: {}", section.code(), text.replace('\n', "\n    "));
        }
    }
    if ids.0 {
        let _ = writeln!(out, "\nThe chart as it is shown: --seen \"{}\"", view.heads);
    }
    out
}

fn who(out: &mut String, view: &ChartView, clock: Clock<'_>) {
    let patient = view.chart.patient.as_ref();
    let today = clock.today();
    let identity = patient.map(|patient| identity_on(&patient.identity, today.as_ref()));
    let _ = writeln!(out, "{}", identity.unwrap_or_else(|| "Not known".to_owned()));
    if patient.is_some_and(|patient| patient.deceased.is_some()) {
        let _ = writeln!(out, "  Died");
    }
    if let Some(code_status) = patient.and_then(|patient| patient.code_status.as_ref()) {
        let _ = writeln!(out, "  Code status: {}", on_one_line(code_status.label()));
    }
    for also in &view.also {
        let by = view.people.get(&also.made.author).map_or("somebody", String::as_str);
        let _ = writeln!(out, "{}", linked(also, by, &clock.moment(also.made.at)));
    }
    disputed(out, view, EntryRef::new(EntryKind::Patient, view.patient.uuid()), clock);
}

/// Every allergy, and every entry that is disputed, whatever its side that shows says; then the
/// denials that say more than the title. One beside an allergy that it denies is listed: one of the
/// two must go, and nobody is to read it first.
fn allergies(out: &mut String, view: &ChartView, ids: Ids, clock: Clock<'_>) {
    let state = view.allergy_state();
    let _ = writeln!(out, "\n{}", state.title());
    let is_disputed = |allergy: &AllergyIntolerance| {
        view.chart.conflicts_of(of_allergy(allergy)).next().is_some()
    };
    let is_denial = |it: &&AllergyIntolerance| it.is_denial() && !is_disputed(it);
    let (denials, mut others): (Vec<_>, Vec<_>) = view.chart.allergies.iter().partition(is_denial);
    others.sort_by_key(|allergy| allergy.is_denial());
    for allergy in others {
        let is_disputed = is_disputed(allergy);
        let line =
            if is_disputed { on_one_line(allergy.label()) } else { self::allergy(view, allergy) };
        let _ = writeln!(out, "  {line}{}", ids.of(of_allergy(allergy)));
        disputed(out, view, of_allergy(allergy), clock);
    }
    let kind = EntryKind::Allergy;
    let listed = view.chart.allergies.iter().map(of_allergy);
    unlisted(out, view, kind, &listed.collect::<Vec<_>>(), clock);
    let is_said = state != AllergyState::Known && !ids.0;
    for denial in denials {
        let says_more = !(danger(denial) + &ended(view, denial)).is_empty();
        if is_said && denial.is_plain_denial() && !says_more {
            continue;
        }
        let against = if is_contradicted(view, denial) { CONTRADICTED } else { "" };
        let (line, id) = (allergy(view, denial), ids.of(of_allergy(denial)));
        let _ = writeln!(out, "  {line}{against}{id}");
    }
}

const CONTRADICTED: &str = " — CONTRADICTED by what stands above";

/// Whether a rule found an allergy that a denial denies.
fn is_contradicted(view: &ChartView, denial: &AllergyIntolerance) -> bool {
    let entry = of_allergy(denial);
    let is_of_it = |issue: &DetectedIssue| issue.subject.contains(&entry);
    view.advice.iter().any(|issue| issue.rule == app::CONTRADICTION && is_of_it(issue))
}

fn of_allergy(allergy: &AllergyIntolerance) -> EntryRef {
    EntryRef::new(EntryKind::Allergy, allergy.id.uuid())
}

/// An allergy, how dangerous it is, and that it holds no longer.
pub(super) fn allergy(view: &ChartView, allergy: &AllergyIntolerance) -> String {
    on_one_line(&format!("{}{}{}", allergy.label(), danger(allergy), ended(view, allergy)))
}

/// That an allergy holds no longer, and why.
fn ended(view: &ChartView, allergy: &AllergyIntolerance) -> String {
    let entry = EntryRef::new(EntryKind::Allergy, allergy.id.uuid());
    match allergy.verification_status {
        _ if allergy.holds() => String::new(),
        VerificationStatus::EnteredInError => told_mistaken(view, entry),
        VerificationStatus::Refuted
        | VerificationStatus::Unconfirmed
        | VerificationStatus::Provisional
        | VerificationStatus::Differential
        | VerificationStatus::Confirmed => NOT_IN_FORCE.to_owned(),
    }
}

const NOT_IN_FORCE: &str = "  (not in force)";
const MISTAKEN: &str = "  (recorded by mistake)";

/// That an allergy held no longer once this was written.
fn ended_then(allergy: &AllergyIntolerance) -> &'static str {
    match allergy.verification_status {
        _ if allergy.holds() => "",
        VerificationStatus::EnteredInError => MISTAKEN,
        VerificationStatus::Refuted
        | VerificationStatus::Unconfirmed
        | VerificationStatus::Provisional
        | VerificationStatus::Differential
        | VerificationStatus::Confirmed => NOT_IN_FORCE,
    }
}

/// How dangerous an allergy is, what it did, since when, and its note.
fn danger(allergy: &AllergyIntolerance) -> String {
    let mut line = String::new();
    if let Some(criticality) = allergy.criticality {
        let _ = write!(line, " — {}", risk(criticality));
    }
    for reaction in &allergy.reaction {
        let signs: Vec<&str> = reaction.manifestation.iter().map(CodeableConcept::label).collect();
        let severity = reaction.severity.map(|severity| format!(" ({})", severity.code()));
        let _ = write!(line, " — {}{}", signs.join(", "), severity.unwrap_or_default());
    }
    if let Some(onset) = &allergy.onset {
        let _ = write!(line, " — since {}", display::date(onset));
    }
    if let Some(note) = &allergy.note {
        let _ = write!(line, " — {note}");
    }
    line
}

/// What is taken, every dispute among it, apart from what is taken no more.
fn medicines(out: &mut String, view: &ChartView, ids: Ids, clock: Clock<'_>) {
    let is_disputed = |medication: &MedicationRequest| {
        view.chart.conflicts_of(of_medication(medication)).next().is_some()
    };
    let is_current =
        |medication: &&MedicationRequest| medication.order.holds() || is_disputed(medication);
    let (current, past): (Vec<_>, Vec<_>) = view.chart.medications.iter().partition(is_current);
    let _ = writeln!(out, "\nMedicines");
    for medication in current {
        // No version's dose stands while it is disputed: all of them follow.
        let line = if is_disputed(medication) {
            on_one_line(medication.order.medication.label())
        } else {
            medicine(view, medication, clock)
        };
        let _ = writeln!(out, "  {line}{}", ids.of(of_medication(medication)));
        disputed(out, view, of_medication(medication), clock);
    }
    let kind = EntryKind::Medication;
    let listed = view.chart.medications.iter();
    let listed = listed.map(of_medication);
    unlisted(out, view, kind, &listed.collect::<Vec<_>>(), clock);
    if !past.is_empty() {
        let _ = writeln!(out, "\nMedicines no longer taken");
    }
    for medication in past {
        let id = ids.of(of_medication(medication));
        let _ = writeln!(out, "  {}{id}", medicine(view, medication, clock));
    }
}

fn of_medication(medication: &MedicationRequest) -> EntryRef {
    EntryRef::new(EntryKind::Medication, medication.id.uuid())
}

/// The signed notes, the newest first, each part by its first line.
fn notes(out: &mut String, view: &ChartView, ids: Ids, clock: Clock<'_>) {
    let mut newest: Vec<_> = view.chart.compositions.iter().collect();
    newest.sort_by_key(|note| std::cmp::Reverse((note.signed_at, note.id)));
    for note in newest {
        let person = view.people.get(&note.author).map_or("someone", String::as_str);
        let signed_at = clock.moment(note.signed_at);
        let mut line = format!("{} signed by {person}, {signed_at}", note.title);
        for other in &note.contributors {
            let other = view.people.get(other).map_or("someone", String::as_str);
            let _ = write!(line, ", with words of {other}");
        }
        let entry = EntryRef::new(EntryKind::Composition, note.id.uuid());
        let mistaken = mistaken(view, entry);
        let _ = writeln!(out, "\n{}{mistaken}{}", on_one_line(&line), ids.of(entry));
        for section in &note.section {
            let first = section.text.lines().find(|line| !line.trim().is_empty());
            let first = on_one_line(first.unwrap_or_default());
            let more = if section.text.trim().lines().count() > 1 { " …" } else { "" };
            let _ = writeln!(out, "  {}: {first}{more}", section.code.code());
        }
    }
}

/// That a fact was a mistake, and why.
fn mistaken(view: &ChartView, entry: EntryRef) -> String {
    if view.chart.withdrawn.contains(&entry) { told_mistaken(view, entry) } else { String::new() }
}

fn told_mistaken(view: &ChartView, entry: EntryRef) -> String {
    let reason = view.chart.reason_of(entry).map(|why| format!(": {}", on_one_line(&why.text)));
    format!("  (recorded by mistake{})", reason.unwrap_or_default())
}

/// Disputes about entries of which nothing can be read.
fn unlisted(
    out: &mut String,
    view: &ChartView,
    kind: EntryKind,
    listed: &[EntryRef],
    clock: Clock<'_>,
) {
    let of_kind = view.chart.conflicts.iter().filter(|conflict| conflict.entry.kind == kind);
    for conflict in of_kind.filter(|conflict| !listed.contains(&conflict.entry)) {
        let _ = writeln!(out, "  {}", conflict.entry);
        let reason = view.chart.reason_of(conflict.entry);
        out.push_str(&versions(conflict, reason, |stamp| name(view, stamp, clock)));
    }
}

/// What there is now, apart from what is over.
fn problems(out: &mut String, view: &ChartView, ids: Ids) {
    let all = view.chart.conditions.iter();
    let of = |id: &clinical::ConditionId| EntryRef::new(EntryKind::Condition, id.uuid());
    let (now, past): (Vec<_>, Vec<_>) = all.partition(|condition| condition.holds());
    let sections = [("Problems", now), ("Past problems", past)];
    for (title, problems) in
        sections.into_iter().filter(|(title, all)| *title == "Problems" || !all.is_empty())
    {
        let _ = writeln!(out, "\n{title}");
        for condition in problems {
            let (line, entry) = (problem(view, condition), of(&condition.id));
            let _ = writeln!(out, "  {line}{}", ids.of(entry));
        }
    }
}

/// The visits, the newest first.
fn visits(out: &mut String, view: &ChartView, ids: Ids, clock: Clock<'_>) {
    let mut newest: Vec<_> = view.chart.encounters.iter().collect();
    let start = |visit: &clinical::Encounter| visit.start.as_ref().and_then(|it| it.unix_ms());
    newest.sort_by_key(|visit| std::cmp::Reverse((start(visit), visit.id)));
    if !newest.is_empty() {
        let _ = writeln!(out, "\nVisits");
    }
    for one in newest {
        let entry = EntryRef::new(EntryKind::Encounter, one.id.uuid());
        let (line, mistaken) = (visit(view, one, clock), mistaken(view, entry));
        let _ = writeln!(out, "  {line}{mistaken}{}", ids.of(entry));
        disputed(out, view, entry, clock);
    }
    let kind = EntryKind::Encounter;
    let listed = view.chart.encounters.iter();
    let listed = listed.map(|visit| EntryRef::new(kind, visit.id.uuid()));
    unlisted(out, view, kind, &listed.collect::<Vec<_>>(), clock);
}

/// What is not on the list although it belongs to the chart.
fn missing(out: &mut String, view: &ChartView, clock: Clock<'_>) {
    for entry in &view.chart.unreadable {
        let by =
            view.chart.stamp_of(*entry).map(|stamp| format!(" ({})", name(view, &stamp, clock)));
        let by = by.unwrap_or_default();
        let _ = writeln!(out, "\nNOT SHOWN, or not all of it: {entry} {}{by}", display::UNREADABLE);
    }
    for Waiting { device, changes } in &view.waiting {
        let device = view.devices.get(device).map_or("another computer", String::as_str);
        let _ = writeln!(
            out,
            "\nNOT COMPLETE: waiting for {}: {changes} of its changes follow others that have not arrived.",
            on_one_line(device)
        );
    }
}

fn disputed(out: &mut String, view: &ChartView, entry: EntryRef, clock: Clock<'_>) {
    let reason = view.chart.reason_of(entry);
    for conflict in view.chart.conflicts_of(entry) {
        out.push_str(&versions(conflict, reason, |stamp| name(view, stamp, clock)));
    }
}

fn name(view: &ChartView, stamp: &Stamp, clock: Clock<'_>) -> String {
    let person = view.people.get(&stamp.author).map_or("someone", String::as_str);
    let device = view.devices.get(&stamp.device).map_or("another computer", String::as_str);
    on_one_line(&format!("{person}, {device}, {}", clock.moment(stamp.at)))
}

/// What an entry has been, each value in the words of the chart; what was written by who decided a
/// dispute is told as that.
pub(crate) fn history(items: &[HistoryItem], kind: EntryKind, clock: Clock<'_>) -> String {
    let line = |item: &HistoryItem| {
        let HistoryItem { author, device, field, value, .. } = item;
        let decided = if item.decides { "decided, " } else { "" };
        let (at, value) = (clock.moment(item.stamp.at), written(kind, field, value));
        on_one_line(&format!("{decided}{at}  {author} ({device})  {field}: {value}")) + "\n"
    };
    items.iter().map(line).collect()
}

/// What was written, in words; as it was written where there are none for it.
fn written(kind: EntryKind, field: &str, value: &str) -> String {
    let in_words = match (kind, field) {
        (EntryKind::Medication, "order") => {
            serde_json::from_str(value).ok().map(|order: MedicationOrder| status_line(&order))
        }
        (EntryKind::Medication, "about") => serde_json::from_str(value).ok().map(about),
        (EntryKind::Allergy, "value") => {
            let allergy = serde_json::from_str(value).ok();
            allergy.map(|it: AllergyIntolerance| {
                format!("{}{}{}", it.label(), danger(&it), ended_then(&it))
            })
        }
        _ => serde_json::from_str(value).ok(),
    };
    in_words.unwrap_or_else(|| value.to_owned())
}

/// What is said of a medicine beside its dose.
fn about(about: MedicationAbout) -> String {
    let is_told = about.intent == MedicationIntent::Statement;
    let mut parts = Vec::from_iter(is_told.then(|| "reported by the patient".to_owned()));
    let reasons = about.reason.iter().filter(|reason| !reason.is_empty());
    parts.extend(reasons.map(|reason| format!("for {}", reason.label())));
    parts.extend(about.authored_on.as_ref().map(|day| format!("written {}", display::date(day))));
    parts.extend(about.note.map(|note| format!("note: {note}")));
    parts.join(" — ")
}

/// What was recorded, and what the rules say: of what it should stop at last that it is in the
/// chart all the same.
pub(crate) fn recorded(recorded: &Recorded) -> String {
    let entries: String = recorded.entries.iter().map(|entry| format!("{entry}\n")).collect();
    let is_of_it = |issue: &DetectedIssue| {
        issue.subject.iter().any(|subject| recorded.entries.contains(subject))
    };
    let mut blocks = recorded.advice.iter().filter(|issue| issue.tier == AlertTier::Block);
    let first = recorded.entries.first().filter(|_| blocks.any(is_of_it));
    let all_the_same = first.map(|entry| all_the_same(*entry)).unwrap_or_default();
    entries + &advice(&recorded.advice) + &all_the_same
}

/// Who reads that something blocks takes it for refused.
fn all_the_same(entry: EntryRef) -> String {
    let (kind, id) = (entry.kind.word(), entry.id);
    format!(
        "recorded all the same: stop it, or mark it as a mistake: `record withdrawal` reads \
         {{\"kind\": \"{kind}\", \"id\": \"{id}\"}}\n"
    )
}

/// What the rules say.
fn advice(issues: &[DetectedIssue]) -> String {
    let line = |issue: &DetectedIssue| {
        format!("! {}: {}\n", loudness(issue.tier), on_one_line(&issue.detail))
    };
    issues.iter().map(line).collect()
}
