//! Problems of a small clinic with what is usually given for them: plausible, and no advice.

/// Substances that some patients must not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Avoid {
    Penicillin,
    Sulfonamide,
    Nsaid,
    Nothing,
}

/// How a dose is found.
#[derive(Debug, Clone, Copy)]
pub(super) enum Dose {
    /// The same for everyone.
    Fixed(&'static str),
    /// So many tenths of a milligram a kilogram, in steps, up to a most, all in milligrams.
    ByWeight { tenths_per_kg: i64, step: i64, most: i64 },
}

/// One way to treat a problem.
#[derive(Debug, Clone, Copy)]
pub(super) struct Treatment {
    pub(super) medicine: &'static str,
    pub(super) dose: Dose,
    pub(super) unit: &'static str,
    pub(super) route: &'static str,
    /// Intakes a day.
    pub(super) times: &'static str,
    /// Days; empty for as long as the problem lasts.
    pub(super) days: &'static str,
    pub(super) avoid: Avoid,
}

/// One problem.
#[derive(Debug, Clone, Copy)]
pub(super) struct Illness {
    pub(super) name: &'static str,
    /// ICD-10-CM (public domain).
    pub(super) icd10cm: &'static str,
    /// Completed years of those who have it.
    pub(super) ages: (i64, i64),
    pub(super) fever: bool,
    pub(super) breathless: bool,
    pub(super) complaint: &'static str,
    pub(super) found: &'static str,
    pub(super) plan: &'static str,
    /// In order of preference; the first the patient may have is given.
    pub(super) treatments: &'static [Treatment],
}

const fn fixed(
    medicine: &'static str,
    dose: &'static str,
    unit: &'static str,
    (times, days): (&'static str, &'static str),
) -> Treatment {
    let dose = Dose::Fixed(dose);
    Treatment { medicine, dose, unit, route: "oral", times, days, avoid: Avoid::Nothing }
}

const fn by_weight(
    medicine: &'static str,
    (tenths_per_kg, step, most): (i64, i64, i64),
    (times, days): (&'static str, &'static str),
) -> Treatment {
    let dose = Dose::ByWeight { tenths_per_kg, step, most };
    Treatment { medicine, dose, unit: "mg", route: "oral", times, days, avoid: Avoid::Nothing }
}

const fn not_for(avoid: Avoid, treatment: Treatment) -> Treatment {
    Treatment { avoid, ..treatment }
}

const fn given(route: &'static str, treatment: Treatment) -> Treatment {
    Treatment { route, ..treatment }
}

const ADULT: (i64, i64) = (18, 120);
const CHILD: (i64, i64) = (0, 14);
const ANYONE: (i64, i64) = (1, 120);

const fn lasting(
    name: &'static str,
    icd10cm: &'static str,
    ages: (i64, i64),
    complaint: &'static str,
    treatments: &'static [Treatment],
) -> Illness {
    Illness {
        name,
        icd10cm,
        ages,
        fever: false,
        breathless: false,
        complaint,
        found: "Looks well. No new signs.",
        plan: "Continue treatment. Next visit in three months.",
        treatments,
    }
}

/// Problems that stay.
pub(super) const LASTING: &[Illness] = &[
    lasting(
        "Essential hypertension",
        "I10",
        (30, 120),
        "No headache, no chest pain. Takes the tablets on most days.",
        &[
            fixed("amlodipine", "5", "mg", ("1", "")),
            fixed("enalapril", "10", "mg", ("2", "")),
            fixed("hydrochlorothiazide", "12.5", "mg", ("1", "")),
        ],
    ),
    lasting(
        "Type 2 diabetes mellitus",
        "E11.9",
        (35, 120),
        "Less thirst than before. Walks to the market every day.",
        &[fixed("metformin", "500", "mg", ("2", "")), fixed("gliclazide", "80", "mg", ("1", ""))],
    ),
    lasting(
        "Asthma",
        "J45.909",
        ANYONE,
        "Wheezes twice a month, mostly at night.",
        &[
            given("inhaled", fixed("beclometasone inhaler", "100", "micrograms", ("2", ""))),
            given("inhaled", fixed("salbutamol inhaler", "200", "micrograms", ("4", ""))),
        ],
    ),
    lasting(
        "Epilepsy",
        "G40.909",
        (15, 120),
        "One fit since the last visit, after a missed dose.",
        &[fixed("carbamazepine", "200", "mg", ("2", ""))],
    ),
    lasting(
        "Hypothyroidism",
        "E03.9",
        ADULT,
        "Less tired. Weight steady.",
        &[fixed("levothyroxine", "75", "micrograms", ("1", ""))],
    ),
    lasting(
        "Osteoarthritis of the knee",
        "M17.9",
        (50, 120),
        "Knees ache on stairs and in the morning.",
        &[fixed("paracetamol", "1000", "mg", ("3", ""))],
    ),
    lasting(
        "Depression",
        "F32.A",
        ADULT,
        "Sleeps better. Still little joy.",
        &[fixed("fluoxetine", "20", "mg", ("1", ""))],
    ),
    lasting(
        "Heart failure",
        "I50.9",
        (55, 120),
        "Short of breath on the hill. Sleeps on two pillows.",
        &[fixed("furosemide", "40", "mg", ("1", "")), fixed("bisoprolol", "2.5", "mg", ("1", ""))],
    ),
    lasting(
        "Iron deficiency anaemia",
        "D50.9",
        (12, 60),
        "Tired, dizzy when standing up.",
        &[fixed("ferrous sulfate", "200", "mg", ("2", ""))],
    ),
    lasting(
        "Sickle-cell disease",
        "D57.1",
        (1, 40),
        "One painful crisis since the last visit.",
        &[fixed("folic acid", "5", "mg", ("1", ""))],
    ),
];

const fn passing(
    name: &'static str,
    icd10cm: &'static str,
    ages: (i64, i64),
    (fever, breathless): (bool, bool),
    (complaint, found, plan): (&'static str, &'static str, &'static str),
    treatments: &'static [Treatment],
) -> Illness {
    Illness { name, icd10cm, ages, fever, breathless, complaint, found, plan, treatments }
}

/// Problems that pass.
pub(super) const PASSING: &[Illness] = &[
    passing(
        "Malaria",
        "B54",
        (15, 120),
        (true, false),
        ("Fever and chills for three days.", "Rapid test positive.", "Return if vomiting."),
        &[fixed("artemether-lumefantrine 20/120 mg", "4", "tablets", ("2", "3"))],
    ),
    passing(
        "Malaria",
        "B54",
        (3, 7),
        (true, false),
        ("Hot since yesterday, eats little.", "Rapid test positive. Drinks.", "Return if drowsy."),
        &[fixed("artemether-lumefantrine 20/120 mg", "2", "tablets", ("2", "3"))],
    ),
    passing(
        "Pneumonia",
        "J18.9",
        CHILD,
        (true, true),
        ("Cough and fast breathing.", "Crackles on the right.", "See again in two days."),
        &[
            not_for(Avoid::Penicillin, by_weight("amoxicillin", (400, 125, 1_000), ("2", "5"))),
            by_weight("azithromycin", (100, 50, 500), ("1", "3")),
        ],
    ),
    passing(
        "Pneumonia",
        "J18.9",
        ADULT,
        (true, true),
        (
            "Cough with yellow sputum, pain when breathing in.",
            "Dull left base.",
            "See in two days.",
        ),
        &[
            not_for(Avoid::Penicillin, fixed("amoxicillin", "500", "mg", ("3", "5"))),
            fixed("doxycycline", "100", "mg", ("2", "5")),
        ],
    ),
    passing(
        "Acute gastroenteritis",
        "A09",
        ANYONE,
        (false, false),
        ("Loose stools five times a day, no blood.", "Skin pinch normal.", "Fluids. Wash hands."),
        &[fixed("oral rehydration salts", "1", "sachet", ("3", "3"))],
    ),
    passing(
        "Urinary tract infection",
        "N39.0",
        ADULT,
        (false, false),
        ("Burning when passing water.", "Dipstick: leucocytes, nitrite.", "Drink plenty."),
        &[
            fixed("nitrofurantoin", "100", "mg", ("2", "5")),
            not_for(Avoid::Sulfonamide, fixed("co-trimoxazole", "960", "mg", ("2", "3"))),
        ],
    ),
    passing(
        "Acute upper respiratory infection",
        "J06.9",
        ANYONE,
        (false, false),
        ("Runny nose and cough for four days.", "Throat red. Chest clear.", "Rest. No antibiotic."),
        &[],
    ),
    passing(
        "Cellulitis",
        "L03.90",
        ANYONE,
        (true, false),
        ("Red, hot, swollen leg after a scratch.", "Warm, tender, no pus.", "Mark the edge."),
        &[
            not_for(Avoid::Penicillin, by_weight("cloxacillin", (150, 125, 500), ("4", "7"))),
            by_weight("clindamycin", (50, 25, 300), ("4", "7")),
        ],
    ),
    passing(
        "Acute tonsillitis",
        "J03.90",
        (4, 40),
        (true, false),
        ("Sore throat, pain on swallowing.", "Exudate, tender nodes.", "Gargle. Return if worse."),
        &[
            not_for(
                Avoid::Penicillin,
                by_weight("phenoxymethylpenicillin", (125, 125, 500), ("4", "10")),
            ),
            by_weight("erythromycin", (125, 125, 500), ("4", "10")),
        ],
    ),
    passing(
        "Low back pain",
        "M54.50",
        ADULT,
        (false, false),
        (
            "Back pain after lifting, none in the legs.",
            "Power and reflexes normal.",
            "Keep moving.",
        ),
        &[not_for(Avoid::Nsaid, fixed("ibuprofen", "400", "mg", ("3", "5")))],
    ),
    passing(
        "Scabies",
        "B86",
        ANYONE,
        (false, false),
        ("Itch at night, others at home too.", "Burrows between the fingers.", "Treat the family."),
        &[given("topical", fixed("permethrin 5% cream", "1", "application", ("1", "1")))],
    ),
    passing(
        "Intestinal worms",
        "B82.0",
        (2, 20),
        (false, false),
        ("Belly ache, worms in the stool.", "Belly soft.", "Wash hands and food."),
        &[fixed("albendazole", "400", "mg", ("1", "1"))],
    ),
    passing(
        "Conjunctivitis",
        "H10.9",
        ANYONE,
        (false, false),
        ("Red, sticky eyes.", "Pus in both eyes. Sees well.", "Wash eyes with clean water."),
        &[given("eye", fixed("tetracycline 1% eye ointment", "1", "application", ("2", "7")))],
    ),
];

/// An allergy with what must then be avoided.
pub(super) struct Allergen {
    pub(super) name: &'static str,
    pub(super) category: clinical::AllergyCategory,
    pub(super) signs: &'static str,
    pub(super) avoid: Avoid,
}

const fn allergen(
    name: &'static str,
    category: clinical::AllergyCategory,
    signs: &'static str,
    avoid: Avoid,
) -> Allergen {
    Allergen { name, category, signs, avoid }
}

/// What patients of the demonstration are allergic to.
pub(super) const ALLERGENS: &[Allergen] = {
    use clinical::AllergyCategory::{Environment, Food, Medication};
    &[
        allergen("Penicillin", Medication, "rash, itching", Avoid::Penicillin),
        allergen("Co-trimoxazole", Medication, "rash", Avoid::Sulfonamide),
        allergen("Aspirin", Medication, "wheeze, swollen lips", Avoid::Nsaid),
        allergen("Peanut", Food, "hives", Avoid::Nothing),
        allergen("Egg", Food, "vomiting", Avoid::Nothing),
        allergen("Latex", Environment, "itching", Avoid::Nothing),
        allergen("Bee venom", Environment, "swelling", Avoid::Nothing),
        allergen("House dust", Environment, "sneezing", Avoid::Nothing),
    ]
};
