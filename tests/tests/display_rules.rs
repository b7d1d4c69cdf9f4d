//! The display rules the product keeps, each by the number it has where it comes from, and what they
//! make of a name, a date, an age, a medicine and an allergy. What draws them is tested where it is;
//! here stands what they say.
//!
//! Sources: NHS Common User Interface, patient banner (PAB-…), dates and times (D+Ta-…), medication
//! line (MEDi); ISMP, Guidelines for Safe Electronic Communication of Medication Information (2019)
//! and its lists of error-prone abbreviations and of names in tall man letters.
#![allow(clippy::unwrap_used, reason = "what goes wrong here ends the test")]

use clinical::display::{age, announced_dose, banner_name, date, medication_line, tall_man};
use clinical::{
    AdministrativeGender, AllergyDraft, AllergyIntoleranceId, AllergyState, DurationUnit,
    HumanName, Identity, MedicationDraft, uuid_v7,
};
use std::collections::BTreeSet;

/// A rule or the group of rules it is one of, what is written, and what is shown.
type Row = (&'static str, &'static str, &'static str);

/// `Family|Given|Title`.
const NAMES: &[Row] = &[
    ("PAB-0033..0037", "Okello|Grace|", "OKELLO, Grace"),
    ("PAB-0042..0046", "Okello|Grace Akinyi|", "OKELLO, Grace Akinyi"),
    ("PAB-0042..0046", "van der Berg|Anna|", "VAN DER BERG, Anna"),
    ("PAB-0042..0046", "Müller|Jürgen|", "MÜLLER, Jürgen"),
    ("PAB-0042..0046", "Okello|Grace|Dr", "OKELLO, Grace (Dr)"),
    // Who has one name only keeps it as it is written.
    ("PAB-0042..0046", "|Suharto|", "Suharto"),
    ("PAB-0042..0046", "Nguyễn||", "NGUYỄN"),
    ("PAB-0061", "||", "Not known"),
];

const DATES: &[Row] = &[
    ("D+Ta-0002..0005", "1980-08-14", "14-Aug-1980"),
    ("D+Ta-0002..0005", "1980-08-04", "04-Aug-1980"),
    ("D+Ta-0002..0005", "2026-11", "Nov-2026"),
    ("D+Ta-0002..0005", "1980", "1980"),
    // A time of day is no part of a date.
    ("D+Ta-0002..0005", "2026-11-24T09:30:00Z", "24-Nov-2026"),
];

/// On 24-Nov-2026.
const AGES: &[Row] = &[
    ("PAB-0049..0054", "2026-11-24", "0d"),
    ("PAB-0049..0054", "2026-10-25", "30d"),
    ("PAB-0049..0054", "2026-10-24", "1m"),
    ("PAB-0049..0054", "2024-11-25", "23m"),
    ("PAB-0049..0054", "2024-11-24", "2y"),
    ("PAB-0049..0054", "1926-11-25", "99y"),
    ("PAB-0049..0054", "1980", "about 46y"),
];

/// `medicine|dose|unit|times a day|days|instruction`.
const MEDICINES: &[Row] = &[
    (
        "MEDi: name first, em dash, DOSE",
        "amlodipine|5|mg|1||",
        "amlodipine — DOSE 5\u{a0}mg — once daily",
    ),
    (
        "MEDi: a blank before the unit",
        "paracetamol|500|mg|4|3|",
        "paracetamol — DOSE 500\u{a0}mg — 4 times daily — for 3\u{a0}days",
    ),
    ("ISMP: no trailing zero", "warfarin|5.0|mg|1||", "warfarin — DOSE 5\u{a0}mg — once daily"),
    ("ISMP: a leading zero", "digoxin|.125|mg|1||", "digoxin — DOSE 0.125\u{a0}mg — once daily"),
    (
        "ISMP: a comma in thousands",
        "heparin|5000|units|2||",
        "heparin — DOSE 5,000\u{a0}units — twice daily",
    ),
    (
        "ISMP: units in words, never U",
        "insulin|10|IU|2||",
        "insulin — DOSE 10\u{a0}units — twice daily",
    ),
    (
        "ISMP: mcg, never the sign of micro",
        "levothyroxine|50|µg|1||",
        "levothyroxine — DOSE 50\u{a0}mcg — once daily",
    ),
    (
        "MEDi: what is not known is said",
        "ibuprofen|||3||",
        "ibuprofen — no dose recorded — 3 times daily",
    ),
];

const TALL: &[Row] = &[
    ("ISMP: names that look alike", "hydralazine", "hydrALAZINE"),
    ("ISMP: names that look alike", "hydroxyzine", "hydrOXYzine"),
    ("ISMP: names that look alike", "prednisone", "predniSONE"),
    ("ISMP: and no others", "amoxicillin", "amoxicillin"),
];

/// Substances in force, parted by commas; `none` says that there are none.
const ALLERGIES: &[Row] = &[
    ("PAB-0064, 0067..0071", "", "Allergies not recorded"),
    ("PAB-0064, 0067..0071", "none", "No known allergies"),
    ("PAB-0064, 0067..0071", "penicillin", "Known allergies"),
    // Who is known to have one is not said to have none.
    ("PAB-0064, 0067..0071", "none,penicillin", "Known allergies"),
];

fn check(table: &[Row], shown: impl Fn(&str) -> String) {
    for (rule, written, want) in table {
        assert_eq!(shown(written), *want, "{rule}: {written}");
    }
}

fn parts<const N: usize>(written: &str) -> [&str; N] {
    let mut parts = written.split('|');
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

#[test]
fn names_are_written_by_the_rules_of_the_banner() {
    check(NAMES, |written| {
        let [family, given, title] = parts(written);
        let mut name = HumanName::new(family, given);
        name.prefix = Some(title.to_owned()).filter(|it| !it.is_empty()).into_iter().collect();
        banner_name(&Identity {
            name: vec![name],
            gender: AdministrativeGender::Unknown,
            birth_date: None,
            birth_date_estimated: false,
            identifier: Vec::new(),
        })
    });
}

#[test]
fn dates_and_ages_are_written_by_the_rules() {
    check(DATES, |written| date(&written.parse().unwrap()));
    let today = "2026-11-24".parse().unwrap();
    check(AGES, |written| age(&written.parse().unwrap(), today).unwrap());
    // No date can be read in two ways, whatever its numbers.
    let all: BTreeSet<String> = (1..=12)
        .flat_map(|month| (1..=12).map(move |day| format!("2026-{month:02}-{day:02}")))
        .map(|written| date(&written.parse().unwrap()))
        .collect();
    assert_eq!(all.len(), 144);
    assert!(all.iter().all(|shown| shown.chars().any(char::is_alphabetic)), "{all:?}");
}

#[test]
fn medicines_are_written_by_the_rules_of_the_medication_line() {
    let line = |written: &str| {
        let [medication, dose, unit, frequency, duration_days, instruction] =
            parts(written).map(str::to_owned);
        let draft = MedicationDraft {
            medication,
            dose,
            unit,
            period: if frequency.is_empty() { String::new() } else { "1".to_owned() },
            period_unit: Some(DurationUnit::Day),
            frequency,
            duration_days,
            instruction,
            ..MedicationDraft::default()
        };
        medication_line(&draft.order(&mut Vec::new()))
    };
    check(MEDICINES, |written| {
        let (name, parts) = line(written);
        [vec![name], parts].concat().join(" — ")
    });
    // The dose is what is set bold, and nothing else is.
    for (rule, written, _) in MEDICINES {
        let (_, parts) = line(written);
        let bold: Vec<&str> = parts.iter().filter_map(|part| announced_dose(part)).collect();
        let doses = usize::from(!written.starts_with("ibuprofen"));
        assert_eq!(bold.len(), doses, "{rule}");
        assert!(bold.iter().all(|dose| dose.contains('\u{a0}')), "{rule}");
    }
    check(TALL, |written| tall_man(written).into_owned());
}

#[test]
fn allergies_have_one_of_the_titles_and_no_other() {
    check(ALLERGIES, |written| {
        let substances = written.split(',').filter(|it| !it.is_empty());
        let all = substances.zip(1_u8..).map(|(substance, n)| {
            let is_none = substance == "none";
            let substance = if is_none { String::new() } else { substance.to_owned() };
            let draft =
                AllergyDraft { no_known_allergies: is_none, substance, ..AllergyDraft::default() };
            let id = AllergyIntoleranceId::from_uuid(uuid_v7(i64::from(n), [n; 10]));
            draft.complete(id).unwrap()
        });
        AllergyState::of(&all.collect::<Vec<_>>()).title().to_owned()
    });
    // A chart that cannot be read says so.
    assert_eq!(AllergyState::Unavailable.title(), "Allergies unavailable");
}
