//! What is pressed, opened and gone through.

use super::{Specimen, ignore, of};
use crate::components::{
    Disclosure, Icon, Modal, Press, beside, button, disclosure, fold_button, link_button, nav_link,
    past, quiet_button, skip_link, text_input, tile, tiles, toggle_button, walk_rows,
};
use crate::gallery::specimens::typing::label;
use crate::host::focus;
use crate::markup::prelude::*;

/// The components.
pub(super) const SPECIMENS: &[Specimen] = &[
    of("button", "button", || {
        vec![
            ("the one thing to do", button(Press::Main, "Record", ignore)),
            ("something else", button(Press::Plain, "Cancel", ignore)),
        ]
    }),
    of("quiet-button", "button", || {
        vec![("beside a line", quiet_button("Stop", "Stop amoxicillin 500 mg", ignore))]
    }),
    of("link-button", "button", || {
        vec![("within a line", link_button("OKELLO, Grace".into_any(), ignore))]
    }),
    of("toggle-button", "button", || {
        let one = |name: &str, begins: bool| {
            let pressed = RwSignal::new(begins);
            let turn = move || pressed.update(|pressed| *pressed = !*pressed);
            toggle_button("This one holds", name.to_owned(), move || pressed.get(), turn)
        };
        vec![
            ("not pressed", one("This one holds: DOSE 5 mg", false)),
            ("pressed", one("This one holds: DOSE 10 mg", true)),
        ]
    }),
    of("tile", "tile", || {
        let chosen = RwSignal::new("ana");
        let one = |name: &'static str, help| {
            tile(name.to_owned(), help, move || chosen.get() == name, move || chosen.set(name))
        };
        let tiles = tiles("specimen-tile", vec![one("ana", None), one("rose", Some("Clinician"))]);
        vec![("one is chosen", tiles)]
    }),
    of("dialog", "dialog", || {
        let modal = Modal::new();
        let drawn = modal.view("specimen-modal", "Find", move || {
            let line = text_input(label("modal-line", None, None), "text", String::new(), drop);
            let close = button(Press::Plain, "Close", move || modal.close());
            view! { {line} {close} }.into_any()
        });
        let open = button(Press::Plain, "Open the dialog", move || modal.toggle());
        vec![("opens over the page", view! { {open} {drawn} }.into_any())]
    }),
    of("dialog-beside", "dialog", || {
        let close = quiet_button("Close", "Close the form", ignore);
        let body = view! { <p>"What is typed, while the page goes on."</p> };
        vec![("open", beside("sheet", "Add an allergy", close, body.into_any()))]
    }),
    of("disclosure", "disclosure", || {
        let one = |unfolded| {
            disclosure(Disclosure {
                class: "pin",
                mark: None,
                unfolded,
                line: "What the server is known by".into_any(),
                body: view! { <p>"sha256:5d1c"</p> }.into_any(),
            })
        };
        vec![
            ("folded, and kept by the browser", one(None)),
            ("unfolded, and kept by its owner", one(Some(RwSignal::new(true)))),
        ]
    }),
    of("past", "disclosure", || {
        let line = |what: &&str| view! { <li>{(*what).to_owned()}</li> }.into_any();
        let one = |unfolded| {
            past(RwSignal::new(unfolded), "Over (1)".to_owned(), vec!["Malaria, 2019"], line)
        };
        vec![("folded", one(false).into_any()), ("unfolded", one(true).into_any())]
    }),
    of("fold-button", "disclosure", || {
        let unfolded = RwSignal::new(false);
        let turn = move || unfolded.update(|unfolded| *unfolded = !*unfolded);
        let button = fold_button("button", "Contact".into_any(), "specimen-folded", unfolded, turn);
        let folded =
            move || unfolded.get().then(|| view! { <p id="specimen-folded">"Hill Road 4"</p> });
        vec![("folded", view! { {button} {folded} }.into_any())]
    }),
    of("nav-link", "nav", || {
        let to = |here: bool, count: Option<u64>| {
            let words = ["waiting", "not known"];
            nav_link((Icon::Tasks, "Inbox"), move || here, (move || count, words), ignore)
        };
        vec![
            ("another page", to(false, Some(0))),
            ("this page, where two wait", to(true, Some(2))),
            ("how many wait is not known", to(false, None)),
        ]
    }),
    of("skip-link", "nav", || {
        let skip = skip_link("Skip to the page", || focus::to_id("main"));
        vec![("seen with the keyboard on it", skip)]
    }),
    of("rows", "rows", || {
        let line = |name: &'static str| {
            view! { <li><button type="button" class="row">{name}</button></li> }
        };
        let lines = Vec::from(["Okello, Grace", "Reyes, Juan", "Diallo, Awa"].map(line));
        let list = view! { <ul on:keydown=|event| walk_rows(&event)>{lines}</ul> };
        vec![("walked by the arrow keys", list.into_any())]
    }),
];
