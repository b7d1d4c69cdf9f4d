//! The side of the clinic: a computer is let in.

use super::model::{Side, admitted};
use super::{Meeting, STEP, follow, waits};
use crate::backend::remote;
use crate::components::{Press, Tone, button, fact, facts, notice};
use crate::forms::Form;
use crate::frame::Frame;
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::pages::shown::shown;
use crate::words;
use api::{AdmissionView, GetAdmission, OpenRoom, Topic};
use clinical::Instant;

/// The part of the page.
pub(in crate::pages) fn let_in(frame: Frame) -> AnyView {
    let stands = remote(|| Some(GetAdmission {}), |topic| topic == Topic::Admission);
    let meeting = Meeting::of(Side::Clinic);
    Effect::new(move |_| {
        if let Some(view) = stands.ready() {
            let is_over = matches!(view, AdmissionView::None | AdmissionView::Failed(_));
            frame.stay_awake(!is_over);
        }
    });
    on_cleanup(move || frame.stay_awake(false));
    let view = shown(stands, move |view| match view {
        AdmissionView::None => begin(),
        AdmissionView::Waiting { room, server, ends_at } => open(meeting, room, server, ends_at),
        AdmissionView::Comparing { number, name } => meeting.comparing(&number, name),
        AdmissionView::Answered { number } => meeting.answered(&number),
        AdmissionView::Admitted { name } => done(meeting, name.as_deref()),
        AdmissionView::Failed(error) => meeting.failed(&error),
    });
    view! { {follow(stands, false, STEP)} {view} }.into_any()
}

fn begin() -> AnyView {
    let form = Form::new("admit", ());
    let submit = move || form.send(OpenRoom {}, |_| ());
    let text = view! {
        <h3 id=STEP tabindex="-1">{t("admit.title")}</h3>
        <p class="hint">{t("admit.text")}</p>
    };
    form.shell(text.into_any(), t("admit.act").to_owned().into(), submit)
}

fn open(meeting: Meeting, room: String, server: String, ends_at: Instant) -> AnyView {
    let until = words::moment(clock::local(ends_at), clock::today());
    let body = view! {
        <p>{t("admit.room")}</p>
        <p class="meeting-number"><code dir="ltr">{room}</code></p>
        {facts(vec![fact(t("enter.address"), server)])}
        <p class="hint">{tf("admit.until", &[("when", &until)])}</p>
        {waits(t("admit.waiting"))}
    };
    meeting.step(t("meeting.waiting"), body.into_any(), meeting.way_out())
}

fn done(meeting: Meeting, name: Option<&str>) -> AnyView {
    let body = notice(Tone::Ok, admitted(name), t("admit.done.help"), None);
    let close = button(Press::Main, t("admit.close"), move || meeting.stop());
    meeting.step(t("admit.title"), body, close)
}
