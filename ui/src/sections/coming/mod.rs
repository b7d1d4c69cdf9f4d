//! What is said while not all of the clinic's record is on this computer; nothing once it is here.

mod model;

use crate::backend::on_exchanging;
use crate::components::{Icon, Tone, icon, notice, progress};
use crate::frame::{Frame, Route};
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words::exchange_words;
use api::{Coming, SyncProgress};
use model::share_words;
pub(crate) use model::{coming_words, rest_words};

/// Where somebody looks for a patient: who is not found may be one of those that come.
pub(crate) fn coming_band(frame: Frame) -> AnyView {
    band(frame, "coming-band", Tone::Info, ["coming.find", "coming.part.find"])
}

/// Where somebody registers a patient: the chart may be there already, and not here.
pub(crate) fn coming_before_registering(frame: Frame) -> AnyView {
    band(frame, "coming-register", Tone::Warning, ["coming.register", "coming.part.register"])
}

/// What helps while it comes, or where a part is held because somebody chose so.
fn band(frame: Frame, id: &'static str, tone: Tone, helps: [&'static str; 2]) -> AnyView {
    let comes = Memo::new(move |_| coming(frame));
    let is_part = Memo::new(move |_| comes.get().map(|comes| (comes.by_choice, comes.listed)));
    // The words alone move on: who listens is told once that it comes, and not with every page.
    let words = move || comes.get().map(|comes| coming_words(&comes)).unwrap_or_default();
    let view = move || {
        is_part.get().map(|is_part| {
            let [comes, part] = helps;
            let (title, help) = match is_part {
                (false, _) => ("coming.title", comes),
                (true, true) => ("coming.part.title", part),
                (true, false) => ("coming.part.title", "coming.part.unlisted"),
            };
            view! {
                <div class="stack coming" data-testid=id>
                    {notice(tone, t(title), t(help), None)}
                    <p class="hint" data-testid="coming-far">{words}</p>
                </div>
            }
        })
    };
    view.into_any()
}

/// How many charts are here, in the top bar, while that is not all of them; it leads to the page that
/// says more.
pub(crate) fn part_chip(frame: Frame) -> AnyView {
    let said = Memo::new(move |_| coming(frame).as_ref().and_then(share_words));
    let is_part = Memo::new(move |_| said.get().is_some());
    // The words alone move on: whoever is on it stays there.
    let chip = move || {
        is_part.get().then(|| {
            view! {
                <button type="button" class="chip sync-chip part-chip plain" data-testid="part-chip" on:click=move |_| frame.go(Route::Sync)>
                    {icon(Icon::Computer)}
                    <span>{move || said.get()}</span>
                </button>
            }
        })
    };
    chip.into_any()
}

/// How much is here, by the exchange that goes on or by how the sync stands.
pub(crate) fn coming(frame: Frame) -> Option<Coming> {
    let goes_on = frame.exchange.get().and_then(|exchange| exchange.coming);
    let stands = frame.sync.ready()?.coming?;
    Some(goes_on.unwrap_or(stands))
}

/// How far a joining has come, before anybody is signed in.
pub(crate) fn arriving() -> AnyView {
    let far = RwSignal::new(None::<SyncProgress>);
    on_exchanging(move |now| {
        far.try_set(Some(now));
    });
    let view = move || {
        far.get().map(|now| {
            // Before anybody knows how much there is, what has come so far.
            let so_far = || exchange_words(&now).join(" ");
            let words = now.coming.map_or_else(so_far, |comes| coming_words(&comes));
            let body = view! { <span class="whole">{words}</span> };
            let places = now.received.saturating_add(now.to_receive);
            let far = (now.to_receive > 0).then_some((now.received, places));
            progress(t("coming.joining"), far, body.into_any())
        })
    };
    view! { <div data-testid="arriving">{view}</div> }.into_any()
}
