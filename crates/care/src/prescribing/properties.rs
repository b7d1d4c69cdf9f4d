//! What holds of every sentence.

use super::{
    Choice, Meaning, Reading, choose,
    form::Measure,
    formulary::{Medicine, Product, medicines},
    number::Number,
    read, sentence,
};
use clinical::{DurationUnit, MedicationDraft, MisreadRule, error_prone};
use proptest::{prelude::*, sample::select};

/// Bits that sentences are made of, in any order: what a rule expects beside what it does not.
const BITS: &[&str] = &[
    "amlo",
    "para",
    "pred",
    "amoxicillin",
    "coartem",
    "insulin",
    "metformin",
    "foo",
    "5",
    "500",
    "2.5",
    ".5",
    "1.0",
    "1,000",
    "1.000",
    "0",
    "999999999",
    "½",
    "mg",
    "mcg",
    "µg",
    "g",
    "ml",
    "units",
    "IU",
    "tab",
    "tabs",
    "puffs",
    "drops",
    "/",
    "-",
    "+",
    "x",
    "%",
    "od",
    "OD",
    "bd",
    "tds",
    "q8h",
    "8hrly",
    "nocte",
    "mane",
    "stat",
    "prn",
    "5/7",
    "2/52",
    "3/12",
    "for",
    "days",
    "weeks",
    "with food",
    "then",
    "max",
    "not",
    "iv",
    "po",
    "SC",
    "eye",
    "susp",
    "inj",
    "cream",
    "2 repeats",
    "mitte",
    "#",
    "and",
    "of",
    "take",
    "once",
    "daily",
    "every",
    "hours",
    "1-0-1",
    "matin",
    "soir",
    "cada",
    "horas",
    "mara",
    "kwa siku",
    ",",
    ";",
    "(",
    "@",
    ">",
    "é",
    "阿",
    "\u{202e}",
    "\u{200b}",
    "🙂",
    "MS",
    "HS",
    "U",
    "qd",
    "D/C",
];

/// What people write between from and to, or one and another.
const JOINERS: &[&str] = &[
    "-", "–", "—", "−", "to", "or", "a", "o", "ou", "au", "y", "et", "and", "&", ",", ";", "~",
    "→", "|", "hasta", "up to", "hadi", "·", "'", "…",
];

fn texts() -> impl Strategy<Value = String> {
    let bits = proptest::collection::vec((select(BITS), select(&["", " ", " ", "  "])), 0..14);
    let made = bits.prop_map(|bits| bits.into_iter().flat_map(|(bit, gap)| [bit, gap]).collect());
    prop_oneof![".{0,60}", made]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    /// Every letter and digit is of one piece, and every piece is a part of the text.
    #[test]
    fn nothing_is_dropped_and_every_piece_is_a_part_of_the_text(text in texts()) {
        let reading = read(&text);
        let mut at = 0;
        for piece in &reading.pieces {
            prop_assert!(piece.start >= at && piece.start < piece.end);
            let before = text.get(at..piece.start);
            prop_assert!(before.is_some_and(|it| !it.contains(char::is_alphanumeric)), "{:?}", before);
            prop_assert!(text.get(piece.start..piece.end).is_some());
            at = piece.end;
        }
        prop_assert!(!text.get(at..).unwrap().contains(char::is_alphanumeric));
        prop_assert_eq!(read(&text), reading);
    }

    /// No abbreviation comes out that others misread; a number that may be two is left alone.
    #[test]
    fn nothing_error_prone_comes_out(text in texts()) {
        let draft = read(&text).draft;
        let found: Vec<_> = error_prone(&draft.instruction)
            .into_iter()
            .filter(|it| {
                let number = draft.instruction.get(it.range.clone()).unwrap();
                it.rule != MisreadRule::TrailingZero || Number::read(number).is_some()
            })
            .collect();
        prop_assert!(found.is_empty(), "{:?} of {:?}", found, draft.instruction);
    }

    /// What is not known is in the instruction, wherever it stands.
    #[test]
    fn unknown_words_are_in_the_instruction(
        words in proptest::collection::vec("zq[a-z]{2,6}", 1..4),
        at in 1..5_usize,
    ) {
        let mut parts = vec!["amlo 5 mg", "od", "30 days", "prn", "2 repeats"];
        let unknown = words.join(" ");
        parts.insert(at, &unknown);
        let reading = read(&parts.join(" "));
        prop_assert_eq!(&reading.draft.instruction, &unknown);
        prop_assert!(reading.pieces.iter().any(|piece| piece.meaning == Meaning::Unknown));
    }

    /// Two numbers of which something joins one to the other are no dose, whatever it is.
    #[test]
    fn of_two_joined_numbers_neither_is_the_dose(
        joiner in select(JOINERS),
        gaps in (select(&["", " "]), select(&["", " ", "  "])),
        numbers in select(&[("5", "10"), ("10", "20"), ("40", "80"), ("20", "40")]),
        (name, unit) in (select(&["amlo", "morphine", "furosemide", "amox"]), select(&["", "mg"])),
        often in select(&["od 30", "bd 5/7", "4hrly prn"]),
    ) {
        let ((before, after), (one, other)) = (gaps, numbers);
        let text = format!("{name} {one}{before}{joiner}{after}{other} {unit} {often}");
        let reading = read(&text);
        prop_assert!(reading.draft.dose.is_empty(), "{}: {:?}", text, reading.draft);
        prop_assert!(reading.draft.quantity.is_empty(), "{}: {:?}", text, reading.draft);
        prop_assert!(!reading.findings.is_empty(), "{}", text);
    }

    /// A draft written as a sentence is that draft again.
    #[test]
    fn a_draft_reads_back(draft in drafts()) {
        let text = sentence(&draft);
        let reading = read(&text);
        prop_assert_eq!(&reading.draft, &draft, "{}", text);
        prop_assert!(reading.missing.is_empty(), "{:?} of {}", reading.missing, text);
        let unknown = reading.pieces.iter().find(|piece| piece.meaning == Meaning::Unknown);
        prop_assert!(unknown.is_none(), "{}", text);
    }

    /// A product that is chosen is the one that is read then.
    #[test]
    fn a_chosen_product_is_read(
        typed in select(&["amlo od 30", "pred prn", "2 od 7d", "foo tab bd 7d"]),
        (medicine, product) in products(),
    ) {
        let choice = Choice {
            medication: medicine.name.to_owned(),
            form: product.form.name.to_owned(),
            strength: strength(product),
            how: super::Match::Exact,
        };
        let Reading { draft, .. } = read(&choose(typed, &choice));
        prop_assert_eq!(
            (draft.medication, draft.form, draft.strength),
            (choice.medication, choice.form, choice.strength),
        );
    }
}

fn products() -> impl Strategy<Value = (&'static Medicine, &'static Product)> {
    let all = medicines()
        .iter()
        .flat_map(|medicine| medicine.products.iter().map(move |product| (medicine, product)));
    select(all.collect::<Vec<_>>())
}

fn strength(product: &Product) -> String {
    product.strength.as_ref().map(ToString::to_string).unwrap_or_default()
}

/// Whether a dose of it is told beside its strength: of a gum or an implant the strength is one.
fn has_dose(product: &Product) -> bool {
    let only = product.strength.as_ref().and_then(|strength| strength.only());
    let is_one = only.is_some_and(|only| only.per.is_none() && only.unit.is_some());
    !(product.form.measure == Measure::Applied && is_one)
}

/// Whole lines of every product of the list.
fn drafts() -> impl Strategy<Value = MedicationDraft> {
    let often = select(vec![
        ("1", "", None),
        ("3", "", None),
        ("1", "8", Some(DurationUnit::Hour)),
        ("2", "6", Some(DurationUnit::Hour)),
        ("1", "1", Some(DurationUnit::Week)),
        ("2", "1", Some(DurationUnit::Week)),
        ("1", "2", Some(DurationUnit::Day)),
        ("1", "1", Some(DurationUnit::Month)),
    ]);
    let words = select(vec!["", "with food", "before meals", "après les repas", "baada ya kula"]);
    let numbers = (1..4_u32, 1..90_u32, 0..6_u32, 1..200_u32);
    let products = products().prop_filter("it has a dose", |(_, product)| has_dose(product));
    (products, often, words, any::<bool>(), numbers).prop_map(
        |((medicine, product), (times, period, unit), words, as_needed, numbers)| {
            let (count, days, repeats, quantity) = numbers;
            let form = product.form;
            let noun = form.noun().map(|noun| noun.words(count == 1).to_owned());
            let (dose, dose_unit) = match form.measure {
                Measure::Applied => (String::new(), String::new()),
                Measure::Volume | Measure::Injected => (count.to_string(), "mL".to_owned()),
                Measure::Piece(..) | Measure::Vial | Measure::Portion(_) => {
                    (count.to_string(), noun.unwrap_or_default())
                }
            };
            let route = if form.route.is_empty() { medicine.routes[0] } else { form.route };
            MedicationDraft {
                medication: medicine.name.to_owned(),
                form: form.name.to_owned(),
                strength: strength(product),
                dose,
                unit: dose_unit,
                route: route.to_owned(),
                frequency: times.to_owned(),
                period: period.to_owned(),
                period_unit: unit,
                duration_days: days.to_string(),
                as_needed,
                instruction: words.to_owned(),
                quantity: quantity.to_string(),
                quantity_unit: if quantity == 1 { "tablet" } else { "tablets" }.to_owned(),
                repeats: repeats.to_string(),
                ..MedicationDraft::default()
            }
        },
    )
}
