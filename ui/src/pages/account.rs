//! What is one's own: the password; and for who runs the clinic, this computer's recovery code.

use super::language::language;
use super::look::look;
use crate::components::{Tone, notice, page_head, plain_card as card};
use crate::forms::{Form, blank, differs, weak};
use crate::frame::{Frame, Gate, Paper};
use crate::i18n::t;
use crate::markup::prelude::*;
use api::{ChangePassword, ReplaceRecoveryCode};
use clinical::Finding;

/// The page.
pub(crate) fn account(frame: Frame) -> AnyView {
    let code = frame.is_admin().then(|| card(t("account.code"), recovery_code(frame)));
    view! {
        {page_head(t("account.title"), t("account.text"), None)}
        <div class="stack" data-testid="account">
            {card(t("account.password"), password(frame))}
            {code}
            {card(t("language.title"), language(Some(frame)))}
            {card(t("look.title"), look())}
        </div>
    }
    .into_any()
}

#[derive(Debug, Clone, Default)]
struct PasswordDraft {
    now: String,
    new: String,
    again: String,
}

fn password(frame: Frame) -> AnyView {
    let changed = RwSignal::new(0_u32);
    // A new form after each change: nothing that was typed stays in it.
    let form = move || {
        changed.track();
        password_form(frame, changed)
    };
    view! { {form} }.into_any()
}

fn password_form(frame: Frame, changed: RwSignal<u32>) -> AnyView {
    let form = Form::new("own-password", PasswordDraft::default());
    let submit = move || {
        let draft = form.draft.get_untracked();
        let findings = missing(&draft);
        if !findings.is_empty() {
            return form.mend(&findings);
        }
        let command = ChangePassword { password: draft.now, new_password: draft.new };
        form.send(command, move |()| {
            changed.update(|changed| *changed += 1);
            frame.say(t("account.changed"));
        });
    };
    let secret = |path, label, hint, member| form.secret(form.label(path, label, hint), member);
    let hint = Some(t("first-run.password.hint"));
    let fields = view! {
        {secret("now", t("account.now"), None, |d: &mut PasswordDraft| &mut d.now)}
        <div class="pair">
            {secret("password", t("sign-in.new-password"), hint, |d: &mut PasswordDraft| &mut d.new)}
            {secret("again", t("first-run.password.again"), None, |d: &mut PasswordDraft| {
                &mut d.again
            })}
        </div>
    };
    form.shell(fields.into_any(), t("account.password").to_owned().into(), submit)
}

fn missing(draft: &PasswordDraft) -> Vec<Finding> {
    let mut findings = blank(&[("now", &draft.now)]);
    findings.extend(weak("password", &draft.new));
    findings.extend(differs("again", &draft.new, &draft.again));
    findings
}

#[derive(Debug, Clone, Default)]
struct CodeDraft {
    password: String,
}

fn recovery_code(frame: Frame) -> AnyView {
    let gate = Gate::here();
    let form = Form::new("recovery-code", CodeDraft::default());
    let submit = move || {
        let CodeDraft { password } = form.draft.get_untracked();
        let findings = blank(&[("password", &password)]);
        if !findings.is_empty() {
            return form.mend(&findings);
        }
        let session = frame.session.get_value();
        form.send(ReplaceRecoveryCode { password }, move |made| {
            let code = made.recovery_code;
            gate.hand_code(Paper { code, session, computer: None, keyring_absent: false });
        });
    };
    let label = form.label("password", t("account.now"), None);
    let fields = view! {
        {notice(Tone::Info, t("account.code.what"), t("account.code.help"), None)}
        {form.secret(label, |d: &mut CodeDraft| &mut d.password)}
    };
    form.shell(fields.into_any(), t("account.code").to_owned().into(), submit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_changed_by_who_knows_the_old_one_and_types_the_new_one_twice() {
        let check = |now: &str, new: &str, again: &str, want: &[&str]| {
            let draft = PasswordDraft { now: now.into(), new: new.into(), again: again.into() };
            let paths: Vec<String> = missing(&draft).into_iter().map(|f| f.path).collect();
            assert_eq!(paths, want);
        };
        check("old", "a new one", "a new one", &[]);
        check("", "a new one", "a new one", &["now"]);
        check("old", " ", "", &["password", "again"]);
    }
}
