//! Why the patient came and when they are to come again: kept while it is typed, recorded when the
//! field is left and before the visit ends. What somebody else wrote meanwhile is never written over
//! unseen: it is shown, beside what was typed.

use super::model::{Course, course};
use crate::backend::{ask_for, question, reply_of, touch};
use crate::components::{Press, Tone, button, notice};
use crate::forms::{Form, Step, Then, chart_topics};
use crate::host::{clock, focus};
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::ChartPart;
use crate::words::date;
use api::{AmendEncounter, ChartView, ErrorCode, Recorded};
use clinical::{EncounterAmendment, EncounterId, PartialDate, read_day_ahead};
use std::rc::Rc;

/// What the fields of a visit share.
#[derive(Clone, Copy)]
pub(super) struct Abouts {
    part: ChartPart,
    encounter: EncounterId,
    /// How the visit stood when the page was opened.
    begun: StoredValue<EncounterAmendment>,
    /// The heads of the chart as it was shown last, with what these fields have written since.
    seen: StoredValue<Option<String>>,
}

impl Abouts {
    /// The fields of a visit that stands so.
    pub(super) fn of(part: ChartPart, encounter: EncounterId, begun: EncounterAmendment) -> Self {
        let begun = StoredValue::new(begun);
        Self { part, encounter, begun, seen: StoredValue::new(None) }
    }

    /// What the chart says now.
    fn stands_untracked(self) -> Option<EncounterAmendment> {
        amendment(self.part.chart.get_untracked()?.as_ref(), self.encounter)
    }
}

/// One of the fields.
#[derive(Clone, Copy)]
struct About {
    of: Abouts,
    form: Form<EncounterAmendment>,
    member: fn(&mut EncounterAmendment) -> &mut String,
    path: &'static str,
    /// What stood in the chart when the field was last in step with it.
    stood: StoredValue<String>,
    /// What stands there now, where somebody else wrote it while something is typed here.
    meanwhile: RwSignal<Option<String>>,
    /// What is typed is on its way.
    is_busy: StoredValue<bool>,
    /// What is typed was refused for something else that was written: it goes again when that was
    /// read.
    is_due: StoredValue<bool>,
    /// What goes on once nothing is left to be recorded.
    then: StoredValue<Option<Then>, LocalStorage>,
    /// The field is drawn anew with every number.
    drawn: RwSignal<u32>,
}

/// Why the patient came.
pub(super) fn reason(of: Abouts) -> (AnyView, Step) {
    let about = About::new(of, "visit", "reason", |draft| &mut draft.reason);
    let field = about.field(t("visit.reason"), None);
    let keep = move |_| about.keep();
    let view = view! {
        <div class="visit-reason" on:focusout=keep>{field} {about.told()}</div>
    };
    (view.into_any(), about.step())
}

/// When the patient is to come again, with what was understood.
pub(super) fn follow_up(of: Abouts) -> (AnyView, Step) {
    let about = About::new(of, "again", "followUp", |draft| &mut draft.follow_up);
    let field = about.field(t("visit.again"), Some(t("visit.again.hint")));
    let understood = move || {
        let typed = about.form.draft.with(|draft| draft.follow_up.clone());
        let day = read_day_ahead(&typed, clock::today())?;
        let said = tf("visit.again.on", &[("date", &date(&PartialDate::from_date(day)))]);
        Some(view! { <p class="understood" role="status">{said}</p> })
    };
    let keep = move |_| about.keep();
    let view = view! {
        <div class="visit-again" on:focusout=keep>{field} {understood} {about.told()}</div>
    };
    (view.into_any(), about.step())
}

impl About {
    fn new(
        of: Abouts,
        name: &'static str,
        path: &'static str,
        member: fn(&mut EncounterAmendment) -> &mut String,
    ) -> Self {
        let begun = of.begun.get_value();
        let stood = member(&mut begun.clone()).clone();
        // Of a draft this field's member counts alone.
        let with = move |mut text: EncounterAmendment| {
            let mut all = of.begun.get_value();
            std::mem::swap(member(&mut all), member(&mut text));
            all
        };
        let stands = move || of.stands_untracked().map_or_else(|| of.begun.get_value(), with);
        let form = Form::kept_beside(of.part.frame, name, of.encounter, stands);
        form.draft.update(|draft| *draft = with(draft.clone()));
        let about = Self {
            of,
            form,
            member,
            path,
            stood: StoredValue::new(stood),
            meanwhile: RwSignal::new(None),
            is_busy: StoredValue::new(false),
            is_due: StoredValue::new(false),
            then: StoredValue::new_local(None),
            drawn: RwSignal::new(0),
        };
        Effect::new(move |_| {
            if let Some((stands, heads)) = about.stands() {
                about.follow(stands, heads);
            }
        });
        about
    }

    fn field(self, label: &'static str, hint: Option<&'static str>) -> AnyView {
        let (form, member) = (self.form, self.member);
        let label = form.label(self.path, label, hint);
        let draw = move || {
            self.drawn.track();
            form.line(label.clone(), member)
        };
        draw.into_any()
    }

    /// What the field says of the chart, and the heads it was read at.
    fn stands(self) -> Option<(EncounterAmendment, String)> {
        let view = self.of.part.chart.get()?;
        Some((amendment(&view, self.of.encounter)?, view.heads.clone()))
    }

    fn typed(self) -> String {
        (self.member)(&mut self.form.draft.get_untracked()).clone()
    }

    /// Goes with the chart, as far as that takes nothing away that was typed.
    fn follow(self, mut all: EncounterAmendment, heads: String) {
        let stands = (self.member)(&mut all).clone();
        self.of.seen.set_value(Some(heads));
        match course(&self.typed(), &self.stood.get_value(), &stands) {
            Course::InStep => {
                self.stood.set_value(stands);
                self.meanwhile.set(None);
                if self.is_due.get_value() {
                    self.keep();
                }
            }
            Course::Takes => self.put(stands),
            Course::Apart => self.meanwhile.set(Some(stands)),
        }
    }

    /// Another text stands in the field, as in the chart.
    fn put(self, text: String) {
        let is_here = focus::active().is_some_and(|it| it.id() == self.form.id_of(self.path));
        self.form.draft.update(|draft| (self.member)(draft).clone_from(&text));
        self.stood.set_value(text);
        self.meanwhile.set(None);
        self.form.accept();
        self.drawn.update(|drawn| *drawn += 1);
        if is_here {
            focus::to_id(&self.form.id_of(self.path));
        }
    }

    /// What is to be recorded before the visit ends.
    fn step(self) -> Step {
        Rc::new(move |then| {
            self.then.set_value(Some(then));
            self.keep();
        })
    }

    /// Nothing is left to be recorded.
    fn go_on(self) {
        if let Some(then) = self.then.try_update_value(Option::take).flatten() {
            then();
        }
    }

    /// What is typed cannot be recorded as it stands: what waits for it waits no more, and whoever
    /// asked for it comes to the field.
    fn stop(self) {
        if self.then.try_update_value(Option::take).flatten().is_some() {
            focus::to_id(&self.form.id_of(self.path));
        }
    }

    /// Keeps what is typed beside what the chart says of the rest. While somebody else's words stand
    /// there, it waits for who typed it.
    fn keep(self) {
        let typed = self.typed();
        if self.meanwhile.get_untracked().is_some() {
            return self.stop();
        }
        if typed.trim() == self.stood.get_value().trim() {
            return self.go_on();
        }
        if self.is_busy.get_value() {
            return self.is_due.set_value(true);
        }
        let (patient, encounter) = (self.of.part.patient, self.of.encounter);
        let Some(view) = self.of.part.chart.get_untracked() else { return };
        let visit = view.chart.encounters.iter().find(|visit| visit.id == encounter);
        let Some(visit) = visit else { return };
        let mut next = EncounterAmendment::of(visit);
        (self.member)(&mut next).clone_from(&typed);
        if let Err(findings) = next.over(visit, &PartialDate::from_date(clock::today())) {
            self.form.mark(&findings);
            return self.stop();
        }
        self.is_busy.set_value(true);
        self.is_due.set_value(false);
        let EncounterAmendment { reason, follow_up } = next;
        let seen = self.of.seen.get_value();
        let command = AmendEncounter { patient, encounter, seen, reason, follow_up };
        ask_for(question(&command), Box::new(move |answer| self.heed(typed, reply_of(answer))));
    }

    fn heed(self, sent: String, answer: Result<Recorded, api::ApiError>) {
        // The page may be gone by now.
        if self.is_busy.try_set_value(false).is_some() {
            return;
        }
        let patient = self.of.part.patient;
        match answer {
            Ok(recorded) => {
                self.form.accept();
                self.stood.set_value(sent);
                self.of.seen.set_value(Some(recorded.heads));
                touch(&chart_topics(patient));
                // What was typed since goes too, and then what waits.
                self.keep();
            }
            // What was written is read: then it is told, or was about something else.
            Err(error) if error.code == ErrorCode::Changed => {
                self.is_due.set_value(true);
                touch(&chart_topics(patient));
            }
            Err(error) => {
                self.form.refuse(error);
                self.stop();
            }
        }
    }

    /// What was refused, and what somebody else wrote, with what can be done about it.
    fn told(self) -> AnyView {
        let meanwhile = move || {
            let stands = self.meanwhile.get()?;
            let nothing = stands.trim().is_empty();
            let what = if nothing { t("visit.meanwhile.nothing") } else { stands.as_str() };
            let title = tf("visit.meanwhile", &[("what", what)]);
            let (mine, theirs) = (stands.clone(), stands.clone());
            let record = button(Press::Plain, t("visit.meanwhile.mine"), move || {
                self.stood.set_value(mine.clone());
                self.meanwhile.set(None);
                self.keep();
            });
            let take = button(Press::Plain, t("visit.meanwhile.theirs"), move || {
                self.put(theirs.clone());
            });
            let both = view! { {record} {take} }.into_any();
            Some(notice(Tone::Warning, title, t("visit.meanwhile.help"), Some(both)))
        };
        let restored = self.form.is_restored().then(|| {
            view! { <p class="hint">{t("form.restored")}</p> }
        });
        view! { {restored} {meanwhile} {self.form.failure()} }.into_any()
    }
}

/// What a chart says of a visit.
fn amendment(view: &ChartView, encounter: EncounterId) -> Option<EncounterAmendment> {
    let visit = view.chart.encounters.iter().find(|visit| visit.id == encounter)?;
    Some(EncounterAmendment::of(visit))
}
