//! Bytes by their SHA-256: the same bytes are kept once.

use crate::{
    error::{Result, StoreError},
    packing::Unpacker,
    sql::{one, run},
    transaction::Tx,
};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

/// Keeps bytes; answers their hash.
pub(crate) fn keep(tx: &mut Tx<'_>, bytes: &[u8]) -> Result<[u8; 32]> {
    let digest: [u8; 32] = Sha256::digest(bytes).into();
    let packed = tx.packer.pack(bytes)?;
    let text = "INSERT INTO blob (digest, bytes) VALUES (?1, ?2) ON CONFLICT (digest) DO NOTHING";
    if run(tx.db, text, (digest, packed))? == 1 {
        tx.mark.tally.add(&[b"blob", &digest]);
    }
    Ok(digest)
}

/// Removes the bytes of a hash.
pub(crate) fn remove(tx: &mut Tx<'_>, digest: [u8; 32]) -> Result<()> {
    if run(tx.db, "DELETE FROM blob WHERE digest = ?1", [digest])? == 1 {
        tx.mark.tally.subtract(&[b"blob", &digest]);
    }
    Ok(())
}

/// The bytes of a hash, where they are kept; they have it still.
pub(crate) fn find(
    db: &Connection,
    unpacker: &mut Unpacker,
    digest: [u8; 32],
) -> Result<Option<Vec<u8>>> {
    let text = "SELECT bytes FROM blob WHERE digest = ?1";
    let packed: Option<Vec<u8>> = one(db, text, [digest], |row| row.get(0))?;
    let Some(packed) = packed else { return Ok(None) };
    let bytes = unpacker.unpack(&packed)?;
    let found: [u8; 32] = Sha256::digest(&bytes).into();
    if found == digest { Ok(Some(bytes)) } else { Err(StoreError::Damaged("kept bytes")) }
}
