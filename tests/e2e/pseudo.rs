//! The pages in a language that nobody speaks: every word on them comes from the texts or from the
//! record, and the longest text has room.

use std::collections::BTreeSet;

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::PASSWORD;
use tests::window::Window;

use crate::prepared::Disputed;
use crate::{acts, sight, walk};

/// What the record, the clinic and the computer say themselves, what a note is kept under, and what
/// is written alike everywhere: months as they are read apart, and the word before a dose (MEDi).
const OF_THE_RECORD: &str = "Fieldchart Lakeside Okello OKELLO Grace CLN Amolatar Ana Reyes REYES \
    ana English Español Français Kiswahili العربية amlodipine amLODIPine amoxicillin penicillin \
    Penicillins Hypertension rash fever child Sore throat for three days mmHg min https sha Visit note \
    DOSE Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec";

#[test]
fn every_word_on_a_page_comes_from_the_texts_or_the_record() {
    let clinic = Disputed::new("pseudo");
    let window = clinic.scene.open("a");
    window.see("Sign in");
    let window = window.pretending();
    window.see("Sign in");
    let mut found = Vec::new();
    found.extend(judge(&window, "sign in"));
    acts::enter(&window, PASSWORD, "Lakeside");
    walk::pages(&window, |page| {
        // The log names commands and entries as they are kept.
        found.extend(judge(&window, page).filter(|_| page != "Log"));
    });
    acts::open_chart(&window, "Okello");
    window.see_part("medications", "amLODIPine");
    found.extend(judge(&window, "the chart"));
    for form in ["Add an allergy", "Add a medicine", "Add a problem", "Add vital signs"] {
        window.press(form);
        window.see("Close");
        found.extend(judge(&window, form));
        window.key(Key::Escape);
    }
    assert!(found.is_empty(), "these words stand in the sources: {found:#?}");
}

/// The words of a page that are neither of the texts nor of the record.
fn judge(window: &Window, page: &str) -> Option<(String, Vec<String>)> {
    window.see_settled();
    let known: BTreeSet<&str> = OF_THE_RECORD.split_whitespace().collect();
    let mut unknown = window.untranslated();
    let card = window.dispatch("get-card", &json!({})).map(|card| card["card"].to_string());
    let is_of_the_card = |word: &str| card.as_ref().is_ok_and(|card| card.contains(word));
    let is_of_a_number = |word: &str| word.bytes().all(|letter| matches!(letter, b'a'..=b'f'));
    unknown.retain(|word| !known.contains(word.as_str()));
    unknown.retain(|word| !is_of_a_number(word) && !is_of_the_card(word));
    sight::nothing_is_cut_off(window, page);
    window.picture(&page.to_lowercase().replace(' ', "-"));
    (!unknown.is_empty()).then(|| (page.to_owned(), unknown))
}
