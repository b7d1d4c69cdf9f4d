//! How far a peer holds each device's envelopes; the peer `""` is this computer.

use crate::{
    error::Result,
    sql::{all, run, sql, unsql},
};
use rusqlite::{Connection, Row};

/// The name of this computer among the peers.
pub const SELF: &str = "";

/// How far one of a device's sequences is held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HaveRow {
    /// Who holds it: a server's address, a device, or [`SELF`].
    pub peer: String,
    /// The device that sealed the envelopes.
    pub device: [u8; 16],
    /// Which of its sequences.
    pub generation: u32,
    /// Everything up to and including this counter is held.
    pub counter: u64,
    /// The envelope at that counter.
    pub id: [u8; 32],
}

pub(crate) fn put(db: &Connection, row: &HaveRow) -> Result<()> {
    let text = "INSERT OR REPLACE INTO peer_have (peer, device, generation, counter, id)
                VALUES (?1, ?2, ?3, ?4, ?5)";
    run(db, text, (&row.peer, row.device, row.generation, sql(row.counter), row.id))?;
    Ok(())
}

/// Forgets what was noted of a peer.
pub(crate) fn forget(db: &Connection, peer: &str) -> Result<()> {
    run(db, "DELETE FROM peer_have WHERE peer = ?1", [peer]).map(drop)
}

/// Forgets how far others than this computer hold a sequence.
pub(crate) fn forget_lane(db: &Connection, device: &[u8; 16], generation: u32) -> Result<()> {
    let text = "DELETE FROM peer_have WHERE peer <> ?1 AND device = ?2 AND generation = ?3";
    run(db, text, (SELF, device, generation)).map(drop)
}

/// What a peer holds, by device and sequence.
pub(crate) fn of_peer(db: &Connection, peer: &str) -> Result<Vec<HaveRow>> {
    let text = "SELECT peer, device, generation, counter, id FROM peer_have WHERE peer = ?1
                ORDER BY device, generation";
    all(db, text, [peer], read)
}

/// What a peer holds of one device, by sequence.
pub(crate) fn of_device(db: &Connection, peer: &str, device: &[u8; 16]) -> Result<Vec<HaveRow>> {
    let text = "SELECT peer, device, generation, counter, id FROM peer_have
                WHERE peer = ?1 AND device = ?2 ORDER BY generation";
    all(db, text, (peer, device), read)
}

/// The devices of which a peer holds something.
pub(crate) fn devices(db: &Connection, peer: &str) -> Result<Vec<[u8; 16]>> {
    let text = "SELECT DISTINCT device FROM peer_have WHERE peer = ?1 ORDER BY device";
    all(db, text, [peer], |row| row.get(0))
}

/// The devices of which a peer was not seen to hold all that is held here.
pub(crate) fn lacked_by(db: &Connection, peer: &str) -> Result<Vec<[u8; 16]>> {
    let text = "SELECT DISTINCT here.device FROM peer_have here LEFT JOIN peer_have there
                ON there.peer = ?2 AND there.device = here.device
                AND there.generation = here.generation
                WHERE here.peer = ?1 AND coalesce(there.counter, 0) < here.counter
                ORDER BY here.device";
    all(db, text, (SELF, peer), |row| row.get(0))
}

fn read(row: &Row<'_>) -> rusqlite::Result<HaveRow> {
    Ok(HaveRow {
        peer: row.get(0)?,
        device: row.get(1)?,
        generation: row.get(2)?,
        counter: unsql(row.get(3)?),
        id: row.get(4)?,
    })
}
