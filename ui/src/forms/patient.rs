//! Registering a patient, and changing who it is.

use super::{
    Form, chart_topics,
    duplicates::{Duplicates, Go},
    preview,
};
use crate::backend::{ask_for, question, reply_of, touch};
use crate::components::{Disclosure, Press, Tone, button, disclosure, group, notice};
use crate::frame::{Done, Frame, Route, Sheet, Subject};
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::sections::coming_before_registering;
use api::{AmendPatient, CheckIn, CheckedIn, RegisterPatient};
use clinical::{AdministrativeGender, EncounterDraft, Patient, PatientDraft, PatientId};
use std::rc::Rc;

/// What follows when a new patient is registered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Then {
    /// The chart opens.
    Open,
    /// They wait to be seen.
    CheckIn,
}

/// The form of a new patient.
pub(crate) fn register(frame: Frame, draft: PatientDraft) -> AnyView {
    let begun = format!("{} {}", draft.family, draft.given);
    let form = Form::kept(frame, "patient", begun, draft);
    let duplicates = Duplicates::watch(frame, form);
    let submit = move |then: Then| {
        let Some(draft) = checked(form) else { return };
        form.accept();
        let typed = draft.clone();
        let go = move || record(frame, form, typed.clone(), then);
        duplicates.before_registering(draft, Rc::new(go));
    };
    let also: Go = Rc::new(move || submit(Then::CheckIn));
    let check_in = (t("patient.register-check-in"), also);
    let body = view! { {coming_before_registering(frame)} {fields(form)} };
    let (views, save) = ((body.into_any(), duplicates.view()), t("patient.register"));
    form.shell_with_other(views, save.to_owned().into(), move || submit(Then::Open), check_in)
}

fn record(frame: Frame, form: Form<PatientDraft>, draft: PatientDraft, then: Then) {
    let close = frame.closer();
    let Patient { identity, .. } =
        draft.so_far(PatientId::from_uuid(preview::no_id()), &preview::today());
    form.send(RegisterPatient { draft }, move |patient| {
        touch(&chart_topics(patient));
        let whom = Subject { patient, identity, has_allergies: false, heads: None };
        close();
        match then {
            Then::CheckIn => {
                frame.say(t("patient.registered"));
                arrive(frame, whom);
            }
            Then::Open => {
                frame.tell(Done::at_desk(t("patient.registered"), &whom));
                if frame.is_clinical() {
                    frame.leave_for(Route::Chart(patient));
                }
            }
        }
    });
}

/// Checks in who was registered. Where that fails they are registered all the same, and the form
/// of the arrival tells what stands in its way when it is sent again.
fn arrive(frame: Frame, whom: Subject) {
    let patient = whom.patient;
    let asked = question(&CheckIn { patient, draft: EncounterDraft::default() });
    let heed = move |answer| match reply_of::<CheckedIn>(answer) {
        Ok(_) => {
            touch(&chart_topics(patient));
            frame.tell(Done::at_desk(t("check-in.done"), &whom));
            frame.leave_for(Route::Today);
        }
        Err(_) => frame.open(Sheet::CheckIn(whom)),
    };
    ask_for(asked, Box::new(heed));
}

/// The field the form of a new patient begins at: the first that is blank.
pub(crate) fn first_blank(draft: &PatientDraft) -> &'static str {
    match (draft.family.is_empty(), draft.given.is_empty()) {
        (true, _) => "patient-family",
        (false, true) => "patient-given",
        (false, false) => "patient-gender",
    }
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
    // At the desk this is all there is of a patient.
    let whom = subject.clone();
    let print = move || frame.open(Sheet::Label(whom.clone()));
    let label = (!frame.is_clinical()).then(|| button(Press::Plain, t("label.print"), print));
    form.shell_with_foot(all, label.into_any(), t("patient.save").to_owned().into(), submit)
}

/// What a half-typed form is kept under: what was typed over other data is no change of these.
fn over(patient: PatientId, draft: &PatientDraft) -> String {
    let sex = draft.gender.map_or("", AdministrativeGender::code);
    let about = if draft.birth_date_estimated { "about" } else { "" };
    let (name, reach) = ([&draft.family, &draft.given], [&draft.phone, &draft.city]);
    let guardian = [&draft.guardian, &draft.guardian_relationship, &draft.guardian_phone];
    let rest = [&draft.birth_date, &draft.identifier, &draft.address_line];
    let texts = name.into_iter().chain(reach).chain(rest).chain(guardian);
    texts.fold(format!("{patient} {sex} {about}"), |all, text| all + "\n" + text)
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

/// Seven fields that are always in sight, whom to reach about a child, and the rest folded away.
fn fields(form: Form<PatientDraft>) -> AnyView {
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    let is_minor = Memo::new(move |_| form.draft.with(|draft| draft.is_minor(&preview::today())));
    let more = view! {
        <div class="form-fields">
            {line("addressLine", t("patient.address-line"), None, |d| &mut d.address_line)}
            {form.check("birthDateEstimated", t("patient.estimated"), |d| {
                &mut d.birth_date_estimated
            })}
            {move || (!is_minor.get()).then(|| guardian(form))}
        </div>
    };
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
        <div class="pair">
            {line("phone", t("patient.phone"), None, |d| &mut d.phone)}
            {line("city", t("patient.city"), None, |d| &mut d.city)}
        </div>
        {line("identifier", t("patient.number"), Some(t("patient.number.hint")), |d| {
            &mut d.identifier
        })}
        {move || is_minor.get().then(|| guardian(form))}
        {disclosure(Disclosure {
            class: "more",
            mark: None,
            unfolded: Some(has_more(form)),
            line: t("patient.more").into_any(),
            body: more.into_any(),
        })}
    }
    .into_any()
}

fn guardian(form: Form<PatientDraft>) -> AnyView {
    let line = |path, label, member| form.line(form.label(path, label, None), member);
    let fields = view! {
        {line("guardian", t("patient.guardian.name"), |d| &mut d.guardian)}
        <div class="pair">
            {line("guardianRelationship", t("patient.guardian.relationship"), |d| {
                &mut d.guardian_relationship
            })}
            {line("guardianPhone", t("patient.guardian.phone"), |d| &mut d.guardian_phone)}
        </div>
    };
    group(None, t("patient.guardian"), fields.into_any())
}

/// Whether what is folded away is needed: something is in it, or something comes to be wrong with
/// it. Once unfolded it stays so while it is mended.
fn has_more(form: Form<PatientDraft>) -> RwSignal<bool> {
    let begins = form.draft.with_untracked(|draft| {
        let texts = [&draft.address_line, &draft.guardian, &draft.guardian_phone];
        draft.birth_date_estimated || texts.iter().any(|text| !text.is_empty())
    });
    let folded = ["addressLine", "guardian", "guardianRelationship", "guardianPhone"];
    let unfolded = RwSignal::new(begins);
    Effect::new(move |_| {
        if folded.iter().any(|path| form.is_faulty(path)) {
            unfolded.set(true);
        }
    });
    unfolded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_patient_begins_at_the_first_blank_field() {
        let check = |family: &str, given: &str, want: &str| {
            let draft = PatientDraft {
                family: family.into(),
                given: given.into(),
                ..PatientDraft::default()
            };
            assert_eq!(first_blank(&draft), want, "{family} {given}");
        };
        check("", "", "patient-family");
        check("Okello", "", "patient-given");
        check("Okello", "Grace", "patient-gender");
    }

    #[test]
    fn what_was_typed_over_other_data_is_no_change_of_these() {
        let typed = PatientDraft {
            family: "Okello".into(),
            birth_date_estimated: true,
            guardian: "Mary".into(),
            ..PatientDraft::default()
        };
        let id = PatientId::from_uuid(clinical::uuid_v7(1, [0; 10]));
        let other = PatientDraft { birth_date_estimated: false, ..typed.clone() };
        let unguarded = PatientDraft { guardian: String::new(), ..typed.clone() };
        assert_eq!(over(id, &typed), over(id, &typed.clone()));
        assert_ne!(over(id, &typed), over(id, &unguarded));
        assert_ne!(over(id, &typed), over(id, &other));
    }
}
