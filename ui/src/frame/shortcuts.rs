//! The frame's ears: what the keys of the keymap do.

use super::{Frame, Gate, Route, Sheet, Subject, done::undo, lock};
use crate::backend::{call, touch};
use crate::forms;
use crate::host::focus;
use crate::keymap::{Action, Pressed, action_of};
use api::{SyncNow, Topic};
use clinical::PatientDraft;
use leptos::task::spawn_local;
use leptos::{ev, prelude::*};
use web_sys::KeyboardEvent;

/// Listens to the keys of the keymap.
pub(crate) fn listen(frame: Frame, gate: Gate) {
    let handle = window_event_listener(ev::keydown, move |event| heed(frame, gate, &event));
    on_cleanup(move || handle.remove());
}

fn heed(frame: Frame, gate: Gate, event: &KeyboardEvent) {
    let key = event.key();
    let pressed = Pressed {
        key: &key,
        ctrl: event.ctrl_key() || event.meta_key(),
        shift: event.shift_key(),
        alt: event.alt_key(),
        typing: focus::is_typing(),
    };
    let Some(action) = action_of(pressed) else { return };
    // A key that is held down does once what it does.
    if event.repeat() || act(frame, gate, action) {
        event.prevent_default();
    }
}

/// Carries out an action; whether there was something to do.
pub(super) fn act(frame: Frame, gate: Gate, action: Action) -> bool {
    match action {
        Action::Palette => {
            frame.palette.toggle();
            true
        }
        Action::Today => {
            frame.go(Route::Today);
            // To who has waited longest, also where one is there already.
            focus::to_selector(".today .row");
            true
        }
        Action::CheckIn => {
            let whom = frame.subject.get_untracked().or_else(|| frame.pointed.get_untracked());
            match whom {
                Some(subject) => frame.open(Sheet::CheckIn(subject)),
                None => {
                    frame.go(Route::Today);
                    focus::to_selector("#arrive");
                }
            }
            true
        }
        Action::Diagnose => open_for_chart(frame, Sheet::Problem),
        Action::Register => open(frame, Sheet::Register(PatientDraft::default())),
        // On the page of a visit both are there already.
        Action::Vitals if is_at_visit(frame) => at("vitals-systolic"),
        Action::Note if is_at_visit(frame) => at("note-subjective"),
        Action::Vitals => open_for_chart(frame, Sheet::Vitals),
        Action::Note => open_for_chart(frame, Sheet::last_note),
        Action::Prescribe => open_for_chart(frame, Sheet::Medication),
        Action::Review => {
            focus::to_next(".banner .review, .conflict-card");
            frame.subject.with_untracked(Option::is_some)
        }
        Action::Print => match (frame.subject.get_untracked(), frame.route.get_untracked()) {
            (Some(subject), Route::Visit(_, visit)) if frame.is_clinical() => {
                forms::print_visit(frame, &subject, visit);
                true
            }
            (Some(subject), _) if frame.is_clinical() => open(frame, Sheet::Print(subject, None)),
            (_, _) => open_label(frame),
        },
        Action::Undo => undo(frame),
        Action::Lock => {
            lock(frame, gate);
            true
        }
        Action::SyncNow => {
            sync_now(frame);
            true
        }
        Action::Close if frame.palette.is_open() => {
            frame.palette.close();
            true
        }
        Action::Close => {
            let is_open = frame.sheets.with_untracked(|sheets| !sheets.is_empty());
            if is_open {
                frame.close();
            }
            is_open
        }
        Action::Keys => open(frame, Sheet::Keys),
    }
}

fn is_at_visit(frame: Frame) -> bool {
    matches!(frame.route.get_untracked(), Route::Visit(..))
}

fn at(id: &str) -> bool {
    focus::to_id(id);
    true
}

fn open(frame: Frame, sheet: Sheet) -> bool {
    frame.open(sheet);
    true
}

/// Opens the labels of who is pointed at, else of who has just come: at the desk there is no chart.
fn open_label(frame: Frame) -> bool {
    let just_come = || frame.done.with_untracked(|done| done.as_ref()?.label().cloned());
    match frame.pointed.get_untracked().or_else(just_come) {
        Some(subject) => open(frame, Sheet::Label(subject)),
        None => false,
    }
}

/// Opens a form for the chart on screen.
fn open_for_chart(frame: Frame, sheet: impl Fn(Subject) -> Sheet) -> bool {
    match frame.subject.get_untracked().filter(|_| frame.is_clinical()) {
        Some(subject) => open(frame, sheet(subject)),
        None => false,
    }
}

/// Syncs, and shows how it goes.
pub(crate) fn sync_now(frame: Frame) {
    spawn_local(async move {
        // A failure is part of the sync state, which is shown.
        drop(call(&SyncNow {}).await);
        frame.sync.refetch();
        touch(&[Topic::Sync]);
    });
}
