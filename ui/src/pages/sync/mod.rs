//! Server, exchange, what must be decided, computers, the clinic's keys, and charts from and to
//! other clinics.

mod alarms;
mod aside;
mod clinic_keys;
mod copied;
mod devices;
mod disputes;
mod erased;
mod given;
mod hold;
mod kit;
mod lan;
mod model;
mod quarantine;
mod server;
mod stick;
mod words;

use super::shown::shown;
use crate::backend::call;
use crate::components::{
    Disclosure, Press, Tone, button, disclosure, fact, facts, notice, page_head, plain_card,
    progress, stop_button,
};
use crate::forms::failure_notice;
use crate::frame::{Frame, sync_now};
use crate::host::clock;
use crate::i18n::{t, tn};
use crate::markup::prelude::*;
use crate::words as said;
use api::{StopSync, SyncPhase, SyncProgress, SyncView};
use leptos::task::spawn_local;
use model::{Standing, address, facts as said_of, fingerprint, may_sync, quarantined_help};

/// The page.
pub(crate) fn sync(frame: Frame) -> AnyView {
    let may_sync = Memo::new(move |_| frame.sync.ready().is_some_and(|view| may_sync(&view)));
    let now =
        move || may_sync.get().then(|| button(Press::Main, t("sync.now"), move || sync_now(frame)));
    // What is recorded on a computer that was removed waits for nothing.
    let removed = Memo::new(move |_| frame.sync.ready().is_some_and(|view| view.is_removed()));
    let aside = frame.is_admin().then(|| quarantine::quarantine(frame));
    let gone = frame.is_admin().then(erased::erased);
    let copied = frame.is_admin().then(|| copied::copied(frame));
    // Nor can it let others in, or reach a server.
    let admin = move || {
        let may = frame.is_admin() && !removed.get();
        may.then(
            || view! { {server::server(frame)} {lan::lan(frame)} {devices::devices(frame)} {clinic_keys::clinic_keys(frame)} {kit::kit(frame)} },
        )
    };
    let goes_on = Memo::new(move |_| frame.exchange.get().is_some());
    let state = move |view| state(frame, &model::as_it_goes_on(view, goes_on.get()));
    let head = move || {
        let text = if removed.get() { "" } else { t("sync.text") };
        page_head(t("sync.title"), text, Some(now.into_any()))
    };
    view! {
        {head}
        <div class="stack" data-testid="sync-page">{shown(frame.sync, state)} {disputes::disputes(frame, removed)} {copied} {aside} {hold::hold(frame)} {stick::stick(frame)} {given::given(frame)} {admin} {gone}</div>
    }
    .into_any()
}

fn state(frame: Frame, view: &SyncView) -> AnyView {
    let moment = |at| said::moment(clock::local(at), clock::today());
    let rows =
        said_of(view, &moment).into_iter().map(|(label, value)| fact(label, value)).collect();
    let removed = view.is_removed();
    let alarms = alarms::alarms(frame, view, &moment);
    let set_aside = (view.quarantined > 0).then(|| {
        notice(
            Tone::Warning,
            tn("sync.quarantined", view.quarantined),
            quarantined_help(view, frame.is_admin()),
            None,
        )
    });
    let too_large = (view.too_large > 0).then(|| {
        notice(Tone::Warning, tn("sync.too-large", view.too_large), t("sync.too-large.help"), None)
    });
    let files = view
        .files_wait
        .map(|code| notice(Tone::Warning, t("files.waits"), said::error(code).what, None));
    let unreadable = (view.unreadable > 0).then(|| {
        let what = tn("sync.unreadable", view.unreadable);
        notice(Tone::Warning, what, t("sync.unreadable.help"), None)
    });
    // That the server lets it in no longer is what the removal says already.
    let standing = model::standing(view, frame.is_admin(), &moment);
    let failure = match &view.phase {
        SyncPhase::Failed(_) if removed || standing.is_some() => None,
        SyncPhase::Failed(error) => Some(failure_notice(error, None)),
        SyncPhase::Alone | SyncPhase::Idle | SyncPhase::Running => None,
    };
    // Of one that waits for its first answer nothing is told yet; it can be stopped, too.
    let waits = (view.phase == SyncPhase::Running).then(SyncProgress::default);
    let body = view! {
            {standing.map(|Standing { tone, what, help }| notice(tone, what, help, None))}
            {failure}
            {alarms}
            {move || (!removed).then(|| disputes::counted(frame))}
            {files}
            {too_large}
            {unreadable}
            {set_aside}
            {going_on(frame, waits)}
            {facts(rows)}
            {view.server.as_deref().and_then(|server| address(server).1.map(pin))}
    };
    plain_card(t("sync.state"), body.into_any())
}

/// How far the exchange that goes on has come, where one does.
fn going_on(frame: Frame, waits: Option<SyncProgress>) -> AnyView {
    let now = Memo::new(move |_| frame.exchange.get().or(waits));
    let goes_on = Memo::new(move |_| now.get().is_some());
    // The bar and the words alone move on.
    let bar = move || {
        now.get().map(|now| {
            let far = (now.to_receive > 0).then(|| (now.received, now.received + now.to_receive));
            let counts = said::exchange_words(&now)
                .into_iter()
                .map(|line| view! { <span class="whole">{line}</span> " " });
            progress(t("sync.running"), far, counts.collect_view().into_any())
        })
    };
    let ask = || {
        spawn_local(async {
            // That it could not be asked to stop is seen by what goes on.
            drop(call(&StopSync {}).await);
        });
    };
    let view = move || {
        // What came is taken in first.
        let stop = goes_on.get().then(|| stop_button(frame.stopping, t("sync.stop"), ask));
        stop.map(|stop| view! { {bar} <div class="actions">{stop}</div> })
    };
    view.into_any()
}

/// What the server is known by: enough to compare by eye, and the whole unfolded.
fn pin(pin: &str) -> AnyView {
    let short = fingerprint(pin);
    let line = view! { {t("sync.pin")} " " <code dir="ltr">{short}</code> };
    let body =
        view! { <p class="hint">{t("sync.pin.help")}</p> <code dir="ltr">{pin.to_owned()}</code> };
    disclosure(Disclosure {
        class: "pin",
        mark: None,
        unfolded: None,
        line: line.into_any(),
        body: body.into_any(),
    })
}
