//! The window of a signed-in person: top bar, rail, banner, page, sheet.

use super::{Frame, Gate, Route, idle, shortcuts};
use super::{
    aside::aside_line, done::done_line, palette::palette, rail::rail, sheet_region::sheet_region,
    top_bar::top_bar,
};
use crate::components::{announcer, skip_link};
use crate::host::focus;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::pages;
use api::SessionView;

/// Draws it.
pub(super) fn workspace(session: SessionView) -> AnyView {
    let frame = Frame::new(session);
    let gate = Gate::here();
    // What the last lock could not keep was told at the door.
    gate.lost.set(false);
    shortcuts::listen(frame, gate);
    idle::watch(frame, gate);
    let has_line =
        move || frame.sheets.with(|sheets| sheets.last().is_some_and(super::Sheet::is_line));
    view! {
        <div class="workspace" class:with-line=has_line>
            {skip_link(t("frame.skip"), || focus::to_id("main"))}
            {top_bar(frame, gate)}
            {rail(frame)}
            {move || page(frame, frame.route.get())}
            {sheet_region(frame)}
            {palette(frame, gate)}
            <section class="done-lines" aria-label=t("done.region")>
                {aside_line(frame)} {done_line(frame)}
            </section>
            {announcer(move || frame.said.get())}
        </div>
    }
    .into_any()
}

fn page(frame: Frame, route: Route) -> AnyView {
    let inner = match route {
        Route::Chart(patient) => return pages::chart(frame, patient),
        Route::Visit(patient, encounter) => return pages::visit(frame, patient, encounter),
        Route::Today => pages::today(frame),
        Route::Find => pages::find(frame),
        Route::Inbox => pages::inbox(frame),
        Route::Import => pages::import(),
        Route::Sync => pages::sync(frame),
        Route::People => pages::people(frame),
        Route::Letterhead => pages::letterhead(frame),
        Route::Audit => pages::audit(frame),
        Route::Account => pages::account(frame),
    };
    view! { <main id="main" tabindex="-1">{inner}</main> }.into_any()
}
