//! What was set aside, and what is decided of it, for who looks after the clinic's computers.

use super::aside::{Choices, Group, choices, groups};
use super::words::{advice, computer, reason};
use crate::backend::{Remote, remote};
use crate::components::{Tone, chip, notice, quiet_button, status};
use crate::forms::Form;
use crate::frame::{Frame, Route};
use crate::host::clock;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use crate::pages::shown::shown;
use crate::sections::who_line;
use crate::words;
use api::{
    AsideOf, DecideSetAside, ListQuarantine, QuarantineAwaits, QuarantineView, RetrySetAside, Topic,
};
use clinical::Instant;

/// Items on the card.
const SHOWN_MAX: u32 = 500;

/// Charts that are named of a group.
const CHARTS_SHOWN: usize = 10;

/// What is being decided: of which batch's group, and whether it is taken in.
type Asked = RwSignal<Option<(String, bool)>>;

/// The card; nothing where nothing was set aside.
pub(super) fn quarantine(frame: Frame) -> AnyView {
    let aside = remote(|| Some(ListQuarantine { limit: SHOWN_MAX }), |topic| topic == Topic::Sync);
    let (asked, looked) = (RwSignal::new(None), RwSignal::new(None::<u64>));
    shown(aside, move |view| match view.items.is_empty() {
        true => ().into_any(),
        false => card(frame, aside, (asked, looked), view),
    })
}

fn card(
    frame: Frame,
    aside: Remote<QuarantineView>,
    (asked, looked): (Asked, RwSignal<Option<u64>>),
    view: QuarantineView,
) -> AnyView {
    let more =
        (view.more > 0).then(|| view! { <p class="hint">{tn("quarantine.more", view.more)}</p> });
    let rows =
        groups(view.items).into_iter().map(|group| row(frame, aside, asked, group)).collect_view();
    let told =
        move || looked.get().map(|n| view! { <p class="hint">{tn("quarantine.looked", n)}</p> });
    view! {
        <section class="card" data-testid="quarantine">
            <header class="card-head"><h2>{t("quarantine.title")}</h2></header>
            <p class="hint">{t("quarantine.safe")}</p>
            <ul class="lines">{rows}</ul>
            {more}
            {retry(aside, looked)}
            {status(told.into_any())}
        </section>
    }
    .into_any()
}

/// Looks again at all of it.
fn retry(aside: Remote<QuarantineView>, looked: RwSignal<Option<u64>>) -> AnyView {
    let form = Form::new("retry-aside", ());
    let submit = move || {
        form.send(RetrySetAside {}, move |came_in| {
            looked.set(Some(came_in));
            aside.refetch();
        });
    };
    form.shell_aside(().into_any(), t("quarantine.retry").to_owned().into(), submit)
}

fn row(frame: Frame, aside: Remote<QuarantineView>, asked: Asked, group: Group) -> AnyView {
    let when = moment(group.since);
    let size = tf("quarantine.size", &[("bytes", &group.bytes.to_string())]);
    let name = computer(group.name.as_deref()).to_owned();
    let count = u64::try_from(group.envelopes.len()).unwrap_or(u64::MAX);
    let waits = group.awaits == QuarantineAwaits::Keys;
    let left = group.left.as_ref().map(|(by, at)| {
        let who = if by.is_empty() { t("written.person") } else { by };
        tf("quarantine.left", &[("who", who), ("when", &moment(*at))])
    });
    let said = match &left {
        Some(_) => reason(group.reason).to_owned(),
        None => format!("{} {}", reason(group.reason), advice(group.awaits)),
    };
    let of = charts_of(frame, group.of.clone());
    view! {
        <li class="line flow">
            {of}
            <p class="line-text"><b><bdi>{name.clone()}</bdi></b> " · " {tn("quarantine.batches", count)} " · " {when} " · " {size}</p>
            {waits.then(|| chip(Tone::Info, t("quarantine.waits")))}
            {left.is_some().then(|| chip(Tone::Plain, t("quarantine.is-left")))}
            <p class="line-text">{said} " " {left}</p>
            {decisions(aside, asked, group, name)}
        </li>
    }
    .into_any()
}

/// Whose charts it is of, and the way there for who may read them.
fn charts_of(frame: Frame, of: Vec<AsideOf>) -> Option<AnyView> {
    let chart = |AsideOf { patient, identity }: AsideOf| {
        let name = identity.as_ref().map(words::identity_name);
        let who = identity.as_ref().map(who_line);
        let label = format!("{} {}", t("audit.open"), name.unwrap_or_default());
        let way = quiet_button(t("audit.open"), label, move || frame.go(Route::Chart(patient)));
        let way = frame.is_clinical().then_some(way);
        view! { <li>{who} " " {way}</li> }
    };
    let more = of.len().saturating_sub(CHARTS_SHOWN);
    let more = (more > 0).then(|| view! { <li>{format!("+{more}")}</li> });
    (!of.is_empty()).then(|| {
        let charts = of.into_iter().take(CHARTS_SHOWN).map(chart).collect_view();
        view! { <p class="line-text">{t("quarantine.of")}</p> <ul>{charts} {more}</ul> }.into_any()
    })
}

/// What can be done about a group, each asked for by name before it is done.
fn decisions(
    aside: Remote<QuarantineView>,
    asked: Asked,
    group: Group,
    name: String,
) -> Option<AnyView> {
    let Choices { take_in, leave } = choices(&group);
    let first = group.envelopes.first().cloned()?;
    let button = |is: bool, take_in: bool, key, key_of| {
        let (first, whole_name) = (first.clone(), tf(key_of, &[("name", &name)]));
        is.then(|| {
            quiet_button(t(key), whole_name, move || asked.set(Some((first.clone(), take_in))))
        })
    };
    let take = button(take_in, true, "quarantine.take-in-ask", "quarantine.take-in-of");
    let apart = button(leave, false, "quarantine.leave-ask", "quarantine.leave-of");
    let form = move || {
        let (of, take_in) = asked.get().filter(|(of, _)| *of == first)?;
        drop(of);
        Some(confirm(aside, asked, group.envelopes.clone(), (&name, take_in)))
    };
    Some(view! { <div class="line-actions">{take} {apart}</div> {form} }.into_any())
}

/// What is decided holds on every computer of the clinic.
fn confirm(
    aside: Remote<QuarantineView>,
    asked: Asked,
    envelopes: Vec<String>,
    (name, take_in): (&str, bool),
) -> AnyView {
    let form = Form::new("decide-aside", ());
    let submit = move || {
        let envelopes = envelopes.clone();
        form.send(DecideSetAside { envelopes, take_in }, move |()| {
            asked.set(None);
            aside.refetch();
        });
    };
    let (what, help, act) = if take_in {
        ("quarantine.take-in-what", "quarantine.take-in-help", "quarantine.take-in")
    } else {
        ("quarantine.leave-what", "quarantine.leave-help", "quarantine.leave")
    };
    let fields = notice(Tone::Warning, tf(what, &[("name", name)]), t(help), None);
    form.shell_with_cancel(fields, t(act).to_owned().into(), submit, move || asked.set(None))
}

fn moment(at: Instant) -> String {
    words::moment(clock::local(at), clock::today())
}
