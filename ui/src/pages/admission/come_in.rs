//! The side of the computer that wants in.

use super::super::first_run::whose;
use super::model::Side;
use super::{Meeting, STEP, follow, waits};
use crate::backend::{Remote, remote};
use crate::components::{Tone, notice};
use crate::forms::{Form, blank, differs, weak};
use crate::frame::Gate;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::pages::shown::shown;
use api::{AdmissionView, EnterRoom, JoinAdmitted, ReadInvitation};

/// Where it begins.
pub(in crate::pages) const FIRST: &str = "enter-room";

#[derive(Debug, Clone, Default)]
struct EnterDraft {
    room: String,
    server: String,
    device: String,
}

/// The part of the page. `stands` is how coming in stands.
pub(in crate::pages) fn come_in(stands: Remote<AdmissionView>) -> AnyView {
    let meeting = Meeting::of(Side::Newcomer);
    // What was typed is there again when it is begun again.
    let form = Form::new("enter", EnterDraft::default());
    let view = shown(stands, move |view| match view {
        AdmissionView::None => enter(form),
        AdmissionView::Waiting { .. } => {
            let body = waits(t("enter.waiting"));
            meeting.step(t("meeting.waiting"), body, meeting.way_out())
        }
        AdmissionView::Comparing { number, .. } => meeting.comparing(&number, None),
        AdmissionView::Answered { number } => meeting.answered(&number),
        AdmissionView::Admitted { name } => join(meeting, name),
        AdmissionView::Failed(error) => meeting.failed(&error),
    });
    view! { {follow(stands, true, FIRST)} {view} }.into_any()
}

fn enter(form: Form<EnterDraft>) -> AnyView {
    let submit = move || {
        let EnterDraft { room, server, device } = form.draft.get_untracked();
        let findings = blank(&[("room", &room), ("server", &server), ("deviceName", &device)]);
        if !findings.is_empty() {
            return form.mend(&findings);
        }
        let [room, server, device_name] = [room, server, device].map(|text| text.trim().to_owned());
        form.send(EnterRoom { room, server, device_name }, |_| ());
    };
    let line = |path, label, hint, member| form.line(form.label(path, label, Some(hint)), member);
    let fields = view! {
        <p>{t("enter.text")}</p>
        <div class="pair">
            {line("room", t("enter.room"), t("enter.room.hint"), |d: &mut EnterDraft| &mut d.room)}
            {line("server", t("enter.address"), t("enter.address.hint"), |d: &mut EnterDraft| {
                &mut d.server
            })}
        </div>
        {line("deviceName", t("first-run.device"), t("first-run.device.hint"), |d: &mut EnterDraft| {
            &mut d.device
        })}
    };
    form.shell(fields.into_any(), t("enter.act").to_owned().into(), submit)
}

#[derive(Debug, Clone, Default)]
struct PasswordDraft {
    password: String,
    again: String,
}

/// The invitation has come: from here on it is joining, as with a code.
fn join(meeting: Meeting, name: Option<String>) -> AnyView {
    let gate = Gate::here();
    let form = Form::new("admitted", PasswordDraft::default());
    let submit = move || {
        let PasswordDraft { password, again } = form.draft.get_untracked();
        let findings = weak("password", &password);
        let findings: Vec<_> =
            findings.into_iter().chain(differs("again", &password, &again)).collect();
        if !findings.is_empty() {
            return form.mend(&findings);
        }
        let name = name.clone();
        form.send(JoinAdmitted { password }, move |opened| gate.hand_opened(opened, name));
    };
    // Where the server cannot say it now, joining asks again, and tells what is wrong.
    let account = remote(|| Some(ReadInvitation { code: None }), |_| false);
    let label = form.label("password", t("sign-in.password"), Some(t("first-run.password.hint")));
    let again = form.label("again", t("first-run.password.again"), None);
    let fields = view! {
        <div id=STEP tabindex="-1">
            {notice(Tone::Ok, t("enter.admitted"), t("enter.admitted.help"), None)}
        </div>
        {move || account.ready().map(|view| whose(&view))}
        <div class="pair">
            {form.secret(label, |d: &mut PasswordDraft| &mut d.password)}
            {form.secret(again, |d: &mut PasswordDraft| &mut d.again)}
        </div>
    };
    let act = Signal::derive(move || {
        let is_known = account.ready().is_some();
        t(if is_known { "join.act" } else { "first-run.join" }).to_owned()
    });
    form.shell_with_cancel(fields.into_any(), act, submit, move || meeting.stop())
}
