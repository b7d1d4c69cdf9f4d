//! What the banner shows.

use super::review::{Review, review};
use crate::i18n::{fill, t, tf, tn};
use crate::sections::allergies::by_danger;
use crate::words::{self, IdentityLine, People, identity_line};
use api::ChartView;
use clinical::{
    AdministrativeGender, AllergyCriticality, AllergyState, EntryKind, Identity, Waiting,
};
use std::collections::BTreeMap;

/// So many allergies are named, and every dangerous one.
const ALLERGIES_MAX: usize = 3;

/// The banner of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Banner {
    /// Who it is.
    pub line: IdentityLine,
    /// One of exactly four.
    pub allergy_state: AllergyState,
    /// The allergies that are named: the dangerous ones, or the first few.
    pub allergies: Vec<String>,
    /// Allergies beyond those.
    pub allergies_more: usize,
    /// That the patient has died, and when and how old as far as known.
    pub died: Option<String>,
    /// How much waits for somebody.
    pub review: Review,
    /// The computers the chart waits for, each with how many of its changes cannot be shown yet.
    pub waiting: Vec<String>,
    /// What cannot be shown, by kind.
    pub unreadable: Option<String>,
    /// Label and value of the second zone.
    pub contact: Vec<(&'static str, String)>,
}

/// Reads the banner of a chart.
pub(super) fn banner(view: &ChartView, people: &People<'_>) -> Banner {
    let chart = &view.chart;
    let patient = chart.patient.as_ref();
    let identity = patient.map_or_else(unknown, |patient| patient.identity.clone());
    let mut allergies: Vec<String> = Vec::new();
    let mut named = ALLERGIES_MAX;
    let mut heeded = chart.allergies_in_force();
    heeded.sort_by_key(|allergy| by_danger(view, allergy));
    for allergy in heeded.into_iter().filter(|allergy| !allergy.is_denial()) {
        let label = allergy.label().to_owned();
        if !allergies.contains(&label) {
            allergies.push(label);
        }
        if allergy.criticality == Some(AllergyCriticality::High) {
            named = named.max(allergies.len());
        }
    }
    let more = allergies.len().saturating_sub(named);
    allergies.truncate(named);
    Banner {
        line: line(view, &identity, people),
        allergy_state: view.allergy_state(),
        allergies,
        allergies_more: more,
        died: died(view),
        review: review(view),
        waiting: view.waiting.iter().map(|one| waiting(one, people)).collect(),
        unreadable: unreadable(view),
        contact: contact(view),
    }
}

/// Who it is; a birth date two people disagree on is no plain fact.
fn line(view: &ChartView, identity: &Identity, people: &People<'_>) -> IdentityLine {
    let line = identity_line(identity, people.today);
    let disputed = words::disputed_born(view.chart.conflicts.iter(), people.today);
    IdentityLine { born: disputed.unwrap_or(line.born), ..line }
}

/// `Waiting for Room 2: 3 changes`.
fn waiting(waiting: &Waiting, people: &People<'_>) -> String {
    let device = people.device(waiting.device);
    fill(&tn("banner.waiting", u64::from(waiting.changes)), &[("device", &device)])
}

/// `Allergy 1, Note 2`.
fn unreadable(view: &ChartView) -> Option<String> {
    let mut kinds: BTreeMap<EntryKind, u64> = BTreeMap::new();
    view.chart.unreadable_undisputed().for_each(|entry| *kinds.entry(entry.kind).or_default() += 1);
    let one = |(kind, count): (&EntryKind, &u64)| format!("{} {count}", words::entry_kind(*kind));
    let what = kinds.iter().map(one).collect::<Vec<_>>().join(", ");
    (!what.is_empty()).then(|| tf("banner.unreadable", &[("what", &what)]))
}

/// When the patient died, and how old (PAB-0055..0060), as far as known.
fn died(view: &ChartView) -> Option<String> {
    let patient = view.chart.patient.as_ref()?;
    let at = patient.deceased.as_ref()?.at.as_ref();
    let born = patient.identity.birth_date.as_ref();
    let age = born.zip(at.and_then(|at| at.earliest())).and_then(|(born, at)| words::age(born, at));
    let date = at.map(words::date).unwrap_or_default();
    Some(age.map_or_else(|| date.clone(), |age| format!("{date} ({age})")))
}

fn contact(view: &ChartView) -> Vec<(&'static str, String)> {
    let Some(patient) = view.chart.patient.as_ref() else { return Vec::new() };
    let phones = patient.telecom.iter().map(|phone| (t("patient.phone"), phone.value.clone()));
    let places = patient.address.iter().map(|address| (t("patient.address"), address.one_line()));
    let numbers = patient.identity.identifier.iter().skip(1).map(|number| {
        (
            t("banner.number"),
            [number.label.clone().unwrap_or_default(), number.value.clone()].join(" "),
        )
    });
    let guardians = patient.contact.iter().map(|one| (t("patient.guardian"), one.one_line()));
    phones.chain(places).chain(guardians).chain(numbers).collect()
}

/// Who it is while the change that says so has not arrived.
fn unknown() -> Identity {
    Identity {
        name: Vec::new(),
        gender: AdministrativeGender::Unknown,
        birth_date: None,
        birth_date_estimated: false,
        identifier: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, stamp, uuid};
    use clinical::{
        AllergyDraft, AllergyIntoleranceId, Conflict, Deceased, EntryRef, EntryValue, Version,
    };

    #[test]
    fn the_banner_names_every_dangerous_allergy_and_of_the_others_what_fits() {
        let mut view = chart_view();
        let allergy = |n: u8, substance: &str| {
            let is_high = substance.starts_with('P');
            let criticality = is_high.then_some(AllergyCriticality::High);
            let draft = AllergyDraft {
                substance: substance.into(),
                criticality,
                ..AllergyDraft::default()
            };
            draft.complete(AllergyIntoleranceId::from_uuid(uuid(n))).unwrap()
        };
        view.chart.allergies = vec![
            allergy(1, "Latex"),
            allergy(2, "Egg"),
            allergy(3, "Nuts"),
            allergy(4, "Egg"),
            allergy(5, "Penicillin"),
        ];
        let model = banner(&view, &people(&view));
        assert_eq!(model.line.name, "OKELLO, Grace");
        assert_eq!(model.line.born, "14-Mar-1980 (46y)");
        assert_eq!(model.allergies, ["Penicillin", "Egg", "Latex"]);
        assert_eq!((model.allergy_state, model.allergies_more), (AllergyState::Known, 1));
        assert_eq!(model.died, None);
        for (n, substance) in [(6, "Peanut"), (7, "Pollen"), (8, "Pethidine")] {
            view.chart.allergies.push(allergy(n, substance));
        }
        let model = banner(&view, &people(&view));
        assert_eq!(model.allergies, ["Peanut", "Penicillin", "Pethidine", "Pollen"]);
        assert_eq!(model.allergies_more, 3);
        // What a prescription can do harm with is not behind what no prescription holds.
        view.chart.allergies =
            [(1, "egg"), (2, "latex"), (3, "sulfa"), (4, "NSAIDs"), (5, "Penicillin")]
                .map(|(n, substance)| allergy(n, substance))
                .to_vec();
        view.drug_allergies = [3, 4, 5].map(|n| AllergyIntoleranceId::from_uuid(uuid(n))).to_vec();
        let model = banner(&view, &people(&view));
        assert_eq!(model.allergies, ["Penicillin", "NSAIDs", "sulfa"]);
    }

    #[test]
    fn the_second_zone_says_whom_to_reach() {
        let mut view = chart_view();
        let draft = clinical::PatientDraft {
            family: "Okello".into(),
            phone: "0700 1".into(),
            city: "Kisumu".into(),
            address_line: "12 Lake Road".into(),
            guardian: "Mary Atieno".into(),
            guardian_relationship: "mother".into(),
            guardian_phone: "0722 2".into(),
            ..clinical::PatientDraft::default()
        };
        let today = "2026-11-24".parse().unwrap();
        view.chart.patient = Some(draft.complete(view.patient, &today).unwrap());
        let want = [
            ("Telephone", "0700 1"),
            ("Address", "12 Lake Road, Kisumu"),
            ("Guardian or contact", "Mary Atieno (mother), 0722 2"),
        ];
        let want = want.map(|(label, text)| (label, text.to_owned()));
        assert_eq!(banner(&view, &people(&view)).contact, want);
    }

    #[test]
    fn death_is_shown_with_its_day_when_known() {
        let mut view = chart_view();
        let mut died = |at: Option<&str>| {
            let deceased = Deceased { at: at.map(|text| text.parse().unwrap()) };
            view.chart.patient.as_mut().unwrap().deceased = Some(deceased);
            banner(&view, &people(&view)).died
        };
        assert_eq!(died(None).as_deref(), Some(""));
        assert_eq!(died(Some("2026-02")).as_deref(), Some("Feb-2026 (45y)"));
    }

    #[test]
    fn every_dispute_about_the_patient_is_shown() {
        let mut view = chart_view();
        let entry = EntryRef::new(EntryKind::Patient, view.patient.uuid());
        let identity = view.chart.patient.as_ref().unwrap().identity.clone();
        let mut dispute = |field: &str, value: EntryValue| {
            let version = |change: &str| Version {
                value: value.clone(),
                stamp: stamp(),
                change: change.into(),
            };
            view.chart.conflicts.push(Conflict {
                id: Conflict::id_of(entry, field),
                entry,
                field: field.into(),
                versions: vec![version("a"), version("b")],
                base: None,
            });
        };
        dispute("code-status", EntryValue::CodeStatus(None));
        dispute("identity", EntryValue::Identity(identity));
        let kind = EntryKind::Patient;
        let told = crate::sections::conflict::disputes_of(&view, &people(&view), kind);
        assert_eq!((told.len(), banner(&view, &people(&view)).review.conflicts), (2, 2));
    }

    #[test]
    fn a_disputed_birth_date_is_no_plain_fact() {
        let mut view = chart_view();
        let entry = EntryRef::new(EntryKind::Patient, view.patient.uuid());
        let identity = view.chart.patient.as_ref().unwrap().identity.clone();
        let mut born_on = |days: [&str; 2]| {
            let version = |(born, change): (&str, &str)| Version {
                value: EntryValue::Identity(Identity {
                    birth_date: born.parse().ok(),
                    ..identity.clone()
                }),
                stamp: stamp(),
                change: change.into(),
            };
            view.chart.conflicts = vec![Conflict {
                id: Conflict::id_of(entry, "identity"),
                entry,
                field: "identity".into(),
                versions: days.into_iter().zip(["a", "b"]).map(version).collect(),
                base: None,
            }];
            banner(&view, &people(&view)).line.born
        };
        let both = born_on(["1980-03-14", "1981-04-13"]);
        assert_eq!(both, "14-Mar-1980 (46y) or 13-Apr-1981 (45y), to decide");
        // Another part of who it is may be what they disagree on.
        assert_eq!(born_on(["1980-03-14", "1980-03-14"]), "14-Mar-1980 (46y)");
    }

    #[test]
    fn allergies_that_may_be_on_their_way_are_not_said_to_be_none() {
        let mut view = chart_view();
        assert_eq!(banner(&view, &people(&view)).allergy_state, AllergyState::NotRecorded);
        view.waiting = vec![Waiting { device: stamp().device, changes: 2 }];
        let model = banner(&view, &people(&view));
        assert_eq!(model.allergy_state, AllergyState::Unavailable);
        assert_eq!(model.waiting, ["Waiting for Laptop: 2 changes"]);
    }

    #[test]
    fn what_cannot_be_shown_is_counted_by_kind() {
        let mut view = chart_view();
        assert_eq!(banner(&view, &people(&view)).unreadable, None);
        view.chart.unreadable = vec![
            EntryRef::new(EntryKind::Observation, uuid(1)),
            EntryRef::new(EntryKind::Composition, uuid(1)),
            EntryRef::new(EntryKind::Composition, uuid(2)),
        ];
        let told = banner(&view, &people(&view)).unreadable;
        assert_eq!(told.as_deref(), Some("Cannot be shown here: Finding 1, Note 2"));
    }

    #[test]
    fn a_chart_without_its_patient_says_not_known() {
        let mut view = chart_view();
        view.chart.patient = None;
        assert_eq!(banner(&view, &people(&view)).line.name, "Not known");
    }
}
