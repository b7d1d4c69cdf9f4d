//! A whole chart: which rows a change refreshes, and the chart read back from its rows.

use super::{
    FORM, conflict, draft,
    entry::{Entry, Reading, Source, clear, fill, put_all, put_one},
    entry_mark, link, observation, patient, sharing,
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
    ObservationId, PatientGroup, PatientId, Task, Waiting,
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
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// The heads of the chart it was read with; of several charts those of all, sorted.
    pub heads: Heads,
    /// The charts it was read of; those of them that are not here stand in `waiting`, for the computer
    /// that told of them.
    pub group: PatientGroup,
}

impl ChartSummary {
    /// Takes in another chart of the same person.
    fn unite(&mut self, other: Self) {
        self.chart.unite(other.chart);
        self.connected.extend(other.connected);
        for ((_, count), (_, more)) in self.counts.iter_mut().zip(other.counts) {
            *count = count.saturating_add(more);
        }
        self.drafts.extend(other.drafts);
        self.waiting.extend(other.waiting);
        self.heads.0.extend(other.heads.0);
        self.heads.0.sort_unstable();
    }
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
        link::project(tx, target.ord, target.is_new, chart)?;
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

/// Reads a chart from its rows, with the others of the same person; `None` when there is no such
/// document.
pub(crate) fn read(
    db: &Connection,
    unpacker: &mut Unpacker,
    patient: PatientId,
    newest: Newest,
) -> Result<Option<ChartSummary>> {
    Ok(read_group(db, unpacker, patient, newest, |_, _, _| Ok(()))?.map(|(read, _)| read))
}

/// The same, and the weights ([`weights`]).
pub(crate) fn read_with_weights(
    db: &Connection,
    unpacker: &mut Unpacker,
    patient: PatientId,
    newest: Newest,
) -> Result<Option<(ChartSummary, Chart)>> {
    let read = read_group(db, unpacker, patient, newest, weights_beside)?;
    Ok(read.map(|(summary, weights)| {
        let mut weights = weights.into_iter();
        let mut all = weights.next().unwrap_or_default();
        weights.for_each(|more| all.unite(more));
        (summary, all)
    }))
}

/// Reads the charts of one person, and of each what `more` reads beside it.
fn read_group<T>(
    db: &Connection,
    unpacker: &mut Unpacker,
    patient: PatientId,
    newest: Newest,
    more: impl Fn(&mut Reading<'_>, i64, &Chart) -> Result<T>,
) -> Result<Option<(ChartSummary, Vec<T>)>> {
    let group = link::group_of(db, unpacker, patient)?;
    let mut reading = Reading::new(db, unpacker)?;
    let (mut read, mut beside, mut absent) = (None::<ChartSummary>, Vec::new(), Vec::new());
    for member in group.members() {
        let Some(row) = find(db, member)? else {
            absent.push(member);
            continue;
        };
        let ord = row.ord;
        let one = summary(&mut reading, row, member, newest)?;
        beside.push(more(&mut reading, ord, &one.chart)?);
        match &mut read {
            Some(read) => read.unite(one),
            None => read = Some(one),
        }
    }
    Ok(read.map(|read| {
        let links = group.links.iter().filter(|link| absent.iter().any(|one| link.is_of(*one)));
        let unmet = links.map(|link| Waiting { device: link.made.device, changes: 1 });
        let waiting = read.waiting.into_iter().chain(unmet).collect();
        (ChartSummary { waiting, group, ..read }, beside)
    }))
}

/// Reads the weights of a chart, whatever else was found; all findings where the rows are of another
/// form, for these do not say which are weights. `None` when there is no such document.
pub(crate) fn weights(
    db: &Connection,
    unpacker: &mut Unpacker,
    patient: PatientId,
) -> Result<Option<Chart>> {
    let group = link::group_of(db, unpacker, patient)?;
    let mut reading = Reading::new(db, unpacker)?;
    let mut weights = None::<Chart>;
    for member in group.members() {
        let Some(row) = find(db, member)? else { continue };
        let mut chart = Chart::default();
        patient::fill(&mut reading, row.ord, &mut chart)?;
        entry_mark::fill(&reading, row.ord, &mut chart)?;
        let one = weights_beside(&mut reading, row.ord, &chart)?;
        match &mut weights {
            Some(weights) => weights.unite(one),
            None => weights = Some(one),
        }
    }
    Ok(weights)
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
    chart.links = link::of_chart(reading.db, reading.unpacker, row.ord)?;
    let drafts = draft::open_of(reading.db, reading.unpacker, patient)?;
    let waiting = change::waiting(reading.db, reading.unpacker, row.ord)?;
    let (heads, group) = (row.heads, PatientGroup::alone(patient));
    Ok(ChartSummary { chart, connected, counts, drafts, waiting, heads, group })
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
