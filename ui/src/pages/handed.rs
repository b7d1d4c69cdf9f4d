//! What is shown once: a recovery code, the password of a demonstration.

use crate::backend::remote;
use crate::components::{Press, Tone, button, check_input, fact, facts, notice};
use crate::frame::{Gate, Handed, Paper};
use crate::host::{clock, page};
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words;
use api::{ListDevices, Topic};
use clinical::{PartialDate, Role};

/// The page; it goes on when the person says so.
pub(crate) fn handed(handed: Handed) -> AnyView {
    match handed {
        Handed::Code(paper) => recovery_code(paper),
        Handed::Demonstration(created) => {
            let user = fact(t("sign-in.user"), created.user_name);
            let password = fact(t("sign-in.password"), created.password);
            shown_once(t("handed.demonstration"), facts(vec![user, password]), None)
        }
    }
}

/// The code; printed are the clinic, the computer, the day, what it is for and the code alone.
fn recovery_code(Paper { code, session, computer, keyring_absent }: Paper) -> AnyView {
    let computer = name_of_computer(session.role, computer);
    let print = button(Press::Plain, t("handed.code.print"), page::print);
    let day = words::date(&PartialDate::from_date(clock::today()));
    let alone = keyring_absent
        .then(|| notice(Tone::Warning, t("handed.alone.what"), t("handed.alone.help"), None));
    let body = view! {
        {alone}
        {notice(Tone::Warning, t("handed.code.what"), t("handed.code.help"), Some(print))}
        {facts(vec![
            fact(t("first-run.clinic"), session.clinic_name),
            computer.into_any(),
            fact(t("handed.code.day"), day),
            fact(t("handed.code.for"), t("handed.code.use")),
        ])}
        {code_box(&code)}
    };
    shown_once(t("handed.code"), body.into_any(), Some(t("handed.code.printed")))
}

/// Which computer the code is of: as it was just named, else as an administrator may ask.
fn name_of_computer(role: Role, named: Option<String>) -> impl Fn() -> Option<AnyView> {
    let may_ask = named.is_none() && role == Role::Admin;
    let devices = remote(move || may_ask.then_some(ListDevices {}), |topic| topic == Topic::Sync);
    move || {
        let listed = || devices.ready()?.into_iter().find(|device| device.here);
        let name = named.clone().or_else(|| Some(listed()?.name))?;
        Some(fact(t("handed.code.computer"), name))
    }
}

/// A code to be copied by hand: its lines end between groups, never within one.
pub(super) fn code_box(code: &str) -> AnyView {
    let groups = code.split_inclusive('-').map(|group| {
        view! { <span>{group.to_owned()}</span> }
    });
    view! { <p class="recovery-code"><code dir="ltr">{groups.collect_view()}</code></p> }.into_any()
}

/// `promise` must be ticked before going on, where there is one.
fn shown_once(title: &'static str, body: AnyView, promise: Option<&'static str>) -> AnyView {
    let gate = Gate::here();
    let promised = RwSignal::new(promise.is_none());
    let tick = promise.map(|promise| {
        check_input("printed".to_owned(), promise, promised.get_untracked(), move |value| {
            promised.set(value);
        })
    });
    let go_on = move |_| {
        gate.status.refetch();
        gate.handed.set(None);
    };
    view! {
        <main class="gate" id="main" tabindex="-1">
            <h1>{title}</h1>
            {body}
            {tick}
            <div class="actions">
                <button
                    type="button"
                    class="button main"
                    disabled=move || !promised.get()
                    on:click=go_on
                >
                    {t("handed.go-on")}
                </button>
            </div>
        </main>
    }
    .into_any()
}
