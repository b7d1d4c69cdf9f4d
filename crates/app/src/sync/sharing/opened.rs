//! A file by which another clinic gives a chart, opened and merged in memory: nothing is changed.
//!
//! What another clinic says is not believed: the file must be sealed for this clinic and signed by
//! the one it names, the document must say so too, and it must be a chart of ours by form.
//!
//! So it is not merged by `sync/merging.rs`. There each envelope is signed by a computer that this
//! clinic let in, what it writes holds whatever it is, and one that fails is set aside beside the
//! others. Here one signature of somebody else stands for all of it: it writes entries alone and under
//! no actor of ours, a person has seen what it would make of them, and one change that fails refuses
//! the file. From the commit on both are the same: the one door, and `sync/judging.rs`.

use super::{
    cards::{clinic_id, refuse_other},
    given::{BYTES_MAX, GivenChart, GivenFile, PLAIN_BYTES_MAX},
    own, unreadable,
};
use crate::{
    error::ToldResult,
    host::Host,
    open::Session,
    sync::{carried::Carried, keys::Keys},
};
use api::ApiError;
use chart::{ChartDocument, DocumentChange, MergeError, Merged, Overwritten};
use clinical::{
    Chart, ClinicId, DeviceId, DocumentKind, DocumentRef, Patient, PatientId, Sharing, SharingId,
};
use std::{collections::BTreeSet, fs::File, io::Read as _, path::Path};
use store::StoredDocument;
use sync::{codec::Canonical as _, ids::DeviceId as Device};
use uuid::Uuid;
use vault::{card::Card, given::GivenError};

/// What was given, as it would be here.
pub(super) struct Opened {
    pub(super) from: Card,
    pub(super) patient: PatientId,
    /// What they say of it.
    pub(super) sharing: Sharing,
    /// Whose it is, as they say.
    pub(super) whose: Patient,
    /// The chart as they gave it.
    pub(super) theirs: Chart,
    /// What is here with what they gave.
    pub(super) document: ChartDocument,
    /// What came of it.
    pub(super) merged: Merged,
    /// The chart as it would be here.
    pub(super) chart: Chart,
    /// The chart as it is here.
    pub(super) before: Chart,
    /// Entries that are here and would read otherwise.
    pub(super) overwritten: Vec<Overwritten>,
    /// Changes that are not here.
    pub(super) changes: u64,
    /// Sharings that nobody here knows and that the giving clinic has no part in giving: what is said
    /// of them is what it says.
    pub(super) hearsay: Vec<Sharing>,
    /// Whether nothing of it is here.
    pub(super) is_new: bool,
    pub(super) files: Vec<GivenFile>,
}

impl Opened {
    /// Conflicts that would be new.
    pub(super) fn conflicts(&self) -> u64 {
        let new = self.chart.conflicts.len().saturating_sub(self.before.conflicts.len());
        u64::try_from(new).unwrap_or(u64::MAX)
    }
}

/// What was given, sealed no more.
pub(super) struct Unsealed {
    pub(super) from: Card,
    pub(super) given: GivenChart,
}

/// How much of a file is read at a time, in bytes.
const STEP_BYTES: u64 = 1 << 20;

/// Opens a file; `carried` tells how far it is read.
///
/// # Errors
/// `unreadable-file` of one that is none, is damaged, is for another clinic or was not signed;
/// `bad-code` of a clinic that was met by another number; the store's.
pub(super) fn unseal<H: Host>(
    session: &Session<'_, H>,
    path: &Path,
    carried: &mut Carried<'_, H>,
) -> Result<Unsealed, ApiError> {
    let bytes = read(path, carried)?;
    let (keys, ours) = own(session)?;
    let limit = u32::try_from(PLAIN_BYTES_MAX).unwrap_or(u32::MAX).saturating_add(1 << 20);
    let opened =
        vault::given::open(&keys, &ours, &bytes, limit).map_err(|error| not_opened(&error))?;
    refuse_other(session, &opened.from)?;
    if opened.from.clinic() == ours.clinic() {
        return Err(unreadable("this clinic made the file itself"));
    }
    let given = GivenChart::from_bytes(opened.content.expose());
    let given =
        given.map_err(|error| unreadable(&format!("what the file holds is no chart ({error})")))?;
    Ok(Unsealed { from: opened.from, given })
}

/// Merges what was given into what is here, in memory.
///
/// # Errors
/// `unreadable-file` of a document that is none of ours, or says another thing than the file;
/// `chart-not-here` of one that must be fetched first; the store's.
pub(super) fn merge<H: Host>(
    session: &Session<'_, H>,
    Unsealed { from, given }: Unsealed,
) -> Result<Opened, ApiError> {
    let patient = PatientId::from_uuid(Uuid::from_bytes(given.patient));
    let (mut theirs, changes) =
        ChartDocument::take_given(patient, &given.document, session.open.actor).map_err(
            |error| unreadable(&format!("the chart in the file cannot be read ({error})")),
        )?;
    let chart = theirs.read();
    drop(theirs);
    let sharing = said(session, &from, &given, &chart)?;
    let Some(whose) = chart.patient.clone() else {
        return Err(unreadable("the chart in the file does not say whose it is"));
    };
    // Of a chart that was left at the server what waits here is no chart, and what another clinic gives
    // would pass for ours, stale as it may be.
    session.refuse_absent(patient)?;
    let name = DocumentRef::new(DocumentKind::Chart, patient.uuid());
    let stored = session.open.store.document(name).told()?;
    let is_new = stored.is_none();
    let StoredDocument { waiting, .. } = stored.clone().unwrap_or_default();
    let mut here = match &stored {
        Some(stored) => ChartDocument::load(patient, stored.stored(), session.open.actor)
            .map_err(store::StoreError::Document)
            .told()?,
        None => ChartDocument::new(patient, session.open.actor),
    };
    let before = here.read();
    let merged = here.merge_given(waiting, changes, &computers(session)?);
    let (mut document, merged, overwritten) = merged.map_err(|error| not_merged(&error))?;
    let chart_here = document.read();
    must_keep_what_was_shared(&before, &chart_here, session.open.clinic)?;
    must_keep_what_was_linked(&before, &chart_here)?;
    let is_known = |one: &Sharing| before.shared.iter().any(|known| known.id == one.id);
    let is_hearsay = |one: &&Sharing| one.from.id != clinic_id(&from) && !is_known(one);
    Ok(Opened {
        changes: u64::try_from(merged.change.changes.len()).unwrap_or(u64::MAX),
        hearsay: chart_here.shared.iter().filter(is_hearsay).cloned().collect(),
        from,
        patient,
        sharing,
        whose,
        theirs: chart,
        document,
        merged,
        chart: chart_here,
        before,
        overwritten,
        is_new,
        files: given.files,
    })
}

/// The computers of this clinic, also those that were removed.
fn computers<H: Host>(session: &Session<'_, H>) -> Result<BTreeSet<DeviceId>, ApiError> {
    let members = Keys::load(session)?.members;
    let device = |(device, _): (Device, _)| DeviceId::from_uuid(Uuid::from_bytes(device.0));
    Ok(members.devices().map(device).chain([session.open.device]).collect())
}

/// Refuses what says otherwise of a sharing that is known here: it is a fact, and who told it to this
/// clinic was noted by this clinic.
fn must_keep_what_was_shared(before: &Chart, after: &Chart, own: ClinicId) -> Result<(), ApiError> {
    let known = |chart: &Chart| -> Vec<Sharing> {
        let is_known = |one: &&Sharing| before.shared.iter().any(|known| known.id == one.id);
        let here = chart.shared.iter().filter(is_known).cloned().map(|one| Sharing {
            told: one.told.iter().filter(|told| told.to == own).cloned().collect(),
            ..one
        });
        here.collect()
    };
    if known(before) == known(after) {
        return Ok(());
    }
    let why = "the chart in the file says otherwise than this clinic knows when it was given: do not \
               trust it";
    Err(unreadable(why))
}

/// Refuses what says otherwise of who is one person with whom here, or that they were separated: what
/// was taken for one and is not would be shown as one again, unseen.
fn must_keep_what_was_linked(before: &Chart, after: &Chart) -> Result<(), ApiError> {
    if before.links.iter().all(|link| after.links.contains(link)) {
        return Ok(());
    }
    Err(unreadable(
        "the chart in the file says otherwise than this clinic knows with whom the person is one: do \
         not trust it",
    ))
}

/// What the document says of this very giving: it must name the clinic that signed and this one.
fn said<H: Host>(
    session: &Session<'_, H>,
    from: &Card,
    given: &GivenChart,
    chart: &Chart,
) -> Result<Sharing, ApiError> {
    let id = SharingId::from_uuid(Uuid::from_bytes(given.sharing));
    let said = chart.shared.iter().find(|sharing| sharing.id == id);
    let is_so =
        |said: &&Sharing| said.from.id == clinic_id(from) && said.to.id == session.open.clinic;
    let said = said.filter(is_so).cloned();
    said.ok_or_else(|| unreadable("the chart in the file does not say that it was given so"))
}

fn read<H: Host>(path: &Path, carried: &mut Carried<'_, H>) -> Result<Vec<u8>, ApiError> {
    let cannot = |error: std::io::Error| unreadable(&format!("the file cannot be read ({error})"));
    // Opening something else than a file may wait for ever.
    let about = path.metadata().map_err(cannot)?;
    if !about.is_file() {
        return Err(unreadable("this is no file"));
    }
    let mut file = File::open(path).map_err(cannot)?;
    let mut bytes = Vec::new();
    while file.by_ref().take(STEP_BYTES).read_to_end(&mut bytes).map_err(cannot)? > 0 {
        if bytes.len() > BYTES_MAX {
            return Err(unreadable("the file is longer than any by which a clinic gives a chart"));
        }
        carried.at_bytes(u64::try_from(bytes.len()).unwrap_or(u64::MAX), about.len());
    }
    Ok(bytes)
}

fn not_merged(error: &MergeError) -> ApiError {
    let why = match error {
        MergeError::Newer => "was made by a newer version: update this computer".to_owned(),
        MergeError::Root => format!("is none ({error}): do not trust it"),
        MergeError::Ours => {
            "holds what a computer of this clinic is said to have written and is not here: exchange \
             with the server and the other computers first; where that does not help, do not trust \
             the file"
                .to_owned()
        }
        MergeError::TooLarge { .. }
        | MergeError::Change
        | MergeError::Contradiction
        | MergeError::Panicked => format!("contradicts the one here ({error})"),
    };
    unreadable(&format!("the chart in the file {why}"))
}

fn not_opened(error: &GivenError) -> ApiError {
    let remedy = match error {
        GivenError::NotOne => "",
        GivenError::NewerFormat(_) => ": update this computer",
        GivenError::ForAnother => ": it can be opened there alone",
        GivenError::NoKey(_) => ": exchange with the server or another computer first",
        GivenError::Damaged => ": ask for it again",
        GivenError::TooLong { .. } | GivenError::NotSigned => ": do not trust it",
    };
    unreadable(&format!("{error}{remedy}"))
}

/// The changes of a merge, and nothing that waits: what came whole lacks nothing.
pub(super) const fn is_whole(merged: &Merged) -> bool {
    merged.waiting.is_empty()
}

/// The changes of a merge that say that somebody of `people` made them.
pub(super) fn in_the_name_of(change: &DocumentChange, people: &[clinical::Practitioner]) -> u64 {
    let ours = |author| people.iter().any(|person| person.id == author);
    let raw = change.changes.iter();
    let count = raw.filter(|raw| ours(chart::stamp_of_change(&raw.bytes).author)).count();
    u64::try_from(count).unwrap_or(u64::MAX)
}
