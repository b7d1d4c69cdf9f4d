//! A chart, for people.

use api::{ChartView, HistoryItem, Recorded};
use clinical::{
    AllergyIntolerance, AllergyState, CodeableConcept, DetectedIssue, EntryKind, EntryRef,
    MedicationRequest, Observation, ObservationId, ObservationStatus, Stamp, Waiting, display,
};
use std::fmt::Write;

use super::clock::Clock;
use super::dispute::versions;
use super::entries::{medicine, problem, visit};
use super::line::identity_on;
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
    allergies(&mut out, view, ids);
    medicines(&mut out, view, ids, clock);
    problems(&mut out, view, ids);
    visits(&mut out, view, ids, clock);
    findings(&mut out, view, ids);
    notes(&mut out, view, ids, clock);
    missing(&mut out, view);
    for task in &view.chart.tasks {
        let (status, detail) = (task.status.code(), on_one_line(&task.detail));
        let id = ids.of(EntryRef::new(EntryKind::Task, task.id.uuid()));
        let _ = writeln!(out, "\nTask [{status}] {detail}{id}");
    }
    for draft in &view.drafts {
        let _ = writeln!(out, "\nDraft {} {}", on_one_line(&draft.title), draft.id);
        for (section, text) in &draft.sections {
            let _ = writeln!(out, "  {}: {}", section.code(), text.replace('\n', "\n    "));
        }
    }
    if ids.0 {
        let _ = writeln!(out, "\nThe chart as it is shown: --seen {}", view.heads);
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
    disputed(out, view, EntryRef::new(EntryKind::Patient, view.patient.uuid()));
}

/// Every allergy that says more than the title, and every one that is disputed, whatever its side
/// that shows says. A denial beside an allergy is listed: one of the two must go.
fn allergies(out: &mut String, view: &ChartView, ids: Ids) {
    let state = view.allergy_state();
    let _ = writeln!(out, "\n{}", state.title());
    let is_said = state != AllergyState::Known && !ids.0;
    for allergy in &view.chart.allergies {
        let entry = EntryRef::new(EntryKind::Allergy, allergy.id.uuid());
        let is_disputed = view.chart.conflicts_of(entry).next().is_some();
        let line = danger(allergy);
        if is_said && allergy.is_plain_denial() && line.is_empty() && !is_disputed {
            continue;
        }
        let line = if is_disputed { String::new() } else { line };
        let line = on_one_line(&format!("{}{line}", allergy.label()));
        let _ = writeln!(out, "  {line}{}", ids.of(entry));
        disputed(out, view, entry);
    }
    let kind = EntryKind::Allergy;
    let listed = view.chart.allergies.iter();
    let listed = listed.map(|allergy| EntryRef::new(kind, allergy.id.uuid()));
    unlisted(out, view, kind, &listed.collect::<Vec<_>>());
}

/// How dangerous an allergy is, what it did, since when, its note, and whether it holds.
fn danger(allergy: &AllergyIntolerance) -> String {
    let mut line = String::new();
    if let Some(criticality) = allergy.criticality {
        let _ = write!(line, " — criticality {}", criticality.code());
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
    let status = if allergy.holds() { "" } else { " (not in force)" };
    line + status
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
        disputed(out, view, of_medication(medication));
    }
    let kind = EntryKind::Medication;
    let listed = view.chart.medications.iter();
    let listed = listed.map(of_medication);
    unlisted(out, view, kind, &listed.collect::<Vec<_>>());
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

/// That a finding is none: withdrawn here, or by those it came from.
fn in_force(view: &ChartView, observation: &Observation, entry: EntryRef) -> String {
    match observation.status {
        ObservationStatus::EnteredInError => told_mistaken(view, entry),
        ObservationStatus::Cancelled => format!("  (cancelled){}", mistaken(view, entry)),
        ObservationStatus::Registered
        | ObservationStatus::Preliminary
        | ObservationStatus::Final
        | ObservationStatus::Amended
        | ObservationStatus::Corrected
        | ObservationStatus::Unknown => mistaken(view, entry),
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
fn unlisted(out: &mut String, view: &ChartView, kind: EntryKind, listed: &[EntryRef]) {
    let of_kind = view.chart.conflicts.iter().filter(|conflict| conflict.entry.kind == kind);
    for conflict in of_kind.filter(|conflict| !listed.contains(&conflict.entry)) {
        let _ = writeln!(out, "  {}", conflict.entry);
        out.push_str(&versions(conflict, |stamp| name(view, stamp)));
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
    }
}

/// That a weight is far from the one before.
fn jump(view: &ChartView, weight: ObservationId) -> String {
    let before = view.weight_jumps.iter().find(|(of, _)| *of == weight);
    let before =
        before.and_then(|(_, before)| view.chart.observations.iter().find(|one| one.id == *before));
    let told = before.map(|before| {
        let before = on_one_line(&before.value_label());
        format!("  (check: more than 20 % from the weight before: {before})")
    });
    told.unwrap_or_default()
}

fn findings(out: &mut String, view: &ChartView, ids: Ids) {
    let chart = &view.chart;
    let _ = writeln!(out, "\nFindings");
    let corrections = &view.corrections;
    for observation in &chart.observations {
        let at = observation.effective.as_ref().map(display::date).unwrap_or_default();
        let (label, value) = (observation.code.label(), observation.value_label());
        let entry = EntryRef::new(EntryKind::Observation, observation.id.uuid());
        let corrected = match corrections.rivals_of(observation.id) {
            _ if corrections.is_corrected(observation.id) => "  (corrected)".to_owned(),
            [] => String::new(),
            rivals => twice(view, entry, rivals),
        };
        let in_force = in_force(view, observation, entry);
        let mistaken = format!("{}{corrected}{in_force}", jump(view, observation.id));
        let (label, value, id) = (on_one_line(label), on_one_line(&value), ids.of(entry));
        let _ = writeln!(out, "  {at}  {label}  {value}{mistaken}{id}");
    }
}

/// That two computers corrected a finding without knowing of each other, and the way out.
fn twice(view: &ChartView, entry: EntryRef, rivals: &[ObservationId]) -> String {
    let all = view.chart.observations.iter().filter(|one| rivals.contains(&one.id));
    let values: Vec<String> = all.map(Observation::value_label).collect();
    let values = on_one_line(&values.join(", "));
    format!(
        "  (corrected twice: {values}: which one is right? If this one is wrong, mark {entry} as a mistake)"
    )
}

/// What is not on the list although it belongs to the chart.
fn missing(out: &mut String, view: &ChartView) {
    for entry in &view.chart.unreadable {
        let by = view.chart.stamp_of(*entry).map(|stamp| format!(" ({})", name(view, &stamp)));
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

fn disputed(out: &mut String, view: &ChartView, entry: EntryRef) {
    for conflict in view.chart.conflicts_of(entry) {
        out.push_str(&versions(conflict, |stamp| name(view, stamp)));
    }
}

fn name(view: &ChartView, stamp: &Stamp) -> String {
    let person = view.people.get(&stamp.author).map_or("someone", String::as_str);
    let device = view.devices.get(&stamp.device).map_or("another computer", String::as_str);
    on_one_line(&format!("{person}, {device}, {}", stamp.at))
}

/// What an entry has been.
pub(crate) fn history(items: &[HistoryItem]) -> String {
    let line = |item: &HistoryItem| {
        let HistoryItem { author, device, field, value, .. } = item;
        let line = format!("{}  {author} ({device})  {field}: {value}", item.stamp.at);
        on_one_line(&line) + "\n"
    };
    items.iter().map(line).collect()
}

/// What was recorded, and what the rules say.
pub(crate) fn recorded(recorded: &Recorded) -> String {
    let entries: String = recorded.entries.iter().map(|entry| format!("{entry}\n")).collect();
    entries + &advice(&recorded.advice)
}

/// What the rules say.
fn advice(issues: &[DetectedIssue]) -> String {
    let line = |issue: &DetectedIssue| {
        format!("! {}: {}\n", issue.tier.code(), on_one_line(&issue.detail))
    };
    issues.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::{chart as whole, *};
    use crate::commands::show::conflicts;
    use api::ConflictItem;
    use clinical::{
        AdministrativeGender, AllergyDraft, AllergyIntoleranceId, Chart, Conflict, Corrections,
        DeviceId, EntryValue, HumanName, Identity, Instant, Patient, PatientId, PractitionerId,
        StatusReason, VerificationStatus, Version, VitalsDraft, uuid_v7,
    };
    use std::collections::BTreeMap;

    fn chart(view: &ChartView) -> String {
        let now = "2026-11-27T09:00:00Z".parse().unwrap();
        whole(view, Ids(false), Clock { now, offset: &|_| clinical::UtcOffset::UTC })
    }

    #[test]
    fn a_chart_says_what_the_window_says() {
        let mut view = view();
        let patient = view.chart.patient.as_mut().unwrap();
        patient.identity.birth_date = "1980-03-14".parse().ok();
        patient.identity.gender = AdministrativeGender::Unknown;
        let medicine = |n: u8, name: &str, days: &str, authored_on: &str| {
            let draft = clinical::MedicationDraft {
                medication: name.into(),
                duration_days: days.into(),
                ..Default::default()
            };
            let id = clinical::MedicationId::from_uuid(uuid_v7(8, [n; 10]));
            draft.complete(id, authored_on.parse().unwrap()).unwrap()
        };
        let mut stopped = medicine(2, "warfarin", "", "2019");
        stopped.order.status = clinical::MedicationStatus::Stopped;
        let entry = of_medication(&stopped);
        let stamp = Stamp {
            author: PractitionerId::from_uuid(uuid_v7(2, [2; 10])),
            device: DeviceId::from_uuid(uuid_v7(3, [3; 10])),
            at: Instant::from_unix_ms(0),
        };
        view.chart.reasons = vec![StatusReason { entry, text: "rash".into(), stamp }];
        view.chart.medications = vec![medicine(1, "amoxicillin", "5", "2026-10-26"), stopped];
        let problem = |n: u8, problem: &str, onset: &str| {
            let draft = clinical::ConditionDraft {
                problem: problem.into(),
                onset: onset.into(),
                ..Default::default()
            };
            draft.complete(clinical::ConditionId::from_uuid(uuid_v7(9, [n; 10]))).unwrap()
        };
        let mut over = problem(2, "malaria", "");
        over.clinical_status = Some(clinical::ConditionClinicalStatus::Resolved);
        over.abatement = "2026-04".parse().ok();
        view.chart.conditions = vec![problem(1, "hypertension", "2019"), over];
        view.chart.encounters = [(1, "2026-04-30"), (2, "2026-11-26T08:05:00Z")]
            .map(|(n, start)| clinical::Encounter {
                id: clinical::EncounterId::from_uuid(uuid_v7(10, [n; 10])),
                status: clinical::EncounterStatus::InProgress,
                class: clinical::EncounterClass::Ambulatory,
                kind: Vec::new(),
                reason: vec![CodeableConcept::from_text("cough")],
                start: start.parse().ok(),
                end: None,
            })
            .to_vec();
        let note = |n: u8, at: &str| clinical::Composition {
            id: clinical::CompositionId::from_uuid(uuid_v7(11, [n; 10])),
            draft: clinical::CompositionId::from_uuid(uuid_v7(12, [n; 10])),
            encounter: None,
            title: "Visit note".into(),
            author: stamp.author,
            contributors: Vec::new(),
            signed_at: at.parse().unwrap(),
            section: Vec::new(),
            heads: Vec::new(),
            replaces: None,
            signature: None,
        };
        view.chart.compositions =
            vec![note(1, "2026-04-30T10:47:00Z"), note(2, "2026-11-26T08:30:00Z")];
        let weigh = |n: u8, kilos: &str| {
            let values = BTreeMap::from([("weight".to_owned(), kilos.to_owned())]);
            let draft = VitalsDraft { values, encounter: None };
            let id = || ObservationId::from_uuid(uuid_v7(13, [n; 10]));
            draft.complete(id, &"2026-11-26".parse().unwrap()).unwrap().remove(0)
        };
        view.chart.observations = vec![weigh(1, "70"), weigh(2, "7")];
        view.weight_jumps = vec![(view.chart.observations[1].id, view.chart.observations[0].id)];
        let want = [
            "OKELLO, Amina  Born 14-Mar-1980 (46y)  sex not known",
            "",
            "Allergies not recorded",
            "",
            "Medicines",
            "  amoxicillin — no dose recorded — for 5 days [active] — started 26-Oct-2026 — course ended 31-Oct-2026",
            "",
            "Medicines no longer taken",
            "  warfarin — no dose recorded [stopped] — started 2019 — reason: rash",
            "",
            "Problems",
            "  hypertension — since 2019",
            "",
            "Past problems",
            "  malaria — resolved — until Apr-2026",
            "",
            "Visits",
            "  26-Nov-2026 08:05 — in the clinic — cough — under way",
            "  30-Apr-2026 — in the clinic — cough — under way",
            "",
            "Findings",
            "  26-Nov-2026  Body weight  70 kg",
            "  26-Nov-2026  Body weight  7 kg  (check: more than 20 % from the weight before: 70 kg)",
            "",
            "Visit note signed by someone, 26-Nov-2026 08:30",
            "",
            "Visit note signed by someone, 30-Apr-2026 10:47",
            "",
        ];
        assert_eq!(chart(&view).replace('\u{a0}', " "), want.join("\n"));
    }

    #[test]
    fn an_allergy_says_all_that_was_written_of_it() {
        let check = |draft: AllergyDraft, code: Option<CodeableConcept>, want: &[&str]| {
            let mut view = view();
            let id = AllergyIntoleranceId::from_uuid(uuid_v7(4, [4; 10]));
            let mut allergy = draft.complete(id).unwrap();
            allergy.code = code.unwrap_or(allergy.code);
            view.chart.allergies = vec![allergy];
            let told = chart(&view);
            let told: Vec<&str> = told.lines().skip(2).take_while(|it| !it.is_empty()).collect();
            assert_eq!(told, want);
        };
        let draft = |substance: &str, onset: &str, note: &str| AllergyDraft {
            substance: substance.into(),
            onset: onset.into(),
            note: note.into(),
            ..AllergyDraft::default()
        };
        let latex = ["Known allergies", "  latex — since 2019 — only gloves"];
        check(draft("latex", "2019", "only gloves"), None, &latex);
        check(draft("Nil known", "", ""), None, &["No known allergies"]);
        let asked = ["No known allergies", "  Nil known — the mother was asked"];
        check(draft("Nil known", "", "the mother was asked"), None, &asked);
        check(draft("NKDA", "", ""), None, &["No known drug allergies", "  NKDA"]);
        let none = CodeableConcept::from_coding(
            clinical::SNOMED_CT,
            clinical::NO_KNOWN_ALLERGY,
            "No known allergy",
        );
        check(draft("x", "", ""), Some(none.clone()), &["No known allergies"]);
        let foreign = CodeableConcept { text: Some("Keine".into()), ..none.clone() };
        check(draft("x", "", ""), Some(foreign), &["No known allergies", "  Keine"]);
        let mut both = CodeableConcept { text: None, ..none.clone() };
        both.coding.push(clinical::Coding::new(clinical::SNOMED_CT, "764146007", "Penicillin"));
        check(draft("x", "", ""), Some(both), &["Known allergies", "  Penicillin"]);
        let high = AllergyDraft {
            criticality: Some(clinical::AllergyCriticality::High),
            reaction: "anaphylaxis".into(),
            ..draft("x", "", "")
        };
        let real = CodeableConcept { text: Some("Penicillin".into()), ..none };
        let told = ["Known allergies", "  Penicillin — criticality high — anaphylaxis"];
        check(high, Some(real), &told);
        let mut view = view();
        view.chart.allergies = [(1, "NKA"), (2, "No known allergies"), (3, "latex")]
            .map(|(n, it)| {
                let id = AllergyIntoleranceId::from_uuid(uuid_v7(n, [4; 10]));
                draft(it, "", "").complete(id).unwrap()
            })
            .to_vec();
        let told = chart(&view);
        assert!(told.contains("  NKA\n  No known allergies\n  latex\n"), "{told}");
        view.chart.allergies.pop();
        assert!(!chart(&view).contains("  NKA\n"));
    }

    fn view() -> ChartView {
        let patient = PatientId::from_uuid(uuid_v7(1, [1; 10]));
        let identity = Identity {
            name: vec![HumanName::new("Okello", "Amina")],
            gender: AdministrativeGender::Female,
            birth_date: None,
            birth_date_estimated: false,
            identifier: Vec::new(),
        };
        let person = Patient {
            id: patient,
            identity,
            telecom: Vec::new(),
            address: Vec::new(),
            deceased: None,
            code_status: None,
        };
        ChartView {
            patient,
            chart: Chart { patient: Some(person), ..Chart::default() },
            counts: Vec::new(),
            drafts: Vec::new(),
            advice: Vec::new(),
            people: BTreeMap::new(),
            devices: BTreeMap::new(),
            waiting: Vec::new(),
            corrections: Corrections::default(),
            drug_allergies: Vec::new(),
            weight_jumps: Vec::new(),
            expected_weight: None,
            heads: String::new(),
        }
    }

    fn dispute(entry: EntryRef, field: &str, sides: Vec<EntryValue>) -> Conflict {
        let stamp = Stamp {
            author: PractitionerId::from_uuid(uuid_v7(2, [2; 10])),
            device: DeviceId::from_uuid(uuid_v7(3, [3; 10])),
            at: Instant::from_unix_ms(0),
        };
        let version =
            |(n, value): (usize, EntryValue)| Version { value, stamp, change: n.to_string() };
        Conflict {
            id: Conflict::id_of(entry, field),
            entry,
            field: field.to_owned(),
            versions: sides.into_iter().enumerate().map(version).collect(),
            base: None,
        }
    }

    #[test]
    fn every_dispute_is_in_the_chart() {
        let mut view = view();
        let mut other = view.chart.patient.clone().unwrap().identity;
        other.name = vec![HumanName::new("Otieno", "Amina")];
        let patient = EntryRef::new(EntryKind::Patient, view.patient.uuid());
        let draft = AllergyDraft { substance: "Latex".into(), ..AllergyDraft::default() };
        let id = uuid_v7(4, [4; 10]);
        let mut over = draft.complete(AllergyIntoleranceId::from_uuid(id)).unwrap();
        over.verification_status = VerificationStatus::Refuted;
        let mistaken = AllergyIntolerance {
            verification_status: VerificationStatus::EnteredInError,
            ..over.clone()
        };
        view.chart.allergies = vec![over.clone()];
        view.chart.conflicts = vec![
            dispute(patient, "identity", vec![EntryValue::Identity(other)]),
            dispute(
                EntryRef::new(EntryKind::Allergy, id),
                "value",
                vec![EntryValue::Allergy(over), EntryValue::Allergy(mistaken)],
            ),
        ];
        let unread = EntryRef::new(EntryKind::Medication, uuid_v7(7, [7; 10]));
        let sides = vec![EntryValue::Unreadable, EntryValue::Unreadable];
        view.chart.conflicts.push(dispute(unread, "order", sides));
        let text = chart(&view);
        assert_eq!(text.matches(display::UNREADABLE).count(), 2, "{text}");
        for wanted in ["OTIENO, Amina", "verification: refuted", "verification: entered-in-error"] {
            assert!(text.contains(wanted), "{wanted} is missing in:\n{text}");
        }
    }

    #[test]
    fn names_people_wrote_begin_no_line_of_their_own() {
        let planted = "Rose\nALLERGIES: none\rALLERGIES: none";
        let mut view = view();
        let patient = EntryRef::new(EntryKind::Patient, view.patient.uuid());
        let identity = view.chart.patient.as_ref().unwrap().identity.clone();
        let conflict = dispute(patient, "identity", vec![EntryValue::Identity(identity)]);
        let stamp = conflict.versions[0].stamp;
        let (people, devices) = (
            BTreeMap::from([(stamp.author, planted.to_owned())]),
            BTreeMap::from([(stamp.device, planted.to_owned())]),
        );
        view.chart.conflicts = vec![conflict.clone()];
        (view.people, view.devices) = (people.clone(), devices.clone());
        let patient = view.patient;
        let (allergy_state, allergies) = (view.allergy_state(), vec![planted.to_owned()]);
        let item = ConflictItem {
            patient,
            identity: None,
            allergy_state,
            allergies,
            conflict,
            people,
            devices,
            heads: String::new(),
        };
        let past = HistoryItem {
            stamp,
            author: planted.to_owned(),
            device: planted.to_owned(),
            change: String::new(),
            field: "value".to_owned(),
            value: planted.to_owned(),
        };
        for text in [chart(&view), conflicts(&[item]), history(&[past])] {
            assert!(text.contains("Rose"), "{text}");
            let own = text.split(['\n', '\r']).find(|line| line.trim().starts_with("ALLERGIES"));
            assert_eq!(own, None, "{text}");
        }
    }

    #[test]
    fn what_is_not_on_the_list_is_told() {
        let mut view = view();
        assert!(chart(&view).contains("Allergies not recorded"));
        let device = DeviceId::from_uuid(uuid_v7(3, [3; 10]));
        view.devices = BTreeMap::from([(device, "Room 2".to_owned())]);
        view.waiting = vec![Waiting { device, changes: 2 }];
        view.chart.unreadable = vec![EntryRef::new(EntryKind::Medication, uuid_v7(5, [5; 10]))];
        let text = chart(&view);
        assert!(!text.contains("Allergies not recorded"), "{text}");
        for told in ["NOT SHOWN, or not all of it: medication/", "waiting for Room 2: 2 of"] {
            assert!(text.contains(told), "{told} is missing in:\n{text}");
        }
    }

    #[test]
    fn a_finding_recorded_by_mistake_is_marked() {
        let mut view = view();
        let pulse = BTreeMap::from([("heartRate".to_owned(), "72".to_owned())]);
        let draft = VitalsDraft { values: pulse, encounter: None };
        let id = uuid_v7(6, [6; 10]);
        let make_id = || ObservationId::from_uuid(id);
        view.chart.observations = draft.complete(make_id, &"2026".parse().unwrap()).unwrap();
        assert!(!chart(&view).contains("by mistake"));
        let entry = EntryRef::new(EntryKind::Observation, id);
        view.chart.withdrawn = vec![entry];
        assert!(chart(&view).contains("  (recorded by mistake)\n"), "{}", chart(&view));
        let stamp = Stamp {
            author: PractitionerId::from_uuid(id),
            device: DeviceId::from_uuid(id),
            at: Instant::from_unix_ms(0),
        };
        view.chart.reasons = vec![StatusReason { entry, text: "wrong\npatient".into(), stamp }];
        assert!(chart(&view).contains("  (recorded by mistake: wrong patient)\n"));
        view.chart.withdrawn.clear();
        view.chart.reasons.clear();
        for (status, want) in [
            (ObservationStatus::EnteredInError, "  (recorded by mistake)\n"),
            (ObservationStatus::Cancelled, "  (cancelled)\n"),
        ] {
            view.chart.observations[0].status = status;
            assert!(chart(&view).contains(want), "{}", chart(&view));
        }
        view.chart.observations[0].status = ObservationStatus::Final;
        assert!(!chart(&view).contains("by mistake"), "{}", chart(&view));
    }

    #[test]
    fn a_finding_corrected_twice_asks_which_one_is_right() {
        let id = |n: u8| ObservationId::from_uuid(uuid_v7(i64::from(n), [n; 10]));
        let weigh = |n: u8, kilos: &str, replaces: Option<ObservationId>| {
            let values = BTreeMap::from([("weight".to_owned(), kilos.to_owned())]);
            let draft = VitalsDraft { values, encounter: None };
            let fact = draft.complete(|| id(n), &"2026".parse().unwrap()).unwrap().remove(0);
            Observation { replaces, ..fact }
        };
        let mut view = view();
        view.chart.observations =
            vec![weigh(1, "70", None), weigh(2, "71", Some(id(1))), weigh(3, "72", Some(id(1)))];
        let text = |view: &mut ChartView| {
            view.corrections = view.chart.corrections();
            chart(view)
        };
        let told = text(&mut view);
        assert!(told.contains("70\u{a0}kg  (corrected)\n"), "{told}");
        for (n, kilos) in [(2, "71"), (3, "72")] {
            let line = format!(
                "{kilos}\u{a0}kg  (corrected twice: 71\u{a0}kg, 72\u{a0}kg: which one is right? \
                 If this one is wrong, mark observation/{} as a mistake)\n",
                id(n)
            );
            assert!(told.contains(&line), "{told}");
        }
        let entry = |n| EntryRef::new(EntryKind::Observation, id(n).uuid());
        view.chart.withdrawn = vec![entry(3)];
        let told = text(&mut view);
        assert!(told.contains("71\u{a0}kg\n") && !told.contains("twice"), "{told}");
        assert!(told.contains("72\u{a0}kg  (recorded by mistake)\n"), "{told}");
        // With both a mistake, what they replaced counts again.
        view.chart.withdrawn = vec![entry(2), entry(3)];
        let told = text(&mut view);
        assert!(told.contains("70\u{a0}kg\n") && !told.contains("corrected"), "{told}");
    }
}
