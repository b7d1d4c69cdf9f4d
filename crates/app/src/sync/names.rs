//! The names under which the store keeps small values of the sync.

use clinical::DocumentRef;
use store::NamedRow;
use sync::{
    codec::Canonical as _,
    have::Lane,
    ids::{DeviceId, DocTag, EnvelopeId, LogEpoch},
    membership::SignedEntry,
    wire::WrappedKey,
};

/// The private keys of this device.
pub(super) const DEVICE_KEYS: &str = "sync/device-keys";
/// The epoch keys and the key that names documents.
pub(super) const CLINIC_KEYS: &str = "sync/clinic-keys";
/// The key that founded the clinic.
pub(super) const FOUNDING_KEY: &str = "sync/founding-key";
/// The server's address with its pin.
pub(super) const SERVER: &str = "sync/server";
/// The clinic's first server, until it was met and the record names it.
pub(super) const TO_SAY: &str = "sync/server-to-say";
/// That another computer is to bring the list of computers to the clinic's first server.
pub(super) const HELD_BACK: &str = "sync/held-back";
/// The computer of the clinic at which this one joined.
pub(super) const JOIN_AT: &str = "sync/join-at";
/// That this computer exchanges with no others over the local network.
pub(super) const LAN_OFF: &str = "sync/lan-off";
/// How the last exchange with the server went.
pub(super) const NOTE: &str = "sync/note";
/// Alarms of what was taken in, until the note has them.
pub(super) const SEEN: &str = "sync/seen/";
/// How the last exchange with another computer went, by its id.
pub(super) const MET: &str = "sync/met/";
/// The token that the server granted last.
pub(super) const TOKEN: &str = "sync/token";
/// Which documents an envelope that was set aside holds changes of, by document and envelope, where its
/// own tag does not say.
pub(super) const ASIDE_OF: &str = "sync/aside-of/";
/// How much came since the last floor.
pub(super) const WEIGHED: &str = "sync/weighed";
/// In which region the server says that it keeps the clinic.
pub(super) const REGION: &str = "sync/region";
/// How far the server's table of wrapped keys was read.
pub(super) const KEYS_READ: &str = "sync/keys-read";
/// The invitation of a join that is not in the clinic's list of computers yet.
pub(super) const INVITATION: &str = "sync/invitation";
/// The entry of that join, signed.
pub(super) const JOIN_ENTRY: &str = "sync/join-entry";
/// The person of a join whose key is not in the record yet.
pub(super) const JOINING: &str = "sync/joining";
/// The life of this computer's own log, as others are served it.
pub(super) const OWN_LOG: &str = "sync/own-log";
/// When the server's log was last read anew for envelopes that came with a wrong signature.
pub(super) const READ_ANEW: &str = "sync/read-anew";
/// When a side's table of wrapped keys was last read anew for what lacks one, by the side.
pub(super) const KEYS_READ_ANEW: &str = "sync/keys-read-anew/";
/// That what waits for keys or for entries of the list of computers may come in, until it is looked at.
pub(super) const CHECK_AGAIN: &str = "sync/check-again";
/// What was told last of what this computer saw of the server's log.
pub(super) const TOLD: &str = "sync/told";
/// Entries of the membership log, by index.
pub(super) const MEMBERSHIP: &str = "sync/membership/";
/// The clinic's keys as they were before this computer went over to another list, by the list's end.
pub(super) const LOST_KEYS: &str = "sync/lost-keys/";
/// The newest epoch that both lists knew, until what was sealed since can be read by all.
pub(super) const MENDED: &str = "sync/mended";
/// How often what stands in one's own lanes was sealed anew, by generation.
pub(super) const RESEALED: &str = "sync/resealed/";
/// Names of devices, opened.
pub(super) const DEVICE_NAMES: &str = "sync/device-name/";
/// The id this computer has in the list of computers, where it is another than its key slots say.
pub(super) const DEVICE: &str = "sync/device";
/// The id and keys that a copy of a store is about to have.
pub(super) const PARTING: &str = "sync/parting";
/// The generation opened when this computer's sequences had last gone on without it, and when.
pub(super) const SIGHTING: &str = "sync/sighting";
/// When others than the server first gave what this computer sealed and does not hold.
pub(super) const STRANGE: &str = "sync/strange";
/// When it was asked whether this computer has a living copy.
pub(super) const COPIED: &str = "sync/copied";
/// Of computers as which two worked: when it was heard that one of the two has keys of its own.
pub(super) const PARTED: &str = "sync/parted/";
/// When something of a computer last came, by its id.
pub(super) const HEARD_FROM: &str = "sync/heard-from/";
/// What this computer has to tell the others and has not sealed yet.
pub(super) const NOTICES: &str = "sync/notice/";
/// What is to be entered in the membership log, by this computer's or another's word.
pub(super) const WISHES: &str = "sync/wish/";
/// Erasings that are to be sealed, with packs that are to be sealed anew first.
pub(super) const ERASING: &str = "sync/erasing/";
/// Erasings that were heard of and not followed yet.
pub(super) const ERASURES_HEARD: &str = "sync/erasure-heard/";
/// The envelopes that say that a chart is erased, by its patient.
pub(super) const ERASED_BY: &str = "sync/erased-by/";
/// Packs that hold an erased chart and whose keys stand, by their tags.
pub(super) const STANDING: &str = "sync/erased-pack/";
/// How many erased tags the server was told of, in which life of its log.
pub(super) const ERASED_TOLD: &str = "sync/erased-told-all";
/// Of how many tags of an erased chart the server was told in which life of its log, by its patient.
pub(super) const ERASED_TOLD_OF: &str = "sync/erased-told-of/";
/// Wrapped keys of documents.
pub(super) const DOCUMENT_KEYS: &str = "sync/key/";
/// Lanes in which a counter has several envelopes.
pub(super) const FORKS: &str = "sync/fork/";
/// When a side did not take an envelope of another computer's lane, by the side and the lane.
const NOT_TAKEN: &str = "sync/not-taken/";
/// What is known of floors, by the envelopes that say it.
pub(super) const FLOORS: &str = "sync/floor/";
/// Who found floors to be so, by floor and computer.
pub(super) const COUNTERSIGNS: &str = "sync/countersign/";
/// The floors that lack what is here.
pub(super) const REFUSED: &str = "sync/floor-refused/";
/// The floors of which the server was told that what is below them may be kept apart.
pub(super) const COLD: &str = "sync/floor-cold/";
/// What came in belatedly, by envelope and document, until a floor's packs or others hold it.
pub(super) const BELATED: &str = "sync/belated/";
/// That the last that counts of a removed computer came, until what waited for it is looked at again.
pub(super) const CUT_CAME: &str = "sync/cut-came";
/// What other computers last told that they saw of the server's log.
pub(super) const READ_BY: &str = "sync/read-by/";
/// How far lanes count as held because a floor covers them.
pub(super) const BASE: &str = "sync/base";
/// The place of the server's log that is read from and not known to be a floor.
pub(super) const JUMPED: &str = "sync/jumped";
/// Up to which length of the log no floor is made, as it could not be the last time.
pub(super) const FLOOR_PUT_OFF: &str = "sync/floor-put-off";
/// The place of the server's log that was read from and found to be a floor.
pub(super) const BEGUN_AT: &str = "sync/begun-at";
/// That the record has not come as a whole yet.
pub(super) const COMING: &str = "sync/coming";
/// What the packs hold that cover what stands below the place the server's log is read from.
pub(super) const OUTLINE: &str = "sync/outline";
/// The same of a later floor that came meanwhile, until two computers vouch for it.
pub(super) const OUTLINE_NEXT: &str = "sync/next-outline";
/// The place of the server's log before the packs of that floor.
pub(super) const NEXT_FROM: &str = "sync/next-from";
/// The stretch of the server's log of which only names were read.
pub(super) const LEFT: &str = "sync/left";
/// That this computer holds what is in use, and leaves the rest at the server.
pub(super) const HOLD: &str = "sync/hold";
/// The last floor that the server told of and nobody vouched for.
pub(super) const FLOOR_DOUBTED: &str = "sync/floor-doubted";
/// What other clinics sign with that a chart passed to or from, by their ids.
pub(super) const CLINICS: &str = "sharing/clinic/";
/// Charts whose tasks are not yet what the rules say: the patients' ids, one after the other.
pub(super) const UNJUDGED: &str = "sync/unjudged";

/// Where it is kept that an envelope which was set aside holds changes of a document.
pub(super) fn aside_of_row(document: DocumentRef, envelope: EnvelopeId) -> NamedRow {
    NamedRow { name: format!("{ASIDE_OF}{document}/{envelope}"), bytes: envelope.0.to_vec() }
}

/// Under which names that is kept of a document.
pub(super) fn aside_of_prefix(document: DocumentRef) -> String {
    format!("{ASIDE_OF}{document}/")
}

/// Where a part of a log's chain is kept. There are many: they stand before every other name, so
/// that no list of names passes them.
pub(super) fn chain_name(log_epoch: LogEpoch, block: u64) -> String {
    format!("chain/{log_epoch}/{block:016x}")
}

/// Where an entry of the membership log is kept.
pub(super) fn entry_row(entry: &SignedEntry) -> NamedRow {
    let name = format!("{MEMBERSHIP}{:08}", entry.entry().index);
    NamedRow { name, bytes: entry.to_bytes() }
}

/// Where a document's wrapped keys are kept.
pub(super) fn keys_prefix(tag: &DocTag) -> String {
    format!("{DOCUMENT_KEYS}{tag}/")
}

/// Where a wrapped key is kept: twice the same key is one row.
pub(super) fn key_row(key: &WrappedKey) -> NamedRow {
    use sha2::{Digest as _, Sha256};
    let digest: [u8; 32] = Sha256::digest(&key.wrapped).into();
    let short = crate::hex::hex(digest.get(..8).unwrap_or_default());
    let name = format!("{}{short}", keys_prefix(&key.doc_tag));
    NamedRow { name, bytes: key.wrapped.clone() }
}

/// The wrapped key that a row keeps.
pub(super) fn key_of_row(row: &NamedRow) -> Option<WrappedKey> {
    let tag = row.name.strip_prefix(DOCUMENT_KEYS)?.split('/').next()?;
    let doc_tag = DocTag(crate::hex::bytes_of_hex(tag)?.try_into().ok()?);
    Some(WrappedKey { doc_tag, wrapped: row.bytes.clone() })
}

/// Where a device's name is kept.
pub(super) fn device_name_row(device: DeviceId, name: String) -> NamedRow {
    NamedRow { name: format!("{DEVICE_NAMES}{device}"), bytes: name.into_bytes() }
}

/// Where it is kept that the last that counts of a removed computer came.
pub(super) fn cut_came_row() -> NamedRow {
    NamedRow { name: CUT_CAME.to_owned(), bytes: Vec::new() }
}

/// Where a forked lane is kept.
pub(super) fn fork_row(lane: Lane) -> NamedRow {
    NamedRow { name: fork_name(lane), bytes: Vec::new() }
}

/// Under which names it is kept what a side did not take.
pub(super) fn not_taken_prefix(peer: &str) -> String {
    format!("{NOT_TAKEN}{peer}/")
}

/// Where it is kept of a lane.
pub(super) fn not_taken_name(peer: &str, lane: Lane) -> String {
    format!("{}{}/{}", not_taken_prefix(peer), lane.device, lane.generation)
}

/// The name of a forked lane.
pub(super) fn fork_name(lane: Lane) -> String {
    format!("{FORKS}{}/{}", lane.device, lane.generation)
}
