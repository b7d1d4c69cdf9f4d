//! Whole names of the codes of denials, as other languages and dictionaries write them.

use super::{Denial, words};

/// What the name of a code denies: in words that are read, or as one of these. What is in neither
/// is shown as it is written, and is no denial.
pub(super) fn named(name: &str) -> Option<Denial> {
    words::sentence(name).or_else(|| {
        let folded = words::folded(name);
        let name = words::without_tag(&folded).trim_end_matches('.').trim();
        let of = |(denial, names): &(Denial, &[&str])| names.contains(&name).then_some(*denial);
        WHOLE.iter().find_map(of)
    })
}

/// Without accents, in small letters.
const WHOLE: [(Denial, &[&str]); 3] = [
    (
        Denial::All,
        &[
            "nka - no known allergies",
            "nka - no known allergy",
            "keine",
            "keine allergien",
            "keine allergien bekannt",
            "keine bekannten allergien",
            "keine bekannte allergie",
            "sin alergias",
            "sin alergias conocidas",
            "alergia no conocida",
            "ninguna",
            "ninguna alergia conocida",
            "niega alergias",
            "no se conocen alergias",
            "nessuna",
            "nessuna allergia",
            "nessuna allergia nota",
            "nessuna allergia conosciuta",
            "nenhuma",
            "nenhuma alergia conhecida",
            "sem alergias",
            "sem alergias conhecidas",
            "nega alergias",
            "geen",
            "geen allergieen",
            "geen allergieen bekend",
            "geen bekende allergie",
            "geen bekende allergieen",
            "inga kanda allergier",
            "ingen kendt allergi",
            "ingen kendte allergier",
            "ingen kjente allergier",
            "brak znanych alergii",
            "brak alergii",
            "hakuna mzio",
            "hakuna mzio unaojulikana",
        ],
    ),
    (
        Denial::Drugs,
        &[
            "nkda - no known drug allergies",
            "nkda - no known drug allergy",
            "keine bekannten medikamentenallergien",
            "keine bekannte arzneimittelallergie",
            "sin alergias medicamentosas conocidas",
            "sin alergias conocidas a medicamentos",
            "nessuna allergia nota a farmaci",
            "sem alergias medicamentosas conhecidas",
            "geen bekende geneesmiddelenallergie",
        ],
    ),
    (Denial::Particular, &["no known hevea brasiliensis latex allergy"]),
];
