//! The clinic's keys: new ones, made without removing anybody.

use super::words;
use crate::components::{Press, Tone, button, notice, plain_card, status};
use crate::forms::Form;
use crate::frame::Frame;
use crate::host::focus;
use crate::i18n::t;
use crate::markup::prelude::*;
use api::{KeysRotated, RotateKeys};

/// What asks for new keys, and takes the keyboard back.
const ASK: &str = "new-keys";
/// What says what they do, before they are made.
const CONFIRM: &str = "new-keys-confirm";

/// The card.
pub(super) fn clinic_keys(frame: Frame) -> AnyView {
    let asked = RwSignal::new(false);
    let made = RwSignal::new(None::<KeysRotated>);
    let form = move || match asked.get() {
        false => ask(asked, made),
        true => confirm(frame, asked, made),
    };
    let told = move || made.get().as_ref().map(told);
    let body = view! {
        <p class="hint">{t("clinic-keys.help")}</p>
        {status(told.into_any())}
        {form}
    };
    plain_card(t("clinic-keys.title"), body.into_any())
}

fn ask(asked: RwSignal<bool>, made: RwSignal<Option<KeysRotated>>) -> AnyView {
    let press = move || {
        made.set(None);
        asked.set(true);
        focus::to_id(CONFIRM);
    };
    let button = button(Press::Plain, t("clinic-keys.new-ask"), press);
    view! { <div class="actions" id=ASK tabindex="-1">{button}</div> }.into_any()
}

/// It cannot be undone, and others notice: it is said what it does before it is done.
fn confirm(frame: Frame, asked: RwSignal<bool>, made: RwSignal<Option<KeysRotated>>) -> AnyView {
    let form = Form::new("new-keys", ());
    let leave = move || {
        asked.set(false);
        focus::to_id(ASK);
    };
    let submit = move || {
        form.send(RotateKeys {}, move |answer| {
            made.set(Some(answer));
            leave();
            frame.sync.refetch();
        });
    };
    let fields =
        notice(Tone::Warning, t("clinic-keys.confirm"), t("clinic-keys.confirm.help"), None);
    let form =
        form.shell_with_cancel(fields, t("clinic-keys.new").to_owned().into(), submit, leave);
    view! { <div id=CONFIRM tabindex="-1">{form}</div> }.into_any()
}

/// What came of it.
fn told(made: &KeysRotated) -> AnyView {
    let (tone, what, help) = words::new_keys(made);
    notice(tone, what, help, None)
}
