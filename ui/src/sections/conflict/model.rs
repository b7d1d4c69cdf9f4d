//! A conflict in words: what the versions differ in by name, what all of them say once.

use crate::i18n::t;
use crate::words::{self, People, Written, identity_line, part_name, part_words};
use api::ChartView;
use clinical::{
    Conflict, ConflictId, EntryKind, EntryValue, Part, PatientId, Told, Version, display,
};

/// A conflict as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dispute {
    /// Whose chart.
    pub patient: PatientId,
    /// Which conflict.
    pub id: ConflictId,
    /// What it is about.
    pub title: String,
    /// What stood before: its name and the rest.
    pub base: Option<(String, Vec<String>)>,
    /// What every value that is compared says: name and words.
    pub common: Vec<Said>,
    /// Something the values differ in cannot be shown.
    pub unseen: bool,
    /// Every value, in the order all devices show them.
    pub sides: Vec<Side>,
}

/// What a part is called, and what it says.
pub(crate) type Said = (&'static str, String);

/// One of the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Side {
    /// The change that names it in a decision.
    pub change: String,
    /// Its name; that it cannot be shown, when it cannot.
    pub label: String,
    /// What it says that the others do not.
    pub says: Vec<Said>,
    /// Who wrote it, when and where.
    pub written: Written,
}

impl Side {
    /// The whole of it as one says it: `amlodipine, Dosage: 10 mg — once daily`.
    pub(super) fn spoken(&self) -> String {
        let said = self
            .says
            .iter()
            .map(|(name, words)| format!("{name}: {}", words.trim_start_matches("DOSE ")));
        Some(self.label.clone()).into_iter().chain(said).collect::<Vec<_>>().join(", ")
    }
}

/// A conflict in words.
pub(crate) fn dispute(patient: PatientId, conflict: &Conflict, people: &People<'_>) -> Dispute {
    let exact = |part: &Part<'_>| serde_json::to_string(part).unwrap_or_default();
    let told = conflict.told(part_words, exact);
    // Of versions that are not held side by side each says all it has.
    let compared = told.iter().any(|told| !told.differs.is_empty());
    let common = told.iter().find(|told| compared && !told.differs.is_empty());
    let common = common.map(|told| said(&told.common)).unwrap_or_default();
    let pairs = conflict.versions.iter().zip(&told);
    let sides: Vec<Side> = pairs.map(|(version, told)| side(version, told, people)).collect();
    Dispute {
        patient,
        id: conflict.id.clone(),
        title: title(conflict, &sides),
        base: conflict.base.as_ref().map(|base| before(base, people)),
        common,
        unseen: conflict.differs_unseen(),
        sides,
    }
}

fn side(version: &Version, told: &Told<'_>, people: &People<'_>) -> Side {
    let parts = if told.differs.is_empty() { &told.common } else { &told.differs };
    Side {
        change: version.change.clone(),
        label: label(&version.value, people),
        says: said(parts),
        written: people.written(version.stamp),
    }
}

/// The parts by name; what the label says already is left out.
fn said(parts: &[(Part<'_>, String)]) -> Vec<Said> {
    let shown = parts.iter().filter(|(part, _)| !matches!(part, Part::CodeStatus(_)));
    shown.map(|(part, words)| (part_name(part), words.clone())).collect()
}

/// The conflicts of a chart about one kind of entry.
pub(crate) fn disputes_of(view: &ChartView, people: &People<'_>, kind: EntryKind) -> Vec<Dispute> {
    let conflicts = view.chart.conflicts.iter().filter(|conflict| conflict.entry.kind == kind);
    conflicts.map(|conflict| dispute(view.patient, conflict, people)).collect()
}

/// The name all sides that can be read share, else the kind of entry.
fn title(conflict: &Conflict, sides: &[Side]) -> String {
    let kind = words::entry_kind(conflict.entry.kind);
    let readable = conflict.versions.iter().zip(sides);
    let mut labels = readable
        .filter(|(version, _)| version.value != EntryValue::Unreadable)
        .map(|(_, side)| side.label.as_str());
    let Some(first) = labels.next() else { return kind.to_owned() };
    if labels.all(|label| label == first) { format!("{kind}: {first}") } else { kind.to_owned() }
}

/// What a value is called.
fn label(value: &EntryValue, people: &People<'_>) -> String {
    match value {
        EntryValue::Medication(order) => order.medication.label().to_owned(),
        EntryValue::Allergy(allergy) => allergy.code.label().to_owned(),
        EntryValue::Identity(identity) => identity_line(identity, people.today).name,
        EntryValue::CodeStatus(Some(status)) => status.label().to_owned(),
        EntryValue::CodeStatus(None) => t("conflict.withdrawn").to_owned(),
        EntryValue::Unreadable => t("conflict.unreadable").to_owned(),
    }
}

/// What stood before: its name and all it said.
fn before(value: &EntryValue, people: &People<'_>) -> (String, Vec<String>) {
    let said = |part: &Part<'_>| match part {
        // The name says it.
        Part::Medicine(_) | Part::Substance(_) | Part::Name(_) | Part::CodeStatus(_) => None,
        Part::Dosage(dosages) => Some(display::dosage_parts(dosages).join(" — ")),
        part => (!part.is_empty()).then(|| format!("{}: {}", part_name(part), part_words(part))),
    };
    let parts = value.parts();
    let details = parts.iter().filter_map(said).filter(|words| !words.is_empty());
    (label(value, people), details.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, stamp, uuid};
    use clinical::{
        AllergyDraft, AllergyIntolerance, AllergyIntoleranceId, CodeableConcept, EntryRef,
        MedicationOrder, MedicationStatus, VerificationStatus,
    };

    fn conflict(kind: EntryKind, sides: Vec<EntryValue>) -> Conflict {
        let entry = EntryRef::new(kind, uuid(1));
        let names = ["a", "b", "c"];
        let version = |(value, change): (EntryValue, &str)| Version {
            value,
            stamp: stamp(),
            change: change.into(),
        };
        Conflict {
            id: Conflict::id_of(entry, "order"),
            entry,
            field: "order".into(),
            base: sides.first().cloned(),
            versions: sides.into_iter().zip(names).map(version).collect(),
        }
    }

    fn shown(conflict: &Conflict) -> Dispute {
        let view = chart_view();
        dispute(view.patient, conflict, &people(&view))
    }

    fn order(status: MedicationStatus) -> EntryValue {
        let medication = CodeableConcept::from_text("amlodipine");
        EntryValue::Medication(MedicationOrder { medication, dosage: Vec::new(), status })
    }

    fn latex() -> AllergyIntolerance {
        let draft = AllergyDraft { substance: "Latex".into(), ..AllergyDraft::default() };
        draft.complete(AllergyIntoleranceId::from_uuid(uuid(1))).unwrap()
    }

    #[test]
    fn a_dispute_names_every_side_and_what_stood_before() {
        use MedicationStatus::{Active, Stopped};
        let dispute = shown(&conflict(EntryKind::Medication, vec![order(Active), order(Stopped)]));
        assert_eq!(dispute.title, "Medicine: amlodipine");
        let before = vec!["Status: active".to_owned()];
        assert_eq!(dispute.base, Some(("amlodipine".to_owned(), before)));
        let stopped = &dispute.sides[1];
        assert_eq!(
            (stopped.change.as_str(), &stopped.says),
            ("b", &vec![("Status", "stopped".to_owned())])
        );
        assert_eq!(stopped.spoken(), "amlodipine, Status: stopped");
        assert_eq!(stopped.written.who, "Dr Amina");
        assert_eq!(stopped.written.when, "20-Nov-2026 09:00");
    }

    #[test]
    fn sides_say_by_name_what_they_differ_in_and_the_card_says_the_rest_once() {
        let mut other = latex();
        other.verification_status = VerificationStatus::Refuted;
        let sides = vec![EntryValue::Allergy(latex()), EntryValue::Allergy(other)];
        let dispute = shown(&conflict(EntryKind::Allergy, sides));
        let says: Vec<_> = dispute.sides.iter().map(|side| side.says.clone()).collect();
        let sure = |words: &str| vec![("How sure", words.to_owned())];
        assert_eq!(says, [sure("confirmed"), sure("shown to be false")]);
        let active = ("Status", "active".to_owned());
        assert_eq!(dispute.common, [("Substance", "Latex".to_owned()), active]);
        assert!(!dispute.unseen);
    }

    #[test]
    fn a_side_that_cannot_be_shown_is_a_side() {
        let sides = vec![EntryValue::Allergy(latex()), EntryValue::Unreadable];
        let dispute = shown(&conflict(EntryKind::Allergy, sides));
        assert_eq!(dispute.title, "Allergy: Latex");
        assert!(dispute.sides[1].label.contains("newer version"), "{:?}", dispute.sides[1]);
        assert_eq!(dispute.sides[1].written.who, "Dr Amina");
        assert_eq!(dispute.sides[1].change, "b");
        // Nothing is compared: what can be read says all it has.
        assert!(dispute.sides[0].says.contains(&("How sure", "confirmed".to_owned())));
        assert_eq!(dispute.common, []);
    }

    #[test]
    fn what_sides_differ_in_and_cannot_be_shown_is_told() {
        let same = || EntryValue::Allergy(latex());
        assert!(shown(&conflict(EntryKind::Allergy, vec![same(), same()])).unseen);
    }
}
