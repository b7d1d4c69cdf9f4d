//! Rows of patients: the line by which a person is found and told from namesakes.

use super::{
    conflict,
    entry::{Reading, Source},
    target::Target,
};
use crate::{
    error::Result,
    packing::Unpacker,
    search,
    sql::{all, count, one, run},
    tables::document::{self, heads_of},
    transaction::Tx,
};
use chart::Heads;
use clinical::{Chart, EntryKind, EntryRef, EntryValue, Identity, Patient, PatientId, Stamp};
use rusqlite::Connection;

/// A patient as lists show one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatientRow {
    /// The patient.
    pub patient: Patient,
    /// When who it is is disputed: every version that was written.
    pub versions: Vec<Identity>,
    /// Something else about the patient is disputed, or who it is.
    pub disputed: bool,
    /// Who last wrote the patient's own data.
    pub stamp: Option<Stamp>,
    /// The heads of the chart it was read with.
    pub heads: Heads,
}

impl PatientRow {
    /// Of somebody of whom no more is known than who it is.
    pub(crate) fn of_nothing_else(patient: Patient) -> Self {
        let (versions, heads) = (Vec::new(), Heads(Vec::new()));
        Self { patient, versions, disputed: false, stamp: None, heads }
    }
}

/// Where a page of patients ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageEnd {
    sort_name: String,
    ord: i64,
}

/// A page of patients by name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PatientPage {
    /// The rows.
    pub rows: Vec<PatientRow>,
    /// Where the next page begins, if there is one.
    pub next: Option<PageEnd>,
}

/// Writes the row and the search entry of a chart's patient.
pub(crate) fn project(tx: &mut Tx<'_>, target: Target, source: &Source<'_>) -> Result<()> {
    let Some(patient) = &source.chart.patient else {
        run(tx.db, "DELETE FROM patient WHERE chart = ?1", [target.ord])?;
        return search::index::remove(tx.db, target.ord);
    };
    let entry = EntryRef::new(EntryKind::Patient, patient.id.uuid());
    let (writer, at) = source.written(tx, entry)?;
    let text = "INSERT OR REPLACE INTO patient
                (chart, sort_name, birth_date, gender, deceased, disputed, writer, at, value)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let identity = &patient.identity;
    let value = tx.packer.value(patient)?;
    let params = rusqlite::params![
        target.ord,
        search::words::sort_name(identity),
        identity.birth_date.as_ref().map(|date| date.as_str()).unwrap_or_default(),
        identity.gender.code(),
        patient.deceased.is_some(),
        source.disputed.contains(&entry),
        writer,
        at,
        value,
    ];
    run(tx.db, text, params)?;
    search::index::put(tx.db, target, patient, &versions_in(source.chart))
}

/// The versions of a disputed identity.
fn versions_in(chart: &Chart) -> Vec<Identity> {
    let versions = chart.conflicts.iter().flat_map(|conflict| &conflict.versions);
    let identities = versions.filter_map(|version| match &version.value {
        EntryValue::Identity(identity) => Some(identity.clone()),
        EntryValue::Allergy(_)
        | EntryValue::Medication(_)
        | EntryValue::CodeStatus(_)
        | EntryValue::EncounterAbout(_)
        | EntryValue::EncounterState(_)
        | EntryValue::Unreadable => None,
    });
    identities.collect()
}

/// Reads the patient into a chart.
pub(crate) fn fill(reading: &mut Reading<'_>, ord: i64, chart: &mut Chart) -> Result<()> {
    let text = "SELECT writer, at, value FROM patient WHERE chart = ?1";
    let found = one(reading.db, text, [ord], |row| {
        Ok((row.get(0)?, row.get(1)?, row.get::<_, Vec<u8>>(2)?))
    })?;
    let Some((writer, at, value)) = found else { return Ok(()) };
    let patient: Patient = reading.unpacker.value(&value)?;
    if let Some(stamp) = reading.stamp(writer, at)? {
        chart.stamps.push((EntryRef::new(EntryKind::Patient, patient.id.uuid()), stamp));
    }
    chart.patient = Some(patient);
    Ok(())
}

/// The rows of charts, in the given order; charts without a patient are left out.
pub(crate) fn rows(
    db: &Connection,
    unpacker: &mut Unpacker,
    charts: &[i64],
) -> Result<Vec<PatientRow>> {
    let mut reading = Reading::new(db, unpacker)?;
    let mut rows = Vec::with_capacity(charts.len());
    for ord in charts {
        rows.extend(row(&mut reading, *ord)?);
    }
    Ok(rows)
}

/// Charts in the order of their patients' names, without reading more of them.
pub(crate) fn by_name(db: &Connection, charts: &[i64]) -> Result<Vec<i64>> {
    let text = "SELECT sort_name FROM patient WHERE chart = ?1";
    let mut named = Vec::with_capacity(charts.len());
    for ord in charts {
        let name: Option<String> = one(db, text, [ord], |row| row.get(0))?;
        named.extend(name.map(|name| (name, *ord)));
    }
    named.sort_unstable();
    Ok(named.into_iter().map(|(_, ord)| ord).collect())
}

/// The row of one patient.
pub(crate) fn find(
    db: &Connection,
    unpacker: &mut Unpacker,
    patient: PatientId,
) -> Result<Option<PatientRow>> {
    let name = clinical::DocumentRef::new(clinical::DocumentKind::Chart, patient.uuid());
    let Some(found) = document::find(db, name)? else { return Ok(None) };
    row(&mut Reading::new(db, unpacker)?, found.ord)
}

fn row(reading: &mut Reading<'_>, ord: i64) -> Result<Option<PatientRow>> {
    let text = "SELECT p.disputed, p.writer, p.at, p.value, d.heads
                FROM patient p JOIN document d ON d.ord = p.chart WHERE p.chart = ?1";
    let found = one(reading.db, text, [ord], |row| {
        let heads = heads_of(&row.get::<_, Vec<u8>>(4)?);
        Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get::<_, Vec<u8>>(3)?, heads))
    })?;
    let Some((disputed, writer, at, value, heads)) = found else { return Ok(None) };
    let patient = reading.unpacker.value(&value)?;
    let stamp = reading.stamp(writer, at)?;
    let versions = if disputed {
        let conflicts = conflict::of_chart(reading.db, reading.unpacker, ord)?;
        versions_in(&Chart { conflicts, ..Chart::default() })
    } else {
        Vec::new()
    };
    Ok(Some(PatientRow { patient, versions, disputed, stamp, heads }))
}

/// A page of patients by name, after the end of another.
pub(crate) fn page(
    db: &Connection,
    unpacker: &mut Unpacker,
    after: Option<&PageEnd>,
    limit: u32,
) -> Result<PatientPage> {
    let (sort_name, ord) = after.map_or(("", 0), |end| (end.sort_name.as_str(), end.ord));
    let text = "SELECT sort_name, chart FROM patient WHERE (sort_name, chart) > (?1, ?2)
                ORDER BY sort_name, chart LIMIT ?3";
    let found = all(db, text, (sort_name, ord, limit), |row| {
        Ok(PageEnd { sort_name: row.get(0)?, ord: row.get(1)? })
    })?;
    let charts: Vec<i64> = found.iter().map(|end| end.ord).collect();
    let full = u32::try_from(found.len()).is_ok_and(|read| read == limit);
    let next = found.into_iter().next_back().filter(|_| full);
    Ok(PatientPage { rows: rows(db, unpacker, &charts)?, next })
}

/// How many patients there are.
pub(crate) fn len(db: &Connection) -> Result<u64> {
    count(db, "SELECT count(*) FROM patient", [])
}
