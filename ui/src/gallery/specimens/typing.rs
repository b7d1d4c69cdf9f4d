//! What is typed into and chosen from.

use super::{Specimen, of};
use crate::components::{
    Choice, Combobox, Fault, FieldLabel, Offer, Offered, area_input, check_input, choice_input,
    combobox, date_input, error_summary, free_combobox, group, text_input,
};
use crate::markup::prelude::*;

/// The components.
pub(super) const SPECIMENS: &[Specimen] = &[
    of("combobox", "combobox", || vec![("one of a list", combobox(list("specimen-combo")))]),
    of("free-combobox", "combobox", || {
        vec![("a line with a list", free_combobox(list("specimen-free")))]
    }),
    of("text-input", "field", || {
        let line = |label, text: &str| text_input(label, "text", text.to_owned(), drop);
        vec![
            ("blank, with a hint", line(label("text-a", Some("As on the card"), None), "")),
            ("filled in", line(label("text-b", None, None), "Okello")),
            ("to mend", line(label("text-c", None, Some("Please fill this in.")), "")),
        ]
    }),
    of("date-input", "field", || {
        let line = |id, text: &str| {
            let typed = RwSignal::new(text.to_owned());
            let said = move || typed.with(|text| (text == "1980").then(|| "About 46 years".into()));
            date_input(label(id, Some("Such as 1980"), None), text.to_owned(), said, move |text| {
                typed.set(text);
            })
        };
        vec![("blank", line("date-a", "")), ("understood", line("date-b", "1980"))]
    }),
    of("area-input", "field", || {
        let text = "Three days of fever.\nNo cough.".to_owned();
        vec![
            ("filled in", area_input(label("area-a", None, None), 3, text, drop)),
            (
                "to mend",
                area_input(label("area-b", None, Some("Too long.")), 3, String::new(), drop),
            ),
        ]
    }),
    of("choice-input", "field", || {
        let choices = || ["mild", "severe"].map(|value| Choice { value, label: value }).to_vec();
        vec![
            ("chosen", choice_input(label("choice-a", None, None), choices(), "severe", drop)),
            (
                "to mend",
                choice_input(label("choice-b", None, Some("Choose one.")), choices(), "", drop),
            ),
        ]
    }),
    of("check-input", "field", || {
        vec![
            ("off", check_input("check-a".to_owned(), "Print it", false, drop)),
            ("on", check_input("check-b".to_owned(), "Print it", true, drop)),
        ]
    }),
    of("group", "group", || {
        let each = ["amoxicillin 500 mg", "zinc 20 mg"];
        let each = each.map(|name| check_input(name.replace(' ', "-"), name, true, drop));
        vec![("of boxes to tick", group(None, "Medicines", Vec::from(each).into_any()))]
    }),
    of("error-summary", "summary", || {
        let field = label("summary-a", None, Some("Please fill this in."));
        let fault = Fault {
            field_id: field.id.clone(),
            text: "Please fill this in.".to_owned(),
            label: Some(field.label),
        };
        let faults = Signal::derive(move || vec![fault.clone()]);
        let summary = error_summary("summary".to_owned(), "Please mend this", faults);
        let line = text_input(field, "text", String::new(), drop);
        vec![("over its field", view! { {summary} {line} }.into_any())]
    }),
];

/// What stands around a field of a name.
pub(super) fn label(id: &str, hint: Option<&'static str>, fault: Option<&str>) -> FieldLabel {
    let fault = fault.map(str::to_owned);
    FieldLabel { id: id.to_owned(), label: "Family name", hint, fault: Signal::stored(fault) }
}

/// A combobox over a few names, which answers itself.
fn list(id: &str) -> Combobox {
    let offered = RwSignal::new(Offered::default());
    let ask = move |text: String| {
        let names = ["amlodipine", "amoxicillin", "artemether"];
        let found = names.iter().filter(|name| name.starts_with(&text.to_lowercase()));
        let offer = |name: &&str| Offer {
            id: (*name).to_owned(),
            label: (*name).to_owned(),
            detail: "tablet".to_owned(),
        };
        offered.set(Offered {
            offers: found.map(offer).collect(),
            to: text,
            leads: true,
            failed: false,
        });
    };
    Combobox {
        field: label(id, Some("Type am"), None),
        text: String::new(),
        offered: offered.into(),
        nothing: |_| "Nothing of that name",
        waiting: "Looking…",
        failed: "It could not be looked up",
        typed: Box::new(drop),
        ask: Box::new(ask),
        chosen: Box::new(|offer| offer.label),
    }
}
