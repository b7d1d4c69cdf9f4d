//! Families of drugs that people record as one allergy.

use super::DrugClass;

/// A word that means every member of some classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// "Penicillin": more often the class than benzylpenicillin.
    Penicillins,
    /// Cephalosporins.
    Cephalosporins,
    /// Carbapenems.
    Carbapenems,
    /// Every β-lactam.
    BetaLactams,
    /// "Sulfa": the sulfonamide antibiotics, never the diuretics.
    Sulfonamides,
    /// Macrolides.
    Macrolides,
    /// Quinolones.
    Quinolones,
    /// Aminoglycosides.
    Aminoglycosides,
    /// Aspirin-like painkillers.
    Nsaids,
    /// Opioids of every class.
    Opioids,
}

impl Family {
    /// Every family with the words that name it.
    pub(super) const ALL: [(Self, &'static [&'static str]); 10] = [
        (
            Self::Penicillins,
            &[
                "penicillin",
                "pcn",
                "penicillin antibiotic",
                "пенициллин",
                "пенициллины",
                "بنسلين",
                "البنسلين",
                "पेनिसिलिन",
                "青霉素",
            ],
        ),
        (
            Self::Cephalosporins,
            &["cephalosporin", "cefalosporin", "cephalosporine", "цефалоспорины"],
        ),
        (Self::Carbapenems, &["carbapenem"]),
        (
            Self::BetaLactams,
            &["beta lactam", "betalactam", "betalactamico", "betalactamine", "β lactam"],
        ),
        (
            Self::Sulfonamides,
            &["sulfa", "sulfonamide", "sulfamide", "sulfamida", "sulfonamida", "сульфаниламиды"],
        ),
        (Self::Macrolides, &["macrolide", "macrolido"]),
        (Self::Quinolones, &["quinolone", "fluoroquinolone", "quinolona", "fluorquinolona"]),
        (Self::Aminoglycosides, &["aminoglycoside", "aminosides", "aminoglucosido"]),
        (
            Self::Nsaids,
            &[
                "nsaid",
                "nonsteroidal anti inflammatory",
                "non steroidal anti inflammatory",
                "aine",
                "aines",
                "ains",
                "нпвс",
            ],
        ),
        (Self::Opioids, &["opioid", "opiate", "narcotic", "opiaceo", "opiace"]),
    ];

    /// The classes it means.
    pub fn classes(self) -> &'static [DrugClass] {
        match self {
            Self::Penicillins => &[DrugClass::Penicillin],
            Self::Cephalosporins => &[DrugClass::Cephalosporin],
            Self::Carbapenems => &[DrugClass::Carbapenem],
            Self::BetaLactams => &[
                DrugClass::Penicillin,
                DrugClass::Cephalosporin,
                DrugClass::Carbapenem,
                DrugClass::Monobactam,
            ],
            Self::Sulfonamides => &[DrugClass::SulfonamideAntibiotic],
            Self::Macrolides => &[DrugClass::Macrolide],
            Self::Quinolones => &[DrugClass::Quinolone],
            Self::Aminoglycosides => &[DrugClass::Aminoglycoside],
            Self::Nsaids => &[DrugClass::Nsaid, DrugClass::NsaidCox2Preferring],
            Self::Opioids => &[
                DrugClass::OpioidPhenanthrene,
                DrugClass::OpioidPhenylpiperidine,
                DrugClass::OpioidDiphenylheptane,
                DrugClass::OpioidPhenylpropylamine,
            ],
        }
    }

    /// The family in English, plural.
    pub fn label(self) -> &'static str {
        match self {
            Self::Penicillins => "penicillins",
            Self::Cephalosporins => "cephalosporins",
            Self::Carbapenems => "carbapenems",
            Self::BetaLactams => "β-lactams",
            Self::Sulfonamides => "sulfonamide antibiotics",
            Self::Macrolides => "macrolides",
            Self::Quinolones => "quinolones",
            Self::Aminoglycosides => "aminoglycosides",
            Self::Nsaids => "NSAIDs",
            Self::Opioids => "opioids",
        }
    }
}
