//! Answers as lines for people.

use crate::output::on_one_line;
use api::{
    AuditFrom, AuditItem, AuditPage, ChartView, ClinicOpened, ConflictItem, DeviceView,
    HistoryItem, ImportView, Listed, PatientHit, PersonView, Recorded, SyncPhase, SyncView,
    TaskItem,
};
use app::{CheckReport, Exported};
use clinical::{
    AllergyIntolerance, CodeableConcept, Conflict, DetectedIssue, EntryKind, EntryRef, EntryValue,
    Identity, MedicationOrder, MedicationRequest, Part, Stamp, Waiting, display,
};
use std::{fmt::Write, path::Path};

/// A clinic was made.
pub(super) fn created(opened: &ClinicOpened) -> String {
    let session = &opened.session;
    let made = format!("{} is made; {} is signed in.", session.clinic_name, session.name);
    format!("{}\n{}", on_one_line(&made), recovery_code(&opened.recovery_code))
}

/// A clinic was joined.
pub(super) fn joined(opened: &ClinicOpened) -> String {
    let session = &opened.session;
    let joined = format!("joined {} as {}", session.clinic_name, session.name);
    format!("{}\n{}", on_one_line(&joined), recovery_code(&opened.recovery_code))
}

/// A recovery code, the only time it is seen.
pub(super) fn recovery_code(code: &str) -> String {
    format!("Recovery code, told this once. Print it and lock it away:\n\n    {code}\n")
}

/// A page of a list: what stands on it, and how much more there is.
pub(super) fn listed<T>(page: &Listed<T>, lines: String, is_later: bool) -> String {
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

/// A part of the audit log.
pub(super) fn audit(page: &AuditPage, from: AuditFrom) -> String {
    let line = |row: &AuditItem| {
        let whose = row.patient.map(|patient| format!("  {patient}")).unwrap_or_default();
        let who = on_one_line(&format!("{} ({})", row.name, row.device));
        let what = format!("{} {}", row.action, on_one_line(&row.resource));
        let outcome = if row.outcome == "success" { "" } else { row.outcome.as_str() };
        format!("{:>8}  {}  {who}  {what}{whose}  {outcome}", row.seq, row.at).trim_end().to_owned()
    };
    let mut out: String = page.rows.iter().map(|row| line(row) + "\n").collect();
    if page.rows.is_empty() {
        out.push_str("there are no such rows\n");
    }
    match (page.more, from, page.rows.last()) {
        (true, AuditFrom::After(_), Some(last)) => {
            let _ = writeln!(out, "there is more: --after {}", last.seq);
        }
        (true, AuditFrom::Newest | AuditFrom::Before(_), _) => {
            out.push_str("there are older rows: --after 0, or a higher --limit\n");
        }
        (true | false, AuditFrom::After(_) | AuditFrom::Newest | AuditFrom::Before(_), _) => {}
    }
    out
}

/// Patients that were found.
pub(super) fn hits(hits: &[PatientHit]) -> String {
    let line = |hit: &PatientHit| {
        let city = hit.city.as_deref().unwrap_or_default();
        format!("{}  {}  {}\n", hit.patient, identity(&hit.identity), on_one_line(city))
    };
    if hits.is_empty() { "nobody is found".to_owned() } else { hits.iter().map(line).collect() }
}

/// A chart.
pub(super) fn chart(view: &ChartView) -> String {
    let mut out = String::new();
    who(&mut out, view);
    if !view.advice.is_empty() {
        let _ = write!(out, "\n{}", advice(&view.advice));
    }
    allergies(&mut out, view);
    medicines(&mut out, view);
    findings(&mut out, view);
    notes(&mut out, view);
    missing(&mut out, view);
    for task in &view.chart.tasks {
        let _ = writeln!(out, "\nTask [{}] {}", task.status.code(), on_one_line(&task.detail));
    }
    for draft in &view.drafts {
        let _ = writeln!(out, "\nDraft {} {}", on_one_line(&draft.title), draft.id);
        for (section, text) in &draft.sections {
            let _ = writeln!(out, "  {}: {}", section.code(), text.replace('\n', "\n    "));
        }
    }
    out
}

fn who(out: &mut String, view: &ChartView) {
    let patient = view.chart.patient.as_ref();
    let identity = patient.map(|patient| identity(&patient.identity));
    let _ = writeln!(out, "{}", identity.unwrap_or_else(|| "Not known".to_owned()));
    if patient.is_some_and(|patient| patient.deceased.is_some()) {
        let _ = writeln!(out, "  Died");
    }
    if let Some(code_status) = patient.and_then(|patient| patient.code_status.as_ref()) {
        let _ = writeln!(out, "  Code status: {}", on_one_line(code_status.label()));
    }
    disputed(out, view, EntryRef::new(EntryKind::Patient, view.patient.uuid()));
}

/// Every allergy that is not a denial, and every one that is disputed, whatever its side that
/// shows says.
fn allergies(out: &mut String, view: &ChartView) {
    let _ = writeln!(out, "\n{}", view.allergy_state().title());
    for allergy in &view.chart.allergies {
        let entry = EntryRef::new(EntryKind::Allergy, allergy.id.uuid());
        let is_disputed = view.chart.conflicts_of(entry).next().is_some();
        if allergy.is_denial() && !is_disputed {
            continue;
        }
        let line = if is_disputed { String::new() } else { danger(allergy) };
        let _ = writeln!(out, "  {}", on_one_line(&format!("{}{line}", allergy.code.label())));
        disputed(out, view, entry);
    }
    let kind = EntryKind::Allergy;
    let listed = view.chart.allergies.iter();
    let listed = listed.map(|allergy| EntryRef::new(kind, allergy.id.uuid()));
    unlisted(out, view, kind, &listed.collect::<Vec<_>>());
}

/// How dangerous an allergy is, what it did, and whether it holds.
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
    let status = if allergy.holds() { "" } else { " (not in force)" };
    line + status
}

/// What is taken, every dispute among it, apart from what is taken no more.
fn medicines(out: &mut String, view: &ChartView) {
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
            status_line(&medication.order)
        };
        let _ = writeln!(out, "  {line}");
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
        let _ = writeln!(out, "  {}", status_line(&medication.order));
    }
}

fn of_medication(medication: &MedicationRequest) -> EntryRef {
    EntryRef::new(EntryKind::Medication, medication.id.uuid())
}

fn status_line(order: &MedicationOrder) -> String {
    format!("{} [{}]", self::order(order), order.status.code())
}

/// The signed notes, each part by its first line.
fn notes(out: &mut String, view: &ChartView) {
    for note in &view.chart.compositions {
        let person = view.people.get(&note.author).map_or("someone", String::as_str);
        let line = format!("{} signed by {person}, {}", note.title, note.signed_at);
        let mistaken = if view.chart.is_withdrawn(EntryKind::Composition, note.id.uuid()) {
            "  (recorded by mistake)"
        } else {
            ""
        };
        let _ = writeln!(out, "\n{}{mistaken}", on_one_line(&line));
        for section in &note.section {
            let first = section.text.lines().find(|line| !line.trim().is_empty());
            let first = on_one_line(first.unwrap_or_default());
            let more = if section.text.trim().lines().count() > 1 { " …" } else { "" };
            let _ = writeln!(out, "  {}: {first}{more}", section.code.code());
        }
    }
}

/// Disputes about entries of which nothing can be read.
fn unlisted(out: &mut String, view: &ChartView, kind: EntryKind, listed: &[EntryRef]) {
    let of_kind = view.chart.conflicts.iter().filter(|conflict| conflict.entry.kind == kind);
    for conflict in of_kind.filter(|conflict| !listed.contains(&conflict.entry)) {
        let _ = writeln!(out, "  {}", conflict.entry);
        out.push_str(&versions(conflict, |stamp| name(view, stamp)));
    }
}

fn findings(out: &mut String, view: &ChartView) {
    let chart = &view.chart;
    let _ = writeln!(out, "\nProblems");
    for condition in chart.conditions.iter().filter(|condition| condition.holds()) {
        let _ = writeln!(out, "  {}", on_one_line(condition.code.label()));
    }
    let _ = writeln!(out, "\nFindings");
    for observation in &chart.observations {
        let at = observation.effective.as_ref().map(display::date).unwrap_or_default();
        let (label, value) = (observation.code.label(), observation.value_label());
        let mistaken = if chart.is_withdrawn(EntryKind::Observation, observation.id.uuid()) {
            "  (recorded by mistake)"
        } else {
            ""
        };
        let _ = writeln!(out, "  {at}  {}  {}{mistaken}", on_one_line(label), on_one_line(&value));
    }
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
            on_one_line(&format!("{person}, {device}, {}", stamp.at))
        });
        format!("{}  {who}\n  {}\n{lines}", item.patient, item.conflict.id)
    };
    items.iter().map(one).collect()
}

/// Every version: what it differs in by name, then what all of them say.
fn versions(conflict: &Conflict, name: impl Fn(&Stamp) -> String) -> String {
    let exact = |part: &Part<'_>| serde_json::to_string(part).unwrap_or_default();
    let told = conflict.told(display::part_words, exact);
    let mut out = "    DISPUTED, not yet decided:\n".to_owned();
    if conflict.differs_unseen() {
        out.push_str("    (in something this version of the program cannot show)\n");
    }
    for (version, told) in conflict.versions.iter().zip(told) {
        let by = name(&version.stamp);
        let _ = writeln!(out, "    ? {}  ({by})  {}", value(&version.value), version.change);
        for (part, words) in &told.differs {
            let _ = writeln!(out, "        {}: {}", display::part_name(part), on_one_line(words));
        }
        if !told.common.is_empty() {
            let one = |(part, words): &(Part<'_>, String)| {
                format!("{}: {words}", display::part_name(part))
            };
            let common: Vec<String> = told.common.iter().map(one).collect();
            let _ = writeln!(out, "        ({})", on_one_line(&common.join("; ")));
        }
    }
    out
}

/// What a version is called; what it says follows part by part.
fn value(value: &EntryValue) -> String {
    match value {
        EntryValue::Allergy(allergy) => on_one_line(allergy.code.label()),
        EntryValue::Medication(order) => status_line(order),
        EntryValue::Identity(identity) => self::identity(identity),
        EntryValue::CodeStatus(Some(code)) => on_one_line(code.label()),
        EntryValue::CodeStatus(None) => "withdrawn".to_owned(),
        EntryValue::Unreadable => display::UNREADABLE.to_owned(),
    }
}

fn order(order: &MedicationOrder) -> String {
    let (name, parts) = display::medication_line(order);
    on_one_line(&std::iter::once(name).chain(parts).collect::<Vec<_>>().join(" — "))
}

fn identity(identity: &Identity) -> String {
    let born = identity.birth_date.as_ref().map(display::date);
    let numbers: Vec<&str> = identity.identifier.iter().map(|id| id.value.as_str()).collect();
    let born = born.unwrap_or_else(|| "Not known".to_owned());
    let (name, sex) = (display::banner_name(identity), identity.gender.code());
    on_one_line(format!("{name}  Born {born}  {sex}  {}", numbers.join(", ")).trim_end())
}

/// The tasks that wait.
pub(super) fn tasks(items: &[TaskItem]) -> String {
    let line = |item: &TaskItem| {
        let who = item.identity.as_ref().map(identity).unwrap_or_default();
        let detail = on_one_line(&item.task.detail);
        format!("{}  {}  {who}\n  {detail}\n", item.task.id, item.patient)
    };
    if items.is_empty() { "no task waits".to_owned() } else { items.iter().map(line).collect() }
}

/// What an entry has been.
pub(super) fn history(items: &[HistoryItem]) -> String {
    let line = |item: &HistoryItem| {
        let HistoryItem { author, device, field, value, .. } = item;
        let line = format!("{}  {author} ({device})  {field}: {value}", item.stamp.at);
        on_one_line(&line) + "\n"
    };
    items.iter().map(line).collect()
}

/// What was recorded, and what the rules say.
pub(super) fn recorded(recorded: &Recorded) -> String {
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

/// The clinic's computers.
pub(super) fn devices(devices: &[DeviceView]) -> String {
    let line = |device: &DeviceView| {
        let here = if device.here { "  (this one)" } else { "" };
        let revoked = if device.revoked { "  (revoked)" } else { "" };
        format!("{}  {}{here}{revoked}\n", device.id, on_one_line(&device.name))
    };
    devices.iter().map(line).collect()
}

/// The clinic's people.
pub(super) fn people(people: &[PersonView]) -> String {
    let line = |person: &PersonView| {
        let here = match (person.active, person.here) {
            (false, _) => "  (works here no more)",
            (true, true) => "  (can sign in here)",
            (true, false) => "",
        };
        let line = on_one_line(&format!("{}  {}", person.user_name, person.name));
        format!("{line}  {}{here}\n", person.role.code())
    };
    people.iter().map(line).collect()
}

/// How an import went.
pub(super) fn import(view: &ImportView) -> String {
    let mut out = format!("{} files, {} patients\n", view.files.0, view.patients);
    for (kind, count) in &view.resources {
        let _ = writeln!(out, "  {count:>8}  {kind}");
    }
    for file in view.by_file.iter().filter(|file| file.resources == 0) {
        let _ = writeln!(out, "  {}", on_one_line(&format!("nothing of {}", file.file)));
    }
    for found in &view.findings {
        let entry = found.entry.map(|entry| format!("[{entry}]")).unwrap_or_default();
        let finding = &found.finding;
        let line = format!("{}{entry} {}: {}", found.file, finding.path, finding.detail);
        let _ = writeln!(out, "  {}", on_one_line(&line));
    }
    if view.findings_more > 0 {
        let _ = writeln!(out, "  and {} more remarks", view.findings_more);
    }
    out
}

/// What was written, and what was not.
pub(super) fn exported(exported: &Exported, out: &Path) -> String {
    let Exported { patients, resources, unreadable, waiting, left_out, .. } = exported;
    let mut text = format!("{patients} patients, {resources} resources in {}\n", out.display());
    if *unreadable > 0 {
        let _ = writeln!(text, "NOT COMPLETE: {unreadable} entries {}", display::UNREADABLE);
    }
    if *waiting > 0 {
        let _ =
            writeln!(text, "NOT COMPLETE: {waiting} changes wait for others that have not arrived");
    }
    for one in left_out {
        let _ = writeln!(text, "LEFT OUT: patient {}: {}", one.patient, one.error);
    }
    text
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
    if view.too_large > 0 {
        let _ = writeln!(
            out,
            "! {} of the changes to send are too large to travel: they are kept here and reach no \
             other computer.",
            view.too_large
        );
    }
    if view.quarantined_waiting > 0 {
        let _ = writeln!(
            out,
            "  {} of what is set aside come in by themselves once keys have come",
            view.quarantined_waiting
        );
    }
    view.alarms.iter().for_each(|alarm| out.push_str(&format!("! {}\n", alarm.detail)));
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

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{
        AdministrativeGender, AllergyDraft, AllergyIntoleranceId, Chart, DeviceId, HumanName,
        Instant, ObservationId, Patient, PatientId, PractitionerId, VerificationStatus, Version,
        VitalsDraft, uuid_v7,
    };
    use std::collections::BTreeMap;

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
        let item = ConflictItem { patient, identity: None, conflict, people, devices };
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
        view.chart.withdrawn = vec![EntryRef::new(EntryKind::Observation, id)];
        assert!(chart(&view).contains("by mistake"));
    }
}
