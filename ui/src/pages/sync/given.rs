//! Charts that pass between this clinic and others: its card, taking one in, and what passed.

use crate::backend::{on_dropped_files, remote, touch};
use crate::components::{
    Disclosure, Press, Tone, button, disclosure, fact, facts, notice, plain_card, quiet_button,
    remark, status,
};
use crate::forms::{Form, blank, chart_topics};
use crate::frame::{Frame, Gate, Handed, Route};
use crate::host::focus;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use crate::pages::open_hit;
use crate::pages::shown::shown;
use crate::pages::square::square;
use crate::sections::{alike_list, card_number, carrying, must_compare, sharing_line, who_line};
use crate::words::{self, file_size};
use api::{
    CardView, ChartFile, FileAct, GetCard, GivenEntry, GivenHere, GivenOverwrites, GivenView,
    ListDrives, ListShared, LookAtGiven, PatientHit, SharedChart, TakeInGiven, Topic,
};
use clinical::EntryKind;

/// What is in a file that was looked into.
const FOUND: &str = "given-found";

/// The card; nothing for who sees no charts.
pub(super) fn given(frame: Frame) -> AnyView {
    if !frame.is_clinical() {
        return ().into_any();
    }
    let own = remote(|| Some(GetCard {}), |_| false);
    let body = view! {
        <p class="hint">{t("given.help")}</p>
        {shown(own, ours)}
        {taking(frame)}
        {frame.is_admin().then(passed)}
    };
    plain_card(t("given.title"), body.into_any())
}

/// This clinic's own card: the number, and the code unfolded.
fn ours(view: CardView) -> AnyView {
    let line = view! {
        {t("given.number")} " " <code dir="ltr" data-testid="own-number">{view.number.clone()}</code>
    };
    let code = view.square.clone();
    let card = view.card.clone();
    let gate = Gate::here();
    let print = move || gate.handed.set(Some(Handed::Card(view.clone())));
    let body = view! {
        <p class="hint">{t("given.card.help")}</p>
        {code.map(|code| square(code.side, code.path, t("devices.square")))}
        <p><code class="whole" dir="ltr" data-testid="own-card">{card}</code></p>
        <div class="actions">{button(Press::Plain, t("given.card.print"), print)}</div>
    };
    disclosure(Disclosure {
        class: "own-card",
        mark: None,
        unfolded: None,
        line: line.into_any(),
        body: body.into_any(),
    })
}

/// The file, looked at before it is taken in: one that lies on a stick, was dropped on the window, or
/// whose place is typed.
fn taking(frame: Frame) -> AnyView {
    let form = Form::new("given", String::new());
    let seen = RwSignal::new(None::<(String, GivenView)>);
    // Drawn again with the place of what was dropped or chosen.
    let drawn = RwSignal::new(0_u32);
    let take = move |path: String| {
        form.draft.try_set(path);
        form.accept();
        drawn.try_update(|drawn| *drawn += 1);
    };
    on_dropped_files(move |dropped| dropped.into_iter().next().into_iter().for_each(take));
    let submit = move || {
        let path = form.draft.get_untracked();
        let missing = blank(&[("path", &path)]);
        if !missing.is_empty() {
            return form.mend(&missing);
        }
        seen.set(None);
        form.send(LookAtGiven { path: path.clone() }, move |view| {
            seen.set(Some((path, view)));
            // It stands below the page that was in sight.
            focus::to_id(FOUND);
        });
    };
    let field = move || {
        drawn.track();
        form.line(form.label("path", t("given.path"), Some(t("given.path.hint"))), |it| it)
    };
    let look = form.shell_aside(field.into_any(), t("given.look").to_owned().into(), submit);
    let found = move || seen.get().map(|(path, view)| found(frame, seen, path, &view));
    let choose = move |path: String| {
        take(path);
        submit();
    };
    view! {
        <h3>{t("given.take-in.title")}</h3>
        {on_sticks(choose)}
        {look}
        {carrying(frame, &[FileAct::ReadGiven])}
        {status(found.into_any())}
    }
    .into_any()
}

/// The charts that lie on the sticks that are plugged in; nothing where none does.
fn on_sticks(choose: impl Fn(String) + Copy + 'static) -> AnyView {
    let drives = remote(|| Some(ListDrives {}), |topic| topic == Topic::Sync);
    let row = move |file: ChartFile| {
        let (label, of) = (t("given.look"), tf("given.look-of", &[("file", &file.name)]));
        let size = file_size(file.bytes);
        let look = quiet_button(label, of, move || choose(file.path.clone()));
        view! {
            <li class="line flow">
                <p class="line-text"><bdi>{file.name}</bdi> " · " {size}</p>
                <div class="line-actions">{look}</div>
            </li>
        }
        .into_any()
    };
    // What lies there alone: a name for a new one goes with the clock.
    let lying = Memo::new(move |_| {
        let drives = drives.ready().unwrap_or_default();
        drives.into_iter().flat_map(|drive| drive.charts).collect::<Vec<_>>()
    });
    let view = move || {
        let files = lying.get();
        if files.is_empty() {
            return None;
        }
        let rows = files.into_iter().map(row).collect_view();
        Some(view! { <ul class="lines" data-testid="given-on-sticks">{rows}</ul> })
    };
    view.into_any()
}

/// Who it is, from whom, and what would become of it here.
fn found(
    frame: Frame,
    seen: RwSignal<Option<(String, GivenView)>>,
    path: String,
    view: &GivenView,
) -> AnyView {
    let counts = view.counts.iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts.map(|(kind, count)| counted(*kind, *count)).collect();
    let reason = view.sharing.reason.as_ref();
    let reason = reason.map(|reason| words::named(t("given.asks"), reason));
    let open = move |hit: &PatientHit| open_hit(frame, hit);
    let alike = alike_list("given-alike", t("given.alike"), view.alike.clone(), open);
    let alike = alike.map(|alike| view! { {alike} <p class="hint">{t("given.alike.help")}</p> });
    let remarks = remarks(view).into_iter().map(remark);
    let hearsay = view.hearsay.iter().map(|one| {
        let line = sharing_line(one);
        let says = tf("given.as-told", &[("clinic", &view.from.name)]);
        view! { <p class="hint"><bdi>{line}</bdi> " · " <bdi>{says}</bdi></p> }
    });
    let form = Form::new("given-take-in", Taking::default());
    let compared = must_compare(&view.from)
        .then(|| form.check("compared", t("sharing.same"), |d: &mut Taking| &mut d.compared));
    let looked = view.overwrites.as_ref().map(|overwrites| overwrites.seen.clone());
    let submit = move || {
        let compared = form.draft.get_untracked().compared;
        let take = TakeInGiven { path: path.clone(), compared, seen: looked.clone() };
        form.send(take, move |taken| {
            seen.set(None);
            touch(&chart_topics(taken.patient));
            let done = match taken.conflicts {
                0 => t("given.taken").to_owned(),
                conflicts => tn("given.taken.conflicts", conflicts),
            };
            frame.go_saying(Route::Chart(taken.patient), done);
        });
    };
    let leave = move || seen.set(None);
    let take = if can_take(&view.here) {
        form.shell_with_cancel(
            compared.into_any(),
            t("given.take-in").to_owned().into(),
            submit,
            leave,
        )
    } else {
        let cancel = button(Press::Plain, t("form.cancel"), leave);
        view! { <div class="actions">{cancel}</div> }.into_any()
    };
    view! {
        <div class="stack" id=FOUND tabindex="-1" data-testid="given">
            <p class="quoted known-hit">{who_line(&view.identity)}</p>
            <p class="hint"><bdi>{sharing_line(&view.sharing)}</bdi></p>
            {hearsay.collect_view()}
            {reason.map(|reason| view! { <p><bdi>{reason}</bdi></p> })}
            <p class="hint">{counts.join(" · ")}</p>
            {card_number(&view.from)}
            {here(&view.here)}
            {view.overwrites.as_ref().map(overwrites)}
            {remarks.collect_view()}
            {alike}
            {take}
        </div>
    }
    .into_any()
}

/// How many entries of a kind there are: `Allergy: 1`.
fn counted(kind: EntryKind, count: u32) -> String {
    words::named(words::entry_kind(kind), &count.to_string())
}

#[derive(Debug, Clone, Default)]
struct Taking {
    compared: bool,
}

/// What would become of it.
fn here(here: &GivenHere) -> AnyView {
    match here {
        GivenHere::New => quiet(t("given.new")),
        GivenHere::Merges { changes: 0, .. } => quiet(t("given.nothing-new")),
        GivenHere::Merges { changes, conflicts: 0 } => quiet(tn("given.merges", *changes)),
        GivenHere::Merges { changes, conflicts } => {
            let help = tn("given.conflicts", *conflicts);
            notice(Tone::Warning, tn("given.merges", *changes), help, None)
        }
        GivenHere::Erased { ground, .. } => {
            notice(Tone::Critical, t("given.erased"), ground.clone(), None)
        }
    }
}

/// Entries that are here, each field as it stands and as it would be.
fn overwrites(all: &GivenOverwrites) -> AnyView {
    let rows = all.entries.iter().map(overwritten).collect_view();
    let more = (all.more > 0).then(|| quiet(tn("given.more", all.more)));
    view! {
        <div class="stack" data-testid="given-overwrites">
            {notice(Tone::Warning, t("given.overwrites"), t("given.overwrites.help"), None)}
            <ul class="lines">{rows}</ul>
            {more}
        </div>
    }
    .into_any()
}

fn overwritten(one: &GivenEntry) -> AnyView {
    let kind = words::entry_kind(one.entry.kind);
    let what = match one.label.as_str() {
        "" => kind.to_owned(),
        label => words::named(kind, label),
    };
    let becomes = t(if one.is_disputed { "given.beside" } else { "given.becomes" });
    let rows = vec![
        fact(t("given.was"), value_words(one.was.as_deref())),
        fact(becomes, value_words(one.becomes.as_deref())),
    ];
    let field = words::history_field(&one.field);
    view! { <li><bdi>{what}</bdi> <p class="hint">{field}</p> {facts(rows)}</li> }.into_any()
}

/// A value as one reads it, on one line.
fn value_words(json: Option<&str>) -> String {
    let Some(json) = json else { return t("given.none").to_owned() };
    let (whole, named) = words::history_value(json);
    let named = named.into_iter().map(|(name, words)| words::named(&name, &words));
    let parts: Vec<String> = std::iter::once(whole).chain(named).collect();
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ")
}

fn quiet(text: impl Into<String>) -> AnyView {
    view! { <p>{text.into()}</p> }.into_any()
}

const fn can_take(here: &GivenHere) -> bool {
    match here {
        GivenHere::New | GivenHere::Merges { .. } => true,
        GivenHere::Erased { .. } => false,
    }
}

/// What somebody should look at before it is taken in.
fn remarks(view: &GivenView) -> Vec<String> {
    let counts = [(view.left_out, "given.left-out"), (view.in_our_name, "given.in-our-name")];
    counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, key)| tn(key, n)).collect()
}

/// What passed between clinics.
fn passed() -> AnyView {
    let all = remote(|| Some(ListShared {}), |topic| topic == Topic::Sync);
    shown(all, |all: Vec<SharedChart>| match all.is_empty() {
        true => ().into_any(),
        false => {
            let rows = all.iter().map(row).collect_view();
            view! { <h3>{t("given.passed")}</h3> <ul class="lines" data-testid="passed">{rows}</ul> }
                .into_any()
        }
    })
}

fn row(one: &SharedChart) -> AnyView {
    let by = tf("given.by", &[("name", &one.by)]);
    let line = sharing_line(&one.sharing);
    let says = one.told_by.as_ref().map(|clinic| {
        let says = tf("given.as-told", &[("clinic", clinic)]);
        view! { " · " <bdi>{says}</bdi> }
    });
    view! { <li><bdi>{one.name.clone()}</bdi> <p class="hint"><bdi>{line}</bdi> " · " <bdi>{by}</bdi>{says}</p></li> }
        .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::speak;
    use clinical::Instant;

    #[test]
    fn what_was_erased_is_not_offered() {
        let erased = GivenHere::Erased { at: Instant::from_unix_ms(0), ground: "asked".into() };
        assert!(!can_take(&erased));
        assert!(can_take(&GivenHere::New));
        assert!(can_take(&GivenHere::Merges { changes: 0, conflicts: 0 }));
    }

    #[test]
    fn what_is_named_has_the_colon_of_the_language() {
        let check = |tag, want: [&str; 2]| {
            let value = || value_words(Some(r#"{"odd":"two"}"#));
            let said = speak(tag, || [counted(EntryKind::Allergy, 1), value()]);
            assert_eq!(said, want);
        };
        check("en", ["Allergy: 1", "odd: two"]);
        check("fr", ["Allergie : 1", "odd : two"]);
    }
}
