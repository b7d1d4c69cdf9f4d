//! There is no clinic on this computer: make one, join one, bring one back, or try the product.

use super::admission::{FIRST, come_in};
use super::language::language;
use super::recover::recover;
use crate::backend::{Remote, remote};
use crate::components::{Icon, Tone, brand, icon, notice, tile, tiles};
use crate::forms::{Form, blank, differs, weak};
use crate::frame::{Gate, Handed};
use crate::host::focus;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::sections::arriving;
use api::{
    AdmissionView, CreateClinic, CreateDemonstration, GetEntrance, InvitationView, JoinClinic,
    ReadInvitation, Topic,
};
use clinical::Finding;

/// The ways to begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Create,
    Join,
    Recover,
    Try,
}

/// The demonstration's patients.
const PATIENTS: u32 = 200;

/// The page.
pub(crate) fn first_run() -> AnyView {
    let way = RwSignal::new(None::<Way>);
    // A window that is read anew goes on where this computer stands.
    let entrance = entrance();
    Effect::new(move |_| {
        if is_under_way(entrance) && way.get_untracked().is_none() {
            way.set(Some(Way::Join));
        }
    });
    let form = move || {
        way.get().map(|way| match way {
            Way::Create => {
                focus::into_id("way");
                create()
            }
            Way::Join => join(entrance),
            Way::Recover => {
                focus::into_id("way");
                recover()
            }
            Way::Try => {
                focus::into_id("way");
                demonstration()
            }
        })
    };
    let begin = |this, title: &str, help| {
        let is_chosen = move || way.get() == Some(this);
        tile(title.to_owned(), Some(help), is_chosen, move || way.set(Some(this)))
    };
    let ways = vec![
        begin(Way::Create, t("first-run.create"), t("first-run.create.help")),
        begin(Way::Join, t("first-run.join"), t("first-run.join.help")),
        begin(Way::Recover, t("first-run.recover"), t("first-run.recover.help")),
        begin(Way::Try, t("first-run.try"), t("first-run.try.help")),
    ];
    view! {
        <main class="gate wide" id="main" tabindex="-1" data-testid="first-run">
            {brand()}
            <h1>{t("first-run.title")}</h1>
            <p class="lead" id="first-run-lead">{t("first-run.lead")}</p>
            {tiles("first-run-lead", ways)}
            <div id="way">{form}</div>
            <p class="private">{icon(Icon::Lock)} {t("first-run.private")}</p>
            {language(None)}
        </main>
    }
    .into_any()
}

#[derive(Debug, Clone, Default)]
struct CreateDraft {
    clinic: String,
    name: String,
    user: String,
    password: String,
    again: String,
    server: String,
}

fn create() -> AnyView {
    let gate = Gate::here();
    let form = Form::new("create", CreateDraft::default());
    let submit = move || {
        let draft = form.draft.get_untracked();
        let findings = missing(&draft);
        if !findings.is_empty() {
            return form.mend(&findings);
        }
        let server = draft.server.trim();
        let command = CreateClinic {
            clinic_name: draft.clinic.trim().to_owned(),
            user_name: draft.user.trim().to_owned(),
            name: draft.name.trim().to_owned(),
            password: draft.password,
            device_name: None,
            server: (!server.is_empty()).then(|| server.to_owned()),
        };
        form.send(command, move |opened| {
            gate.hand_opened(opened, None);
        });
    };
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    let secret = |path, label, hint, member| form.secret(form.label(path, label, hint), member);
    let fields = view! {
        {line("clinicName", t("first-run.clinic"), None, |d: &mut CreateDraft| &mut d.clinic)}
        <div class="pair">
            {line("name", t("first-run.name"), None, |d: &mut CreateDraft| &mut d.name)}
            {line("userName", t("sign-in.user"), Some(t("first-run.user.hint")), |d: &mut CreateDraft| {
                &mut d.user
            })}
        </div>
        <div class="pair">
            {secret("password", t("sign-in.password"), Some(t("first-run.password.hint")), |d: &mut CreateDraft| {
                &mut d.password
            })}
            {secret("again", t("first-run.password.again"), None, |d: &mut CreateDraft| &mut d.again)}
        </div>
        {line("server", t("first-run.server"), Some(t("first-run.server.hint")), |d: &mut CreateDraft| {
            &mut d.server
        })}
    };
    form.shell(fields.into_any(), t("first-run.create").to_owned().into(), submit)
}

fn missing(draft: &CreateDraft) -> Vec<Finding> {
    let mut findings =
        blank(&[("clinicName", &draft.clinic), ("name", &draft.name), ("userName", &draft.user)]);
    findings.extend(weak("password", &draft.password));
    findings.extend(differs("again", &draft.password, &draft.again));
    findings
}

#[derive(Debug, Clone, Default)]
struct JoinDraft {
    code: String,
    device: String,
    password: String,
    again: String,
}

/// How coming in by a number stands on this computer.
pub(super) fn entrance() -> Remote<AdmissionView> {
    remote(|| Some(GetEntrance {}), |topic| topic == Topic::Admission)
}

fn is_under_way(entrance: Remote<AdmissionView>) -> bool {
    entrance.ready().is_some_and(|view| view != AdmissionView::None)
}

/// The two ways to join a clinic: by a code that is typed, and by a number that is compared. What
/// is under way is gone on with before another way is chosen.
pub(super) fn join(entrance: Remote<AdmissionView>) -> AnyView {
    let compares = RwSignal::new(false);
    let by_number = Memo::new(move |_| compares.get() || is_under_way(entrance));
    let under_way = Memo::new(move |_| is_under_way(entrance));
    let choose = move |number: bool, first: &'static str| {
        compares.set(number);
        focus::to_id(first);
    };
    let ways = move || {
        let ways = vec![
            tile(
                t("join.by-code").to_owned(),
                Some(t("join.by-code.help")),
                move || !by_number.get(),
                move || choose(false, "join-code"),
            ),
            tile(
                t("join.by-number").to_owned(),
                Some(t("join.by-number.help")),
                move || by_number.get(),
                move || choose(true, FIRST),
            ),
        ];
        (!under_way.get()).then(|| {
            view! {
                <h2 id="join-ways">{t("join.ways")}</h2>
                {tiles("join-ways", ways)}
            }
        })
    };
    let form = move || if by_number.get() { come_in(entrance) } else { by_code() };
    focus::to_id("join-code");
    view! { <div class="stack">{ways} {form} {arriving()}</div> }.into_any()
}

/// The form that joins a clinic with a code. Before the password counts it says whose it will be.
fn by_code() -> AnyView {
    let gate = Gate::here();
    let form = Form::new("join", JoinDraft::default());
    // Whose invitation a code is, once the server has said so.
    let found = RwSignal::new(None::<(String, InvitationView)>);
    let known = move || {
        let code = form.draft.with(|draft| draft.code.trim().to_owned());
        found.get().filter(|(of, _)| *of == code).map(|(_, view)| view)
    };
    let submit = move || {
        let draft = form.draft.get_untracked();
        let findings = joining(&draft);
        if !findings.is_empty() {
            return form.mend(&findings);
        }
        let code = draft.code.trim().to_owned();
        if untrack(known).is_none() {
            let read = ReadInvitation { code: Some(code.clone()) };
            return form.send(read, move |view| {
                found.set(Some((code, view)));
                focus::to_id(WHOSE);
            });
        }
        let device_name = draft.device.trim().to_owned();
        let computer = Some(device_name.clone());
        form.send(JoinClinic { code, device_name, password: draft.password }, move |opened| {
            gate.hand_opened(opened, computer);
        });
    };
    let line = |path, label, hint, member| form.line(form.label(path, label, hint), member);
    let secret = |path, label, hint, member| form.secret(form.label(path, label, hint), member);
    let hint = Some(t("first-run.password.hint"));
    let fields = view! {
        {line("code", t("first-run.code"), Some(t("first-run.code.hint")), |d: &mut JoinDraft| &mut d.code)}
        {line("deviceName", t("first-run.device"), Some(t("first-run.device.hint")), |d: &mut JoinDraft| {
            &mut d.device
        })}
        <div class="pair">
            {secret("password", t("sign-in.password"), hint, |d: &mut JoinDraft| &mut d.password)}
            {secret("again", t("first-run.password.again"), None, |d: &mut JoinDraft| &mut d.again)}
        </div>
        {move || known().map(|view| view! { <div id=WHOSE tabindex="-1">{whose(&view)}</div> })}
    };
    let save = Signal::derive(move || match known() {
        Some(_) => t("join.act").to_owned(),
        None => t("first-run.join").to_owned(),
    });
    form.shell(fields.into_any(), save, submit)
}

/// What says whose password is chosen.
const WHOSE: &str = "join-whose";

/// Whom this computer lets in once it has joined, and that the password is theirs.
pub(super) fn whose(view: &InvitationView) -> AnyView {
    notice(Tone::Info, will_be(view), tf("join.whose.help", &[("user", &view.user_name)]), None)
}

/// Who somebody will be on this computer.
fn will_be(view: &InvitationView) -> String {
    let InvitationView { clinic_name, user_name, name } = view;
    if name.is_empty() {
        return tf("join.whose-user", &[("user", user_name)]);
    }
    tf("join.whose", &[("name", name), ("user", user_name), ("clinic", clinic_name)])
}

/// What is missing before anybody is asked.
fn joining(draft: &JoinDraft) -> Vec<Finding> {
    let mut findings = blank(&[("code", &draft.code), ("deviceName", &draft.device)]);
    findings.extend(weak("password", &draft.password));
    findings.extend(differs("again", &draft.password, &draft.again));
    findings
}

fn demonstration() -> AnyView {
    let gate = Gate::here();
    let form = Form::new("demonstration", ());
    let submit = move || {
        form.send(CreateDemonstration { patients: PATIENTS }, move |created| {
            gate.handed.set(Some(Handed::Demonstration(created)));
        });
    };
    let text = view! { <p>{t("first-run.try.text")}</p> };
    form.shell(text.into_any(), t("first-run.try.act").to_owned().into(), submit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clinic_needs_its_names_and_a_password_typed_twice() {
        let full = CreateDraft {
            clinic: "Hill Clinic".into(),
            name: "Dr Amina".into(),
            user: "amina".into(),
            password: "long enough".into(),
            again: "long enough".into(),
            server: String::new(),
        };
        let check = |draft: &CreateDraft, want: &[&str]| {
            let paths: Vec<String> = missing(draft).into_iter().map(|f| f.path).collect();
            assert_eq!(paths, want);
        };
        check(&full, &[]);
        check(&CreateDraft { clinic: " ".into(), ..full.clone() }, &["clinicName"]);
        check(&CreateDraft { again: "another".into(), ..full.clone() }, &["again"]);
        let nothing = CreateDraft { password: " ".into(), again: " ".into(), ..full };
        check(&nothing, &["password"]);
    }

    #[test]
    fn who_joins_is_told_whose_password_it_is() {
        let view = InvitationView {
            clinic_name: "Hill Clinic".into(),
            user_name: "amina".into(),
            name: "Dr Amina".into(),
        };
        let said = will_be(&view);
        for part in ["Hill Clinic", "amina", "Dr Amina"] {
            assert!(said.contains(part), "{said}");
        }
        let begun = InvitationView { name: String::new(), clinic_name: String::new(), ..view };
        assert!(will_be(&begun).contains("amina") && !will_be(&begun).contains("()"));
        let draft = JoinDraft {
            code: "ABCD".into(),
            device: "Room 2".into(),
            password: "long enough".into(),
            again: "long".into(),
        };
        let paths: Vec<String> = joining(&draft).into_iter().map(|f| f.path).collect();
        assert_eq!(paths, ["again"]);
    }
}
