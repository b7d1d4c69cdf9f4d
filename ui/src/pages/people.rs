//! The people of the clinic.

use super::{first_run::weak, shown::shown};
use crate::backend::{remote, touch};
use crate::components::{empty, page_head};
use crate::forms::Form;
use crate::i18n::t;
use crate::words;
use api::{AddPerson, ListPeople, PersonView, Topic};
use clinical::{Finding, Role};
use leptos::prelude::*;

#[derive(Debug, Clone)]
struct PersonDraft {
    user: String,
    name: String,
    role: Option<Role>,
    password: String,
}

/// The page.
pub(crate) fn people() -> AnyView {
    let people = remote(|| Some(ListPeople {}), |topic| topic == Topic::People);
    let added = RwSignal::new(0_u32);
    let list = shown(people, |people| {
        if people.is_empty() {
            return empty(t("people.empty"));
        }
        let rows = people.into_iter().map(row).collect_view();
        view! {
            <table>
                <thead>
                    <tr>
                        <th scope="col">{t("people.name")}</th>
                        <th scope="col">{t("sign-in.user")}</th>
                        <th scope="col">{t("people.role")}</th>
                        <th scope="col">{t("people.here")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    });
    // A new form after each person.
    let form = move || {
        added.track();
        form(move || {
            people.refetch();
            touch(&[Topic::People]);
            added.update(|added| *added += 1);
        })
    };
    view! {
        {page_head(t("people.title"), t("people.text"), None)}
        <div class="stack" data-testid="people-page">
            {list}
            <section class="card">
                <header class="card-head"><h2>{t("people.add")}</h2></header>
                {form}
            </section>
        </div>
    }
    .into_any()
}

fn row(person: PersonView) -> AnyView {
    let here = if person.here { t("people.yes") } else { t("people.no") };
    view! {
        <tr>
            <th scope="row"><bdi>{person.name}</bdi></th>
            <td><bdi>{person.user_name}</bdi></td>
            <td>{words::role(person.role)}</td>
            <td>{here}</td>
        </tr>
    }
    .into_any()
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
                Some(Role::Clinician),
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
    let required = [("name", &draft.name), ("userName", &draft.user)];
    let blank = required.into_iter().filter(|(_, text)| text.trim().is_empty());
    let mut findings: Vec<Finding> =
        blank.map(|(path, _)| Finding::error(path, "required", t("form.required"))).collect();
    if draft.role.is_none() {
        findings.push(Finding::error("role", "required", t("form.required")));
    }
    findings.extend(weak("password", &draft.password));
    findings
}
