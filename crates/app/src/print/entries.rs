//! Which entries of a chart go onto paper, and which must be decided first.

use crate::error::not_found;
use api::{ApiError, ErrorCode};
use clinical::{
    Chart, Conflict, EncounterId, EntryKind, EntryRef, EntryValue, Finding, MedicationId,
    MedicationIntent, MedicationOrder, MedicationRequest, MedicationStatus, PrescriptionDraft,
};

/// Two people agree on who the patient is, and it can be read.
///
/// # Errors
/// `disputed`, `newer-version`.
pub(super) fn agreed_identity(chart: &Chart) -> Result<(), ApiError> {
    let is_identity = |conflict: &&Conflict| {
        conflict.entry.kind == EntryKind::Patient && conflict.field != "code-status"
    };
    if chart.conflicts.iter().any(|conflict| is_identity(&conflict)) {
        let detail = "Who the patient is was written differently in two places; nothing was printed. Decide first.";
        return Err(ApiError::new(ErrorCode::Disputed, detail));
    }
    if chart.unreadable.iter().any(|entry| entry.kind == EntryKind::Patient) {
        return Err(newer("Who the patient is"));
    }
    Ok(())
}

/// Two people agree on a visit.
///
/// # Errors
/// `disputed`.
pub(super) fn agreed_visit(chart: &Chart, id: EncounterId) -> Result<(), ApiError> {
    if chart.conflicts_of(EntryRef::new(EntryKind::Encounter, id.uuid())).next().is_some() {
        let detail =
            "This visit was written differently in two places; nothing was printed. Decide first.";
        return Err(ApiError::new(ErrorCode::Disputed, detail));
    }
    Ok(())
}

/// The medicines that are taken now, as a chart has them.
#[derive(Debug)]
pub(super) struct Listed<'a> {
    /// Those that are agreed on.
    pub(super) agreed: Vec<&'a MedicationRequest>,
    /// Those that were written differently in two places, each with every version of it.
    pub(super) disputed: Vec<(MedicationId, Vec<&'a MedicationOrder>)>,
}

/// The medicines of a prescription.
///
/// # Errors
/// `disputed` where two people disagree on one of them; `newer-version`; `not-found`; `invalid` of
/// one that is over or that was not ordered here, and where there is none.
pub(super) fn prescribed<'a>(
    chart: &'a Chart,
    draft: &PrescriptionDraft,
) -> Result<Vec<&'a MedicationRequest>, ApiError> {
    let is_of_visit = |one: &&MedicationRequest| {
        one.about.encounter.is_some() && one.about.encounter == draft.encounter
    };
    let is_ordered = |one: &&MedicationRequest| {
        is_of_visit(one) && (is_prescribed(one) || is_disputed(chart, one))
    };
    let chosen: Vec<&'a MedicationRequest> = if draft.medications.is_empty() {
        chart.medications.iter().filter(is_ordered).collect()
    } else {
        let find = |id: &MedicationId| chart.medications.iter().find(|one| one.id == *id);
        let found = draft.medications.iter().map(find);
        found.collect::<Option<_>>().ok_or_else(|| not_found("medicine"))?
    };
    if chosen.is_empty() {
        let detail = "There is no medicine to prescribe.";
        return Err(ApiError::invalid(vec![Finding::error("medications", "required", detail)]));
    }
    chosen.iter().try_for_each(|one| agreed(chart, one))?;
    Ok(chosen)
}

/// The medicines that are taken now: a list that leaves out what it cannot read is none.
///
/// # Errors
/// `newer-version`.
pub(super) fn taken(chart: &Chart) -> Result<Listed<'_>, ApiError> {
    if chart.has_unreadable(EntryKind::Medication) {
        return Err(newer("A medicine"));
    }
    let is_taken = |one: &&MedicationRequest| one.order.holds() && !is_disputed(chart, one);
    let of_medicine = |conflict: &&Conflict| conflict.entry.kind == EntryKind::Medication;
    let disputed = chart.conflicts.iter().filter(of_medicine).filter(|it| may_be_taken(it));
    let disputed = disputed.map(|it| (MedicationId::from_uuid(it.entry.id), versions(it)));
    Ok(Listed {
        agreed: chart.medications.iter().filter(is_taken).collect(),
        disputed: disputed.collect(),
    })
}

/// Whether a medicine that is disputed is taken by any of its versions: one that is over by all of them
/// is taken by nobody.
pub(super) fn may_be_taken(conflict: &Conflict) -> bool {
    let is_unreadable = conflict.unreadable().next().is_some();
    is_unreadable || versions(conflict).iter().any(|order| order.holds())
}

/// What each side of a conflict about a medicine wrote.
pub(super) fn versions(conflict: &Conflict) -> Vec<&MedicationOrder> {
    let orders = conflict.versions.iter().filter_map(|version| match &version.value {
        EntryValue::Medication(order) => Some(order),
        EntryValue::Allergy(_)
        | EntryValue::Identity(_)
        | EntryValue::CodeStatus(_)
        | EntryValue::EncounterAbout(_)
        | EntryValue::EncounterState(_)
        | EntryValue::Unreadable => None,
    });
    orders.collect()
}

/// Whether a medicine can be prescribed.
fn agreed(chart: &Chart, one: &MedicationRequest) -> Result<(), ApiError> {
    if is_disputed(chart, one) {
        let detail = "A medicine of this prescription was written differently in two places; nothing was printed. \
                      Decide first.";
        return Err(ApiError::new(ErrorCode::Disputed, detail));
    }
    if chart.unreadable.contains(&entry(one)) {
        return Err(newer("A medicine of this prescription"));
    }
    if !is_prescribed(one) {
        let detail = "A medicine of this prescription is over, paused, or was only reported; \
                      nothing was printed.";
        return Err(ApiError::invalid(vec![Finding::error("medications", "not-ordered", detail)]));
    }
    Ok(())
}

/// Whether it was ordered here and is to be taken.
fn is_prescribed(one: &MedicationRequest) -> bool {
    one.about.intent == MedicationIntent::Order && one.order.status == MedicationStatus::Active
}

fn is_disputed(chart: &Chart, one: &MedicationRequest) -> bool {
    chart.conflicts_of(entry(one)).next().is_some()
}

/// A medicine as an entry of its chart.
pub(super) fn entry(one: &MedicationRequest) -> EntryRef {
    EntryRef::new(EntryKind::Medication, one.id.uuid())
}

fn newer(what: &str) -> ApiError {
    let detail = format!(
        "{what} was written by a newer version of the program; nothing was printed. Update this \
         computer."
    );
    ApiError::new(ErrorCode::NewerVersion, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{DeviceId, Instant, MedicationDraft, PractitionerId, Stamp, Version};
    use uuid::Uuid;

    fn medicine(n: u128, dose: &str, encounter: Option<EncounterId>) -> MedicationRequest {
        let draft = MedicationDraft {
            medication: "amlodipine".into(),
            dose: dose.into(),
            unit: "mg".into(),
            frequency: "1".into(),
            encounter,
            ..MedicationDraft::default()
        };
        let id = MedicationId::from_uuid(Uuid::from_u128(n));
        draft.complete(id, "2026-11-27".parse().unwrap()).unwrap()
    }

    fn conflict(entry: EntryRef, field: &str, values: Vec<EntryValue>) -> Conflict {
        let stamp = Stamp {
            author: PractitionerId::from_uuid(Uuid::from_u128(1)),
            device: DeviceId::from_uuid(Uuid::from_u128(2)),
            at: Instant::from_unix_ms(3),
        };
        let version = |value| Version { value, stamp, change: String::new() };
        Conflict {
            id: Conflict::id_of(entry, field),
            entry,
            field: field.to_owned(),
            versions: values.into_iter().map(version).collect(),
            base: None,
        }
    }

    /// Three medicines: one two people dispute, one of a visit, one that is over.
    fn chart() -> (Chart, EncounterId) {
        let visit = EncounterId::from_uuid(Uuid::from_u128(9));
        let disputed = medicine(1, "5", None);
        let values = ["5", "10"].map(|dose| EntryValue::Medication(medicine(1, dose, None).order));
        let mut over = medicine(3, "20", Some(visit));
        over.order.status = MedicationStatus::Stopped;
        let chart = Chart {
            conflicts: vec![conflict(entry(&disputed), "order", values.to_vec())],
            medications: vec![disputed, medicine(2, "2.5", Some(visit)), over],
            ..Chart::default()
        };
        (chart, visit)
    }

    fn asked(
        chart: &Chart,
        ids: &[u128],
        encounter: Option<EncounterId>,
    ) -> Result<Vec<String>, ErrorCode> {
        let ids = ids.iter().map(|id| MedicationId::from_uuid(Uuid::from_u128(*id)));
        let draft = PrescriptionDraft { medications: ids.collect(), encounter };
        let dose = |one: &MedicationRequest| {
            let dose = one.order.dosage.first().and_then(|it| it.dose.clone());
            dose.map(|dose| dose.value.to_string())
        };
        let medicines = prescribed(chart, &draft).map_err(|error| error.code)?;
        Ok(medicines.into_iter().filter_map(dose).collect())
    }

    #[test]
    fn what_two_people_dispute_is_not_prescribed() {
        let (mut chart, visit) = chart();
        assert_eq!(asked(&chart, &[1], None), Err(ErrorCode::Disputed));
        assert_eq!(asked(&chart, &[2, 1], None), Err(ErrorCode::Disputed), "nor beside another");
        assert_eq!(asked(&chart, &[2], None), Ok(vec!["2.5".to_owned()]));
        assert_eq!(asked(&chart, &[], Some(visit)), Ok(vec!["2.5".to_owned()]));
        assert_eq!(asked(&chart, &[3], None), Err(ErrorCode::Invalid), "it is over");
        assert_eq!(asked(&chart, &[4], None), Err(ErrorCode::NotFound));
        assert_eq!(asked(&chart, &[], None), Err(ErrorCode::Invalid), "there is none");
        // One of the visit that is disputed is not quietly left out.
        chart.medications[0].about.encounter = Some(visit);
        assert_eq!(asked(&chart, &[], Some(visit)), Err(ErrorCode::Disputed));
        chart.medications[1].about.intent = MedicationIntent::Statement;
        assert_eq!(asked(&chart, &[2], None), Err(ErrorCode::Invalid), "it was only reported");
        chart.medications[1].about.intent = MedicationIntent::Order;
        chart.unreadable = vec![entry(&chart.medications[1])];
        assert_eq!(asked(&chart, &[2], None), Err(ErrorCode::NewerVersion));
    }

    #[test]
    fn a_list_of_medicines_names_every_version_and_leaves_nothing_out() {
        let (mut chart, _) = chart();
        let dose =
            |order: &MedicationOrder| order.dosage[0].dose.clone().unwrap().value.to_string();
        let listed = taken(&chart).unwrap();
        let agreed: Vec<String> = listed.agreed.iter().map(|one| dose(&one.order)).collect();
        let [(id, versions)] = listed.disputed.as_slice() else { panic!("{listed:?}") };
        let versions: Vec<String> = versions.iter().map(|order| dose(order)).collect();
        assert_eq!((agreed, versions), {
            (vec!["2.5".to_owned()], vec!["5".to_owned(), "10".to_owned()])
        });
        assert_eq!(*id, MedicationId::from_uuid(Uuid::from_u128(1)));
        let counts = |chart: &Chart| -> Vec<usize> {
            taken(chart).unwrap().disputed.iter().map(|(_, versions)| versions.len()).collect()
        };
        let over = |mut order: MedicationOrder| {
            order.status = MedicationStatus::Stopped;
            EntryValue::Medication(order)
        };
        let other = entry(&chart.medications[2]);
        let two = ["5", "10"].map(|dose| EntryValue::Medication(medicine(3, dose, None).order));
        chart.conflicts.push(conflict(other, "order", two.to_vec()));
        assert_eq!(counts(&chart), [2, 2]);
        let values = ["5", "10"].map(|dose| over(medicine(3, dose, None).order));
        chart.conflicts[1] = conflict(other, "order", values.to_vec());
        assert_eq!(counts(&chart), [2], "it is over whoever is right");
        let unread = conflict(entry(&chart.medications[0]), "order", vec![EntryValue::Unreadable]);
        chart.conflicts = vec![unread];
        assert_eq!(taken(&chart).unwrap_err().code, ErrorCode::NewerVersion);
    }

    #[test]
    fn who_it_is_must_be_agreed_on() {
        let patient = EntryRef::new(EntryKind::Patient, Uuid::from_u128(5));
        let check = |chart: Chart, want: Option<ErrorCode>| {
            assert_eq!(agreed_identity(&chart).err().map(|error| error.code), want);
        };
        let disputed = |field| Chart {
            conflicts: vec![conflict(patient, field, vec![EntryValue::Unreadable])],
            ..Chart::default()
        };
        check(Chart::default(), None);
        check(disputed("identity"), Some(ErrorCode::Disputed));
        check(disputed("code-status"), None);
        let unreadable = Chart { unreadable: vec![patient], ..Chart::default() };
        check(unreadable, Some(ErrorCode::NewerVersion));
    }
}
