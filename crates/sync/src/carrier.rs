//! The way to a server, as a host has it: one request at a time, blocking.
//!
//! This crate opens no socket; the trait stands here so that those who drive sessions and those
//! who carry frames need not know each other.

mod stop;

pub use stop::Stop;

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use crate::ids::{BlobId, ClinicId, InviteId, Token};
use crate::limits::{BLOB_BYTES_MAX, BLOB_PART_BYTES_MAX};
use crate::membership::SignedEntry;
use crate::session::{Effect, Failure, RefusedRequest, SyncEvent};
use crate::signing::Signer;
use crate::wire::{
    BlobPart, BlobPartRequest, BlobStored, BlobsHeld, BlobsRequest, ErasePut, FloorPut,
    FloorStored, InvitePut, KeysErased, LaneRequest, MembersPage, MembersReply, MembersRequest,
    Principal, PullRequest, PushRequest, Refusal, RefusalCode, RoomGet, RoomMessages, RoomOpen,
    RoomOpened, RoomPut, RoomStored,
};

/// Says what will be pushed next, once.
pub type Offer = Box<dyn FnOnce(PushRequest) + Send>;

/// Carries requests to one server.
pub trait Carrier: Send {
    /// Says who asks from now on. Nothing is sent yet; the carrier proves it when it must.
    fn identify(
        &mut self,
        clinic: ClinicId,
        principal: Principal,
        signer: Arc<dyn Signer + Send + Sync>,
    );

    /// From now on a session's effect comes to [`Failure::Stopped`] where a stop is asked for: it is not
    /// sent, or its answer is not waited for. It may have been done there.
    fn heed(&mut self, stop: &Stop);

    /// Does a session's `Send…` effect and tells its outcome.
    ///
    /// # Errors
    /// The effect itself, when it needs no server: it is for the host to do.
    fn perform(&mut self, effect: Effect) -> Result<SyncEvent, Box<Effect>>;

    /// May begin to fetch the answer to a request that will be performed next, most likely. A way on
    /// which nothing is gained by that keeps this answer.
    fn foresee(&mut self, request: PullRequest) {
        drop(request);
    }

    /// Where to say, while a push is performed, what will be pushed next, most likely: a way on which
    /// answers are waited for may begin to send it before this one's is here. `None` where nothing is
    /// gained by that.
    fn next_push(&mut self) -> Option<Offer> {
        None
    }

    /// For how long the other side was waited for with the last effect; nothing where that is not known.
    fn waited(&self) -> Duration {
        Duration::ZERO
    }

    /// By which token it speaks; `None` where it has none, as before anything was asked, or there is no
    /// such thing.
    fn token(&self) -> Option<Token> {
        None
    }

    /// Speaks by a token that was granted to who was named last, for as long as it holds.
    fn resume(&mut self, token: Token) {
        let _ = token;
    }

    /// In which region the server last said that it keeps the clinic; `None` where it has none, or there
    /// is no server.
    fn region(&self) -> Option<String> {
        None
    }

    /// Reads entries of the membership log.
    ///
    /// # Errors
    /// [`Failure`].
    fn members(&mut self, request: &MembersRequest) -> Result<MembersPage, Failure>;

    /// Appends entries to the membership log.
    ///
    /// # Errors
    /// [`Failure`].
    fn push_members(&mut self, entries: Vec<SignedEntry>) -> Result<MembersReply, Failure>;

    /// Raises the floor of the log. A way on which there is none keeps this answer.
    ///
    /// # Errors
    /// [`Failure`].
    fn raise_floor(&mut self, request: &FloorPut) -> Result<FloorStored, Failure> {
        let _ = request;
        Err(not_there())
    }

    /// Has the wrapped keys of erased documents taken away. A way on which none are kept for others
    /// keeps this answer.
    ///
    /// # Errors
    /// [`Failure`].
    fn erase_keys(&mut self, request: &ErasePut) -> Result<KeysErased, Failure> {
        let _ = request;
        Err(not_there())
    }

    /// Reads a stretch of one lane. A way on which a log is read from its beginning alone keeps this
    /// answer.
    ///
    /// # Errors
    /// [`Failure`].
    fn lane(&mut self, request: &LaneRequest) -> Result<PushRequest, Failure> {
        let _ = request;
        Err(not_there())
    }

    /// Tells which of some blobs are kept there. A way on which there are none keeps this answer.
    ///
    /// # Errors
    /// [`Failure`].
    fn blobs_held(&mut self, request: &BlobsRequest) -> Result<BlobsHeld, Failure> {
        let _ = request;
        Err(not_there())
    }

    /// Leaves a blob: sealed bytes under their SHA-256. It may be repeated. A way on which there are
    /// none keeps this answer.
    ///
    /// # Errors
    /// [`Failure`].
    fn put_blob(&mut self, id: BlobId, bytes: Vec<u8>) -> Result<BlobStored, Failure> {
        drop((id, bytes));
        Err(not_there())
    }

    /// Fetches a blob from a place on, piece by piece, for as long as `take` says that it goes on.
    /// Nobody has held what came against its name. A way on which there are none keeps this answer.
    ///
    /// # Errors
    /// [`Failure`]: what came before it was handed over.
    fn get_blob(
        &mut self,
        id: BlobId,
        from: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        let _ = (id, from, take);
        Err(not_there())
    }

    /// Leaves the sealed blob of an invite.
    ///
    /// # Errors
    /// [`Failure`].
    fn put_invite(&mut self, put: &InvitePut) -> Result<(), Failure>;

    /// Fetches the sealed blob of an invite; needs nobody to be identified.
    ///
    /// # Errors
    /// [`Failure`].
    fn get_invite(&mut self, id: InviteId) -> Result<Vec<u8>, Failure>;

    /// Opens a room. A way on which there are none keeps this answer.
    ///
    /// # Errors
    /// [`Failure`].
    fn open_room(&mut self, request: &RoomOpen) -> Result<RoomOpened, Failure> {
        let _ = request;
        Err(not_there())
    }

    /// Leaves a message in a room; needs nobody to be identified.
    ///
    /// # Errors
    /// [`Failure`].
    fn put_in_room(&mut self, request: &RoomPut) -> Result<RoomStored, Failure> {
        let _ = request;
        Err(not_there())
    }

    /// Reads what lies in a room; needs nobody to be identified.
    ///
    /// # Errors
    /// [`Failure`].
    fn look_into_room(&mut self, request: &RoomGet) -> Result<RoomMessages, Failure> {
        let _ = request;
        Err(not_there())
    }

    /// Begins to listen for the wake-ups of the clinic.
    ///
    /// # Errors
    /// [`Failure`].
    fn listen(&mut self) -> Result<(), Failure>;

    /// Waits, at most so long, until the server says that something is new: how many envelopes
    /// its log holds. `None` when it said nothing.
    ///
    /// # Errors
    /// [`Failure`] when it can say nothing more: begin to listen anew.
    fn news(&mut self, at_most: Duration) -> Result<Option<u64>, Failure>;
}

/// Fetches a blob from a place on, as [`Carrier::get_blob`] does, from a desktop that gives it in
/// parts. Each part must have the length it is to have: nobody is kept asking for ever.
///
/// # Errors
/// [`Failure`]: what came before it was handed over.
pub fn get_in_parts(
    mut next: BlobPartRequest,
    mut ask: impl FnMut(&BlobPartRequest) -> Result<BlobPart, Failure>,
    take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
) -> Result<(), Failure> {
    loop {
        let BlobPart { bytes, part } = ask(&next)?;
        let come = u64::try_from(part.len()).unwrap_or(u64::MAX);
        let full = u64::try_from(BLOB_PART_BYTES_MAX).unwrap_or(u64::MAX);
        let left = bytes.checked_sub(next.from).ok_or(Failure::Protocol)?;
        if bytes > BLOB_BYTES_MAX || come != left.min(full) {
            return Err(Failure::Protocol);
        }
        next.from = next.from.saturating_add(come);
        if take(&part).is_break() || next.from >= bytes {
            return Ok(());
        }
    }
}

/// What a server without any would answer.
const fn not_there() -> Failure {
    Failure::Refused(RefusedRequest(Refusal::of(RefusalCode::NotFound)))
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::indexing_slicing, reason = "this is a test")]
mod tests {
    use super::*;

    const FULL: usize = BLOB_PART_BYTES_MAX;

    /// What comes of parts of these lengths, each said to be of so many bytes, from a place on.
    fn come(from: u64, parts: &[(u64, usize)]) -> (u64, Result<(), Failure>) {
        let (mut come, mut parts) = (from, parts.iter());
        let ask = |asked: &BlobPartRequest| {
            let (bytes, len) = parts.next().ok_or(Failure::Unreachable)?;
            Ok(BlobPart { bytes: *bytes, part: vec![asked.from.to_le_bytes()[0]; *len] })
        };
        let first = BlobPartRequest { clinic: ClinicId([1; 16]), id: BlobId([2; 32]), from };
        let told = get_in_parts(first, ask, &mut |bytes| {
            come += u64::try_from(bytes.len()).unwrap();
            ControlFlow::Continue(())
        });
        (come, told)
    }

    #[test]
    fn parts_are_asked_for_until_all_have_come_and_no_longer() {
        let full = u64::try_from(FULL).unwrap();
        let (whole, wrong) = (2 * full + 5, Err(Failure::Protocol));
        assert_eq!(come(0, &[(whole, FULL), (whole, FULL), (whole, 5)]), (whole, Ok(())));
        assert_eq!(come(full, &[(whole, FULL), (whole, 5)]), (whole, Ok(())));
        assert_eq!(come(0, &[(5, 5)]), (5, Ok(())));
        let gone = Err(Failure::Unreachable);
        assert_eq!(come(0, &[(whole, FULL)]), (full, gone), "what came before is kept");
        // Fewer than there are, none, more, and more than a blob may have.
        assert_eq!(come(0, &[(whole, 1)]), (0, wrong.clone()));
        assert_eq!(come(0, &[(whole, 0)]), (0, wrong.clone()));
        assert_eq!(come(0, &[(4, 5)]), (0, wrong.clone()));
        assert_eq!(come(9, &[(4, 0)]), (9, wrong.clone()));
        assert_eq!(come(0, &[(BLOB_BYTES_MAX + 1, FULL)]), (0, wrong));
    }
}
