//! A clinic that lost its computers comes back by its recovery kit: from its file, or as its sheet is
//! typed.

use crate::components::{FieldLabel, file_input};
use crate::forms::{Form, blank, differs, weak};
use crate::frame::Gate;
use crate::host::file::read_chosen;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::sections::arriving;
use api::{KitText, RecoverClinic};
use clinical::{ClinicId, Finding};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct RecoverDraft {
    code: String,
    clinic: String,
    server: String,
    user: String,
    device: String,
    password: String,
    again: String,
}

impl RecoverDraft {
    /// What a kit's file says takes the place of what was typed; nothing changes by another file.
    fn fill(&mut self, text: &str) -> bool {
        let Some(kit) = KitText::read(text) else { return false };
        (self.code, self.clinic, self.server) = (kit.code, kit.clinic.to_string(), kit.server);
        true
    }
}

/// The form.
pub(super) fn recover() -> AnyView {
    let gate = Gate::here();
    let form = Form::new("recover", RecoverDraft::default());
    let submit = move || {
        let draft = form.draft.get_untracked();
        let command = match command(draft) {
            Ok(command) => command,
            Err(findings) => return form.mend(&findings),
        };
        let computer = Some(command.device_name.clone());
        form.send(command, move |opened| gate.hand_opened(opened, computer));
    };
    // Drawn again with what a file says.
    let drawn = RwSignal::new(0_u32);
    let read = move |text: Option<String>| {
        let mut is_kit = false;
        form.draft.try_update(|draft| is_kit = text.is_some_and(|text| draft.fill(&text)));
        if is_kit {
            form.accept();
            drawn.try_update(|drawn| *drawn += 1);
        } else {
            form.mark(&[Finding::error("file", "no-kit", t("recover.no-kit"))]);
        }
    };
    let file: FieldLabel = form.label("file", t("recover.file"), Some(t("recover.file.hint")));
    let words = [t("file.choose"), t("file.none")];
    let file = file_input(file, ".txt,text/plain", words, move |event| read_chosen(event, read));
    let kit = move || {
        drawn.track();
        kit_fields(form)
    };
    let fields = view! {
        <p>{t("recover.text")}</p>
        {file}
        {kit}
        {who_fields(form)}
    };
    let form = form.shell(fields.into_any(), t("recover.act").to_owned().into(), submit);
    view! { <div class="stack">{form} {arriving()}</div> }.into_any()
}

/// What stands on the sheet.
fn kit_fields(form: Form<RecoverDraft>) -> AnyView {
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    view! {
        {line("code", t("recover.code"), Some(t("recover.code.hint")), |d: &mut RecoverDraft| &mut d.code)}
        {line("clinic", t("recover.clinic"), Some(t("recover.clinic.hint")), |d: &mut RecoverDraft| {
            &mut d.clinic
        })}
        {line("server", t("enter.server"), Some(t("recover.server.hint")), |d: &mut RecoverDraft| {
            &mut d.server
        })}
    }
    .into_any()
}

/// Who comes back, on which computer.
fn who_fields(form: Form<RecoverDraft>) -> AnyView {
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    let secret = |path, label, hint, member| form.secret(form.label(path, label, hint), member);
    view! {
        <div class="pair">
            {line("userName", t("recover.user"), Some(t("recover.user.hint")), |d: &mut RecoverDraft| {
                &mut d.user
            })}
            {line("deviceName", t("first-run.device"), Some(t("first-run.device.hint")), |d: &mut RecoverDraft| {
                &mut d.device
            })}
        </div>
        <div class="pair">
            {secret("password", t("recover.password"), Some(t("first-run.password.hint")), |d: &mut RecoverDraft| {
                &mut d.password
            })}
            {secret("again", t("first-run.password.again"), None, |d: &mut RecoverDraft| &mut d.again)}
        </div>
    }
    .into_any()
}

/// What is sent, or what is missing.
fn command(draft: RecoverDraft) -> Result<RecoverClinic, Vec<Finding>> {
    let RecoverDraft { code, clinic, server, user, device, password, again } = draft;
    let mut findings = blank(&[
        ("code", &code),
        ("clinic", &clinic),
        ("server", &server),
        ("deviceName", &device),
    ]);
    let id = clinic.trim().parse::<ClinicId>().ok();
    if id.is_none() && !clinic.trim().is_empty() {
        findings.push(Finding::error("clinic", "no-clinic-id", t("recover.clinic.wrong")));
    }
    findings.extend(weak("password", &password));
    findings.extend(differs("again", &password, &again));
    let (Some(clinic), true) = (id, findings.is_empty()) else { return Err(findings) };
    let user = user.trim();
    Ok(RecoverClinic {
        code: code.trim().to_owned(),
        clinic,
        server: server.trim().to_owned(),
        user_name: (!user.is_empty()).then(|| user.to_owned()),
        device_name: device.trim().to_owned(),
        password,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLINIC: &str = "019395b4-5c00-7000-8000-0123456789ab";

    fn full() -> RecoverDraft {
        let text = format!("code ABCD-EFGH\nclinic {CLINIC}\nserver https://a:9#sha256:00\n");
        let mut draft = RecoverDraft {
            device: "New laptop".into(),
            password: "long enough".into(),
            again: "long enough".into(),
            ..RecoverDraft::default()
        };
        assert!(draft.fill(&text));
        draft
    }

    #[test]
    fn a_file_fills_in_what_stands_on_the_sheet_and_another_changes_nothing() {
        let mut draft = full();
        assert_eq!((draft.code.as_str(), draft.clinic.as_str()), ("ABCD-EFGH", CLINIC));
        let before = draft.clone();
        assert!(!draft.fill("a letter"));
        assert_eq!(draft, before);
        let sent = command(draft).unwrap();
        assert_eq!((sent.clinic.to_string().as_str(), sent.user_name), (CLINIC, None));
    }

    #[test]
    fn what_is_missing_is_said_beside_it() {
        let check = |draft: RecoverDraft, want: &[&str]| {
            let findings = command(draft).map(|_| ()).unwrap_err();
            let paths: Vec<String> = findings.into_iter().map(|f| f.path).collect();
            assert_eq!(paths, want);
        };
        check(RecoverDraft { code: " ".into(), ..full() }, &["code"]);
        check(RecoverDraft { clinic: "Hill Clinic".into(), ..full() }, &["clinic"]);
        check(RecoverDraft { clinic: String::new(), ..full() }, &["clinic"]);
        check(RecoverDraft { again: "another".into(), ..full() }, &["again"]);
        let named = command(RecoverDraft { user: " ben ".into(), ..full() }).unwrap();
        assert_eq!(named.user_name.as_deref(), Some("ben"));
    }
}
