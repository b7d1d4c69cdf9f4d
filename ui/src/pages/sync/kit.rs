//! The clinic's recovery kit: made here, and handed over to be printed or carried away.

use crate::components::{Tone, empty, notice, plain_card};
use crate::forms::{Form, blank};
use crate::frame::{Frame, Gate};
use crate::i18n::t;
use crate::markup::prelude::*;
use api::MakeRecoveryKit;

#[derive(Debug, Clone, Default)]
struct KitDraft {
    password: String,
}

/// The card.
pub(super) fn kit(frame: Frame) -> AnyView {
    let has_server = Memo::new(move |_| frame.sync.ready().map(|view| view.server.is_some()));
    let body = move || match has_server.get()? {
        true => Some(make()),
        false => Some(empty(t("kit.no-server"))),
    };
    let body = view! { <p class="hint">{t("kit.help")}</p> {body} };
    plain_card(t("kit.title"), body.into_any())
}

fn make() -> AnyView {
    let gate = Gate::here();
    let form = Form::new("recovery-kit", KitDraft::default());
    let submit = move || {
        let KitDraft { password } = form.draft.get_untracked();
        let findings = blank(&[("password", &password)]);
        if !findings.is_empty() {
            return form.mend(&findings);
        }
        form.send(MakeRecoveryKit { password }, move |made| gate.hand_kit(made));
    };
    let label = form.label("password", t("account.now"), None);
    let fields = view! {
        {notice(Tone::Info, t("kit.what"), t("kit.what.help"), None)}
        {form.secret(label, |d: &mut KitDraft| &mut d.password)}
    };
    form.shell_aside(fields.into_any(), t("kit.make").to_owned().into(), submit)
}
