//! The palette: one line from which patients, pages, deeds and codes are reached, wherever one is.

mod codes;

use super::{Frame, Gate, shortcuts};
use crate::backend::{ask_for, question, reply_of};
use crate::components::{Combobox, FieldLabel, Offer, Offered, combobox};
use crate::i18n::t;
use crate::keymap::{Action, BINDINGS, Binding, bindings_of};
use crate::markup::prelude::*;
use crate::pages;
use crate::sections::patient_offer;
use api::{FindPatients, PatientHit};
use codes::Codes;

/// So many patients are offered.
const HITS_MAX: u32 = 8;
/// What a line begins with that asks for deeds alone.
const DEEDS: char = '>';

/// The palette, while it is open. It lies over the page and never over the banner of a chart.
pub(super) fn palette(frame: Frame, gate: Gate) -> AnyView {
    frame.palette.view("palette", t("palette.title"), move || {
        let codes = Codes::of(frame);
        view! { {line(frame, gate, codes)} {codes.said()} }.into_any()
    })
}

const LINE: &str = "palette-line";

fn line(frame: Frame, gate: Gate, codes: Codes) -> AnyView {
    let offered = RwSignal::new(Offered::default());
    let found = StoredValue::new(Vec::<PatientHit>::new());
    let sees = move || Sees {
        charts: frame.is_clinical(),
        one: frame.subject.with_untracked(Option::is_some),
    };
    let ask = move |text: String| {
        if codes.ask(&text, offered) {
            return;
        }
        if let Some(wanted) = text.strip_prefix(DEEDS) {
            let offers = deeds(sees(), wanted);
            offered.set(Offered { to: text, offers, leads: true, failed: false });
            return;
        }
        let query = FindPatients { query: text.clone(), limit: HITS_MAX };
        let heed = move |answer| {
            let found_now = reply_of::<Vec<PatientHit>>(answer);
            let failed = found_now.is_err();
            let hits = found_now.unwrap_or_default();
            let mut offers: Vec<Offer> = hits.iter().map(patient_offer).collect();
            offers.extend(deeds(sees(), &text));
            found.try_set_value(hits);
            offered.try_set(Offered { to: text, offers, leads: true, failed });
        };
        ask_for(question(&query), Box::new(heed));
    };
    let chosen = move |offer: Offer| {
        if offered.with_untracked(|offered| codes.are(offered)) {
            return codes.chosen(&offer);
        }
        frame.palette.close();
        let is_it = |hit: &&PatientHit| hit.patient.to_string() == offer.id;
        match found.with_value(|hits| hits.iter().find(is_it).cloned()) {
            Some(hit) => pages::open_hit(frame, &hit),
            None => {
                let deed = BINDINGS.iter().find(|binding| binding.text == offer.id);
                // Whether there was something to do is seen.
                deed.map(|binding| shortcuts::act(frame, gate, binding.action));
            }
        }
        String::new()
    };
    let none = Signal::derive(|| None);
    let field =
        FieldLabel { id: LINE.to_owned(), label: t("palette.label"), hint: None, fault: none };
    combobox(Combobox {
        field,
        text: String::new(),
        offered: offered.into(),
        nothing: if frame.is_clinical() { nothing_found } else { |_| t("palette.none") },
        waiting: t("state.loading"),
        failed: t("state.not-looked-up"),
        typed: Box::new(move |text| codes.typed(&text)),
        ask: Box::new(ask),
        chosen: Box::new(chosen),
    })
}

fn nothing_found(typed: &str) -> &'static str {
    match typed.strip_prefix(codes::SIGN).map(str::trim) {
        Some("") => t("palette.code.begin"),
        Some(_) => t("palette.none.code"),
        None => t("palette.none"),
    }
}

/// What whoever opens the palette sees.
#[derive(Clone, Copy)]
struct Sees {
    /// Charts, by their role.
    charts: bool,
    /// One of them, on screen.
    one: bool,
}

/// What can be done, by a word of its name: what is done to a chart, where one is on screen, by who
/// sees charts.
fn deeds(sees: Sees, wanted: &str) -> Vec<Offer> {
    let wanted = wanted.trim().to_lowercase();
    let is_meant = |text: &str| {
        let text = text.to_lowercase();
        !wanted.is_empty() && text.split_whitespace().any(|word| word.starts_with(&wanted))
            || text.starts_with(&wanted)
    };
    let others = bindings_of(sees.charts).filter(|binding| {
        !matches!(binding.action, Action::Palette | Action::Close)
            && (sees.one || !binding.action.needs_chart())
            && is_meant(t(binding.text))
    });
    let offer = |binding: &Binding| Offer {
        id: binding.text.to_owned(),
        label: t(binding.text).to_owned(),
        detail: binding.shown.to_owned(),
    };
    others.map(offer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::speak;

    const ALL: Sees = Sees { charts: true, one: true };

    #[test]
    fn a_deed_is_found_by_a_word_of_its_name() {
        let check = |wanted: &str, want: &[&str]| {
            let labels: Vec<String> =
                speak("en", || deeds(ALL, wanted)).into_iter().map(|offer| offer.label).collect();
            assert_eq!(labels, want, "{wanted}");
        };
        check("lock", &["Lock the window"]);
        check("sync", &["Sync now"]);
        check("xyz", &[]);
        let all = speak("en", || deeds(ALL, ""));
        assert_eq!(all.len(), BINDINGS.len() - 2, "all that is asked for by the sign alone");
        let at_desk = speak("en", || deeds(Sees { charts: false, ..ALL }, "vital"));
        assert_eq!(at_desk, [], "what is of charts is not offered at the desk");
        let without = speak("en", || deeds(Sees { one: false, ..ALL }, ""));
        assert_eq!(all.len() - without.len(), 5, "what is done to a chart waits for one");
    }

    #[test]
    fn what_was_not_found_is_told() {
        let said = |typed: &str| speak("en", || nothing_found(typed));
        assert!(said("okello").contains("Ctrl+N"));
        assert!(!said("#okello").contains("Ctrl+N"), "a diagnosis is not registered");
        assert_ne!(said("# "), said("#okello"), "nothing was looked for");
    }
}
