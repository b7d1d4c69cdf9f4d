//! The visit note: drafted, kept, signed.

use crate::{
    audit::OtherDeed,
    error::{Told, ToldResult, changed, not_found},
    hex::hex,
    host::Host,
    lists::TypedDraft,
    open::Session,
    permit::Permit,
};
use api::{ApiError, ErrorCode, OpenDraft, SaveDraft, SignNote, WhichDraft};
use chart::{ChartEdit, DraftDocument};
use clinical::{
    Composition, CompositionId, EncounterId, Instant, NoteDraft, NoteSection, NoteSectionCode,
    PractitionerId, Signature,
};
use store::DraftTextRow;

/// What a note's signature begins with, so that it can be taken for nothing else.
const NOTE_DOMAIN: &[u8] = b"fieldchart note v1\0";
/// A part of a note is no longer than this, in bytes.
const SECTION_LEN_MAX: usize = 1 << 20;

/// Opens a draft of the patient that is open, or begins one.
///
/// # Errors
/// `not-found`; the store's.
pub(crate) fn open_draft<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<OpenDraft>,
    command: &OpenDraft,
) -> Result<NoteDraft, ApiError> {
    let _writing = session.open.writing();
    session.chart_summary(command.patient)?;
    let open = session.drafts(command.patient)?;
    let encounter = match command.which {
        WhichDraft::OfVisit(visit) => Some(visit),
        WhichDraft::Last | WhichDraft::Of(_) | WhichDraft::New => None,
    };
    if let Some(draft) = chosen(open, command.which, session.stamp().author) {
        session.audit(OtherDeed::ReadDraft, Some(command.patient))?;
        return with_names(session, with_tracked(session, draft)?);
    }
    let id = CompositionId::from_uuid(session.make_uuid());
    let mut document = DraftDocument::new(id, session.open.actor);
    let change = document
        .begin(command.patient, encounter, Composition::VISIT_NOTE, session.stamp())
        .map_err(Told::told)?;
    session.commit_draft(permit, &mut document, change, &[])?;
    let draft = document.read().ok_or_else(|| not_found("draft"))?;
    with_names(session, draft)
}

/// The draft that is meant. Which was begun last is told by the clocks of the computers: whoever
/// writes sees when that was, and the others stay listed. One that somebody else begun and wrote
/// nothing in is nobody's: what comes to stand in it would be told as begun by them. Of a visit it is
/// one's own before another's, however late that one arrives: what is written is what is signed.
fn chosen(open: Vec<TypedDraft>, which: WhichDraft, me: PractitionerId) -> Option<NoteDraft> {
    let named = match which {
        WhichDraft::New => return None,
        WhichDraft::Last | WhichDraft::OfVisit(_) => None,
        WhichDraft::Of(id) => Some(id),
    };
    let is_of_visit = |draft: &NoteDraft| match which {
        WhichDraft::OfVisit(visit) => draft.encounter == Some(visit),
        WhichDraft::Last | WhichDraft::Of(_) | WhichDraft::New => true,
    };
    let begun = |draft: &NoteDraft| (draft.begun.map(|begun| begun.at), draft.id);
    let is_mine = |draft: &NoteDraft| draft.begun.is_none_or(|begun| begun.author == me);
    let is_own = |draft: &NoteDraft| matches!(which, WhichDraft::OfVisit(_)) && is_mine(draft);
    let is_meant = |open: &TypedDraft| {
        let draft = &open.typed;
        let is_mine = is_mine(draft);
        draft.signed.is_empty() && (is_mine || !open.is_blank() || Some(draft.id) == named)
    };
    let open = open.into_iter().filter(is_meant).map(|open| open.typed).filter(is_of_visit);
    open.max_by_key(|draft| (Some(draft.id) == named, is_own(draft), begun(draft)))
}

/// Keeps what has been typed. It is in the store when this returns; when `settled`, it is in the
/// record and travels.
///
/// # Errors
/// `too-large`; `not-found`; the store's.
pub(crate) fn save_draft<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SaveDraft>,
    command: &SaveDraft,
) -> Result<(), ApiError> {
    if command.text.len() > SECTION_LEN_MAX {
        let detail = "This part of the note is too long; the last text that fitted is kept.";
        return Err(ApiError::new(ErrorCode::TooLarge, detail));
    }
    let row = DraftTextRow {
        draft: command.draft,
        section: command.section,
        text: command.text.clone(),
        at: session.host.now(),
    };
    session.open.store.save_draft_text(&row).told()?;
    if !command.settled {
        return Ok(());
    }
    let _writing = session.open.writing();
    let mut document = session.load_draft(command.draft)?;
    // Whoever signed did not read these words: they are in no note, and that is said.
    let is_signed = document.read().is_some_and(|draft| !draft.signed.is_empty());
    if is_signed && !command.text.trim().is_empty() {
        return Err(changed());
    }
    settle(session, permit, &mut document, command.section, &command.text)
}

/// Signs the draft: chart and draft change in one transaction.
///
/// # Errors
/// `invalid` when there is nothing in it; `not-found`; the store's.
pub(crate) fn sign_note<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SignNote>,
    command: &SignNote,
) -> Result<CompositionId, ApiError> {
    let _writing = session.open.writing();
    let mut document = session.load_draft(command.draft)?;
    let saving: Permit<SaveDraft> = session.permit(None)?;
    for row in session.open.store.draft_texts(command.draft).told()? {
        settle(session, &saving, &mut document, row.section, &row.text)?;
    }
    let draft = document.read().ok_or_else(|| not_found("draft"))?;
    if draft.is_blank() || !draft.signed.is_empty() {
        let detail = "There is nothing to sign in this note, or it was signed before.";
        return Err(ApiError::new(ErrorCode::Invalid, detail));
    }
    let mut chart = session.load_chart(draft.patient)?;
    let mut heads = chart.heads().to_hex();
    heads.extend(document.heads().to_hex());
    let note = sign(session, &draft, heads);
    let id = note.id;
    let marked = document.mark_signed(id, session.stamp()).map_err(Told::told)?;
    let edits = [ChartEdit::RecordComposition(note)];
    session.commit_note(permit, draft.patient, &mut chart, &edits, (&mut document, marked))?;
    Ok(id)
}

/// Makes what is being typed part of the draft before changes of others are merged into it: typed
/// on the text before the merge, it merges with them by character and overwrites nothing.
pub(crate) fn settle_typed<H: Host>(
    session: &Session<'_, H>,
    draft: CompositionId,
) -> Result<(), ApiError> {
    let rows = session.open.store.draft_texts(draft).told()?;
    if rows.is_empty() {
        return Ok(());
    }
    let mut document = session.load_draft(draft)?;
    let settling = session.permit_other(OtherDeed::SettleDraft)?;
    let mut settle =
        |row: &DraftTextRow| settle(session, &settling, &mut document, row.section, &row.text);
    rows.iter().try_for_each(&mut settle)
}

/// What the signature covers: the note as canonical JSON, without the signature.
pub fn signed_bytes(note: &Composition) -> Vec<u8> {
    let bare = Composition { signature: None, ..note.clone() };
    let mut bytes = NOTE_DOMAIN.to_vec();
    bytes.extend(serde_json::to_vec(&bare).unwrap_or_default());
    bytes
}

fn sign<H: Host>(session: &Session<'_, H>, draft: &NoteDraft, heads: Vec<String>) -> Composition {
    let parts = draft.sections.iter().filter(|(_, text)| !text.trim().is_empty());
    let parts = parts.map(|(code, text)| NoteSection { code: *code, text: text.clone() });
    let (title, now) = (draft.title.clone(), session.host.now());
    let bare = Composition {
        heads,
        contributors: draft.contributors(session.open.person.id),
        ..bare(session, draft.id, draft.encounter, title, now, parts.collect())
    };
    with_signature(session, bare)
}

/// A note that was never a draft, signed by whoever is signed in.
pub(crate) fn signed<H: Host>(
    session: &Session<'_, H>,
    draft: CompositionId,
    encounter: Option<EncounterId>,
    title: String,
    signed_at: Instant,
    section: Vec<NoteSection>,
) -> Composition {
    with_signature(session, bare(session, draft, encounter, title, signed_at, section))
}

fn bare<H: Host>(
    session: &Session<'_, H>,
    draft: CompositionId,
    encounter: Option<EncounterId>,
    title: String,
    signed_at: Instant,
    section: Vec<NoteSection>,
) -> Composition {
    Composition {
        id: CompositionId::from_uuid(session.make_uuid()),
        draft,
        encounter,
        title,
        author: session.open.person.id,
        contributors: Vec::new(),
        signed_at,
        section,
        heads: Vec::new(),
        replaces: None,
        signature: None,
    }
}

fn with_signature<H: Host>(session: &Session<'_, H>, note: Composition) -> Composition {
    let keys = &session.open.user_keys;
    let signature = Signature {
        public_key: hex(&keys.public()),
        signature: hex(&keys.sign(&signed_bytes(&note))),
    };
    Composition { signature: Some(signature), ..note }
}

/// The draft with what became elsewhere of what its reader last wrote on this computer.
fn with_tracked<H: Host>(
    session: &Session<'_, H>,
    draft: NoteDraft,
) -> Result<NoteDraft, ApiError> {
    let stamp = session.stamp();
    let tracked = session.load_draft(draft.id)?.tracked((stamp.author, stamp.device));
    Ok(NoteDraft { tracked, ..draft })
}

/// The draft with the names of who began it and of those whose words stand in it.
fn with_names<H: Host>(session: &Session<'_, H>, draft: NoteDraft) -> Result<NoteDraft, ApiError> {
    let people = session.open.store.people().told()?;
    let wrote = |id| {
        let began = draft.begun.map(|begun| begun.author);
        let tracked = draft.tracked.values().flatten().flat_map(|run| run.by.iter().copied());
        let mut all = draft.authors.values().flatten().copied().chain(began).chain(tracked);
        all.any(|author| author == id)
    };
    let names = people.into_iter().filter(|person| wrote(person.id));
    let names = names.map(|person| (person.id, person.name)).collect();
    Ok(NoteDraft { names, ..draft })
}

/// Puts typed text into the draft's document, and forgets the plain row that kept it.
fn settle<H: Host, C>(
    session: &Session<'_, H>,
    permit: &Permit<C>,
    document: &mut DraftDocument,
    section: NoteSectionCode,
    text: &str,
) -> Result<(), ApiError> {
    let change = document.write(section, text, session.stamp()).map_err(Told::told)?;
    session.commit_draft(permit, document, change, &[section])
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{DeviceId, PatientId, Stamp, uuid_v7};

    fn draft(n: u8, author: PractitionerId, encounter: Option<EncounterId>) -> TypedDraft {
        let id = uuid_v7(i64::from(n), [n; 10]);
        let at = Instant::from_unix_ms(i64::from(n));
        TypedDraft::settled(NoteDraft {
            id: CompositionId::from_uuid(id),
            patient: PatientId::from_uuid(id),
            encounter,
            title: String::new(),
            begun: Some(Stamp { author, device: DeviceId::from_uuid(id), at }),
            sections: [(NoteSectionCode::Plan, "Rest.".to_owned())].into(),
            signed: Vec::new(),
            authors: [].into(),
            names: [].into(),
            tracked: [].into(),
        })
    }

    #[test]
    fn of_a_visit_ones_own_note_comes_first() {
        let person = |n: u8| PractitionerId::from_uuid(uuid_v7(1, [n; 10]));
        let (me, other) = (person(1), person(2));
        let visit = EncounterId::from_uuid(uuid_v7(1, [3; 10]));
        let check = |which: WhichDraft, mine: u8, theirs: u8, want: Option<u8>| {
            let open = vec![draft(mine, me, Some(visit)), draft(theirs, other, Some(visit))];
            let found = chosen(open, which, me).map(|draft| draft.id);
            let want = want.map(|n| CompositionId::from_uuid(uuid_v7(i64::from(n), [n; 10])));
            assert_eq!(found, want, "{which:?} {mine} {theirs}");
        };
        check(WhichDraft::OfVisit(visit), 8, 9, Some(8));
        check(WhichDraft::OfVisit(visit), 9, 8, Some(9));
        check(WhichDraft::Last, 8, 9, Some(9));
        check(WhichDraft::New, 8, 9, None);
        let alone = vec![draft(9, other, Some(visit)), draft(7, me, None)];
        let found = chosen(alone, WhichDraft::OfVisit(visit), me).and_then(|draft| draft.begun);
        assert_eq!(found.map(|begun| begun.author), Some(other), "the visit's, though another's");
    }
}
