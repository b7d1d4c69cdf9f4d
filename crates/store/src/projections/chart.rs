//! A whole chart: which rows a change refreshes, and the chart read back from its rows.

use super::{
    FORM, conflict, draft,
    entry::{Entry, Reading, Source, clear, fill, put_all, put_one},
    entry_mark, observation, patient, sharing,
    target::Target,
};
use crate::{
    error::Result,
    packing::Unpacker,
    tables::{
        change,
        document::{self, DocumentRow},
        state,
    },
    transaction::Tx,
};
use chart::{Heads, Touched};
use clinical::{
    AllergyIntolerance, Chart, Composition, Condition, DocumentKind, DocumentRef,
    DocumentReference, Encounter, EntryKind, EntryRef, MedicationRequest, NoteDraft, Observation,
    ObservationId, PatientId, Task, Waiting,
};
use rusqlite::Connection;

/// How many of the long lists are read; `None` reads all.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Newest {
    /// Visits.
    pub encounters: Option<u32>,
    /// Findings.
    pub observations: Option<u32>,
    /// Signed notes.
    pub compositions: Option<u32>,
}

impl Newest {
    /// Everything.
    pub const ALL: Self = Self { encounters: None, observations: None, compositions: None };

    /// The newest `limit` of each long list.
    pub const fn of_each(limit: u32) -> Self {
        Self { encounters: Some(limit), observations: Some(limit), compositions: Some(limit) }
    }
}

/// A chart as its rows tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ChartSummary {
    /// All allergies, problems, medicines, tasks and conflicts, the newest of the long lists, and
    /// who wrote them. Kept originals are only in the document.
    pub chart: Chart,
    /// Findings in it that are none of the newest: corrections connect them with one that is, and
    /// [`Chart::corrections`] needs them.
    pub connected: Vec<ObservationId>,
    /// How many entries of each kind the whole chart has.
    pub counts: Vec<(EntryKind, u32)>,
    /// The open drafts.
    pub drafts: Vec<NoteDraft>,
    /// Changes that wait for others that have not arrived, by the computer that made them.
    pub waiting: Vec<Waiting>,
    /// The heads of the chart it was read with.
    pub heads: Heads,
}

/// Writes the rows of what was touched.
pub(crate) fn project(
    tx: &mut Tx<'_>,
    target: Target,
    chart: &Chart,
    touched: &Touched,
) -> Result<()> {
    let source = Source::new(target.ord, chart);
    match touched {
        Touched::All => {
            if !target.is_new {
                clear_entries(tx, target.ord)?;
            }
            put_entries(tx, &source)?;
            patient::project(tx, target, &source)?;
        }
        Touched::Entries(entries) => {
            entries.iter().try_for_each(|entry| put_entry(tx, target, &source, *entry))?;
        }
    }
    conflict::project(tx, target.ord, target.is_new, chart)?;
    if touched.has_kind(EntryKind::Patient) {
        sharing::project(tx, target.ord, target.is_new, chart)?;
    }
    entry_mark::project(tx, target, chart, touched)
}

fn put_entries(tx: &mut Tx<'_>, source: &Source<'_>) -> Result<()> {
    put_all::<AllergyIntolerance>(tx, source)?;
    put_all::<Condition>(tx, source)?;
    put_all::<Encounter>(tx, source)?;
    put_all::<MedicationRequest>(tx, source)?;
    put_all::<Observation>(tx, source)?;
    put_all::<Composition>(tx, source)?;
    put_all::<DocumentReference>(tx, source)?;
    put_all::<Task>(tx, source)
}

fn clear_entries(tx: &Tx<'_>, ord: i64) -> Result<()> {
    clear::<AllergyIntolerance>(tx, ord)?;
    clear::<Condition>(tx, ord)?;
    clear::<Encounter>(tx, ord)?;
    clear::<MedicationRequest>(tx, ord)?;
    clear::<Observation>(tx, ord)?;
    clear::<Composition>(tx, ord)?;
    clear::<DocumentReference>(tx, ord)?;
    clear::<Task>(tx, ord)
}

fn put_entry(tx: &mut Tx<'_>, target: Target, source: &Source<'_>, entry: EntryRef) -> Result<()> {
    match entry.kind {
        EntryKind::Patient => patient::project(tx, target, source),
        EntryKind::Allergy => put_one::<AllergyIntolerance>(tx, source, entry.id),
        EntryKind::Condition => put_one::<Condition>(tx, source, entry.id),
        EntryKind::Encounter => put_one::<Encounter>(tx, source, entry.id),
        EntryKind::Medication => put_one::<MedicationRequest>(tx, source, entry.id),
        EntryKind::Observation => put_one::<Observation>(tx, source, entry.id),
        EntryKind::Composition => put_one::<Composition>(tx, source, entry.id),
        EntryKind::Task => put_one::<Task>(tx, source, entry.id),
        EntryKind::Document => put_one::<DocumentReference>(tx, source, entry.id),
        // Originals are read from the document.
        EntryKind::Source => Ok(()),
    }
}

/// Reads a chart from its rows; `None` when there is no such document.
pub(crate) fn read(
    db: &Connection,
    unpacker: &mut Unpacker,
    patient: PatientId,
    newest: Newest,
) -> Result<Option<ChartSummary>> {
    let Some(row) = find(db, patient)? else { return Ok(None) };
    summary(&mut Reading::new(db, unpacker)?, row, patient, newest).map(Some)
}

/// The same, and the chart's weights ([`weights`]).
pub(crate) fn read_with_weights(
    db: &Connection,
    unpacker: &mut Unpacker,
    patient: PatientId,
    newest: Newest,
) -> Result<Option<(ChartSummary, Chart)>> {
    let Some(row) = find(db, patient)? else { return Ok(None) };
    let (ord, mut reading) = (row.ord, Reading::new(db, unpacker)?);
    let summary = summary(&mut reading, row, patient, newest)?;
    let weights = weights_beside(&mut reading, ord, &summary.chart)?;
    Ok(Some((summary, weights)))
}

/// Reads the weights of a chart, whatever else was found; all findings where the rows are of another
/// form, for these do not say which are weights. `None` when there is no such document.
pub(crate) fn weights(
    db: &Connection,
    unpacker: &mut Unpacker,
    patient: PatientId,
) -> Result<Option<Chart>> {
    let Some(row) = find(db, patient)? else { return Ok(None) };
    let mut reading = Reading::new(db, unpacker)?;
    let mut chart = Chart::default();
    patient::fill(&mut reading, row.ord, &mut chart)?;
    entry_mark::fill(&reading, row.ord, &mut chart)?;
    weights_beside(&mut reading, row.ord, &chart).map(Some)
}

fn find(db: &Connection, patient: PatientId) -> Result<Option<DocumentRow>> {
    document::find(db, DocumentRef::new(DocumentKind::Chart, patient.uuid()))
}

fn summary(
    reading: &mut Reading<'_>,
    row: DocumentRow,
    patient: PatientId,
    newest: Newest,
) -> Result<ChartSummary> {
    let mut chart = Chart::default();
    patient::fill(reading, row.ord, &mut chart)?;
    let counts = vec![
        count::<AllergyIntolerance>(reading, row.ord, None, &mut chart)?,
        count::<Condition>(reading, row.ord, None, &mut chart)?,
        count::<Encounter>(reading, row.ord, newest.encounters, &mut chart)?,
        count::<MedicationRequest>(reading, row.ord, None, &mut chart)?,
        count::<Observation>(reading, row.ord, newest.observations, &mut chart)?,
        count::<Composition>(reading, row.ord, newest.compositions, &mut chart)?,
        count::<Task>(reading, row.ord, None, &mut chart)?,
        count::<DocumentReference>(reading, row.ord, None, &mut chart)?,
    ];
    let connected = match newest.observations {
        Some(_) => observation::fill_connected(reading, row.ord, &Chart::default(), &mut chart)?,
        None => Vec::new(),
    };
    chart.stamps.sort_unstable();
    entry_mark::fill(reading, row.ord, &mut chart)?;
    chart.conflicts = conflict::of_chart(reading.db, reading.unpacker, row.ord)?;
    chart.shared = sharing::of_chart(reading.db, reading.unpacker, row.ord)?;
    let drafts = draft::open_of(reading.db, reading.unpacker, patient)?;
    let waiting = change::waiting(reading.db, reading.unpacker, row.ord)?;
    let heads = row.heads;
    Ok(ChartSummary { chart, connected, counts, drafts, waiting, heads })
}

/// The weights beside what was read of a chart, with whom they are of and which entries are
/// mistakes. What was read is not read again.
fn weights_beside(reading: &mut Reading<'_>, ord: i64, read: &Chart) -> Result<Chart> {
    let mut chart = Chart {
        patient: read.patient.clone(),
        withdrawn: read.withdrawn.clone(),
        unreadable: read.unreadable.clone(),
        reasons: read.reasons.clone(),
        ..Chart::default()
    };
    if state::projections(reading.db)? == FORM {
        observation::fill_weights(reading, ord, read, &mut chart)?;
    } else {
        fill::<Observation>(reading, ord, None, &mut chart)?;
    }
    chart.stamps.sort_unstable();
    Ok(chart)
}

fn count<T: Entry>(
    reading: &mut Reading<'_>,
    ord: i64,
    limit: Option<u32>,
    chart: &mut Chart,
) -> Result<(EntryKind, u32)> {
    Ok((T::KIND, fill::<T>(reading, ord, limit, chart)?))
}
