//! How the sync stands, in the top bar. Offline is normal.

mod model;

use crate::components::{Icon, icon};
use crate::frame::{Frame, Route};
use crate::host::clock;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words;
use model::sync_words;

/// The chip; it leads to the sync page.
pub(crate) fn sync_chip(frame: Frame) -> AnyView {
    let said = move || {
        let moment = |at| words::moment(clock::local(at), clock::today());
        // The age it tells grows by itself.
        frame.minute.track();
        let goes_on = frame.exchange.get();
        frame.sync.ready().map(|sync| sync_words(&sync, goes_on, clock::now(), &moment))
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
