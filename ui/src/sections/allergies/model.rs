//! What the allergy section shows.

use crate::i18n::t;
use crate::sections::conflict::{Dispute, disputes_of};
use crate::sections::lines::{self, Line};
use crate::words::{self, People};
use api::ChartView;
use clinical::{AllergyIntolerance, AllergyState, EntryKind, EntryRef, VerificationStatus};

/// The allergies of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Allergies {
    /// What the title says.
    pub state: AllergyState,
    /// Changes of other computers have not arrived: an allergy may be among them.
    pub waits: bool,
    /// What two people disagree on.
    pub disputes: Vec<Dispute>,
    /// What holds and is not disputed.
    pub lines: Vec<Line>,
    /// What is over, refuted or mistaken.
    pub past: Vec<Line>,
    /// How many cannot be shown, or not wholly.
    pub unreadable: u64,
}

/// The order in which allergies are named: the most dangerous first, then those to medicines; the
/// denial, if one stands beside an allergy, last.
pub(crate) fn by_danger(
    view: &ChartView,
    allergy: &AllergyIntolerance,
) -> (bool, bool, bool, u8, String) {
    let is_high = allergy.criticality == Some(clinical::AllergyCriticality::High);
    let is_to_medicine = view.drug_allergies.contains(&allergy.id);
    let danger = allergy.criticality.map_or(1, |c| match c {
        clinical::AllergyCriticality::High => 0,
        clinical::AllergyCriticality::UnableToAssess => 1,
        clinical::AllergyCriticality::Low => 2,
    });
    let label = allergy.label().to_lowercase();
    (allergy.is_denial(), !is_high, !is_to_medicine, danger, label)
}

/// Reads the allergies of a chart.
pub(super) fn allergies(view: &ChartView, people: &People<'_>) -> Allergies {
    let chart = &view.chart;
    let disputes = disputes_of(view, people, EntryKind::Allergy);
    let undisputed = chart.allergies.iter().filter(|allergy| {
        let entry = EntryRef::new(EntryKind::Allergy, allergy.id.uuid());
        chart.conflicts_of(entry).next().is_none()
    });
    let mistaken = |id| chart.is_withdrawn(EntryKind::Allergy, id);
    let (current, past): (Vec<_>, Vec<_>) =
        undisputed.partition(|allergy| allergy.holds() && !mistaken(allergy.id.uuid()));
    let mut current: Vec<&AllergyIntolerance> = current;
    current.sort_by_key(|allergy| by_danger(view, allergy));
    let line = |allergy: &AllergyIntolerance| line(view, people, allergy);
    Allergies {
        state: view.allergy_state(),
        waits: !view.waiting.is_empty(),
        disputes,
        lines: current.into_iter().map(line).collect(),
        past: past.into_iter().map(line).collect(),
        unreadable: lines::unreadable(view, EntryKind::Allergy),
    }
}

fn line(view: &ChartView, people: &People<'_>, allergy: &AllergyIntolerance) -> Line {
    let entry = EntryRef::new(EntryKind::Allergy, allergy.id.uuid());
    let mistaken = view.chart.is_withdrawn(EntryKind::Allergy, entry.id)
        || allergy.verification_status == VerificationStatus::EnteredInError;
    // Only what denies all allergies is told in the words of the title; the rest as it is written.
    let is_none = allergy.is_plain_denial();
    let label = if is_none { t("allergy.state.none") } else { allergy.label() }.to_owned();
    Line {
        entry,
        label,
        details: allergy_details(allergy),
        written: view.chart.stamp_of(entry).map(|stamp| people.written(stamp)),
        mistaken,
    }
}

/// An allergy in one text: `penicillin — high risk — rash`.
pub(crate) fn allergy_line(allergy: &AllergyIntolerance) -> String {
    let label = Some(allergy.label().to_owned());
    crate::i18n::line(&label.into_iter().chain(allergy_details(allergy)).collect::<Vec<_>>(), " — ")
}

/// How dangerous, what happened, since when.
fn allergy_details(allergy: &AllergyIntolerance) -> Vec<String> {
    let mut details = Vec::new();
    details.extend(allergy.criticality.map(|c| words::criticality(c).to_owned()));
    for reaction in &allergy.reaction {
        let signs: Vec<&str> = reaction.manifestation.iter().map(|sign| sign.label()).collect();
        details.extend((!signs.is_empty()).then(|| signs.join(", ")));
        details.extend(reaction.severity.map(|s| words::severity(s).to_owned()));
    }
    details.extend(allergy.onset.as_ref().map(words::date));
    details.extend(allergy.note.clone());
    details
}

/// The titles (NHS CUI PAB-0064).
pub(crate) fn state_words(state: AllergyState) -> &'static str {
    match state {
        AllergyState::Known => t("allergy.state.known"),
        AllergyState::NoneKnown => t("allergy.state.none"),
        AllergyState::NoneKnownDrugs => t("allergy.state.none-drugs"),
        AllergyState::NotRecorded => t("allergy.state.not-recorded"),
        AllergyState::Unavailable => t("allergy.state.unavailable"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, stamp};
    use clinical::{
        AllergyCriticality, AllergyDraft, AllergyIntoleranceId, CodeableConcept, Coding, SNOMED_CT,
        uuid_v7,
    };

    fn allergy(n: u8, substance: &str, criticality: AllergyCriticality) -> AllergyIntolerance {
        let draft = AllergyDraft {
            substance: substance.into(),
            criticality: Some(criticality),
            reaction: "rash, hives".into(),
            onset: "2019-05".into(),
            ..AllergyDraft::default()
        };
        draft.complete(AllergyIntoleranceId::from_uuid(uuid_v7(i64::from(n), [n; 10]))).unwrap()
    }

    #[test]
    fn the_most_dangerous_comes_first_and_the_mistaken_is_kept_apart() {
        let mut view = chart_view();
        let mistaken = allergy(3, "Latex", AllergyCriticality::High);
        view.chart.withdrawn.push(EntryRef::new(EntryKind::Allergy, mistaken.id.uuid()));
        view.chart.allergies = vec![
            allergy(1, "Egg", AllergyCriticality::Low),
            allergy(2, "Penicillin", AllergyCriticality::High),
            mistaken,
        ];
        let model = allergies(&view, &people(&view));
        assert_eq!(model.state, AllergyState::Known);
        let labels: Vec<_> = model.lines.iter().map(|line| line.label.as_str()).collect();
        assert_eq!(labels, ["Penicillin", "Egg"]);
        assert_eq!(model.lines[0].details[1..], ["rash, hives", "May-2019"]);
        assert!(model.past[0].mistaken);
    }

    #[test]
    fn an_empty_list_is_no_denial() {
        let mut view = chart_view();
        assert_eq!(allergies(&view, &people(&view)).state, AllergyState::NotRecorded);
        view.waiting = vec![clinical::Waiting { device: stamp().device, changes: 2 }];
        assert_eq!(allergies(&view, &people(&view)).state, AllergyState::Unavailable);
        view.waiting.clear();
        view.waiting = vec![clinical::Waiting { device: stamp().device, changes: 1 }];
        let waiting = allergies(&view, &people(&view));
        assert_eq!((waiting.state, waiting.waits), (AllergyState::Unavailable, true));
        view.waiting.clear();
        let denial = AllergyDraft { no_known_allergies: true, ..AllergyDraft::default() };
        let id = AllergyIntoleranceId::from_uuid(uuid_v7(1, [1; 10]));
        view.chart.allergies = vec![denial.complete(id).unwrap()];
        let model = allergies(&view, &people(&view));
        assert_eq!(model.state, AllergyState::NoneKnown);
        assert_eq!(model.lines[0].label, "No known allergies");
        let mut check = |code: CodeableConcept, label: &str, state: AllergyState| {
            view.chart.allergies[0].code = code;
            let model = allergies(&view, &people(&view));
            assert_eq!((model.lines[0].label.as_str(), model.state), (label, state));
        };
        let drugs = CodeableConcept::from_coding(SNOMED_CT, "409137002", "No known drug allergy");
        check(drugs, "No known drug allergy", AllergyState::NoneKnownDrugs);
        let none = CodeableConcept::from_coding(SNOMED_CT, "716186003", "No known allergy");
        let written = |text: &str| CodeableConcept { text: Some(text.into()), ..none.clone() };
        check(written("Penicillin"), "Penicillin", AllergyState::Known);
        let except = "No known allergies except penicillin";
        check(written(except), except, AllergyState::Known);
        let mut both = CodeableConcept { text: None, ..none.clone() };
        both.coding.push(Coding::new(SNOMED_CT, "764146007", "Penicillin"));
        check(both, "Penicillin", AllergyState::Known);
    }
}
