//! The question whether this computer has a living copy, for who looks after the clinic's computers.

use super::words::{copy_does, copy_is};
use crate::components::{Tone, notice, tile, tiles};
use crate::forms::{Form, blank};
use crate::frame::{Frame, Gate};
use crate::host::focus;
use crate::i18n::t;
use crate::markup::prelude::*;
use api::{AlarmKind, CopyIs, SettleCopy};

/// The heading, which says what the tiles choose.
const TITLE: &str = "copied-title";
/// What is done by an answer, before it is done.
const CONFIRM: &str = "copied-confirm";

#[derive(Debug, Clone, Default)]
struct AnswerDraft {
    device: String,
}

/// The card; nothing where nobody asks.
pub(super) fn copied(frame: Frame) -> AnyView {
    let is_asked = Memo::new(move |_| {
        frame
            .sync
            .ready()
            .is_some_and(|view| view.alarms.iter().any(|raised| raised.alarm == AlarmKind::Copied))
    });
    let chosen = RwSignal::new(None::<CopyIs>);
    (move || is_asked.get().then(|| question(frame, chosen))).into_any()
}

fn question(frame: Frame, chosen: RwSignal<Option<CopyIs>>) -> AnyView {
    let answer = |answer| {
        let (title, help) = copy_is(answer);
        let is_chosen = move || chosen.get() == Some(answer);
        tile(title.to_owned(), Some(help), is_chosen, move || {
            chosen.set(Some(answer));
            focus::to_id(CONFIRM);
        })
    };
    let answers = [CopyIs::SecondComputer, CopyIs::Stolen, CopyIs::PutBack].map(answer).into();
    let form = move || chosen.get().map(|answer| confirm(frame, chosen, answer));
    view! {
        <section class="card" data-testid="copied">
            <header class="card-head"><h2 id=TITLE tabindex="-1">{t("copied.title")}</h2></header>
            <p class="hint">{t("copied.text")}</p>
            {tiles(TITLE, answers)}
            {form}
        </section>
    }
    .into_any()
}

/// Each answer says what follows; this computer gets a name of its own with keys of its own.
fn confirm(frame: Frame, chosen: RwSignal<Option<CopyIs>>, answer: CopyIs) -> AnyView {
    let gate = Gate::here();
    let form = Form::new("copied", AnswerDraft::default());
    let is_named = answer != CopyIs::PutBack;
    let submit = move || {
        let AnswerDraft { device } = form.draft.get_untracked();
        let findings = blank(&[("deviceName", &device)]);
        if is_named && !findings.is_empty() {
            return form.mend(&findings);
        }
        let device_name = device.trim().to_owned();
        form.send(SettleCopy { answer, device_name }, move |()| {
            chosen.set(None);
            if is_named {
                // What is recorded from here on bears another computer: they sign in again.
                gate.status.refetch();
            } else {
                frame.say(t("copied.settled"));
                frame.sync.refetch();
            }
        });
    };
    let name = is_named.then(|| {
        let hint = Some(t("first-run.device.hint"));
        form.line(form.label("deviceName", t("first-run.device"), hint), |d| &mut d.device)
    });
    let (what, then, act) = copy_does(answer);
    let fields = view! { {notice(Tone::Warning, what, then, None)} {name} };
    let leave = move || {
        chosen.set(None);
        focus::to_id(TITLE);
    };
    let form = form.shell_with_cancel(fields.into_any(), act.to_owned().into(), submit, leave);
    view! { <div id=CONFIRM tabindex="-1">{form}</div> }.into_any()
}
