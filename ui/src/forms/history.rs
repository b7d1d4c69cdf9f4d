//! What an entry has been.

use super::shown;
use crate::backend::{Remote, remote};
use crate::components::{Tone, chip, empty, fact, facts, unbroken};
use crate::frame::Subject;
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::places_of;
use crate::words;
use api::{GetHistory, GetWhereabouts, HistoryItem, Topic};
use clinical::{EntryRef, PatientId};

/// The changes of an entry, newest first.
pub(crate) fn history(subject: &Subject, entry: EntryRef, label: &str) -> AnyView {
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
    view! { <p class="quoted"><bdi>{unbroken(label)}</bdi></p> {whereabouts(patient, entry, items)} {list} }
        .into_any()
}

/// Where it is as it reads now.
fn whereabouts(patient: PatientId, entry: EntryRef, items: Remote<Vec<HistoryItem>>) -> AnyView {
    let places = remote(
        move || Some(GetWhereabouts { patient }),
        move |topic| [Topic::Chart(patient), Topic::Sync].contains(&topic),
    );
    let line = move || {
        let places = places.ready()?;
        let writer = items.ready()?.first().map(|item| item.stamp.device);
        let text = if places.elsewhere && !places.is_only_here(entry, writer) {
            places_of(places.holders_of(entry, writer))
        } else {
            t("where.only-here").to_owned()
        };
        Some(facts(vec![fact(t("where.title"), text)]))
    };
    line.into_any()
}

fn row(item: &HistoryItem) -> AnyView {
    let when = words::moment(clock::local(item.stamp.at), clock::today());
    let or =
        |name: &str, other| if name.is_empty() { t(other).to_owned() } else { name.to_owned() };
    let (who, device) = (or(&item.author, "written.person"), or(&item.device, "written.device"));
    let by = tf("written.by", &[("who", &who), ("when", &when), ("device", &device)]);
    let decided = item.decides.then(|| view! { {chip(Tone::Plain, t("history.decided"))} " " });
    // That it was a mistake is said by the name alone.
    let is_mark = item.field == "withdrawn";
    let (whole, named) =
        if is_mark { (String::new(), Vec::new()) } else { words::history_value(&item.value) };
    let named = named.into_iter().map(|(name, words)| fact(name, words)).collect();
    view! {
        <li>
            <p class="written">{decided} {unbroken(&by)}</p>
            <p><b>{words::history_field(&item.field)}</b></p>
            <p class="value"><bdi>{unbroken(&whole)}</bdi></p>
            {facts(named)}
        </li>
    }
    .into_any()
}
