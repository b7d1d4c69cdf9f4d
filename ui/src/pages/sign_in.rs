//! Signing in: who, and the password; or the printed recovery code.

use super::language::language;
use crate::backend;
use crate::components::{Press, Tone, brand, button, notice, progress, status, tile, tiles};
use crate::forms::{Form, blank, weak};
use crate::frame::Gate;
use crate::host::focus;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use api::{RecoverAccess, SignIn};

#[derive(Debug, Clone, Default)]
struct SignInDraft {
    user: String,
    password: String,
}

/// The page; the names that can sign in here stand as tiles, the clinic's above them while the
/// program remembers it.
pub(crate) fn sign_in(users: Vec<String>, clinic: Option<String>) -> AnyView {
    let by_code = RwSignal::new(false);
    let names = users.clone();
    let body = move || {
        if by_code.get() { recovery(&users) } else { with_password(names.clone()) }
    };
    let other = move || {
        let label = if by_code.get() { t("sign-in.by-password") } else { t("sign-in.by-code") };
        button(Press::Plain, label, move || by_code.update(|by_code| *by_code = !*by_code))
    };
    view! {
        <main class="gate" id="main" tabindex="-1" data-testid="sign-in">
            {brand()}
            <h1>{t("sign-in.title")}</h1>
            {clinic.map(|clinic| view! { <p class="clinic"><b><bdi>{clinic}</bdi></b></p> })}
            {lost()}
            {body}
            {status(rebuilding())}
            <div class="actions">{other}</div>
            {language(None)}
        </main>
    }
    .into_any()
}

/// That something typed is not there any more, until somebody has signed in.
fn lost() -> Option<AnyView> {
    let lost = Gate::here().lost;
    lost.get_untracked()
        .then(|| notice(Tone::Warning, t("sign-in.lost"), t("sign-in.lost.help"), None))
}

/// How far the lists are made again, after an update.
fn rebuilding() -> AnyView {
    let far = RwSignal::new(None::<(u64, u64)>);
    backend::on_rebuilding(move |done, all| far.set(Some((done, all))));
    let view = move || {
        let (done, all) = far.get()?;
        let counts = [("done", done.to_string()), ("all", all.to_string())];
        let counts = counts.each_ref().map(|(name, text)| (*name, text.as_str()));
        let counts = tf("sign-in.rebuilding", &counts).into_any();
        Some(progress(t("sign-in.rebuilding.name"), Some((done, all)), counts))
    };
    view.into_any()
}

fn with_password(users: Vec<String>) -> AnyView {
    let gate = Gate::here();
    let first = users.first().cloned().unwrap_or_default();
    let form = Form::new("sign-in", SignInDraft { user: first, password: String::new() });
    let submit = move || {
        let SignInDraft { user, password } = form.draft.get_untracked();
        let findings = blank(&[("password", &password)]);
        if !findings.is_empty() {
            return form.mend(&findings);
        }
        form.send(SignIn { user_name: user, password }, move |_| gate.status.refetch());
    };
    let users = users.into_iter().map(|user| person(form, user)).collect();
    let fields = view! {
        <p class="label" id="sign-in-who">{t("sign-in.who")}</p>
        {tiles("sign-in-who", users)}
        {form.secret(form.label("password", t("sign-in.password"), None), |d| &mut d.password)}
    };
    focus::to_id("sign-in-password");
    form.shell(fields.into_any(), t("sign-in.act").to_owned().into(), submit)
}

fn person(form: Form<SignInDraft>, user: String) -> AnyView {
    let (wanted, chosen) = (user.clone(), user.clone());
    let is_chosen = move || form.draft.with(|draft| draft.user == wanted);
    let choose = move || {
        form.draft.update(|draft| draft.user.clone_from(&chosen));
        focus::to_id("sign-in-password");
    };
    tile(user, None, is_chosen, choose)
}

#[derive(Debug, Clone, Default)]
struct RecoveryDraft {
    code: String,
    user: String,
    password: String,
}

/// The form that opens the store with the printed code and sets a new password.
pub(super) fn recovery(users: &[String]) -> AnyView {
    let gate = Gate::here();
    let user = users.first().cloned().unwrap_or_default();
    let form = Form::new("recovery", RecoveryDraft { user, ..RecoveryDraft::default() });
    let submit = move || {
        let draft = form.draft.get_untracked();
        let mut findings = blank(&[("code", &draft.code), ("userName", &draft.user)]);
        findings.extend(weak("password", &draft.password));
        if !findings.is_empty() {
            return form.mend(&findings);
        }
        let command = RecoverAccess {
            code: draft.code.trim().to_owned(),
            user_name: draft.user.trim().to_owned(),
            password: draft.password,
        };
        form.send(command, move |_| gate.status.refetch());
    };
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    let fields = view! {
        <h2>{t("sign-in.by-code")}</h2>
        <p>{t("sign-in.by-code.help")}</p>
        {line("code", t("sign-in.code"), None, |d: &mut RecoveryDraft| &mut d.code)}
        {line("userName", t("sign-in.user"), None, |d: &mut RecoveryDraft| &mut d.user)}
        {form.secret(
            form.label("password", t("sign-in.new-password"), Some(t("first-run.password.hint"))),
            |d| &mut d.password,
        )}
    };
    form.shell(fields.into_any(), t("sign-in.recover").to_owned().into(), submit)
}
