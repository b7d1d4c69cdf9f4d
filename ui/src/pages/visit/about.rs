//! Why the patient came and when they are to come again: kept when the field is left.

use crate::backend::touch;
use crate::forms::{Form, chart_topics};
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::ChartPart;
use crate::words::date;
use api::AmendEncounter;
use clinical::{EncounterAmendment, EncounterId, PartialDate, read_day_ahead};

/// Why the patient came.
pub(super) fn reason(
    part: ChartPart,
    encounter: EncounterId,
    begun: &EncounterAmendment,
) -> AnyView {
    let form = Form::new("visit", begun.clone());
    let field = form.line(form.label("reason", t("visit.reason"), None), |draft| &mut draft.reason);
    view! {
        <div class="visit-reason" on:focusout=move |_| keep(part, encounter, form, with_reason)>
            {field} {form.failure()}
        </div>
    }
    .into_any()
}

/// When the patient is to come again, with what was understood.
pub(super) fn follow_up(
    part: ChartPart,
    encounter: EncounterId,
    begun: &EncounterAmendment,
) -> AnyView {
    let form = Form::new("again", begun.clone());
    let label = form.label("followUp", t("visit.again"), Some(t("visit.again.hint")));
    let field = form.line(label, |draft| &mut draft.follow_up);
    let understood = move || {
        let day = form.draft.with(|draft| read_day_ahead(&draft.follow_up, clock::today()))?;
        let said = tf("visit.again.on", &[("date", &date(&PartialDate::from_date(day)))]);
        Some(view! { <p class="understood" role="status">{said}</p> })
    };
    view! {
        <div class="visit-again" on:focusout=move |_| keep(part, encounter, form, with_follow_up)>
            {field} {understood} {form.failure()}
        </div>
    }
    .into_any()
}

/// What the chart says, with the reason that is typed.
fn with_reason(typed: EncounterAmendment, stands: EncounterAmendment) -> EncounterAmendment {
    EncounterAmendment { reason: typed.reason, ..stands }
}

/// What the chart says, with the next visit that is typed.
fn with_follow_up(typed: EncounterAmendment, stands: EncounterAmendment) -> EncounterAmendment {
    EncounterAmendment { follow_up: typed.follow_up, ..stands }
}

/// Keeps what is typed in one field beside what the chart says of the other.
fn keep(
    part: ChartPart,
    encounter: EncounterId,
    form: Form<EncounterAmendment>,
    with: fn(EncounterAmendment, EncounterAmendment) -> EncounterAmendment,
) {
    let typed = form.draft.get_untracked();
    let visit = part
        .chart
        .get_untracked()
        .and_then(|view| view.chart.encounters.iter().find(|visit| visit.id == encounter).cloned());
    let Some(visit) = visit else { return };
    let stands = EncounterAmendment::of(&visit);
    let next = with(typed, stands.clone());
    let same = |a: &str, b: &str| a.trim() == b.trim();
    if same(&next.reason, &stands.reason) && same(&next.follow_up, &stands.follow_up) {
        return;
    }
    let today = PartialDate::from_date(clock::today());
    if let Err(findings) = next.over(&visit, &today) {
        return form.mark(&findings);
    }
    let patient = part.patient;
    let EncounterAmendment { reason, follow_up } = next;
    form.send(AmendEncounter { patient, encounter, reason, follow_up }, move |()| {
        touch(&chart_topics(patient));
    });
}
