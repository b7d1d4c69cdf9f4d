//! How much of the clinic's record this computer holds.

use crate::components::plain_card;
use crate::forms::Form;
use crate::frame::Frame;
use crate::i18n::t;
use crate::markup::prelude::*;
use api::{Hold, SetHold};

/// The card, with the choice. Where all is here there is none, which is said: nothing that is held is
/// dropped.
pub(super) fn hold(frame: Frame) -> AnyView {
    let form = Form::new("hold", ());
    // Who has no server has nowhere for the rest to stay.
    let state = Memo::new(move |_| {
        let view = frame.sync.ready().filter(|view| view.server.is_some() && !view.is_removed())?;
        Some(view.coming.map(|comes| comes.by_choice))
    });
    let body = move || {
        let Some(is_part) = state.get()? else {
            let all = view! { <p class="hint">{t("hold.all-here")}</p> };
            return Some(titled(all.into_any()));
        };
        let (now, act, hold) = if is_part {
            (t("hold.is-part"), t("hold.all"), Hold::All)
        } else {
            (t("hold.is-all"), t("hold.part"), Hold::InUse)
        };
        let submit = move || {
            form.send(SetHold { hold }, move |()| frame.sync.refetch());
        };
        let hint = view! { <p class="hint">{now}</p> }.into_any();
        let form = form.shell(hint, act.to_owned().into(), submit);
        Some(titled(form))
    };
    body.into_any()
}

fn titled(body: AnyView) -> AnyView {
    view! { <div data-testid="hold">{plain_card(t("hold.title"), body)}</div> }.into_any()
}
