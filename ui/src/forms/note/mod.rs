//! The note: four texts, kept while they are typed, signed at the end.

mod begun;
mod editor;
mod fold;
mod kept;
mod saver;
mod signing;
mod tracked;

use super::{failure_notice, on_send, refused};
use crate::backend::{Load, Remote, remote, touch};
use crate::components::{Press, Tone, button, loading, notice, saved_state};
use crate::frame::{Frame, Keeper, Subject};
use crate::host::{clock, focus};
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use crate::words::joined;
use api::{ApiError, OpenDraft, Topic, WhichDraft, draft_topics};
use begun::begun;
use clinical::{EncounterId, NoteDraft, NoteSectionCode, PractitionerId};
use editor::{Editor, editor};
use kept::Kept;
use leptos::task::spawn_local;
use signing::Signing;
use std::rc::Rc;
use tracked::tracked;

/// Where a note is written, and so how it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NotePlace {
    /// Beside a page: it is signed there.
    Sheet,
    /// On the page of a visit, which is ended as a whole.
    Visit,
}

/// A note of a patient.
pub(crate) fn note(frame: Frame, subject: &Subject, which: WhichDraft) -> AnyView {
    opened(frame, subject, which, NotePlace::Sheet)
}

/// The note of a visit, on its page.
pub(crate) fn note_of_visit(frame: Frame, subject: &Subject, encounter: EncounterId) -> AnyView {
    opened(frame, subject, WhichDraft::OfVisit(encounter), NotePlace::Visit)
}

fn opened(frame: Frame, subject: &Subject, which: WhichDraft, place: NotePlace) -> AnyView {
    let (patient, whom) = (subject.patient, subject.clone());
    let open = RwSignal::new(None::<NoteDraft>);
    let asked = StoredValue::new(which);
    let draft = remote(
        move || Some(OpenDraft { patient, which: asked.get_value() }),
        move |topic| match topic {
            Topic::Draft(id) => open.with_untracked(|open| open.as_ref().map(|d| d.id)) == Some(id),
            Topic::Patients
            | Topic::Today
            | Topic::Chart(_)
            | Topic::Sheets(_)
            | Topic::Tasks
            | Topic::Conflicts
            | Topic::People
            | Topic::Sync
            | Topic::Import
            | Topic::Admission
            | Topic::Session => false,
        },
    );
    Effect::new(move |_| {
        if let Some(draft) = draft.ready() {
            // It stays the one that is written, whatever else is begun meanwhile.
            asked.set_value(WhichDraft::Of(draft.id));
            open.set(Some(draft));
        }
    });
    let anew = move || {
        if untrack(|| draft.is_settled()) {
            asked.set_value(WhichDraft::New);
            draft.refetch();
        }
    };
    // Only another draft draws the editors anew: what is typed is never drawn over.
    let which = Memo::new(move |_| open.with(|open| open.as_ref().map(|draft| draft.id)));
    let body = move || match which.get() {
        Some(_) => with_draft(frame, whom.clone(), open, anew, place),
        None => unopened(draft),
    };
    body.into_any()
}

/// What stands there until the draft is open.
fn unopened(draft: Remote<NoteDraft>) -> AnyView {
    let view = move || match draft.load() {
        Load::Failed(error) => refused(&error, move || draft.refetch()),
        Load::Loading | Load::Ready(_) => loading(t("state.loading")),
    };
    view.into_any()
}

fn with_draft(
    frame: Frame,
    whom: Subject,
    open: RwSignal<Option<NoteDraft>>,
    anew: impl Fn() + Copy + Send + 'static,
    place: NotePlace,
) -> AnyView {
    let Some(draft) = open.get_untracked() else { return ().into_any() };
    let failure = RwSignal::new(None::<ApiError>);
    let make = |code: &NoteSectionCode| Editor::new(&draft, *code, failure);
    let editors: Vec<Editor> = NoteSectionCode::ALL.iter().map(make).collect();
    keep_before_leaving(frame, draft_topics(draft.id, whom.patient), &editors);
    let heeding = editors.clone();
    Effect::new(move |_| {
        if let Some(draft) = open.get() {
            heeding.iter().for_each(|editor| editor.heed(&draft));
        }
    });
    let me = frame.session.with_value(|session| session.person);
    let fields = editors.iter().map(|one| {
        let code = one.code();
        let words_of = move || open.with(|open| words_of(open.as_ref()?, code, me));
        view! { {editor(one)} <p class="hint">{words_of}</p> {tracked(open, code, me)} }
    });
    let fields = fields.collect_view();
    if place == NotePlace::Visit {
        // The page of the visit hears the key that ends it. A visit has one note, whenever it was
        // begun: another one beside it would not be signed with the visit.
        return view! {
            <div class="note" data-testid="note-draft">
                {begun_line(&draft)}
                {fields}
                {move || failure.get().map(|error| failure_notice(&error, None))}
                {how_safe(editors)}
            </div>
        }
        .into_any();
    }
    let signing = Signing::new(frame, whom, draft.id, editors.clone(), failure);
    let by_key = signing.clone();
    let heed_key = on_send(move || by_key.sign());
    view! {
        <div class="form note" data-testid="note-draft" on:keydown=heed_key>
            <div class="form-fields">
                {beginning(&draft, anew)}
                {fields}
                {move || failure.get().map(|error| failure_notice(&error, None))}
                <p class="hint">{t("note.sign.hint")}</p>
            </div>
            {foot(editors, signing)}
        </div>
    }
    .into_any()
}

/// How safe the text is.
fn how_safe(editors: Vec<Editor>) -> AnyView {
    let safe = editors.clone();
    let has_failed = move || safe.iter().any(|editor| editor.kept() == Kept::Failed);
    saved_state(has_failed, move || kept::words(editors.iter().map(Editor::kept)))
}

/// Who began the draft and when.
fn begun_line(draft: &NoteDraft) -> Option<AnyView> {
    let begun = begun(draft, clock::today(), clock::local)?;
    Some(view! { <p class="written">{begun.line}</p> }.into_any())
}

/// Who began the draft and when; of another day, the choice between it and one of today.
fn beginning(draft: &NoteDraft, anew: impl Fn() + Copy + Send + 'static) -> Option<AnyView> {
    let begun = begun(draft, clock::today(), clock::local)?;
    let asks = RwSignal::new(begun.is_old);
    let go_on = move || {
        asks.set(false);
        focus::into_id("sheet-body");
    };
    let view = move || {
        if !asks.get() {
            return view! { <p class="written">{begun.line.clone()}</p> }.into_any();
        }
        let today = button(Press::Main, t("note.old.new"), anew);
        let on = button(Press::Plain, t("note.old.on"), go_on);
        let both = view! { {today} {on} }.into_any();
        notice(Tone::Warning, begun.line.clone(), t("note.old.help"), Some(both))
    };
    Some(view.into_any())
}

/// Whose words a text has, where they are not all one's own.
fn words_of(draft: &NoteDraft, code: NoteSectionCode, me: PractitionerId) -> Option<String> {
    let authors = draft.authors.get(&code)?;
    if authors.iter().all(|author| *author == me) {
        return None;
    }
    let name = |author| draft.names.get(author).cloned();
    let name = |author| name(author).unwrap_or_else(|| t("written.person").to_owned());
    Some(tf("note.words-of", &[("who", &joined(authors.iter().map(name).collect()))]))
}

/// How safe the text is, and the way to sign it.
fn foot(editors: Vec<Editor>, signing: Signing) -> AnyView {
    let safe = editors.clone();
    let has_failed = move || safe.iter().any(|editor| editor.kept() == Kept::Failed);
    let state = move || {
        if signing.is_blank.get() {
            t("note.blank")
        } else {
            kept::words(editors.iter().map(Editor::kept))
        }
    };
    view! {
        <div class="actions form-foot">
            {saved_state(has_failed, state)}
            <button type="button" class="button main" on:click=move |_| signing.sign()>
                {t("note.sign")}
                " "
                <kbd>"Ctrl+Enter"</kbd>
            </button>
        </div>
    }
    .into_any()
}

/// What is typed is kept before the window locks and when the note leaves the screen.
fn keep_before_leaving(frame: Frame, touched: [Topic; 4], editors: &[Editor]) {
    let locking = editors.to_vec();
    let keeper: Keeper = Rc::new(move || {
        let editors = locking.clone();
        Box::pin(async move {
            let mut kept = Ok(());
            for editor in &editors {
                let this = editor.settle().await;
                kept = kept.and(this);
            }
            kept
        })
    });
    frame.keepers.join(keeper);
    let leaving = editors.to_vec();
    on_cleanup(move || {
        spawn_local(async move {
            for editor in leaving {
                drop(editor.settle().await);
            }
            touch(&touched);
        });
    });
}
