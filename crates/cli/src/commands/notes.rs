//! Writing into a draft note, and signing it: one's own, unless another is named.

use super::{Desk, named::Named, record::input};
use crate::failure::Failure;
use api::{ApiError, ChartView, ErrorCode, OpenChart, OpenDraft, SaveDraft, SignNote, WhichDraft};
use api::{GetStatus, Stage};
use clinical::{CompositionId, EntryKind, NoteDraft, NoteSectionCode, PatientId, PractitionerId};
use serde::Deserialize;

/// Text of a draft note.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NoteInput {
    section: NoteSectionCode,
    text: String,
    draft: Option<Named>,
}

/// Which draft is signed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SignatureInput {
    draft: Option<Named>,
}

/// Writes a section of a draft. Where nobody named one, it is the writer's own, or one that is begun
/// now.
pub(super) fn note(desk: &Desk, patient: PatientId) -> Result<(), Failure> {
    let NoteInput { section, text, draft } = input(desk)?;
    let here = Here::read(desk, patient)?;
    let which = match here.meant(draft).map_err(|error| desk.failed(error))? {
        Some(found) => {
            here.keeps_others(found, section, &text).map_err(|error| desk.failed(error))?;
            WhichDraft::Of(found.id)
        }
        None => WhichDraft::New,
    };
    let draft = desk.call(OpenDraft { patient, which })?.id;
    desk.call(SaveDraft { draft, section, text, settled: true })?;
    desk.output.answer(&serde_json::json!({ "draft": draft }), |_| draft.to_string());
    Ok(())
}

/// Signs a draft; a chart without one is left without.
pub(super) fn sign(desk: &Desk, patient: PatientId) -> Result<(), Failure> {
    let SignatureInput { draft } = input(desk)?;
    let here = Here::read(desk, patient)?;
    let found = here.meant(draft).map_err(|error| desk.failed(error))?.map(|found| found.id);
    let draft = found.ok_or_else(|| desk.failed(here.nothing_to_sign()))?;
    let note = desk.call(SignNote { draft })?;
    desk.output.answer(&serde_json::json!({ "note": note }), |_| note.to_string());
    Ok(())
}

/// The open drafts of a chart, and who asks.
struct Here {
    me: Option<PractitionerId>,
    view: ChartView,
}

impl Here {
    fn read(desk: &Desk, patient: PatientId) -> Result<Self, Failure> {
        let me = match desk.call(GetStatus {})?.stage {
            Stage::SignedIn(session) => Some(session.person),
            Stage::FirstRun
            | Stage::Joining { .. }
            | Stage::SignedOut { .. }
            | Stage::Blocked(_) => None,
        };
        let mut view = desk.call(OpenChart { patient })?;
        view.drafts.retain(|draft| draft.signed.is_empty());
        Ok(Self { me, view })
    }

    /// The draft that was named, or the last of one's own.
    fn meant(&self, named: Option<Named>) -> Result<Option<&NoteDraft>, ApiError> {
        let Some(named) = named else {
            let own = self.view.drafts.iter().filter(|draft| self.begun_by(draft) == self.me);
            return Ok(own.max_by_key(|draft| (draft.begun.map(|begun| begun.at), draft.id)));
        };
        let id = CompositionId::from_uuid(named.of(EntryKind::Composition)?);
        let found = self.view.drafts.iter().find(|draft| draft.id == id);
        let detail = "No draft of that id is open in this chart; nothing was saved.";
        found.map(Some).ok_or_else(|| ApiError::new(ErrorCode::NotFound, detail))
    }

    fn begun_by(&self, draft: &NoteDraft) -> Option<PractitionerId> {
        draft.begun.map(|begun| begun.author)
    }

    /// Words of others are never written over: who writes beside them sends them along.
    fn keeps_others(
        &self,
        draft: &NoteDraft,
        section: NoteSectionCode,
        text: &str,
    ) -> Result<(), ApiError> {
        let stands = draft.sections.get(&section).map_or("", |text| text.trim());
        let authors = draft.authors.get(&section).into_iter().flatten();
        let others: Vec<PractitionerId> =
            authors.copied().filter(|author| Some(*author) != self.me).collect();
        if stands.is_empty() || others.is_empty() || text.contains(stands) {
            return Ok(());
        }
        let name =
            |id: &PractitionerId| self.view.people.get(id).map_or("somebody", String::as_str);
        let names = others.iter().map(name).collect::<Vec<_>>().join(", ");
        let detail = format!(
            "This section has words of {names}, which the new text would take away. Nothing was \
             saved. Send the section as it stands with yours beside it, or write in another section."
        );
        Err(ApiError::new(ErrorCode::Changed, detail))
    }

    fn nothing_to_sign(&self) -> ApiError {
        let detail = match self.view.drafts.first() {
            None => "There is no draft to sign in this chart; `record note` begins one.".to_owned(),
            Some(draft) => {
                let begun = self.begun_by(draft).and_then(|id| self.view.people.get(&id));
                format!(
                    "You have no draft in this chart. To sign that of {}, name it: {{\"draft\": \
                     \"{}\"}}.",
                    begun.map_or("somebody else", String::as_str),
                    draft.id
                )
            }
        };
        ApiError::new(ErrorCode::NotFound, detail)
    }
}
