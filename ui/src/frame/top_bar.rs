//! The bar at the top: clinic, find, sync, how much is here, who is signed in, lock.

use super::{Frame, Gate, Route, Sheet, lock};
use crate::components::{Icon, icon, quiet_button};
use crate::i18n::{t, tn};
use crate::markup::prelude::*;
use crate::sections::{job_chip, part_chip, sync_chip};
use crate::words;

/// Draws the bar.
pub(super) fn top_bar(frame: Frame, gate: Gate) -> AnyView {
    let session = frame.session.get_value();
    let find = move |_| frame.palette.toggle();
    let demonstration = session.demonstration.then(|| {
        view! { <p class="demonstration">{t("frame.demonstration")}</p> }
    });
    let removed = move || {
        let sync = frame.sync.ready().filter(|sync| sync.is_removed())?;
        let unsent = (sync.to_send > 0).then(|| tn("alarm.revoked.unsent", sync.to_send));
        let more = quiet_button(t("alarm.revoked.more"), t("alarm.revoked.more"), move || {
            frame.go(Route::Sync);
        });
        Some(view! {
            <div class="removed" data-testid="removed" role="alert">
                <p>{t("alarm.revoked.band")} " " {unsent}</p> {more}
            </div>
        })
    };
    view! {
        <header class="top">
            <div class="top-bar">
            <p class="clinic">{session.clinic_name}</p>
            <button type="button" class="button find-button" on:click=find>
                {icon(Icon::Find)}
                {t("frame.find")}
                <kbd>"Ctrl+K"</kbd>
            </button>
            <div class="top-end">
                {job_chip(frame)}
                {sync_chip(frame)}
                {part_chip(frame)}
                <p class="who">
                    <b>{session.name}</b>
                    " "
                    {words::role(session.role)}
                </p>
                <button
                    type="button"
                    class="button quiet"
                    aria-label=t("frame.keys")
                    on:click=move |_| frame.open(Sheet::Keys)
                >
                    {icon(Icon::Keys)}
                </button>
                <button type="button" class="button" on:click=move |_| lock(frame, gate)>
                    {icon(Icon::Lock)}
                    {t("frame.lock")}
                </button>
            </div>
        </div>
            {demonstration}
            {removed}
        </header>
    }
    .into_any()
}
