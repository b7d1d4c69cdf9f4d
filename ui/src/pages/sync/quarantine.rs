//! What was set aside, for who looks after the clinic's computers.

use super::words::{advice, computer, reason};
use crate::backend::remote;
use crate::components::{Tone, chip};
use crate::host::clock;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use crate::pages::shown::shown;
use crate::words;
use api::{ListQuarantine, QuarantineAwaits, QuarantineItem, QuarantineView, Topic};

/// Items on the card.
const SHOWN_MAX: u32 = 100;

/// The card; nothing where nothing was set aside.
pub(super) fn quarantine() -> AnyView {
    let aside = remote(|| Some(ListQuarantine { limit: SHOWN_MAX }), |topic| topic == Topic::Sync);
    shown(aside, |view| if view.items.is_empty() { ().into_any() } else { card(view) })
}

fn card(view: QuarantineView) -> AnyView {
    let more =
        (view.more > 0).then(|| view! { <p class="hint">{tn("quarantine.more", view.more)}</p> });
    let rows = view.items.into_iter().map(|item| row(&item)).collect_view();
    view! {
        <section class="card" data-testid="quarantine">
            <header class="card-head"><h2>{t("quarantine.title")}</h2></header>
            <p class="hint">{t("quarantine.safe")}</p>
            <ul class="lines">{rows}</ul>
            {more}
        </section>
    }
    .into_any()
}

fn row(item: &QuarantineItem) -> AnyView {
    let when = words::moment(clock::local(item.at), clock::today());
    let size = tf("quarantine.size", &[("bytes", &item.bytes.to_string())]);
    let waits = item.awaits == QuarantineAwaits::Keys;
    view! {
        <li class="line flow">
            <p class="line-text"><b><bdi>{computer(item.name.as_deref()).to_owned()}</bdi></b> " · " {when} " · " {size}</p>
            {waits.then(|| chip(Tone::Info, t("quarantine.waits")))}
            <p class="line-text">{reason(item.reason)} " " {advice(item.awaits)}</p>
        </li>
    }
    .into_any()
}
