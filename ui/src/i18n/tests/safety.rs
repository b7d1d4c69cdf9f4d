//! Words on which a life can hang: they are exact, and the same each time.

use super::*;
use clinical::CodeableConcept;
use clinical::display::{Route, dosage_parts_in};
use clinical::{Dosage, DurationUnit, Timing};

/// The titles of allergies (PAB-0064, 0067-0071) are of this table and of no other words.
#[test]
fn the_states_of_allergies_are_titled_exactly() {
    let check = |tag: &str, titles: [&str; 5]| {
        let states = ["known", "none", "none-drugs", "not-recorded", "unavailable"];
        let texts = read(tag).texts;
        for (state, title) in states.iter().zip(titles) {
            assert_eq!(texts[&format!("allergy.state.{state}")], title, "{tag}: {state}");
        }
        assert_eq!(titles.iter().collect::<BTreeSet<_>>().len(), titles.len(), "{tag}");
    };
    check(
        "en",
        [
            "Known allergies",
            "No known allergies",
            "No known drug allergies",
            "Allergies not recorded",
            "Allergies unavailable",
        ],
    );
    check(
        "fr",
        [
            "Allergies connues",
            "Pas d’allergie connue",
            "Pas d’allergie médicamenteuse connue",
            "Allergies non renseignées",
            "Allergies indisponibles",
        ],
    );
    check(
        "es",
        [
            "Alergias conocidas",
            "Sin alergias conocidas",
            "Sin alergias conocidas a medicamentos",
            "Alergias no registradas",
            "Alergias no disponibles",
        ],
    );
    check(
        "sw",
        [
            "Mzio unaojulikana",
            "Hakuna mzio unaojulikana",
            "Hakuna mzio wa dawa unaojulikana",
            "Taarifa za mzio hazijarekodiwa",
            "Taarifa za mzio hazipatikani",
        ],
    );
    check(
        "ar",
        [
            "حساسيات معروفة",
            "لا توجد حساسيات معروفة",
            "لا توجد حساسيات دوائية معروفة",
            "لم تُسجَّل معلومات الحساسيات",
            "معلومات الحساسيات غير متاحة",
        ],
    );
}

/// What English says of what is safe, and what Spanish, French, Swahili and Arabic say then.
const SAYINGS: [(&str, [&str; 4]); 7] = [
    (
        "othing was saved",
        ["o se guardó nada", "ien n’", "akuna kilichohifadhiwa", "لم يُحفظ أي شيء"],
    ),
    (
        "othing was recorded",
        ["o se registró nada", "ien n’", "akuna kilichorekodiwa", "لم يُسجَّل أي شيء"],
    ),
    (
        "othing was changed",
        ["o se cambió nada", "ien n’", "akuna kilichobadilishwa", "لم يُغيَّر أي شيء"],
    ),
    ("othing was sent", ["o se envió nada", "ien n’", "akuna kilichotumwa", "لم يُرسل أي شيء"]),
    ("othing is lost", ["o se p", "ien n’est perdu", "akuna kilichopotea", "لم يُفقد شيء"]),
    (
        "your text is still here",
        [
            "su texto sigue aquí",
            "votre texte est toujours là",
            "maandishi yako bado yako hapa",
            "نصّك ما زال هنا",
        ],
    ),
    (
        "sk the patient",
        ["regunte al paciente", "emandez au patient", "uulize mgonjwa", "سأل المريض"],
    ),
];

#[test]
fn what_is_safe_is_said_in_the_same_words_each_time() {
    let english = read("en").texts;
    for (saying, others) in SAYINGS {
        let keys: Vec<_> =
            english.iter().filter(|(_, text)| text.contains(saying)).map(|(key, _)| key).collect();
        assert!(!keys.is_empty(), "{saying}");
        for (tag, words) in ["es", "fr", "sw", "ar"].into_iter().zip(others) {
            let texts = read(tag).texts;
            for key in &keys {
                assert!(texts[*key].contains(words), "{tag}: {key}: {}", texts[*key]);
            }
        }
    }
}

/// Clinical numbers have Western digits and a point in every language.
#[test]
fn numbers_have_western_digits_and_a_point() {
    let is_digit = |letter: &char| letter.is_ascii_digit();
    for tag in tags() {
        for (key, text) in read(tag).texts {
            let letters: Vec<char> = text.chars().collect();
            let western = letters.iter().all(|letter| !letter.is_numeric() || is_digit(letter));
            assert!(western, "{tag}: {key}: {text}");
            let parted = letters.windows(3).any(
                |three| matches!(three, [one, ',' | '٫', two] if is_digit(one) && is_digit(two)),
            );
            assert!(!parted || key == "dose.thousands", "{tag}: {key}: {text}");
        }
    }
}

/// Whatever is ordered reads as that and as nothing else: no language has the same words for two
/// frequencies, and a number above two is a number.
#[test]
fn no_two_frequencies_read_alike() {
    for tag in tags() {
        let words = speak(tag, crate::words::dose_words);
        let mut read = BTreeMap::new();
        for (unit, _) in DurationUnit::ALL {
            for (frequency, period) in
                (1..=12).flat_map(|n| [1, 2, 3, 8, 11, 12, 48].map(|p| (n, p)))
            {
                let timing = Timing {
                    frequency,
                    period: period.to_string().parse().unwrap(),
                    period_unit: unit,
                };
                let dosage = Dosage { timing: Some(timing), ..Dosage::default() };
                let line = dosage_parts_in(&[dosage], &words).join(" — ");
                for number in [frequency, period].into_iter().filter(|number| *number > 2) {
                    assert!(line.contains(&number.to_string()), "{tag}: {line}");
                }
                assert!(!line.contains(['{', '|']), "{tag}: {line}");
                let other = read.insert(line.clone(), (frequency, period, unit));
                assert_eq!(other, None, "{tag}: {line}");
            }
        }
    }
}

/// A date is read back as it is shown.
#[test]
fn the_months_that_are_shown_are_read_when_they_are_typed() {
    for tag in tags() {
        for (at, month) in (1..).zip(read(tag).texts["date.months"].split(' ')) {
            let typed = clinical::read_typed(&format!("14-{month}-1980"), None);
            let want = format!("1980-{at:02}-14");
            assert_eq!(typed.map(|typed| typed.date.to_string()), Ok(want), "{tag}: {month}");
        }
    }
}

/// So is a route, whatever the language of the window it was typed in.
#[test]
fn a_route_is_read_as_it_is_shown() {
    for tag in tags() {
        let words = speak(tag, crate::words::dose_words);
        for route in Route::ALL {
            let shown = words.routes.of(route);
            assert_eq!(
                Route::of(&CodeableConcept::from_text(shown)),
                Some(route),
                "{tag}: {shown}"
            );
        }
    }
}
