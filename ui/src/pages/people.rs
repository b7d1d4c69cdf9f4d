//! The people of the clinic.

use super::shown::shown;
use crate::backend::{Remote, remote, touch};
use crate::components::{Tone, empty, notice, page_head, plain_card, quiet_button, table};
use crate::forms::{Form, blank, weak};
use crate::frame::Frame;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::words;
use api::{AddPerson, ListPeople, PersonView, RemovePerson, Topic, clinic_topics};
use clinical::{Finding, PractitionerId, Role};

#[derive(Debug, Clone)]
struct PersonDraft {
    user: String,
    name: String,
    role: Option<Role>,
    password: String,
}

/// The page.
pub(crate) fn people(frame: Frame) -> AnyView {
    let people = remote(|| Some(ListPeople {}), |topic| topic == Topic::People);
    let added = RwSignal::new(0_u32);
    let removing = RwSignal::new(None::<PractitionerId>);
    let me = frame.session.with_value(|session| session.person);
    let list = shown(people, move |all| {
        if all.is_empty() {
            return empty(t("people.empty"));
        }
        let rows = all.into_iter().map(|person| row(people, removing, me, person)).collect();
        let heads =
            ["people.name", "sign-in.user", "people.role", "people.here", "people.end"].map(t);
        table("", t("people.title"), &heads, rows)
    });
    // A new form after each person.
    let form = move || {
        added.track();
        form(move || {
            people.refetch();
            touch(&clinic_topics());
            added.update(|added| *added += 1);
        })
    };
    view! {
        {page_head(t("people.title"), t("people.text"), None)}
        <div class="stack" data-testid="people-page">
            {list}
            {plain_card(t("people.add"), form.into_any())}
        </div>
    }
    .into_any()
}

fn row(
    people: Remote<Vec<PersonView>>,
    removing: RwSignal<Option<PractitionerId>>,
    me: PractitionerId,
    person: PersonView,
) -> AnyView {
    let here = if person.here { t("people.yes") } else { t("people.no") };
    let (id, name) = (person.id, person.name.clone());
    let waits = person.unconfirmed.then(|| t("people.waits"));
    let end = match (person.active || person.unconfirmed, id == me) {
        (false, _) => t("people.left").into_any(),
        (true, true) => ().into_any(),
        (true, false) => {
            let whole = tf("people.remove-of", &[("name", &name)]);
            quiet_button(t("people.remove"), whole, move || removing.set(Some(id)))
        }
    };
    let asked = move || (removing.get() == Some(id)).then(|| confirm(people, removing, id, &name));
    view! {
        <tr>
            <th scope="row"><bdi>{person.name}</bdi></th>
            <td><bdi>{person.user_name}</bdi></td>
            <td>{words::role(person.role)}</td>
            <td>{here}</td>
            <td>{waits} " " {end}{asked}</td>
        </tr>
    }
    .into_any()
}

/// The end of someone's work is asked for by name.
fn confirm(
    people: Remote<Vec<PersonView>>,
    removing: RwSignal<Option<PractitionerId>>,
    person: PractitionerId,
    name: &str,
) -> AnyView {
    let form = Form::new("remove-person", ());
    let submit = move || {
        form.send(RemovePerson { person }, move |()| {
            removing.set(None);
            people.refetch();
            touch(&clinic_topics());
        });
    };
    let what = tf("people.confirm", &[("name", name)]);
    let fields = notice(Tone::Warning, what, t("people.confirm.help"), None);
    let cancel = move || removing.set(None);
    form.shell_with_cancel(fields, t("people.remove").to_owned().into(), submit, cancel)
}

fn form(done: impl Fn() + Clone + 'static) -> AnyView {
    let blank = PersonDraft {
        user: String::new(),
        name: String::new(),
        role: Some(Role::Clinician),
        password: String::new(),
    };
    let form = Form::new("person", blank);
    let submit = move || {
        let draft = form.draft.get_untracked();
        let (findings, role) = (missing(&draft), draft.role);
        let Some(role) = role.filter(|_| findings.is_empty()) else { return form.mend(&findings) };
        let command = AddPerson {
            user_name: draft.user.trim().to_owned(),
            name: draft.name.trim().to_owned(),
            role,
            password: draft.password,
        };
        let done = done.clone();
        form.send(command, move |_| done());
    };
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    let fields = view! {
        <div class="pair">
            {line("name", t("people.name"), None, |d: &mut PersonDraft| &mut d.name)}
            {line("userName", t("sign-in.user"), Some(t("first-run.user.hint")), |d: &mut PersonDraft| {
                &mut d.user
            })}
        </div>
        <div class="pair">
            {form.choice(
                form.label("role", t("people.role"), None),
                Role::ALL,
                |role| (role.code(), words::role(role)),
                |draft| draft.role,
                |draft, role| draft.role = role,
            )}
            {form.secret(
                form.label("password", t("people.password"), Some(t("first-run.password.hint"))),
                |d| &mut d.password,
            )}
        </div>
    };
    form.shell(fields.into_any(), t("people.add").to_owned().into(), submit)
}

fn missing(draft: &PersonDraft) -> Vec<Finding> {
    let mut findings = blank(&[("name", &draft.name), ("userName", &draft.user)]);
    if draft.role.is_none() {
        findings.push(Finding::error("role", "required", t("form.required")));
    }
    findings.extend(weak("password", &draft.password));
    findings
}
