//! A medicine the patient is allergic to: one issue for each medicine, naming every allergy that
//! speaks as loudly.

use super::{DRUG_ALLERGY, Taken};
use crate::{
    allergy::{AllergyHit, Heeded, Relation},
    tasks::is_task,
};
use clinical::{AlertTier, AllergyIntolerance, Chart, DetectedIssue, EntryKind, EntryRef, Said};

/// A hit with what it is about.
type Found<'a> = (AlertTier, Relation, EntryRef, &'a str, &'a str, AllergyHit);

/// The allergies of a chart that must be heeded, with their entries.
pub(crate) fn heeded(chart: &Chart) -> Vec<(EntryRef, Heeded<'_>)> {
    let in_force = chart.allergies_in_force().into_iter();
    let entries = in_force.map(|allergy| (entry_of(allergy), allergy));
    entries
        .filter(|(entry, _)| !chart.withdrawn.contains(entry))
        .filter_map(|(entry, allergy)| Some((entry, Heeded::of(allergy)?)))
        .collect()
}

/// What speaks against one medicine.
pub(crate) fn find(
    allergies: &[(EntryRef, Heeded<'_>)],
    taken: &Taken<'_>,
) -> Option<DetectedIssue> {
    let mut found: Vec<Found<'_>> = Vec::new();
    for (entry, heeded) in allergies {
        found.extend(taken.orders.iter().filter_map(|(order, drug)| {
            let hit = heeded.check(&order.medication, drug)?;
            let (medicine, substance) = (order.medication.label(), heeded.allergy.label());
            Some((hit.tier, hit.relation, *entry, medicine, substance, hit))
        }));
    }
    found.sort_by(|a, b| (a.0, a.1, a.2, a.3, a.4).cmp(&(b.0, b.1, b.2, b.3, b.4)));
    let (tier, relation, _, medicine, substance, hit) = found.first()?;
    let as_loud = found.iter().filter(|other| is_task(other.0) == is_task(*tier));
    let mut subject: Vec<EntryRef> = as_loud.map(|other| other.2).chain(taken.entry).collect();
    subject.sort();
    subject.dedup();
    Some(DetectedIssue {
        rule: DRUG_ALLERGY.to_owned(),
        tier: *tier,
        subject,
        detail: detail(*relation, medicine, substance, hit),
        source: relation.source().to_owned(),
        said: Some(said(*relation, medicine, substance, hit)),
    })
}

fn entry_of(allergy: &AllergyIntolerance) -> EntryRef {
    EntryRef::new(EntryKind::Allergy, allergy.id.uuid())
}

fn said(relation: Relation, medicine: &str, substance: &str, hit: &AllergyHit) -> Said {
    let values = [("medicine", medicine), ("allergy", substance), ("drug", &hit.drug)];
    Said::new(relation.code(), &values)
}

fn detail(relation: Relation, medicine: &str, substance: &str, hit: &AllergyHit) -> String {
    let drug = &hit.drug;
    let how = match relation {
        Relation::Same => "is covered by this allergy",
        Relation::SameClass => "is of the same class",
        Relation::SharedSideChain => "shares a side chain with it",
        Relation::WeakerInhibitor => "acts on the same enzyme, less strongly",
        Relation::Distant => "is distantly related and mostly tolerated",
    };
    format!("{medicine}: an allergy to {substance} is recorded, and {drug} {how}.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        fixtures::{allergy, chart, dangerous, dispute, medication, order},
        rules::taken,
    };
    use clinical::{EntryValue, MedicationStatus};

    fn issues(chart: &Chart) -> Vec<DetectedIssue> {
        let allergies = heeded(chart);
        taken(chart).iter().filter_map(|taken| find(&allergies, taken)).collect()
    }

    #[test]
    fn one_issue_for_a_medicine_names_the_loudest_allergies() {
        let allergies =
            vec![allergy(1, "Penicillin"), allergy(2, "amoxicillin"), allergy(3, "cefixime")];
        let chart = chart(allergies, vec![medication(9, "Amoxicillin 500 mg")]);
        let [issue] = issues(&chart).try_into().unwrap();
        assert_eq!((issue.tier, issue.subject.len()), (AlertTier::Interrupt, 3));
        assert_eq!(
            issue.detail,
            "Amoxicillin 500 mg: an allergy to Penicillin is recorded, and amoxicillin is covered \
             by this allergy."
        );
    }

    #[test]
    fn every_side_of_a_dispute_is_heeded() {
        let check = |chart: &Chart, want: &[AlertTier]| {
            assert_eq!(issues(chart).iter().map(|i| i.tier).collect::<Vec<_>>(), want);
        };
        let mut resolved = allergy(1, "penicillin");
        resolved.clinical_status = clinical::AllergyClinicalStatus::Resolved;
        let mut disputed = chart(vec![resolved.clone()], vec![medication(9, "amoxicillin")]);
        check(&disputed, &[]);
        let sides =
            vec![EntryValue::Allergy(resolved), EntryValue::Allergy(dangerous(1, "penicillin"))];
        disputed.conflicts = vec![dispute(EntryKind::Allergy, allergy(1, "").id.uuid(), sides)];
        check(&disputed, &[AlertTier::Block]);

        let mut stopped = medication(9, "amoxicillin");
        stopped.order.status = MedicationStatus::Stopped;
        let id = stopped.id.uuid();
        let mut disputed = chart(vec![allergy(1, "penicillin")], vec![stopped.clone()]);
        check(&disputed, &[]);
        let sides = vec![
            EntryValue::Medication(stopped.order),
            EntryValue::Medication(order("amoxicillin")),
        ];
        disputed.conflicts = vec![dispute(EntryKind::Medication, id, sides)];
        check(&disputed, &[AlertTier::Interrupt]);
    }

    #[test]
    fn what_was_withdrawn_is_not_heeded() {
        let mut chart = chart(vec![allergy(1, "penicillin")], vec![medication(9, "amoxicillin")]);
        assert_eq!(issues(&chart).len(), 1);
        for entry in issues(&chart)[0].subject.clone() {
            chart.withdrawn = vec![entry];
            assert_eq!(issues(&chart), Vec::new());
        }
    }
}
