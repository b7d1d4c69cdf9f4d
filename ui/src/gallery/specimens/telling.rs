//! What is read and heard.

use super::{Specimen, ignore, of};
use crate::components::{
    Icon, Press, Tone, announcer, brand, button, card, chip, empty, fact, facts, icon, loading,
    measured, notice, plain_card, progress, quiet_button, remark, saved_state, scroller, status,
    table, toast, unbroken, understood,
};
use crate::markup::prelude::*;

/// The components.
pub(super) const SPECIMENS: &[Specimen] = &[
    of("brand", "brand", || vec![("as it is", brand())]),
    of("card", "card", || {
        let add = button(Press::Plain, "Add", ignore);
        vec![("with something to do", card("specimen-card", "Problems", add, paragraph()))]
    }),
    of("plain-card", "card", || vec![("a part of a page", plain_card("Computers", paragraph()))]),
    of("chip", "chip", || TONES.map(|tone| (tone.class(), chip(tone, "High risk"))).into()),
    of("facts", "facts", || {
        let both = vec![fact("Clinic", "Lakeside"), fact("Waiting to be sent", "3")];
        vec![("names and values", facts(both))]
    }),
    of("icon", "icon", || ICONS.map(|(name, it)| (name, icon(it))).into()),
    of("notice", "notice", || {
        let told = |tone: Tone| {
            let act = Some(button(Press::Plain, "Try again", ignore));
            (tone.class(), notice(tone, "The disk is full", "Nothing was lost.", act))
        };
        TONES.map(told).into()
    }),
    of("empty", "notice", || vec![("nothing there", empty("No problems are recorded."))]),
    of("loading", "notice", || vec![("after 150 ms", loading("Reading…"))]),
    // The one of this page: a second would be a second name for it.
    of("page-head", "page_head", || vec![("above", empty("The head of this page."))]),
    of("progress", "progress", || {
        let bar = |far, said: &'static str| progress("Files read", far, said.into_any());
        vec![
            ("nobody knows how far", bar(None, "412 patients")),
            ("under way", bar(Some((1, 3)), "1 of 3 files")),
            ("over", bar(Some((3, 3)), "3 of 3 files")),
        ]
    }),
    of("status", "status", || {
        let written = view! { <p>"The code works until 14:30."</p> };
        vec![
            ("nothing to tell", status(().into_any())),
            ("told", status(written.into_any())),
            ("understood", understood(|| Some("14-Mar-1980 (46y)".to_owned()))),
            ("to be looked at", remark("That is 9 times in 24 hours.".to_owned())),
            ("kept", saved_state(|| false, || "Kept on this computer")),
            ("not kept", saved_state(|| true, || "Not kept: the disk is full")),
            ("heard alone", announcer(|| "Chart of OKELLO, Grace".to_owned())),
        ]
    }),
    of("scroller", "scroller", || {
        let lines = (1..40_u32).map(|n| view! { <p>{n}</p> }).collect_view();
        vec![("longer than its place", scroller("scroll", "Remarks", lines.into_any()))]
    }),
    of("table", "table", || {
        let row = |name: &'static str, role: &'static str| {
            view! { <tr><th scope="row">{name}</th><td>{role}</td></tr> }.into_any()
        };
        let rows = vec![row("Dr Ana Reyes", "Admin"), row("Rose Akello", "Clinician")];
        vec![("two columns", table("", "People", &["Name", "Role"], rows))]
    }),
    of("toast", "toast", || {
        let undo = quiet_button("Undo", "Undo: allergy recorded", ignore);
        let go = quiet_button("Go there", "Go there: OKELLO, Grace", ignore);
        vec![
            ("done, with the way back", toast("done", Tone::Ok, "Allergy recorded", undo)),
            ("it waits", toast("aside", Tone::Warning, "A note waits at OKELLO, Grace", go)),
        ]
    }),
    of("measured", "measured", || {
        let text = "الجرعة 2.5\u{a0}mg — مرة واحدة يوميًا";
        let line = view! { <p dir="rtl">{measured(text)}</p> };
        vec![("in a line that runs from right to left", line.into_any())]
    }),
    of("unbroken", "unbroken", || {
        let text = "Born 14-Mar-1980, phone 0700-123-456, and so on.";
        vec![("in a narrow place", view! { <p class="narrow">{unbroken(text)}</p> }.into_any())]
    }),
];

const TONES: [Tone; 6] =
    [Tone::Plain, Tone::Ok, Tone::Info, Tone::Warning, Tone::Critical, Tone::Conflict];

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

fn paragraph() -> AnyView {
    view! { <p>"What it holds."</p> }.into_any()
}
