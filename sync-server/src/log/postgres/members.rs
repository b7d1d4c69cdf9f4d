//! A clinic's row and its membership entries.

use deadpool_postgres::Client;
use sync::codec::Canonical;
use sync::ids::{Chain, ClinicId, LogEpoch};
use sync::membership::SignedEntry;

use super::StepError;
use super::clinic::Clinic;

pub(super) async fn found(
    db: &Client,
    clinic: ClinicId,
    log_epoch: LogEpoch,
    entries: &[SignedEntry],
) -> Result<bool, StepError> {
    let make = db
        .prepare_cached(
            "INSERT INTO clinic (clinic, log_epoch, life, head, chain, floor, floor_chain,
                                 keys_head, members)
             VALUES ($1, $2, this_life(), 0, $3, 0, $3, 0, 0) ON CONFLICT (clinic) DO NOTHING",
        )
        .await?;
    let chain = Chain::START;
    let values: [&[u8]; 3] = [
        clinic.as_bytes().as_slice(),
        log_epoch.as_bytes().as_slice(),
        chain.as_bytes().as_slice(),
    ];
    let [id, epoch, start] = &values;
    if db.execute(&make, &[id, epoch, start]).await? == 0 {
        return Ok(false);
    }
    add(db, &Clinic::lock(db, clinic).await?, entries).await?;
    Ok(true)
}

/// The clinic's row is locked.
pub(super) async fn add(
    db: &Client,
    clinic: &Clinic,
    entries: &[SignedEntry],
) -> Result<(), StepError> {
    if entries.is_empty() {
        return Ok(());
    }
    // They were judged against what was there a moment ago: another server, or a database that was
    // promoted since, may have other entries by now.
    let follows = entries.iter().map(|signed| usize::try_from(signed.entry().index).ok());
    if !follows.eq((clinic.members..).map(Some).take(entries.len())) {
        return Err(StepError::Behind);
    }
    let insert = db
        .prepare_cached(
            "INSERT INTO member_entry (clinic, place, bytes)
             SELECT $1, * FROM unnest($2::integer[], $3::bytea[])",
        )
        .await?;
    let places = entries.iter().map(|signed| i32::try_from(signed.entry().index));
    let places: Vec<i32> = places.collect::<Result<_, _>>().map_err(|_| StepError::Overflow)?;
    let bytes: Vec<Vec<u8>> = entries.iter().map(Canonical::to_bytes).collect();
    let id = clinic.id.as_bytes().as_slice();
    db.execute(&insert, &[&id, &places, &bytes]).await?;
    let count = clinic.members.saturating_add(entries.len());
    let count = i32::try_from(count).map_err(|_| StepError::Overflow)?;
    let update = db.prepare_cached("UPDATE clinic SET members = $2 WHERE clinic = $1").await?;
    db.execute(&update, &[&id, &count]).await?;
    Ok(())
}

pub(super) async fn read(db: &Client, clinic: &Clinic) -> Result<Vec<SignedEntry>, StepError> {
    let find = db
        .prepare_cached("SELECT bytes FROM member_entry WHERE clinic = $1 ORDER BY place")
        .await?;
    let mut entries = Vec::new();
    for row in db.query(&find, &[&clinic.id.as_bytes().as_slice()]).await? {
        entries.push(SignedEntry::from_bytes(row.try_get(0)?)?);
    }
    Ok(entries)
}
