//! What a rule says, in the window's language.

use crate::i18n::{fill, find};
use clinical::{AlertTier, DetectedIssue, Said};

/// The sentence of a rule; as the rule wrote it where this version has no words for it.
pub(crate) fn said(said: Option<&Said>, detail: &str) -> String {
    let worded = said.and_then(|said| {
        let values: Vec<_> =
            said.values.iter().map(|(role, name)| (role.as_str(), drug(name))).collect();
        find(&format!("advice.said.{}", said.code)).map(|text| fill(text, &values))
    });
    worded.unwrap_or_else(|| detail.to_owned())
}

/// The sentence and where it comes from; a publication is named as it is.
pub(crate) fn advice(issue: &DetectedIssue) -> String {
    let sentence = said(issue.said.as_ref(), &issue.detail);
    let code = issue.said.as_ref().map_or("", |said| said.code.as_str());
    let source = find(&format!("advice.from.{code}")).unwrap_or(&issue.source);
    if source.is_empty() { sentence } else { format!("{sentence} ({source})") }
}

/// Whether someone must look twice.
pub(crate) fn is_loud(tier: AlertTier) -> bool {
    tier.needs_reason()
}

/// Families of drugs have names in each language; substances their international one.
fn drug(name: &str) -> &str {
    find(&format!("drug.{}", name.replace(' ', "-"))).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::{speak, tags};

    fn issue(code: &str) -> DetectedIssue {
        let values = [
            ("medicine", "Amoxicillin 500 mg"),
            ("allergy", "Penicillin"),
            ("drug", "penicillins"),
            ("substance", "paracetamol"),
        ];
        DetectedIssue {
            rule: "drug-allergy".into(),
            tier: AlertTier::Interrupt,
            subject: Vec::new(),
            detail: "as the rule wrote it".into(),
            source: "Khan".into(),
            said: Some(Said::new(code, &values)),
        }
    }

    #[test]
    fn advice_speaks_the_language_of_the_window() {
        let check = |tag: &str, code: &str, want: &str| {
            assert_eq!(speak(tag, || advice(&issue(code))), want);
        };
        check(
            "en",
            "same-class",
            "Amoxicillin 500 mg: an allergy to Penicillin is recorded, and penicillins is of the \
             same class. (Product information: hypersensitivity to another of the class)",
        );
        check(
            "fr",
            "same-class",
            "Amoxicillin 500 mg : une allergie est notée (Penicillin), et pénicillines est de la \
             même classe. (Information du produit : hypersensibilité à un autre de la classe)",
        );
        check(
            "fr",
            "duplicate",
            "Plus d’un médicament en cours contient : paracetamol. (Les données du dossier)",
        );
        check(
            "fr",
            "distant",
            "Amoxicillin 500 mg : une allergie est notée (Penicillin), et \
             pénicillines lui est lointainement apparenté et le plus souvent toléré. (Khan)",
        );
        // Names in Latin letters stand by themselves among Arabic.
        check(
            "ar",
            "duplicate",
            "أكثر من دواء واحد قيد الاستعمال يحتوي على: \u{2068}paracetamol\u{2069}. (بيانات الملف الطبي نفسه)",
        );
        check("fr", "of-a-newer-version", "as the rule wrote it (Khan)");
    }

    /// Every code the rules have is worded in every language.
    #[test]
    fn no_code_of_a_rule_is_without_words() {
        for code in [
            "same",
            "same-class",
            "side-chain",
            "weaker-inhibitor",
            "distant",
            "contradiction",
            "duplicate",
        ] {
            for tag in tags() {
                let text = speak(tag, || advice(&issue(code)));
                assert!(!text.contains("as the rule") && !text.contains('{'), "{tag} {text}");
            }
        }
    }
}
