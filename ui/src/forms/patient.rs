//! Registering a patient, and changing who it is.

use super::{Form, chart_topics, preview};
use crate::backend::touch;
use crate::components::Tone;
use crate::components::notice;
use crate::frame::{Frame, Subject};
use crate::i18n::t;
use api::{AmendPatient, RegisterPatient};
use clinical::{AdministrativeGender, Patient, PatientDraft, PatientId};
use crate::markup::prelude::*;

/// The form of a new patient.
pub(crate) fn register(frame: Frame, draft: PatientDraft) -> AnyView {
    let begun = format!("{} {}", draft.family, draft.given);
    let form = Form::kept(frame, "patient", begun, draft);
    let submit = move || {
        let Some(draft) = checked(form) else { return };
        let close = frame.closer();
        form.send(RegisterPatient { draft }, move |patient| {
            touch(&chart_topics(patient));
            frame.say(t("patient.registered"));
            close();
            if frame.is_clinical() {
                frame.go_to_chart(patient);
            }
        });
    };
    form.shell(fields(form), t("patient.register").to_owned().into(), submit)
}

/// The form of a known patient.
pub(crate) fn amend(frame: Frame, subject: &Subject, draft: PatientDraft) -> AnyView {
    let (patient, whom) = (subject.patient, subject.clone());
    let form = Form::kept(frame, "patient", over(patient, &draft), draft);
    let submit = move || {
        let Some(draft) = checked(form) else { return };
        let end = frame.ending(&whom, t("patient.amended"), "");
        let seen = whom.seen();
        form.send(AmendPatient { patient, seen, draft }, move |()| {
            touch(&chart_topics(patient));
            end();
        });
    };
    let warning = notice(Tone::Info, t("patient.amend.what"), t("patient.amend.help"), None);
    let all = view! { {warning} {fields(form)} }.into_any();
    form.shell(all, t("patient.save").to_owned().into(), submit)
}

/// What a half-typed form is kept under: what was typed over other data is no change of these.
fn over(patient: PatientId, draft: &PatientDraft) -> String {
    let sex = draft.gender.map_or("", AdministrativeGender::code);
    let about = if draft.birth_date_estimated { "about" } else { "" };
    let (name, reach) = ([&draft.family, &draft.given], [&draft.phone, &draft.city]);
    let texts = name.into_iter().chain(reach).chain([&draft.birth_date, &draft.identifier]);
    texts.fold(format!("{patient} {sex} {about}"), |all, text| all + "\n" + text)
}

/// What the form of a known patient begins with.
pub(crate) fn draft_of(patient: &Patient) -> PatientDraft {
    let identity = &patient.identity;
    let name = identity.preferred_name();
    PatientDraft {
        family: name.map(|name| name.family.clone()).unwrap_or_default(),
        given: name.map(|name| name.given.join(" ")).unwrap_or_default(),
        gender: Some(identity.gender).filter(|sex| *sex != AdministrativeGender::Unknown),
        birth_date: identity.birth_date.as_ref().map(ToString::to_string).unwrap_or_default(),
        birth_date_estimated: identity.birth_date_estimated,
        phone: patient.telecom.first().map(|phone| phone.value.clone()).unwrap_or_default(),
        city: patient.address.iter().find_map(|a| a.city.clone()).unwrap_or_default(),
        identifier: identity.identifier.first().map(|id| id.value.clone()).unwrap_or_default(),
    }
}

fn checked(form: Form<PatientDraft>) -> Option<PatientDraft> {
    let draft = form.draft.get_untracked();
    match draft.complete(PatientId::from_uuid(preview::no_id()), &preview::today()) {
        Ok(_) => Some(draft),
        Err(findings) => {
            form.mend(&findings);
            None
        }
    }
}

fn fields(form: Form<PatientDraft>) -> AnyView {
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    view! {
        <div class="pair">
            {line("family", t("patient.family"), None, |d| &mut d.family)}
            {line("given", t("patient.given"), None, |d| &mut d.given)}
        </div>
        <div class="pair">
            {form.choice(
                form.label("gender", t("patient.sex"), None),
                AdministrativeGender::ALL,
                |sex| (sex.code(), crate::words::gender(sex)),
                |draft| draft.gender,
                |draft, sex| draft.gender = sex,
            )}
            {form.date_line(
                form.label("birthDate", t("patient.born"), Some(t("patient.born.hint"))),
                true,
                |d| &mut d.birth_date,
            )}
        </div>
        {form.check("birthDateEstimated", t("patient.estimated"), |d| &mut d.birth_date_estimated)}
        <div class="pair">
            {line("phone", t("patient.phone"), None, |d| &mut d.phone)}
            {line("city", t("patient.city"), None, |d| &mut d.city)}
        </div>
        {line("identifier", t("patient.number"), Some(t("patient.number.hint")), |d| {
            &mut d.identifier
        })}
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_known_patient_fills_the_form_as_it_was_typed() {
        let typed = PatientDraft {
            family: "Okello".into(),
            given: "Grace Akinyi".into(),
            gender: Some(AdministrativeGender::Female),
            birth_date: "1980-03".into(),
            birth_date_estimated: true,
            phone: "+254 700".into(),
            city: "Kisumu".into(),
            identifier: "A-7".into(),
        };
        let id = PatientId::from_uuid(clinical::uuid_v7(1, [0; 10]));
        let patient = typed.complete(id, &"2026-11-24".parse().unwrap()).unwrap();
        assert_eq!(draft_of(&patient), typed);
        let other = PatientDraft { birth_date_estimated: false, ..typed.clone() };
        assert_eq!(over(id, &typed), over(id, &typed.clone()));
        assert_ne!(over(id, &typed), over(id, &other));
    }
}
