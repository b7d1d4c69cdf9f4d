//! Whether this computer exchanges with others over the local network.

use crate::components::plain_card;
use crate::forms::Form;
use crate::frame::Frame;
use crate::i18n::t;
use crate::markup::prelude::*;
use api::{LanState, SetLan};

/// The card, with the switch.
pub(super) fn lan(frame: Frame) -> AnyView {
    let form = Form::new("lan", ());
    let state = Memo::new(move |_| frame.sync.ready().map(|view| view.lan));
    let body = move || {
        let (now, act) = match state.get()? {
            LanState::Absent => return Some(hint(t("lan.absent"))),
            LanState::Off => (t("lan.is-off"), t("lan.on")),
            LanState::On => (t("lan.is-on"), t("lan.off")),
        };
        let on = state.get() == Some(LanState::Off);
        let submit = move || form.send(SetLan { on }, move |()| frame.sync.refetch());
        Some(form.shell_aside(hint(now), act.to_owned().into(), submit))
    };
    plain_card(t("lan.title"), body.into_any())
}

fn hint(text: &'static str) -> AnyView {
    view! { <p class="hint">{text}</p> }.into_any()
}
