//! How much of the clinic's record this computer holds.

use crate::components::{Modal, Press, Tone, button, notice, plain_card};
use crate::forms::Form;
use crate::frame::Frame;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::sections::{coming, rest_words};
use api::{Hold, SetHold};

/// The card, with the choice. Where all is here there is none, which is said: nothing that is held is
/// dropped.
pub(super) fn hold(frame: Frame) -> AnyView {
    // Who has no server has nowhere for the rest to stay.
    let state = Memo::new(move |_| {
        let view = frame.sync.ready().filter(|view| view.server.is_some() && !view.is_removed())?;
        Some(view.coming.map(|comes| comes.by_choice))
    });
    let modal = Modal::new();
    let body = move || {
        Some(match state.get()? {
            None => titled(told("hold.all-here")),
            Some(true) => {
                let act = button(Press::Plain, t("hold.all"), move || modal.toggle());
                titled(choice("hold.is-part", act))
            }
            Some(false) => titled(all_comes(frame)),
        })
    };
    let dialog = modal.view("hold-all", t("hold.all.title"), move || asked(frame, modal));
    view! { {body} {dialog} }.into_any()
}

/// All charts are coming: that can be stopped, and taken up again.
fn all_comes(frame: Frame) -> AnyView {
    let form = Form::new("hold", ());
    let stop = move || {
        form.send(SetHold { hold: Hold::InUse }, move |()| frame.sync.refetch());
    };
    let choice = choice("hold.is-all", button(Press::Plain, t("hold.part"), stop));
    view! { {form.failure()} {choice} }.into_any()
}

/// What is fetched where all charts are to be here, and that this cannot be taken back.
fn asked(frame: Frame, modal: Modal) -> AnyView {
    let form = Form::new("hold-all", ());
    let submit = move || {
        form.send(SetHold { hold: Hold::All }, move |()| {
            modal.close();
            frame.sync.refetch();
        });
    };
    // As it stands when it is asked: what comes meanwhile makes it less.
    let rest = untrack(move || coming(frame)).map(|comes| rest_words(&comes));
    let fields = view! {
        <h2>{t("hold.all.title")}</h2>
        {notice(Tone::Warning, rest.unwrap_or_default(), t("hold.all.help"), None)}
    };
    let act = t("hold.all.act").to_owned().into();
    form.shell_with_cancel(fields.into_any(), act, submit, move || modal.close())
}

fn choice(now: &'static str, act: AnyView) -> AnyView {
    view! { {told(now)} <div class="actions">{act}</div> }.into_any()
}

fn told(now: &'static str) -> AnyView {
    view! { <p class="hint">{t(now)}</p> }.into_any()
}

fn titled(body: AnyView) -> AnyView {
    view! { <div data-testid="hold">{plain_card(t("hold.title"), body)}</div> }.into_any()
}
