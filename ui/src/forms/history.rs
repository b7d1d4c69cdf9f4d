//! What an entry has been.

use super::shown;
use crate::backend::remote;
use crate::components::{empty, fact, facts};
use crate::frame::Subject;
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::words;
use api::{GetHistory, HistoryItem, Topic};
use clinical::EntryRef;

/// The changes of an entry, newest first.
pub(crate) fn history(subject: &Subject, entry: EntryRef, label: String) -> AnyView {
    let patient = subject.patient;
    let items = remote(
        move || Some(GetHistory { patient, entry }),
        move |topic| topic == Topic::Chart(patient),
    );
    let list = shown(items, |items| {
        if items.is_empty() {
            return empty(t("history.empty"));
        }
        let rows = items.iter().map(row).collect_view();
        view! { <ol class="history">{rows}</ol> }.into_any()
    });
    view! { <p class="quoted"><bdi>{label}</bdi></p> {list} }.into_any()
}

fn row(item: &HistoryItem) -> AnyView {
    let when = words::moment(clock::local(item.stamp.at), clock::today());
    let or =
        |name: &str, other| if name.is_empty() { t(other).to_owned() } else { name.to_owned() };
    let (who, device) = (or(&item.author, "written.person"), or(&item.device, "written.device"));
    let by = tf("written.by", &[("who", &who), ("when", &when), ("device", &device)]);
    // That it was a mistake is said by the name alone.
    let is_mark = item.field == "withdrawn";
    let (whole, named) =
        if is_mark { (String::new(), Vec::new()) } else { words::history_value(&item.value) };
    let named = named.into_iter().map(|(name, words)| fact(name, words)).collect();
    view! {
        <li>
            <p class="written">{by}</p>
            <p><b>{words::history_field(&item.field)}</b></p>
            <p class="value"><bdi>{whole}</bdi></p>
            {facts(named)}
        </li>
    }
    .into_any()
}
