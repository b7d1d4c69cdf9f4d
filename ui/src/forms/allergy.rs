//! Recording an allergy, or that there are none.

use super::{Form, preview};
use crate::frame::{Frame, Subject};
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words;
use api::RecordAllergy;
use clinical::{
    AllergyCategory, AllergyCriticality, AllergyDraft, AllergyIntoleranceId, ReactionSeverity,
};

/// The form.
pub(crate) fn allergy(frame: Frame, subject: &Subject) -> AnyView {
    let form = Form::kept(frame, "allergy", subject.patient, AllergyDraft::default());
    let (patient, whom) = (subject.patient, subject.clone());
    let submit = move || {
        let draft = form.draft.get_untracked();
        let id = AllergyIntoleranceId::from_uuid(preview::no_id());
        if let Err(findings) = draft.complete(id) {
            return form.mend(&findings);
        }
        let what = if draft.no_known_allergies {
            t("allergy.state.none").to_owned()
        } else {
            draft.substance.trim().to_owned()
        };
        let end = frame.recording(&whom, t("allergy.recorded"), &what);
        form.send(RecordAllergy { patient, draft }, end);
    };
    form.shell(fields(form, subject.has_allergies), t("allergy.record").to_owned().into(), submit)
}

/// That there are none is the first thing to say of a chart that says nothing; the keyboard begins
/// at the substance all the same. It is not offered while one is in force: it is marked as a mistake first.
fn fields(form: Form<AllergyDraft>, has_allergies: bool) -> AnyView {
    let offers_none = !has_allergies || form.draft.with_untracked(|d| d.no_known_allergies);
    let none = offers_none
        .then(|| form.check("noKnownAllergies", t("allergy.none"), |d| &mut d.no_known_allergies));
    let details = move || {
        let none = form.draft.with(|draft| draft.no_known_allergies);
        (!none).then(|| details(form))
    };
    view! {
        {none}
        {details}
    }
    .into_any()
}

fn details(form: Form<AllergyDraft>) -> AnyView {
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    view! {
        {line("substance", t("allergy.substance"), Some(t("allergy.substance.hint")), |d| {
            &mut d.substance
        })}
        <div class="pair">
            {form.choice(
                form.label("criticality", t("allergy.criticality"), None),
                AllergyCriticality::ALL,
                |c| (c.code(), words::criticality(c)),
                |draft| draft.criticality,
                |draft, value| draft.criticality = value,
            )}
            {form.choice(
                form.label("category", t("allergy.category"), None),
                AllergyCategory::ALL,
                |c| (c.code(), words::category(c)),
                |draft| draft.category,
                |draft, value| draft.category = value,
            )}
        </div>
        <div class="pair">
            {line("reaction", t("allergy.reaction"), Some(t("allergy.reaction.hint")), |d| {
                &mut d.reaction
            })}
            {form.choice(
                form.label("severity", t("allergy.severity"), None),
                ReactionSeverity::ALL,
                |s| (s.code(), words::severity(s)),
                |draft| draft.severity,
                |draft, value| draft.severity = value,
            )}
        </div>
        {form.date_line(
            form.label("onset", t("form.since"), Some(t("form.since.hint"))),
            false,
            |d| &mut d.onset,
        )}
        {line("note", t("form.note"), None, |d| &mut d.note)}
    }
    .into_any()
}
