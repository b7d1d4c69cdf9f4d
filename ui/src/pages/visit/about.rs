//! Why the patient came and when they are to come again: kept while it is typed, recorded when the
//! field is left and before the visit ends.

use crate::backend::touch;
use crate::forms::{Form, Step, chart_topics};
use crate::host::{clock, focus};
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::ChartPart;
use crate::words::date;
use api::AmendEncounter;
use clinical::{Encounter, EncounterAmendment, EncounterId, PartialDate, read_day_ahead};
use std::rc::Rc;

/// One line about a visit.
#[derive(Clone, Copy)]
struct Line {
    part: ChartPart,
    encounter: EncounterId,
    form: Form<String>,
    /// The member of the amendment it is.
    member: fn(&mut EncounterAmendment) -> &mut String,
    /// Where its findings stand, and its field.
    path: &'static str,
}

/// Why the patient came.
pub(super) fn reason(part: ChartPart, encounter: EncounterId) -> (AnyView, Step) {
    let line = Line::new(part, encounter, "visit", "reason", |draft| &mut draft.reason);
    let field = line.form.line(line.form.label("reason", t("visit.reason"), None), |typed| typed);
    let view = view! {
        <div class="visit-reason" on:focusout=move |_| { line.record(); }>
            {field} {line.told()}
        </div>
    };
    (view.into_any(), line.step())
}

/// When the patient is to come again, with what was understood.
pub(super) fn follow_up(part: ChartPart, encounter: EncounterId) -> (AnyView, Step) {
    let line = Line::new(part, encounter, "again", "followUp", |draft| &mut draft.follow_up);
    let label = line.form.label("followUp", t("visit.again"), Some(t("visit.again.hint")));
    let field = line.form.line(label, |typed| typed);
    let understood = move || {
        let day = line.form.draft.with(|typed| read_day_ahead(typed, clock::today()))?;
        let said = tf("visit.again.on", &[("date", &date(&PartialDate::from_date(day)))]);
        Some(view! { <p class="understood" role="status">{said}</p> })
    };
    let view = view! {
        <div class="visit-again" on:focusout=move |_| { line.record(); }>
            {field} {understood} {line.told()}
        </div>
    };
    (view.into_any(), line.step())
}

impl Line {
    fn new(
        part: ChartPart,
        encounter: EncounterId,
        name: &'static str,
        path: &'static str,
        member: fn(&mut EncounterAmendment) -> &mut String,
    ) -> Self {
        let stands = move || {
            let visit = visit_of(part, encounter);
            let mut amendment = visit.map(|visit| EncounterAmendment::of(&visit));
            amendment.as_mut().map(|it| std::mem::take(member(it))).unwrap_or_default()
        };
        let form = Form::kept_beside(part.frame, name, encounter, stands);
        Self { part, encounter, form, member, path }
    }

    /// What keeps it from being recorded, and that it was typed before.
    fn told(self) -> AnyView {
        let restored = self.form.is_restored();
        view! {
            {restored.then(|| view! { <p class="hint">{t("form.restored")}</p> })}
            {self.form.failure()}
        }
        .into_any()
    }

    /// What is to be done before the visit ends.
    fn step(self) -> Step {
        Rc::new(move |then| {
            if !self.is_other() {
                return then();
            }
            self.form.once_recorded(then);
            if !self.record() {
                focus::to_id(&self.form.id_of(self.path));
            }
        })
    }

    /// The visit as the chart has it, with what is typed in this line.
    fn typed(self) -> Option<(Encounter, EncounterAmendment)> {
        let visit = visit_of(self.part, self.encounter)?;
        let mut typed = EncounterAmendment::of(&visit);
        self.form.draft.with_untracked(|text| text.trim().clone_into((self.member)(&mut typed)));
        Some((visit, typed))
    }

    /// Whether the chart says something else.
    fn is_other(self) -> bool {
        self.typed().is_some_and(|(visit, typed)| typed != EncounterAmendment::of(&visit))
    }

    /// Records what is typed beside what the chart says of the rest; false where it cannot be.
    fn record(self) -> bool {
        let Some((visit, typed)) = self.typed().filter(|_| self.is_other()) else { return true };
        let today = PartialDate::from_date(clock::today());
        if let Err(findings) = typed.over(&visit, &today) {
            self.form.mark(&findings);
            return false;
        }
        let (patient, encounter) = (self.part.patient, self.encounter);
        let EncounterAmendment { reason, follow_up } = typed;
        self.form.send(AmendEncounter { patient, encounter, reason, follow_up }, move |()| {
            self.form.go_on();
            touch(&chart_topics(patient));
        });
        true
    }
}

fn visit_of(part: ChartPart, encounter: EncounterId) -> Option<Encounter> {
    let chart = part.chart.get_untracked()?;
    chart.chart.encounters.iter().find(|visit| visit.id == encounter).cloned()
}
