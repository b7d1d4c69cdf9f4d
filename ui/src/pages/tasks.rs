//! What waits for someone.

use super::{
    paging::{PAGE, Paging},
    shown::shown,
};
use crate::backend::{remote, touch};
use crate::components::{Tone, chip, empty, page_head};
use crate::forms::{Form, chart_topics};
use crate::frame::{Frame, Route};
use crate::host::{clock, focus};
use crate::i18n::{t, tf};
use crate::words::{self, identity_line};
use api::{ListTasks, SettleTask, TaskItem, Topic};
use clinical::{AlertTier, TaskId};
use leptos::prelude::*;

/// The page: the most pressing first.
pub(crate) fn tasks(frame: Frame) -> AnyView {
    let settling = RwSignal::new(None::<TaskId>);
    let paging = Paging::new();
    let page = remote(
        move || Some(ListTasks { after: paging.after(), limit: PAGE }),
        |topic| topic == Topic::Tasks,
    );
    let list = shown(page, move |page| {
        if page.total == 0 {
            return empty(t("tasks.empty"));
        }
        let foot = paging.foot(&page);
        let rows = page.items.into_iter().map(|item| row(frame, settling, item)).collect_view();
        view! { <ul class="tasks">{rows}</ul> {foot} }.into_any()
    });
    view! {
        {page_head(t("tasks.title"), t("tasks.text"), None)}
        <div class="stack" data-testid="tasks">{list}</div>
    }
    .into_any()
}

fn row(frame: Frame, settling: RwSignal<Option<TaskId>>, item: TaskItem) -> AnyView {
    let line = item.identity.as_ref().map(|identity| identity_line(identity, clock::today()));
    let name =
        line.as_ref().map_or_else(|| t("identity.not-known").to_owned(), |line| line.name.clone());
    let born = line.map(|line| line.born).unwrap_or_default();
    let (id, patient) = (item.task.id, item.patient);
    let when = words::moment(clock::local(item.raised_at), clock::today());
    let raised = tf("tasks.raised", &[("when", &when)]);
    let whole_name = tf("tasks.settle-of", &[("name", &name)]);
    let open = move |_| {
        settling.set(Some(id));
        focus::to_id("task-outcome");
    };
    let rule = rule(&item.task.rule).map(|rule| {
        view! { <p class="hint">{tf("tasks.rule", &[("rule", rule)])}</p> }
    });
    let form = {
        let item = item.clone();
        move || (settling.get() == Some(id)).then(|| settle(frame, settling, &item))
    };
    view! {
        <li class="card task">
            <div class="task-head">
                {chip(tone(item.task.tier), words::tier(item.task.tier))}
                <p>
                    <button type="button" class="link" on:click=move |_| frame.go(Route::Chart(patient))>
                        <b><bdi>{name}</bdi></b>
                    </button>
                    " "
                    <bdi>{born}</bdi>
                </p>
            </div>
            <p>{words::said(item.task.said.as_ref(), &item.task.detail)}</p>
            <p class="written">{raised}</p>
            {rule}
            {move || (settling.get() != Some(id)).then(|| view! {
                <div class="actions">
                    <button type="button" class="button" aria-label=whole_name.clone() on:click=open>
                        {t("tasks.settle")}
                    </button>
                </div>
            })}
            {form}
        </li>
    }
    .into_any()
}

#[derive(Debug, Clone, Default)]
struct Outcome {
    text: String,
}

fn settle(frame: Frame, settling: RwSignal<Option<TaskId>>, item: &TaskItem) -> AnyView {
    let form = Form::new("task", Outcome::default());
    let (patient, task) = (item.patient, item.task.id);
    let submit = move || {
        let outcome = form.draft.with_untracked(|draft| draft.text.trim().to_owned());
        if outcome.is_empty() {
            let finding = clinical::Finding::error("outcome", "required", t("form.required"));
            return form.mend(&[finding]);
        }
        form.send(SettleTask { patient, task, outcome }, move |()| {
            settling.set(None);
            touch(&chart_topics(patient));
            frame.say(t("tasks.settled"));
        });
    };
    let field = form.line(form.label("outcome", t("tasks.outcome"), None), |d| &mut d.text);
    let cancel = move || settling.set(None);
    form.shell_with_cancel(field, t("tasks.record").to_owned().into(), submit, cancel)
}

/// What a rule looks for, where it is one this version knows.
fn rule(rule: &str) -> Option<&'static str> {
    match rule {
        "drug-allergy" => Some(t("tasks.rule.drug-allergy")),
        "allergy-contradiction" => Some(t("tasks.rule.contradiction")),
        "duplicate-medication" => Some(t("tasks.rule.duplicate")),
        _ => None,
    }
}

fn tone(tier: AlertTier) -> Tone {
    match tier {
        AlertTier::Block => Tone::Critical,
        AlertTier::Interrupt => Tone::Warning,
        AlertTier::Inline => Tone::Info,
        AlertTier::Info => Tone::Plain,
    }
}
