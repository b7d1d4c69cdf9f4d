//! A line in which a patient is looked for and chosen.

use crate::backend::{ask_for, question, reply_of};
use crate::components::{Combobox, FieldLabel, Offer, Offered, combobox};
use crate::frame::Subject;
use crate::host::clock;
use crate::i18n::t;
use crate::words::{Known, identity_line};
use api::{FindPatients, PatientHit};
use leptos::prelude::*;

/// So many patients are offered.
const HITS_MAX: u32 = 8;

/// The line; who is chosen is handed on, and the line is empty again.
pub(crate) fn patient_box(
    id: &'static str,
    label: &'static str,
    chosen: impl Fn(Subject) + 'static,
) -> AnyView {
    let offered = RwSignal::new(Offered::default());
    let found = StoredValue::new(Vec::<PatientHit>::new());
    let ask = move |text: String| {
        let query = FindPatients { query: text.clone(), limit: HITS_MAX };
        let heed = move |answer| {
            let Ok(hits) = reply_of::<Vec<PatientHit>>(answer) else {
                return drop(offered.try_set(Offered::failed(text)));
            };
            let offers = hits.iter().map(patient_offer).collect();
            found.try_set_value(hits);
            offered.try_set(Offered { to: text, offers, leads: true, failed: false });
        };
        ask_for(question(&query), Box::new(heed));
    };
    let take = move |offer: Offer| {
        let is_it = |hit: &&PatientHit| hit.patient.to_string() == offer.id;
        let subject = found.with_value(|hits| hits.iter().find(is_it).map(subject_of));
        if let Some(subject) = subject {
            chosen(subject);
        }
        String::new()
    };
    let none = Signal::derive(|| None);
    combobox(Combobox {
        field: FieldLabel { id: id.to_owned(), label, hint: None, fault: none },
        text: String::new(),
        offered: offered.into(),
        nothing: |_| t("patient-box.none"),
        waiting: t("state.loading"),
        failed: t("state.not-looked-up"),
        typed: Box::new(|_| {}),
        ask: Box::new(ask),
        chosen: Box::new(take),
    })
}

/// A patient who may be meant.
pub(crate) fn patient_offer(hit: &PatientHit) -> Offer {
    let line = identity_line(&hit.identity, clock::today());
    let known = Known::of(&hit.identity);
    let parts = [
        known.born_words(line.born),
        known.sex_words(line.sex).to_owned(),
        known.number_words(line.number),
    ];
    let parts = parts.into_iter().chain(hit.city.clone());
    Offer {
        id: hit.patient.to_string(),
        label: line.name,
        detail: parts.collect::<Vec<_>>().join(" · "),
    }
}

/// Whose form it is that a search leads to: nothing of the chart is known yet.
pub(crate) fn subject_of(hit: &PatientHit) -> Subject {
    Subject {
        patient: hit.patient,
        identity: hit.identity.clone(),
        has_allergies: false,
        heads: Some(hit.heads.clone()),
    }
}
