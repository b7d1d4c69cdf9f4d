//! What the gallery shows of each component.

use crate::components::{
    Choice, Combobox, Fault, FieldLabel, Icon, Offer, Offered, Press, Tone, area_input, brand,
    button, card, check_input, chip, choice_input, combobox, empty, error_summary, free_combobox,
    icon, loading, notice, past, quiet_button, text_input, unbroken, walk_rows,
};
use crate::markup::prelude::*;

/// A component of the kit.
pub(super) struct Specimen {
    /// Its name.
    pub name: &'static str,
    /// The file of the kit that it is in.
    pub file: &'static str,
    /// The states it can be in, each with its name.
    pub states: fn() -> Vec<(&'static str, AnyView)>,
}

/// All of the kit.
pub(super) const SPECIMENS: [Specimen; 20] = [
    of("brand", "brand", || vec![("as it is", brand())]),
    of("button", "button", || {
        vec![
            ("the one thing to do", button(Press::Main, "Record", ignore)),
            ("something else", button(Press::Plain, "Cancel", ignore)),
        ]
    }),
    of("quiet-button", "button", || {
        vec![("beside a line", quiet_button("Stop", "Stop amoxicillin 500 mg", ignore))]
    }),
    of("card", "card", || {
        let add = button(Press::Plain, "Add", ignore);
        let body = view! { <p>"What it holds."</p> }.into_any();
        vec![("with something to do", card("specimen-card", "Problems", add, body))]
    }),
    of("past", "card", || {
        let line = |what: &&str| view! { <li>{(*what).to_owned()}</li> }.into_any();
        let folded = past(RwSignal::new(false), "Over (1)".to_owned(), vec!["Malaria, 2019"], line)
            .unwrap_or_else(|| ().into_any());
        vec![("folded", folded)]
    }),
    of("chip", "chip", || {
        let all = [Tone::Plain, Tone::Ok, Tone::Info, Tone::Warning, Tone::Critical];
        all.into_iter().map(|tone| (tone.class(), chip(tone, "High risk"))).collect()
    }),
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
    of("icon", "icon", || Vec::from(ICONS.map(|(name, it)| (name, icon(it))))),
    of("notice", "notice", || {
        let all = [Tone::Plain, Tone::Ok, Tone::Info, Tone::Warning, Tone::Critical];
        let told = |tone: Tone| {
            let act = Some(button(Press::Plain, "Try again", ignore));
            (tone.class(), notice(tone, "The disk is full", "Nothing was lost.", act))
        };
        all.into_iter().map(told).collect()
    }),
    of("empty", "notice", || vec![("nothing there", empty("No problems are recorded."))]),
    of("loading", "notice", || vec![("after 150 ms", loading("Reading…"))]),
    // The one of this page: a second would be a second name for it.
    of("page-head", "page_head", || vec![("above", empty("The head of this page."))]),
    of("rows", "rows", || {
        let line = |name: &'static str| {
            view! { <li><button type="button" class="row">{name}</button></li> }
        };
        let lines = Vec::from(["Okello, Grace", "Reyes, Juan", "Diallo, Awa"].map(line));
        let list = view! { <ul on:keydown=|event| walk_rows(&event)>{lines}</ul> };
        vec![("walked by the arrow keys", list.into_any())]
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
    of("unbroken", "unbroken", || {
        let text = "Born 14-Mar-1980, phone 0700-123-456, and so on.";
        vec![("in a narrow place", view! { <p class="narrow">{unbroken(text)}</p> }.into_any())]
    }),
];

/// The icons, each with the word it stands beside.
const ICONS: [(&str, Icon); 13] = [
    ("alert", Icon::Alert),
    ("check", Icon::Check),
    ("conflict", Icon::Conflict),
    ("find", Icon::Find),
    ("import", Icon::Import),
    ("info", Icon::Info),
    ("keys", Icon::Keys),
    ("lock", Icon::Lock),
    ("paper", Icon::Paper),
    ("people", Icon::People),
    ("sync", Icon::Sync),
    ("tasks", Icon::Tasks),
    ("today", Icon::Today),
];

const fn of(
    name: &'static str,
    file: &'static str,
    states: fn() -> Vec<(&'static str, AnyView)>,
) -> Specimen {
    Specimen { name, file, states }
}

fn ignore() {}

fn label(id: &str, hint: Option<&'static str>, fault: Option<&str>) -> FieldLabel {
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
