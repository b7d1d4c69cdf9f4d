//! What waits for someone.

use super::super::{
    paging::{PAGE, Paging},
    shown::shown,
};
use super::conflicts::who;
use crate::backend::{remote, touch};
use crate::components::{
    Icon, Tone, chip, empty, icon, link_button, notice, quiet_button, unbroken,
};
use crate::forms::{Form, chart_topics};
use crate::frame::{Done, Frame, Route, Sheet, Subject};
use crate::host::{clock, focus};
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::{allergy_line, medication_line, tone};
use crate::words;
use api::{ListTasks, SettleTask, TaskItem, Topic};
use clinical::{Encounter, EntryKind, EntryRef, MedicationRequest, TaskId};

/// All of them: the most pressing first.
pub(super) fn tasks(frame: Frame) -> AnyView {
    let settling = RwSignal::new(None::<TaskId>);
    let paging = Paging::new();
    let page = remote(
        move || Some(ListTasks { after: paging.after(), limit: PAGE }),
        |topic| topic == Topic::Tasks,
    );
    shown(page, move |page| {
        if page.total == 0 {
            return empty(t("tasks.empty"));
        }
        let foot = paging.foot(&page);
        let rows = page.items.into_iter().map(|item| row(frame, settling, &item)).collect_view();
        view! { <ul class="tasks">{rows}</ul> {foot} }.into_any()
    })
}

fn row(frame: Frame, settling: RwSignal<Option<TaskId>>, item: &TaskItem) -> AnyView {
    let (name, facts) = who(item.identity.as_ref());
    let (id, patient) = (item.task.id, item.patient);
    let when = words::moment(clock::local(item.raised_at), clock::today());
    let raised = tf("tasks.raised", &[("when", &when)]);
    let whole_name = tf("tasks.settle-of", &[("name", &name)]);
    let open = move |_| {
        settling.set(Some(id));
        focus::to_id("task-outcome");
    };
    let name = view! { <b><bdi>{name}</bdi></b> };
    let rule = rule(&item.task.rule).map(|rule| tf("tasks.rule", &[("rule", rule)]));
    let form = {
        let item = item.clone();
        move || (settling.get() == Some(id)).then(|| settle(frame, settling, &item))
    };
    view! {
        <li class="card task">
            <div class="task-head">
                {chip(tone(item.task.tier), words::tier(item.task.tier))}
                <p>
                    {link_button(name.into_any(), move || frame.go(Route::Chart(patient)))}
                    " "
                    <bdi>{unbroken(&facts)}</bdi>
                </p>
            </div>
            <p>{words::said(item.task.said.as_ref(), &item.task.detail)}</p>
            {about(frame, item)}
            <p class="written">{raised} " · " {rule}</p>
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

/// What it is about, as far as that still holds: the medicines, each with the way to stop it, and
/// the allergies.
fn about(frame: Frame, item: &TaskItem) -> AnyView {
    let medicines = item.medicines.iter().map(|medicine| {
        let stop = may_stop(item, medicine).then(|| {
            let whole_name = tf("medication.stop-of", &[("what", medicine.order.medication.label())]);
            let (subject, medicine) = (subject(item), medicine.clone());
            let stop = move |_| {
                if let Some(subject) = subject.clone() {
                    frame.open(Sheet::Stop(subject, medicine.clone()));
                }
            };
            view! {
                <button type="button" class="button" aria-label=whole_name on:click=stop>
                    {t("advice.stop")}
                </button>
            }
        });
        view! { <div class="advice-about"><p class="line-text">{medication_line(&medicine.order)}</p> {stop}</div> }
    });
    let allergies = item.allergies.iter().map(|allergy| {
        view! { <p class="banner-allergies known">{icon(Icon::Alert)} <bdi>{allergy_line(allergy)}</bdi></p> }
    });
    let visits = item.visits.iter().map(|one| visit(frame, item, one));
    view! { {medicines.collect_view()} {allergies.collect_view()} {visits.collect_view()} }
        .into_any()
}

/// A visit that goes on, with the ways to say that it does not.
fn visit(frame: Frame, item: &TaskItem, visit: &Encounter) -> AnyView {
    let entry = EntryRef::new(EntryKind::Encounter, visit.id.uuid());
    let what = visit_words(visit);
    let may = !item.disputed.contains(&entry);
    let actions = subject(item).filter(|_| may).map(|subject| {
        let (id, whom, label) = (visit.id, subject.clone(), what.clone());
        let end = quiet_button(t("visit.end"), tf("visit.end-of", &[("what", &what)]), move || {
            frame.open(Sheet::Departure(whom.clone(), id, label.clone()));
        });
        let (label, name) = (what.clone(), tf("line.withdraw-of", &[("what", &what)]));
        let withdraw = quiet_button(t("line.withdraw"), name, move || {
            frame.open(Sheet::Withdraw(subject.clone(), entry, label.clone()));
        });
        view! { <span class="line-actions">{end} {withdraw}</span> }
    });
    view! { <div class="advice-about"><p class="line-text"><bdi>{unbroken(&what)}</bdi></p> {actions}</div> }
        .into_any()
}

/// A visit on one line: since when, why, and whether somebody sees the patient.
fn visit_words(visit: &Encounter) -> String {
    let since = |start| words::by_wall_clock(start, clock::today(), clock::local);
    let since = visit.start.as_ref().map(since).unwrap_or_default();
    let mut said = vec![tf("today.since", &[("when", &since)])];
    said.extend(visit.reason.iter().map(|reason| reason.label().to_owned()));
    said.push(words::became(visit.status).to_owned());
    crate::i18n::line(&said, " — ")
}

/// Whether a medicine can be stopped from here: what two people disagree on is decided first.
fn may_stop(item: &TaskItem, medicine: &MedicationRequest) -> bool {
    let entry = EntryRef::new(EntryKind::Medication, medicine.id.uuid());
    item.identity.is_some() && !item.disputed.contains(&entry)
}

/// Whose chart a form that is opened from here writes to.
fn subject(item: &TaskItem) -> Option<Subject> {
    Some(Subject {
        patient: item.patient,
        identity: item.identity.clone()?,
        has_allergies: !item.allergies.is_empty(),
        heads: Some(item.heads.clone()),
    })
}

/// What a task that is closed leaves as it is: the medicines that go on.
fn goes_on(item: &TaskItem) -> Option<String> {
    let names: Vec<String> =
        item.medicines.iter().map(|medicine| words::medicine(&medicine.order)).collect();
    (!names.is_empty()).then(|| names.join("; "))
}

#[derive(Debug, Clone, Default)]
struct Outcome {
    text: String,
}

fn settle(frame: Frame, settling: RwSignal<Option<TaskId>>, item: &TaskItem) -> AnyView {
    let form = Form::new("task", Outcome::default());
    let (patient, task, heads) = (item.patient, item.task.id, item.heads.clone());
    let whom = subject(item);
    let submit = move || {
        let outcome = form.draft.with_untracked(|draft| draft.text.trim().to_owned());
        if outcome.is_empty() {
            let finding = clinical::Finding::error("outcome", "required", t("form.required"));
            return form.mend(&[finding]);
        }
        let seen = Some(heads.clone());
        let said = whom.as_ref().map(|whom| Done::to(t("tasks.settled"), &outcome, whom));
        form.send(SettleTask { patient, task, outcome, seen }, move |()| {
            settling.set(None);
            touch(&chart_topics(patient));
            match said {
                Some(said) => frame.tell(said),
                None => frame.say(t("tasks.settled")),
            }
        });
    };
    // While a medicine goes on, done means that somebody says why it may.
    let going_on = goes_on(item);
    let label = if going_on.is_some() { t("tasks.why") } else { t("tasks.outcome") };
    let going_on = going_on.map(|what| {
        let what = tf("tasks.goes-on", &[("what", &what)]);
        notice(Tone::Warning, what, t("tasks.goes-on.help"), None)
    });
    let field = form.line(form.label("outcome", label, None), |d| &mut d.text);
    let field = view! { {going_on} {field} }.into_any();
    let cancel = move || settling.set(None);
    form.shell_with_cancel(field, t("tasks.record").to_owned().into(), submit, cancel)
}

/// What a rule looks for, where it is one this version knows.
fn rule(rule: &str) -> Option<&'static str> {
    match rule {
        "drug-allergy" => Some(t("tasks.rule.drug-allergy")),
        "allergy-contradiction" => Some(t("tasks.rule.contradiction")),
        "duplicate-medication" => Some(t("tasks.rule.duplicate")),
        "open-visits" => Some(t("tasks.rule.open-visits")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::AlertTier;
    use clinical::{
        AdministrativeGender, AllergyDraft, AllergyIntoleranceId, HumanName, Identity, Instant,
        MedicationDraft, MedicationId, PatientId, Task, TaskStatus, uuid_v7,
    };

    fn item() -> TaskItem {
        let id = |n| uuid_v7(n, [0; 10]);
        let medicine = MedicationDraft {
            medication: "amoxicillin".into(),
            dose: "500".into(),
            unit: "mg".into(),
            frequency: "3".into(),
            ..MedicationDraft::default()
        };
        let allergy = AllergyDraft {
            substance: "penicillin".into(),
            reaction: "rash".into(),
            ..AllergyDraft::default()
        };
        let today = "2026-11-24".parse().unwrap();
        let identity = Identity {
            name: vec![HumanName::new("Okello", "Grace")],
            gender: AdministrativeGender::Female,
            birth_date: None,
            birth_date_estimated: false,
            identifier: Vec::new(),
        };
        TaskItem {
            patient: PatientId::from_uuid(id(1)),
            identity: Some(identity),
            raised_at: Instant::from_unix_ms(0),
            task: Task {
                id: TaskId::from_uuid(id(2)),
                rule: "drug-allergy".into(),
                tier: AlertTier::Block,
                subject: Vec::new(),
                detail: String::new(),
                status: TaskStatus::Requested,
                outcome: None,
                settled_tier: None,
                said: None,
            },
            medicines: vec![medicine.complete(MedicationId::from_uuid(id(3)), today).unwrap()],
            allergies: vec![allergy.complete(AllergyIntoleranceId::from_uuid(id(4))).unwrap()],
            visits: Vec::new(),
            disputed: Vec::new(),
            heads: "aa".into(),
        }
    }

    #[test]
    fn a_task_names_the_dose_that_goes_on_and_the_reaction() {
        let mut item = item();
        let line = "amoxicillin — DOSE 500\u{a0}mg — 3 times daily";
        assert_eq!(goes_on(&item).as_deref(), Some(line));
        assert_eq!(allergy_line(&item.allergies[0]), "penicillin — rash");
        item.medicines.clear();
        assert_eq!(goes_on(&item), None, "what was stopped needs no reason");
    }

    #[test]
    fn a_medicine_is_stopped_at_its_patient_and_not_while_it_is_disputed() {
        let mut item = item();
        let medicine = item.medicines[0].clone();
        assert!(may_stop(&item, &medicine));
        let whom = subject(&item).unwrap();
        assert_eq!((whom.patient, whom.seen()), (item.patient, Some("aa".into())));
        item.disputed = vec![EntryRef::new(EntryKind::Medication, medicine.id.uuid())];
        assert!(!may_stop(&item, &medicine));
        item.disputed.clear();
        item.identity = None;
        assert!(!may_stop(&item, &medicine));
    }
}
