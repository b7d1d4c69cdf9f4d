//! What is shown once: a recovery code, the password of a demonstration.

use crate::components::{Press, Tone, button, check_input, notice};
use crate::frame::{Gate, Handed};
use crate::host::{clock, page};
use crate::i18n::t;
use crate::words;
use clinical::PartialDate;
use leptos::prelude::*;

/// The page; it goes on when the person says so.
pub(crate) fn handed(handed: Handed) -> AnyView {
    match handed {
        Handed::Code(code, clinic) => recovery_code(&code, clinic),
        Handed::Demonstration(created) => {
            let facts = view! {
                <dl class="facts">
                    <dt>{t("sign-in.user")}</dt>
                    <dd>{created.user_name}</dd>
                    <dt>{t("sign-in.password")}</dt>
                    <dd>{created.password}</dd>
                </dl>
            };
            shown_once(t("handed.demonstration"), facts.into_any(), None)
        }
    }
}

/// The code; printed are the clinic, the day, what it is for and the code alone.
fn recovery_code(code: &str, clinic: String) -> AnyView {
    let print = button(Press::Plain, t("handed.code.print"), page::print);
    let day = words::date(&PartialDate::from_date(clock::today()));
    let body = view! {
        {notice(Tone::Warning, t("handed.code.what"), t("handed.code.help"), Some(print))}
        <dl class="facts">
            <dt>{t("first-run.clinic")}</dt>
            <dd><bdi>{clinic}</bdi></dd>
            <dt>{t("handed.code.day")}</dt>
            <dd>{day}</dd>
            <dt>{t("handed.code.for")}</dt>
            <dd>{t("handed.code.use")}</dd>
        </dl>
        {code_box(code)}
    };
    shown_once(t("handed.code"), body.into_any(), Some(t("handed.code.printed")))
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
        check_input("printed".to_owned(), promise, false, move |value| promised.set(value))
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
