//! The allergies of a chart as paper says them: `penicillin (rash, severe)`.

use clinical::{
    AllergyIntolerance, Chart, MedicationOrder, ReactionSeverity, display::reaction_words,
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

/// Why an order is right in spite of an alert, as whoever wrote it said: its note begins with that, in
/// the language of their window.
pub(super) fn reason(chart: &Chart, order: &MedicationOrder) -> Option<String> {
    const NOTED: [&str; 2] = ["override.noted", "override.noted-all"];
    let written = chart.medications.iter().find(|one| one.order == *order)?;
    let note = written.about.note.as_deref()?;
    let words = Language::ALL.into_iter().flat_map(|(language, _)| {
        NOTED.map(|key| language.words(key).split_once("{why}").unwrap_or_default())
    });
    let said = words.filter(|(before, _)| !before.is_empty());
    let why = said.filter_map(|(before, after)| {
        let rest = note.strip_prefix(before)?;
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
        AllergyDraft, AllergyIntoleranceId, CodeableConcept, MedicationAbout, MedicationId,
        MedicationIntent, MedicationRequest, MedicationStatus,
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

    #[test]
    fn the_reason_is_what_a_note_begins_with() {
        let check = |note: &str, want: Option<&str>| {
            let medication = CodeableConcept::from_text("amoxicillin");
            let order = MedicationOrder::new(medication, Vec::new(), MedicationStatus::Active);
            let about = MedicationAbout {
                note: Some(note.to_owned()),
                ..MedicationAbout::new(MedicationIntent::Order)
            };
            let id = MedicationId::from_uuid(uuid::Uuid::from_u128(1));
            let written = MedicationRequest { id, order: order.clone(), about };
            let chart = Chart { medications: vec![written], ..Chart::default() };
            assert_eq!(reason(&chart, &order).as_deref(), want, "{note}");
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
}
