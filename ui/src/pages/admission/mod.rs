//! A computer is admitted by a number that both show: what the pages of the two sides share.

mod come_in;
mod let_in;
mod model;

pub(super) use come_in::{FIRST, come_in};
pub(super) use let_in::let_in;

use crate::backend::Remote;
use crate::components::{Press, Tone, announcer, button, notice, progress};
use crate::forms::Form;
use crate::host::focus;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use api::{AdmissionView, AnswerAdmission, AnswerEntrance, ApiError, EndAdmission, LeaveRoom};
use model::{Side, failed, heard, spoken};

/// What takes the keyboard when it comes to stand otherwise, as a whole: all of it comes into sight.
const STEP: &str = "meeting";
/// What it is named by.
const TITLE: &str = "meeting-title";

/// What is pressed while it goes on, and what is refused of it.
#[derive(Clone, Copy)]
struct Meeting {
    side: Side,
    form: Form<()>,
}

impl Meeting {
    fn of(side: Side) -> Self {
        Self { side, form: Form::new("meeting", ()) }
    }

    fn answer(self, same: bool) {
        match self.side {
            Side::Clinic => self.form.send(AnswerAdmission { same }, |_| ()),
            Side::Newcomer => self.form.send(AnswerEntrance { same }, |_| ()),
        }
    }

    fn stop(self) {
        match self.side {
            Side::Clinic => self.form.send(EndAdmission {}, |()| ()),
            Side::Newcomer => self.form.send(LeaveRoom {}, |()| ()),
        }
    }

    /// One step: its heading, what it says, what can be pressed.
    fn step(self, title: &'static str, body: AnyView, actions: AnyView) -> AnyView {
        // Before the sign-in no heading stands between the page's and this one.
        let heading = match self.side {
            Side::Clinic => view! { <h3 id=TITLE>{title}</h3> }.into_any(),
            Side::Newcomer => view! { <h2 id=TITLE>{title}</h2> }.into_any(),
        };
        view! {
            <div
                class="meeting"
                id=STEP
                role="group"
                aria-labelledby=TITLE
                tabindex="-1"
                data-testid="meeting"
            >
                {heading}
                {self.form.failure()}
                {body}
                <div class="actions">{actions}</div>
            </div>
        }
        .into_any()
    }

    /// The number, and whether it is the same on both.
    fn comparing(self, number: &str, name: Option<String>) -> AnyView {
        // Its line is there before the name is: nothing moves below a finger when that comes.
        let named = |name: String| tf("meeting.name", &[("name", &name)]);
        let name = name.map_or_else(|| "\u{a0}".to_owned(), named);
        let name = (self.side == Side::Clinic).then(|| view! { <p>{name}</p> });
        let body = view! { {digits(number)} <p>{t("meeting.compare.help")}</p> {name} };
        let actions = view! {
            {button(Press::Plain, t("meeting.same"), move || self.answer(true))}
            {button(Press::Plain, t("meeting.differ"), move || self.answer(false))}
            {self.way_out()}
        };
        self.step(t("meeting.compare"), body.into_any(), actions.into_any())
    }

    /// It is the same here.
    fn answered(self, number: &str) -> AnyView {
        let body = view! {
            {digits(number)}
            {waits(t("meeting.answered.help"))}
        };
        self.step(t("meeting.answered"), body.into_any(), self.way_out())
    }

    /// It came to nothing.
    fn failed(self, error: &ApiError) -> AnyView {
        let (what, help) = failed(self.side, error.code);
        let again = button(Press::Main, t("meeting.again"), move || self.stop());
        view! {
            <div class="meeting" id=STEP tabindex="-1" data-testid="meeting">
                {notice(Tone::Warning, what, help, None)}
                {self.form.failure()}
                <div class="actions">{again}</div>
            </div>
        }
        .into_any()
    }

    fn way_out(self) -> AnyView {
        button(Press::Plain, t("meeting.stop"), move || self.stop())
    }
}

/// The number, large, and digit by digit for those who hear it.
fn digits(number: &str) -> AnyView {
    let (shown, said) = (number.to_owned(), spoken(number));
    view! {
        <p class="meeting-number">
            <span dir="ltr" aria-hidden="true">{shown}</span>
            <span class="only-heard" dir="ltr">{said}</span>
        </p>
    }
    .into_any()
}

/// That it goes on by itself.
fn waits(what: &'static str) -> AnyView {
    progress(t("meeting.waiting"), None, what.into_any())
}

/// Says how it stands to those who hear, and moves the keyboard with it. Whoever types into
/// something else on the page goes on there; `always` where there is nothing else.
fn follow(stands: Remote<AdmissionView>, always: bool, first: &'static str) -> AnyView {
    Effect::new(move |before: Option<Option<AdmissionView>>| {
        let now = stands.ready();
        let is_other = |was: &AdmissionView, is: &AdmissionView| {
            std::mem::discriminant(was) != std::mem::discriminant(is)
        };
        let moves = match (before.flatten(), &now) {
            (Some(was), Some(is)) => is_other(&was, is),
            (None, _) | (_, None) => false,
        };
        if moves && (always || !focus::is_typing()) {
            focus::to_id(if now == Some(AdmissionView::None) { first } else { STEP });
        }
        now
    });
    announcer(move || stands.ready().as_ref().map(heard).unwrap_or_default())
}
