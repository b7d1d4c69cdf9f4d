//! What goes out of a clinic of invented people, as samples: the dictionary that envelopes are packed
//! with is made of them (docs/decisions/0039).

use crate::{
    App, demo, demonstration,
    error::ToldResult,
    host::{Host, HostEntropy},
    open::Session,
    sync::payload_of_changes,
};
use api::{ApiError, Origin};
use chart::{Actor, ChartDocument, DocumentChange, DraftDocument, EditError};
use clinical::{
    CompositionId, DeviceId, DocumentKind, DocumentRef, NoteSection, PractitionerId, Stamp,
};
use vault::random::make_array;

/// Other people than those of a demonstration, and so than those that are measured.
const SEED: u64 = 0x5a_3b1e;
/// How many changes go out together, by turns: mostly few, sometimes a morning's work.
const TOGETHER: [usize; 6] = [1, 1, 2, 3, 6, 12];

impl<H: Host> App<H> {
    /// What envelopes hold before they are packed, where so many people are recorded entry by entry; in
    /// a demonstration clinic made on the spot.
    ///
    /// # Errors
    /// A cause of the store's, or of an edit.
    pub fn sampled_payloads(&self, patients: u64) -> Result<Vec<Vec<u8>>, ApiError> {
        demonstration::begin(self)?;
        self.with_session(Origin::Host, |session| {
            let mut payloads = Vec::new();
            for index in 0..patients {
                sample(session, index, &mut payloads)?;
            }
            Ok(payloads)
        })
    }
}

/// A person's chart and the drafts of the notes, each by a computer that was just started.
fn sample<H: Host>(
    session: &Session<'_, H>,
    index: u64,
    payloads: &mut Vec<Vec<u8>>,
) -> Result<(), ApiError> {
    let person = demo::generate(SEED, index);
    let (patient, notes) = (person.patient.id, person.notes.clone());
    let by = Stamp {
        author: PractitionerId::from_uuid(session.make_uuid()),
        device: DeviceId::from_uuid(session.make_uuid()),
        at: session.host.now(),
    };
    let started = || Actor::from_random(make_array(&mut HostEntropy(session.host)));
    let mut chart = ChartDocument::new(patient, started());
    let mut changes = Vec::new();
    for edit in demonstration::draft_of(session, person).edits {
        changes.extend(bytes_of(chart.apply(&[edit], by))?);
    }
    let chart = DocumentRef::new(DocumentKind::Chart, patient.uuid());
    push_in_turns(chart, changes, payloads);
    for note in notes {
        let id = CompositionId::from_uuid(session.make_uuid());
        let mut draft = DraftDocument::new(id, started());
        let mut changes = bytes_of(draft.begin(patient, Some(note.encounter), &note.title, by))?;
        for NoteSection { code, text } in &note.section {
            changes.extend(bytes_of(draft.write(*code, text, by))?);
        }
        let draft = DocumentRef::new(DocumentKind::Draft, id.uuid());
        push_in_turns(draft, changes, payloads);
    }
    Ok(())
}

fn bytes_of(change: Result<DocumentChange, EditError>) -> Result<Vec<Vec<u8>>, ApiError> {
    Ok(change.told()?.changes.into_iter().map(|change| change.bytes).collect())
}

fn push_in_turns(document: DocumentRef, mut changes: Vec<Vec<u8>>, payloads: &mut Vec<Vec<u8>>) {
    for together in TOGETHER.into_iter().cycle() {
        if changes.is_empty() {
            return;
        }
        let rest = changes.split_off(together.min(changes.len()));
        payloads.extend(payload_of_changes(document, &changes));
        changes = rest;
    }
}
