//! Why the patient came and when they are to come again: kept while it is typed, recorded when the
//! field is left and before the visit ends. What somebody else wrote meanwhile is never written over
//! unseen: it is shown beside what is typed.

use super::model::{Course, course};
use crate::backend::touch;
use crate::components::{Press, Tone, button, notice, understood};
use crate::forms::{Form, Step, chart_topics};
use crate::host::{clock, focus};
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::ChartPart;
use crate::words::date;
use api::{AmendEncounter, ErrorCode};
use clinical::{Encounter, EncounterAmendment, EncounterId, PartialDate, read_day_ahead};
use serde::{Deserialize, Serialize};
use std::rc::Rc;

/// The heads of the chart as the lines of a visit were shown beside it last.
pub(super) type Seen = StoredValue<Option<String>>;

/// What is typed in a line, and what the chart said when it was last in step with it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Typed {
    text: String,
    stood: String,
}

/// One line about a visit.
#[derive(Clone, Copy)]
struct Line {
    part: ChartPart,
    encounter: EncounterId,
    seen: Seen,
    form: Form<Typed>,
    /// The member of the amendment it is.
    member: fn(&mut EncounterAmendment) -> &mut String,
    /// Where its findings stand, and its field.
    path: &'static str,
    /// What somebody else wrote while something is typed here.
    meanwhile: RwSignal<Option<String>>,
    /// What is typed goes when the chart was read again, or what is on its way has come.
    is_due: StoredValue<bool>,
    /// The field is drawn anew with every number.
    drawn: RwSignal<u32>,
}

/// Why the patient came.
pub(super) fn reason(part: ChartPart, encounter: EncounterId, seen: Seen) -> (AnyView, Step) {
    let line = Line::new((part, encounter, seen), "visit", "reason", |draft| &mut draft.reason);
    let field = line.field(t("visit.reason"), None);
    let view = view! {
        <div class="visit-reason" on:focusout=move |_| { line.record(); }>
            {field} {line.told()}
        </div>
    };
    (view.into_any(), line.course())
}

/// When the patient is to come again, with what was understood.
pub(super) fn follow_up(part: ChartPart, encounter: EncounterId, seen: Seen) -> (AnyView, Step) {
    let line =
        Line::new((part, encounter, seen), "again", "followUp", |draft| &mut draft.follow_up);
    let field = line.field(t("visit.again"), Some(t("visit.again.hint")));
    let said = move || {
        let day = line.form.draft.with(|typed| read_day_ahead(&typed.text, clock::today()))?;
        Some(tf("visit.again.on", &[("date", &date(&PartialDate::from_date(day)))]))
    };
    let view = view! {
        <div class="visit-again" on:focusout=move |_| { line.record(); }>
            {field} {understood(said)} {line.told()}
        </div>
    };
    (view.into_any(), line.course())
}

impl Line {
    fn new(
        (part, encounter, seen): (ChartPart, EncounterId, Seen),
        name: &'static str,
        path: &'static str,
        member: fn(&mut EncounterAmendment) -> &mut String,
    ) -> Self {
        let stands = move || {
            let stood = said_of(part, encounter, member).unwrap_or_default();
            Typed { text: stood.clone(), stood }
        };
        let line = Self {
            part,
            encounter,
            seen,
            form: Form::kept_beside(part.frame, name, encounter, stands),
            member,
            path,
            meanwhile: RwSignal::new(None),
            is_due: StoredValue::new(false),
            drawn: RwSignal::new(0),
        };
        Effect::new(move |_| {
            part.chart.track();
            line.follow();
        });
        line
    }

    fn field(self, label: &'static str, hint: Option<&'static str>) -> AnyView {
        let label = self.form.label(self.path, label, hint);
        let draw = move || {
            self.drawn.track();
            self.form.line(label.clone(), |typed| &mut typed.text)
        };
        draw.into_any()
    }

    /// Goes with the chart, as far as that takes nothing away that is typed.
    fn follow(self) {
        let Some(stands) = said_of(self.part, self.encounter, self.member) else { return };
        let heads = self.part.chart.with_untracked(|it| it.as_ref().map(|it| it.heads.clone()));
        self.seen.set_value(heads);
        let Typed { text, stood } = self.form.draft.get_untracked();
        match course(&text, &stood, &stands) {
            Course::Agrees => {
                if stood != stands {
                    self.form.draft.update(|typed| typed.stood = stands);
                }
                self.meanwhile.set(None);
                if self.is_due.get_value() {
                    self.record();
                }
            }
            Course::Takes => self.put(stands),
            Course::Apart => {
                // Nothing ends before somebody has chosen.
                self.form.mark(&[]);
                self.is_due.set_value(false);
                self.meanwhile.set(Some(stands));
            }
        }
    }

    /// Another text stands in the field, as in the chart.
    fn put(self, text: String) {
        let id = self.form.id_of(self.path);
        let is_here = focus::active().is_some_and(|element| element.id() == id);
        self.form.draft.set(Typed { text: text.clone(), stood: text });
        self.meanwhile.set(None);
        self.form.accept();
        self.drawn.update(|drawn| *drawn += 1);
        if is_here {
            focus::to_id(&id);
        }
    }

    /// What keeps it from being recorded, that it was typed before, and what somebody else wrote, with
    /// what can be done about it.
    fn told(self) -> AnyView {
        let restored = self.form.is_restored();
        let meanwhile = move || {
            let stands = self.meanwhile.get()?;
            let is_blank = stands.trim().is_empty();
            let what = if is_blank { t("visit.meanwhile.nothing") } else { stands.as_str() };
            let title = tf("visit.meanwhile", &[("what", what)]);
            let (mine, theirs) = (stands.clone(), stands.clone());
            let record = button(Press::Plain, t("visit.meanwhile.mine"), move || {
                self.form.draft.update(|typed| typed.stood.clone_from(&mine));
                self.meanwhile.set(None);
                self.record();
            });
            let take = button(Press::Plain, t("visit.meanwhile.theirs"), move || {
                self.put(theirs.clone());
            });
            let both = view! { {record} {take} }.into_any();
            Some(notice(Tone::Warning, title, t("visit.meanwhile.help"), Some(both)))
        };
        view! {
            {restored.then(|| view! { <p class="hint">{t("form.restored")}</p> })}
            {meanwhile}
            {self.form.failure()}
        }
        .into_any()
    }

    /// What is to be done before the visit ends.
    fn course(self) -> Step {
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

    /// Whether something was typed that the chart did not say.
    fn is_other(self) -> bool {
        self.form.draft.with_untracked(|typed| typed.text.trim() != typed.stood.trim())
    }

    /// Records what is typed beside what the chart says of the rest; false where it cannot be.
    fn record(self) -> bool {
        if !self.is_other() {
            return true;
        }
        if self.meanwhile.get_untracked().is_some() {
            return false;
        }
        self.is_due.set_value(self.form.is_busy());
        if self.form.is_busy() {
            return true;
        }
        let Some(visit) = visit_of(self.part, self.encounter) else { return true };
        let text = self.form.draft.with_untracked(|typed| typed.text.trim().to_owned());
        let mut typed = EncounterAmendment::of(&visit);
        text.clone_into((self.member)(&mut typed));
        let today = PartialDate::from_date(clock::today());
        if let Err(findings) = typed.over(&visit, &today) {
            self.form.mark(&findings);
            return false;
        }
        let (patient, encounter) = (self.part.patient, self.encounter);
        let EncounterAmendment { reason, follow_up } = typed;
        let seen = self.seen.get_value();
        let command = AmendEncounter { patient, encounter, seen, reason, follow_up };
        let done = move |recorded: api::Recorded| {
            self.form.go_on();
            touch(&chart_topics(patient));
            // The page may be gone by now.
            self.form.draft.try_update(|typed| typed.stood = text);
            self.seen.try_set_value(Some(recorded.heads));
            if self.is_due.try_get_value() == Some(true) {
                self.record();
            }
        };
        self.form.send_or(command, done, move |error| {
            if error.code != ErrorCode::Changed {
                return Some(error);
            }
            // What was written is read: then it is shown, or was about something else.
            self.is_due.try_set_value(true);
            touch(&chart_topics(patient));
            None
        });
        true
    }
}

/// What the chart says in a line of a visit.
fn said_of(
    part: ChartPart,
    encounter: EncounterId,
    member: fn(&mut EncounterAmendment) -> &mut String,
) -> Option<String> {
    let mut said = EncounterAmendment::of(&visit_of(part, encounter)?);
    Some(std::mem::take(member(&mut said)))
}

fn visit_of(part: ChartPart, encounter: EncounterId) -> Option<Encounter> {
    let chart = part.chart.get_untracked()?;
    chart.chart.encounters.iter().find(|visit| visit.id == encounter).cloned()
}
