//! Joining a clinic was interrupted: bring it to its end, or begin anew with another code.

use super::first_run::{entrance, join};
use crate::components::{Press, brand, button};
use crate::forms::{Form, blank};
use crate::frame::Gate;
use crate::host::focus;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::arriving;
use api::ResumeJoining;

#[derive(Debug, Clone, Default)]
struct ResumeDraft {
    password: String,
}

/// The page, for the person who was joining.
pub(crate) fn joining(user: &str) -> AnyView {
    let anew = RwSignal::new(false);
    let entrance = entrance();
    let lead = tf("joining.lead", &[("name", user)]);
    let body = move || {
        if anew.get() {
            return join(entrance);
        }
        view! { <div class="stack">{resume()} {arriving()}</div> }.into_any()
    };
    let other = move || {
        let label = if anew.get() { t("joining.resume") } else { t("joining.anew") };
        button(Press::Plain, label, move || anew.update(|anew| *anew = !*anew))
    };
    view! {
        <main class="gate" id="main" tabindex="-1" data-testid="joining">
            {brand()}
            <h1>{t("joining.title")}</h1>
            <p class="lead">{lead}</p>
            {body}
            <div class="actions">{other}</div>
        </main>
    }
    .into_any()
}

fn resume() -> AnyView {
    let gate = Gate::here();
    let form = Form::new("resume", ResumeDraft::default());
    let submit = move || {
        let ResumeDraft { password } = form.draft.get_untracked();
        let findings = blank(&[("password", &password)]);
        if !findings.is_empty() {
            return form.mend(&findings);
        }
        form.send(ResumeJoining { password }, move |opened| {
            gate.hand_opened(opened, None);
        });
    };
    focus::to_id("resume-password");
    let hint = Some(t("joining.password.hint"));
    let field =
        form.secret(form.label("password", t("sign-in.password"), hint), |d| &mut d.password);
    form.shell(field, t("joining.resume").to_owned().into(), submit)
}
