//! How much of the clinic's record this computer holds.

use crate::components::plain_card;
use crate::forms::Form;
use crate::frame::Frame;
use crate::i18n::t;
use crate::markup::prelude::*;
use api::{Hold, SetHold};

/// The card, with the choice; nothing where all is here: nothing that is held is dropped.
pub(super) fn hold(frame: Frame) -> AnyView {
    let form = Form::new("hold", ());
    let state = Memo::new(move |_| frame.sync.ready()?.coming.map(|comes| comes.by_choice));
    let body = move || {
        let is_part = state.get()?;
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
        Some(plain_card(t("hold.title"), form))
    };
    view! { <div data-testid="hold">{body}</div> }.into_any()
}
