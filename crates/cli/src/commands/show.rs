//! Answers as lines for people.

use api::{
    ChartView, ClinicCreated, ConflictItem, DeviceView, HistoryItem, ImportView, PatientHit,
    PersonView, Recorded, SyncPhase, SyncView, TaskItem,
};
use app::CheckReport;
use clinical::{
    AllergyState, Conflict, EntryKind, EntryRef, EntryValue, Identity, MedicationOrder, Stamp,
    display,
};
use std::fmt::Write;

/// A clinic was made.
pub(super) fn created(created: &ClinicCreated) -> String {
    format!(
        "{} is made; {} is signed in.\nRecovery code, told this once. Print it and lock it away:\n\n    {}\n",
        created.session.clinic_name, created.session.name, created.recovery_code
    )
}

/// Patients that were found.
pub(super) fn hits(hits: &[PatientHit]) -> String {
    let line = |hit: &PatientHit| {
        let city = hit.city.as_deref().unwrap_or_default();
        format!("{}  {}  {city}\n", hit.patient, identity(&hit.identity))
    };
    if hits.is_empty() { "nobody is found".to_owned() } else { hits.iter().map(line).collect() }
}

/// A chart.
pub(super) fn chart(view: &ChartView) -> String {
    let chart = &view.chart;
    let mut out = String::new();
    let who = chart.patient.as_ref().map(|patient| identity(&patient.identity));
    let _ = writeln!(out, "{}", who.unwrap_or_else(|| "Not known".to_owned()));
    let state = chart.allergy_state();
    let _ = writeln!(out, "\n{}", state.title());
    if state == AllergyState::Known {
        for allergy in chart.allergies.iter().filter(|allergy| !allergy.is_denial()) {
            let status = if allergy.holds() { "" } else { " (not in force)" };
            let _ = writeln!(out, "  {}{status}", allergy.code.label());
            disputed(&mut out, view, EntryRef::new(EntryKind::Allergy, allergy.id.uuid()));
        }
    }
    let _ = writeln!(out, "\nMedicines");
    for medication in &chart.medications {
        let _ =
            writeln!(out, "  {} [{}]", order(&medication.order), medication.order.status.code());
        disputed(&mut out, view, EntryRef::new(EntryKind::Medication, medication.id.uuid()));
    }
    let _ = writeln!(out, "\nProblems");
    for condition in chart.conditions.iter().filter(|condition| condition.holds()) {
        let _ = writeln!(out, "  {}", condition.code.label());
    }
    let _ = writeln!(out, "\nFindings");
    for observation in &chart.observations {
        let at = observation.effective.as_ref().map(display::date).unwrap_or_default();
        let _ =
            writeln!(out, "  {at}  {}  {}", observation.code.label(), observation.value_label());
    }
    for task in &chart.tasks {
        let _ = writeln!(out, "\nTask [{}] {}", task.status.code(), task.detail);
    }
    for draft in &view.drafts {
        let _ = writeln!(out, "\nDraft {} {}", draft.title, draft.id);
        for (section, text) in &draft.sections {
            let _ = writeln!(out, "  {}: {text}", section.code());
        }
    }
    out
}

fn disputed(out: &mut String, view: &ChartView, entry: EntryRef) {
    for conflict in view.chart.conflicts_of(entry) {
        out.push_str(&versions(conflict, |stamp| name(view, stamp)));
    }
}

fn name(view: &ChartView, stamp: &Stamp) -> String {
    let person = view.people.get(&stamp.author).map_or("someone", String::as_str);
    let device = view.devices.get(&stamp.device).map_or("another computer", String::as_str);
    format!("{person}, {device}, {}", stamp.at)
}

/// What must be decided.
pub(super) fn conflicts(items: &[ConflictItem]) -> String {
    if items.is_empty() {
        return "nothing is disputed".to_owned();
    }
    let one = |item: &ConflictItem| {
        let who = item.identity.as_ref().map(identity).unwrap_or_default();
        let lines = versions(&item.conflict, |stamp| {
            let person = item.people.get(&stamp.author).map_or("someone", String::as_str);
            let device = item.devices.get(&stamp.device).map_or("another computer", String::as_str);
            format!("{person}, {device}, {}", stamp.at)
        });
        format!("{}  {who}\n  {}\n{lines}", item.patient, item.conflict.id)
    };
    items.iter().map(one).collect()
}

fn versions(conflict: &Conflict, name: impl Fn(&Stamp) -> String) -> String {
    let line = |version: &clinical::Version| {
        let by = name(&version.stamp);
        format!("    ? {}  ({by})  {}\n", value(&version.value), version.change)
    };
    format!(
        "    DISPUTED, not yet decided:\n{}",
        conflict.versions.iter().map(line).collect::<String>()
    )
}

fn value(value: &EntryValue) -> String {
    match value {
        EntryValue::Allergy(allergy) => {
            let criticality = allergy.criticality.map(|c| format!(", {}", c.code()));
            let status = allergy.clinical_status.code();
            format!("{}, {status}{}", allergy.code.label(), criticality.unwrap_or_default())
        }
        EntryValue::Medication(order) => {
            format!("{} [{}]", self::order(order), order.status.code())
        }
        EntryValue::Identity(identity) => self::identity(identity),
        EntryValue::CodeStatus(Some(code)) => code.label().to_owned(),
        EntryValue::CodeStatus(None) => "withdrawn".to_owned(),
    }
}

fn order(order: &MedicationOrder) -> String {
    let (name, parts) = display::medication_line(order);
    std::iter::once(name).chain(parts).collect::<Vec<_>>().join(" — ")
}

fn identity(identity: &Identity) -> String {
    let born = identity.birth_date.as_ref().map(display::date);
    let number = identity.identifier.first().map(|id| id.value.as_str()).unwrap_or_default();
    let born = born.unwrap_or_else(|| "Not known".to_owned());
    format!("{}  Born {born}  {}  {number}", display::banner_name(identity), identity.gender.code())
        .trim_end()
        .to_owned()
}

/// The tasks that wait.
pub(super) fn tasks(items: &[TaskItem]) -> String {
    let line = |item: &TaskItem| {
        let who = item.identity.as_ref().map(identity).unwrap_or_default();
        format!("{}  {}  {who}\n  {}\n", item.task.id, item.patient, item.task.detail)
    };
    if items.is_empty() { "no task waits".to_owned() } else { items.iter().map(line).collect() }
}

/// What an entry has been.
pub(super) fn history(items: &[HistoryItem]) -> String {
    let line = |item: &HistoryItem| {
        format!(
            "{}  {} ({})  {}: {}\n",
            item.stamp.at, item.author, item.device, item.field, item.value
        )
    };
    items.iter().map(line).collect()
}

/// What was recorded, and what the rules say.
pub(super) fn recorded(recorded: &Recorded) -> String {
    let entries = recorded.entries.iter().map(|entry| format!("{entry}\n"));
    let advice = recorded.advice.iter();
    entries
        .chain(advice.map(|issue| format!("! {}: {}\n", issue.tier.code(), issue.detail)))
        .collect()
}

/// The clinic's computers.
pub(super) fn devices(devices: &[DeviceView]) -> String {
    let line = |device: &DeviceView| {
        let here = if device.here { "  (this one)" } else { "" };
        let revoked = if device.revoked { "  (revoked)" } else { "" };
        format!("{}  {}{here}{revoked}\n", device.id, device.name)
    };
    devices.iter().map(line).collect()
}

/// The clinic's people.
pub(super) fn people(people: &[PersonView]) -> String {
    let line = |person: &PersonView| {
        let here = if person.here { "  (can sign in here)" } else { "" };
        format!("{}  {}  {}{here}\n", person.user_name, person.name, person.role.code())
    };
    people.iter().map(line).collect()
}

/// How an import went.
pub(super) fn import(view: &ImportView) -> String {
    let mut out = format!("{} files, {} patients\n", view.files.0, view.patients);
    for (kind, count) in &view.resources {
        let _ = writeln!(out, "  {count:>8}  {kind}");
    }
    for found in &view.findings {
        let entry = found.entry.map(|entry| format!("[{entry}]")).unwrap_or_default();
        let finding = &found.finding;
        let _ = writeln!(out, "  {}{entry} {}: {}", found.file, finding.path, finding.detail);
    }
    if view.findings_more > 0 {
        let _ = writeln!(out, "  and {} more remarks", view.findings_more);
    }
    out
}

/// How the sync stands.
pub(super) fn sync(view: &SyncView) -> String {
    let phase = match &view.phase {
        SyncPhase::Alone => "no server is set: this computer works alone".to_owned(),
        SyncPhase::Idle => "up to date".to_owned(),
        SyncPhase::Running => "an exchange is going on".to_owned(),
        SyncPhase::Failed(error) => format!("the last try failed: {error}"),
    };
    let mut out = format!(
        "{phase}; {} sent, {} received, {} to send, {} set aside\n",
        view.sent, view.received, view.to_send, view.quarantined
    );
    view.alarms.iter().for_each(|alarm| out.push_str(&format!("! {alarm}\n")));
    out
}

/// What a check found.
pub(super) fn check(report: &CheckReport) -> String {
    let mut out = String::from(if report.sound { "sound\n" } else { "NOT SOUND\n" });
    report.findings.iter().for_each(|finding| out.push_str(&format!("  {finding}\n")));
    let _ = writeln!(
        out,
        "  {} patients, {} commits, {} audit entries",
        report.patients, report.commits, report.audit_entries
    );
    out
}
