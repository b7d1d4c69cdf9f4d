//! How the sync stands, in the top bar. Offline is normal.

mod model;

use crate::components::{Icon, icon};
use crate::frame::{Frame, Route};
use crate::host::clock;
use crate::i18n::t;
use crate::words;
use leptos::prelude::*;
use model::sync_words;
use std::time::Duration;

const MINUTE: Duration = Duration::from_secs(60);

/// The chip; it leads to the sync page.
pub(crate) fn sync_chip(frame: Frame) -> AnyView {
    // The age it tells grows by itself.
    let minute = RwSignal::new(());
    let timer = set_interval_with_handle(move || minute.try_set(()).unwrap_or_default(), MINUTE);
    on_cleanup(move || drop(timer.map(|timer| timer.clear())));
    let said = move || {
        let moment = |at| words::moment(clock::local(at), clock::today());
        minute.track();
        frame.sync.ready().map(|sync| sync_words(&sync, clock::now(), &moment))
    };
    let class = move || {
        let tone = said().map_or("plain", |said| said.tone.class());
        format!("chip sync-chip {tone}")
    };
    let text = move || said().map_or_else(|| t("sync.unknown").to_owned(), |said| said.text);
    view! {
        <button type="button" class=class data-testid="sync-chip" on:click=move |_| frame.go(Route::Sync)>
            {icon(Icon::Sync)}
            <span role="status">{text}</span>
        </button>
    }
    .into_any()
}
