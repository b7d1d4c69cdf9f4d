//! Server, exchange, computers.

mod devices;
mod model;
mod quarantine;
mod words;

use super::shown::shown;
use crate::components::{Press, Tone, button, notice, page_head};
use crate::forms::{Form, failure_notice};
use crate::frame::Frame;
use crate::frame::sync_now;
use crate::host::clock;
use crate::i18n::{t, tn};
use crate::markup::prelude::*;
use crate::words as said;
use api::{AlarmKind, SetServer, SyncPhase, SyncView};
use clinical::Finding;
use model::{address, facts, fingerprint, quarantined_help};

/// The page.
pub(crate) fn sync(frame: Frame) -> AnyView {
    let has_server =
        move || frame.sync.ready().is_some_and(|view| view.server.is_some() && !view.is_removed());
    let now =
        move || has_server().then(|| button(Press::Main, t("sync.now"), move || sync_now(frame)));
    let admin = frame
        .is_admin()
        .then(|| view! { {quarantine::quarantine()} {server(frame)} {devices::devices()} });
    // What is recorded on a computer that was removed waits for nothing.
    let removed = Memo::new(move |_| frame.sync.ready().is_some_and(|view| view.is_removed()));
    let head = move || {
        let text = if removed.get() { "" } else { t("sync.text") };
        page_head(t("sync.title"), text, Some(now.into_any()))
    };
    view! {
        {head}
        <div class="stack" data-testid="sync-page">{shown(frame.sync, move |view| state(frame, &view))} {admin}</div>
    }
    .into_any()
}

fn state(frame: Frame, view: &SyncView) -> AnyView {
    let moment = |at| said::moment(clock::local(at), clock::today());
    let rows = facts(view, &moment)
        .into_iter()
        .map(|(label, value)| view! { <dt>{label}</dt><dd><bdi>{value}</bdi></dd> })
        .collect_view();
    let removed = view.is_removed();
    let alarms = view.alarms.iter().filter(|raised| !removed || raised.alarm == AlarmKind::Revoked);
    let alarms = alarms.map(|raised| {
        let (what, help) = words::alarm(&raised.alarm);
        let unsent =
            (removed && view.to_send > 0).then(|| tn("alarm.revoked.unsent", view.to_send));
        let help = [Some(help.to_owned()), unsent].into_iter().flatten().collect::<Vec<_>>();
        notice(Tone::Warning, what, help.join(" "), None)
    });
    let set_aside = (view.quarantined > 0).then(|| {
        notice(
            Tone::Warning,
            tn("sync.quarantined", view.quarantined),
            quarantined_help(view),
            None,
        )
    });
    let too_large = (view.too_large > 0).then(|| {
        notice(Tone::Warning, tn("sync.too-large", view.too_large), t("sync.too-large.help"), None)
    });
    let unreadable = (view.unreadable > 0).then(|| {
        let what = tn("sync.unreadable", view.unreadable);
        notice(Tone::Warning, what, t("sync.unreadable.help"), None)
    });
    // That the server lets it in no longer is what the removal says already.
    let failure = match &view.phase {
        SyncPhase::Failed(_) if removed => None,
        SyncPhase::Failed(error) => Some(failure_notice(error, None)),
        SyncPhase::Alone | SyncPhase::Idle | SyncPhase::Running => None,
    };
    view! {
        <section class="card">
            <header class="card-head"><h2>{t("sync.state")}</h2></header>
            {view.server.is_none().then(|| alone(frame))}
            {failure}
            {alarms.collect_view()}
            {too_large}
            {unreadable}
            {set_aside}
            <dl class="facts">{rows}</dl>
            {view.server.as_deref().and_then(|server| address(server).1.map(pin))}
        </section>
    }
    .into_any()
}

/// What it means that no server is set, and who can set one.
fn alone(frame: Frame) -> AnyView {
    let key = if frame.is_admin() { "sync.alone.help-admin" } else { "sync.alone.help" };
    notice(Tone::Info, t("sync.alone.what"), t(key), None)
}

/// What the server is known by: enough to compare by eye, and the whole unfolded.
fn pin(pin: &str) -> AnyView {
    let short = fingerprint(pin);
    view! {
        <details class="pin">
            <summary>{t("sync.pin")} " " <code dir="ltr">{short}</code></summary>
            <p class="hint">{t("sync.pin.help")}</p>
            <code dir="ltr">{pin.to_owned()}</code>
        </details>
    }
    .into_any()
}

#[derive(Debug, Clone, Default)]
struct ServerDraft {
    server: String,
}

fn server(frame: Frame) -> AnyView {
    let form = Form::new("server", ServerDraft::default());
    let submit = move || {
        let server = form.draft.with_untracked(|draft| draft.server.trim().to_owned());
        if server.is_empty() {
            return form.mend(&[Finding::error("server", "required", t("form.required"))]);
        }
        form.send(SetServer { server }, move |()| {
            frame.sync.refetch();
            frame.say(t("sync.server-set"));
        });
    };
    let label = form.label("server", t("sync.server"), Some(t("first-run.server.hint")));
    view! {
        <section class="card">
            <header class="card-head"><h2>{t("sync.set-server")}</h2></header>
            {form.shell(form.line(label, |d| &mut d.server), t("sync.set-server").to_owned().into(), submit)}
        </section>
    }
    .into_any()
}
