//! The allergies of a chart as paper says them: `penicillin (rash, severe)`.

use clinical::{
    AllergyIntolerance, Chart, EntryKind, EntryRef, MedicationId, MedicationOrder,
    ReactionSeverity, display::reaction_words,
};
use print::Language;

/// Those that are to be heeded, the most dangerous first, each with its reactions.
pub(super) fn known(chart: &Chart, language: Language) -> Vec<String> {
    lines(&care::heeded_allergies(chart), language)
}

/// Those that speak so loudly against an order that it needed a reason.
pub(super) fn against(chart: &Chart, order: &MedicationOrder, language: Language) -> Vec<String> {
    lines(&care::allergies_against(chart, order), language)
}

/// Why a medicine is right in spite of an alert, as whoever wrote it said last: a reason begins with
/// that, in the language of their window. It stands in the note the medicine was prescribed with, and
/// of a dose that was changed in the reason for the change.
pub(super) fn reason(chart: &Chart, medicine: MedicationId) -> Option<String> {
    let changed = chart.reason_of(EntryRef::new(EntryKind::Medication, medicine.uuid()));
    let prescribed = chart.medications.iter().find(|one| one.id == medicine);
    let prescribed = prescribed.and_then(|one| one.about.note.as_deref());
    let said = changed.map(|reason| reason.text.as_str()).into_iter().chain(prescribed);
    said.into_iter().find_map(despite)
}

/// What a text gives as the reason to do something in spite of an alert.
fn despite(text: &str) -> Option<String> {
    const NOTED: [&str; 2] = ["override.noted", "override.noted-all"];
    let words = Language::ALL.into_iter().flat_map(|(language, _)| {
        NOTED.map(|key| language.words(key).split_once("{why}").unwrap_or_default())
    });
    let said = words.filter(|(before, _)| !before.is_empty());
    let why = said.filter_map(|(before, after)| {
        let rest = text.strip_prefix(before)?;
        let ends =
            rest.find(&format!("{after} ")).or_else(|| rest.strip_suffix(after).map(str::len))?;
        rest.get(..ends)
    });
    why.map(str::trim).find(|why| !why.is_empty()).map(str::to_owned)
}

/// Each substance once, in the order it stands first, with every reaction to it.
fn lines(allergies: &[&AllergyIntolerance], language: Language) -> Vec<String> {
    let mut lines: Vec<(&str, Vec<String>)> = Vec::new();
    for allergy in allergies {
        let words = allergy
            .reaction
            .iter()
            .map(|one| reaction_words(one, |severity| language.words(severity_key(severity))));
        let words: Vec<String> = words.filter(|words| !words.is_empty()).collect();
        match lines.iter_mut().find(|(label, _)| *label == allergy.label()) {
            Some((_, told)) => told.extend(words),
            None => lines.push((allergy.label(), words)),
        }
    }
    lines.into_iter().map(|(label, told)| line(label, told)).collect()
}

fn line(label: &str, mut told: Vec<String>) -> String {
    told.dedup();
    if told.is_empty() { label.to_owned() } else { format!("{label} ({})", told.join("; ")) }
}

const fn severity_key(severity: ReactionSeverity) -> &'static str {
    match severity {
        ReactionSeverity::Mild => "allergy.severity.mild",
        ReactionSeverity::Moderate => "allergy.severity.moderate",
        ReactionSeverity::Severe => "allergy.severity.severe",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{
        AllergyDraft, AllergyIntoleranceId, CodeableConcept, DeviceId, Instant, MedicationAbout,
        MedicationIntent, MedicationRequest, MedicationStatus, PractitionerId, Stamp, StatusReason,
    };

    fn allergy(n: u128, substance: &str, reaction: &str) -> AllergyIntolerance {
        let draft = AllergyDraft {
            substance: substance.to_owned(),
            reaction: reaction.to_owned(),
            severity: Some(ReactionSeverity::Severe).filter(|_| !reaction.is_empty()),
            ..AllergyDraft::default()
        };
        draft.complete(AllergyIntoleranceId::from_uuid(uuid::Uuid::from_u128(n))).unwrap()
    }

    #[test]
    fn an_allergy_is_said_with_its_reactions_and_beside_what_it_speaks_against() {
        let allergies = vec![
            allergy(1, "penicillin", "rash"),
            allergy(2, "penicillin", "wheeze"),
            allergy(3, "latex", ""),
        ];
        let chart = Chart { allergies, ..Chart::default() };
        let penicillin = "penicillin (rash, severe; wheeze, severe)";
        assert_eq!(known(&chart, Language::English), [penicillin, "latex"]);
        let french = known(&chart, Language::French);
        assert_eq!(french[0], "penicillin (rash, grave; wheeze, grave)");
        let check = |medicine: &str, want: &[&str]| {
            let medication = CodeableConcept::from_text(medicine);
            let order = MedicationOrder::new(medication, Vec::new(), MedicationStatus::Active);
            assert_eq!(against(&chart, &order, Language::English), want, "{medicine}");
        };
        check("amoxicillin", &[penicillin]);
        check("cefixime", &[]);
        check("amlodipine", &[]);
    }

    /// A medicine with a note, and what was said of it later.
    fn chart(noted: &[(u128, &str)], said: &[(u128, &str)]) -> Chart {
        let stamp = Stamp {
            author: PractitionerId::from_uuid(uuid::Uuid::from_u128(8)),
            device: DeviceId::from_uuid(uuid::Uuid::from_u128(9)),
            at: Instant::from_unix_ms(3),
        };
        let medication = CodeableConcept::from_text("amoxicillin");
        let order = MedicationOrder::new(medication, Vec::new(), MedicationStatus::Active);
        let written = noted.iter().map(|(id, note)| {
            let about = MedicationAbout {
                note: Some((*note).to_owned()),
                ..MedicationAbout::new(MedicationIntent::Order)
            };
            MedicationRequest { id: medicine(*id), order: order.clone(), about }
        });
        let reasons = said.iter().map(|(id, text)| StatusReason {
            entry: EntryRef::new(EntryKind::Medication, medicine(*id).uuid()),
            text: (*text).to_owned(),
            stamp,
        });
        let (medications, reasons) = (written.collect(), reasons.collect());
        Chart { medications, reasons, ..Chart::default() }
    }

    fn medicine(id: u128) -> MedicationId {
        MedicationId::from_uuid(uuid::Uuid::from_u128(id))
    }

    #[test]
    fn the_reason_is_what_a_note_begins_with() {
        let check = |note: &str, want: Option<&str>| {
            let chart = chart(&[(1, note)], &[]);
            assert_eq!(reason(&chart, medicine(1)).as_deref(), want, "{note}");
        };
        check("Despite the alert: tolerated before.", Some("tolerated before"));
        check(
            "Despite the alerts: took 2.5 mg in 2024. Call if rash.",
            Some("took 2.5 mg in 2024"),
        );
        check("Malgré l’alerte\u{a0}: déjà toléré.", Some("déjà toléré"));
        check("رغم التنبيه: سبق تحمله.", Some("سبق تحمله"));
        check("with food", None);
        check("", None);
    }

    #[test]
    fn each_of_two_equal_medicines_has_its_own_reason_and_the_newest() {
        let (one, other) =
            ("Despite the alert: tolerated before.", "Despite the alert: no choice.");
        let told = |chart: &Chart, id: u128| reason(chart, medicine(id));
        let equal = chart(&[(1, one), (2, other)], &[]);
        assert_eq!(told(&equal, 1).as_deref(), Some("tolerated before"));
        assert_eq!(told(&equal, 2).as_deref(), Some("no choice"));
        // The dose was changed since, in spite of an alert, or for another reason.
        let changed =
            chart(&[(1, one), (2, one), (3, "")], &[(1, other), (2, "cough"), (3, other)]);
        assert_eq!(told(&changed, 1).as_deref(), Some("no choice"));
        assert_eq!(told(&changed, 2).as_deref(), Some("tolerated before"));
        assert_eq!(told(&changed, 3).as_deref(), Some("no choice"));
        assert_eq!(told(&changed, 4), None);
    }
}
