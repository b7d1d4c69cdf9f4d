//! The pages in a language that nobody speaks: every word on them comes from the texts or from the
//! record, and the longest text has room.

use std::collections::BTreeSet;

use fantoccini::key::Key;
use tests::computer::{Computer, PASSWORD};
use tests::window::Window;

use crate::prepared::Disputed;
use crate::{acts, sight, walk};

/// What the record, the clinic and the computer say themselves, and names that are the same
/// everywhere.
const OF_THE_RECORD: &str = "Fieldchart Lakeside Okello OKELLO Grace CLN Amolatar Ana Reyes REYES \
    English Español Français Kiswahili العربية amlodipine amLODIPine amoxicillin penicillin Penicillins \
    Hypertension rash fever child Sore throat for three days mmHg Mar admin clinician";

#[test]
fn every_word_on_a_page_comes_from_the_texts_or_the_record() {
    let clinic = Disputed::new("pseudo");
    let here = Computer::of(&clinic.scene, "a");
    assert!(here.store().is_dir());
    let window = clinic.scene.open("a");
    window.see("Sign in");
    let window = window.pretending();
    window.see("Sign in");
    judge(&window, "sign in");
    acts::enter(&window, PASSWORD, "Lakeside");
    walk::pages(&window, |page| judge(&window, page));
    acts::open_chart(&window, "Okello");
    window.see_part("medications", "amLODIPine");
    judge(&window, "the chart");
    for form in ["Add an allergy", "Add a medicine", "Add a problem", "Vital signs"] {
        window.press(form);
        window.see("Close");
        judge(&window, form);
        window.key(Key::Escape);
    }
}

fn judge(window: &Window, page: &str) {
    window.see_settled();
    let known: BTreeSet<&str> = OF_THE_RECORD.split_whitespace().collect();
    let mut unknown = window.untranslated();
    unknown.retain(|word| !known.contains(word.as_str()));
    assert!(unknown.is_empty(), "{page}: these words stand in the sources: {unknown:?}");
    sight::nothing_is_cut_off(window, page);
    window.picture(&page.to_lowercase().replace(' ', "-"));
}
