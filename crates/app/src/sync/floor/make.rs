//! Making a floor: every document whole, those first with which work goes on.

use crate::{
    App,
    audit::OtherDeed,
    error::{ToldResult, signed_out},
    host::{Host, HostEntropy},
    open::Session,
    sync::{
        exchange::{Desk, Exchanged, exchange},
        failure::told_failure,
        held::have_of,
        keys::Keys,
        peer::Peer,
        seal,
        server::need_server,
        turn::SyncTurn,
    },
};
use api::{ApiError, ErrorCode, Origin};
use chart::AnyDocument;
use clinical::{DocumentKind, DocumentRef};
use serde::Serialize;
use store::{SELF, StoredDocument};
use sync::{
    cursor::Cursor,
    have::{Have, Lane, Position},
    ids::EnvelopeId,
    limits::{PACK_BYTES_MAX, PACK_DOCUMENT_BYTES_MAX, PACK_DOCUMENTS_MAX},
    payload::{Floor, Pack, Packed, Payload},
};
use vault::random::make_array;

use super::{jumped, waits};

/// Charts touched since are those that work goes on with, in milliseconds: 90 days.
const RECENT_MS: i64 = 90 * 24 * 60 * 60 * 1000;

/// A floor that was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FloorMade {
    /// How many envelopes it stands above.
    pub above: u64,
    /// How many envelopes cover them.
    pub envelopes: u64,
    /// Their bytes.
    pub bytes: u64,
    /// How many of them hold what work goes on with.
    pub usable_after: u64,
}

impl<H: Host> App<H> {
    /// Exchanges with the server, covers all that its log holds by packs, and sends them. Once
    /// another computer finds it to be so, whoever joins begins there. It blocks.
    ///
    /// # Errors
    /// `signed-out`; `not-permitted`; `invalid` where no server is set; `changed` where something
    /// that came waits to be taken in: nothing was made; what the network or the server did; the
    /// store's.
    pub fn make_floor(&self) -> Result<FloorMade, ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        let session = &Session { host: self.host(), open: &open, origin: Origin::Sync };
        let _permit = session.permit_other(OtherDeed::Sync)?;
        let server = need_server(session)?;
        let _turn = SyncTurn::wait(session);
        let carrier = session.host.connect(&server.url, server.pin);
        let mut carrier = carrier.map_err(|failure| told_failure(&failure))?;
        let head = exchanged(&exchange(session, &server, carrier.as_mut())?)?;
        let mut desk = Desk::new(session, Peer::server(&server), Keys::load(session)?)?;
        let made = desk.alone(|desk| make_floor(desk, head))?.ok_or_else(not_now)?;
        exchanged(&exchange(session, &server, carrier.as_mut())?)?;
        Ok(made)
    }
}

/// How many envelopes the log holds; what went wrong, if anything did.
fn exchanged(exchanged: &Exchanged) -> Result<u64, ApiError> {
    match &exchanged.summary.failure {
        None => Ok(exchanged.summary.head),
        Some(failure) => Err(told_failure(failure)),
    }
}

fn not_now() -> ApiError {
    let detail = "Nothing was made: something that came from another computer waits to be taken in. \
                  The Sync page says what.";
    ApiError::new(ErrorCode::Changed, detail)
}

/// Seals every document whole and says what the log held that they cover. `None` where it cannot be
/// said now: the log was not read to `head`, or something that came waits to be taken in.
///
/// # Errors
/// The store's; what was sealed by then is sealed.
pub(in crate::sync) fn make_floor<H: Host>(
    desk: &mut Desk<'_, '_, H>,
    head: u64,
) -> Result<Option<FloorMade>, ApiError> {
    let session = desk.session();
    let Some(at) = desk.cursor()?.filter(|at| at.mark.seq == head) else { return Ok(None) };
    if jumped(session)?.is_some() || waits(session)? {
        return Ok(None);
    }
    let have = held_there(desk)?;
    if ends_in_a_part(desk, &have)? {
        return Ok(None);
    }
    let Some(documents) = documents(session)? else { return Ok(None) };
    let since_ms = session.host.now().unix_ms().saturating_sub(RECENT_MS);
    let recent = documents.iter().take_while(|one| one.is_always_read || one.at_ms >= since_ms);
    let recent = recent.count();
    let mut covering = Covering { desk, pack: Vec::new(), bytes: 0, ids: Vec::new(), sealed: 0 };
    let mut usable_after = 0;
    for (place, one) in documents.iter().enumerate() {
        if place == recent {
            covering.seal_pack()?;
            usable_after = covering.ids.len();
        }
        covering.add(one.name)?;
    }
    covering.seal_pack()?;
    let Covering { desk, ids, sealed, .. } = covering;
    if recent == documents.len() {
        usable_after = ids.len();
    }
    say(desk, (at, have), ids, (sealed, usable_after))
}

fn say<H: Host>(
    desk: &mut Desk<'_, '_, H>,
    (at, have): (Cursor, Have),
    ids: Vec<EnvelopeId>,
    (bytes, usable_after): (u64, usize),
) -> Result<Option<FloorMade>, ApiError> {
    let count = |count: usize| u64::try_from(count).unwrap_or(u64::MAX);
    let made = FloorMade {
        above: at.mark.seq,
        envelopes: count(ids.len()),
        bytes,
        usable_after: count(usable_after),
    };
    let now_ms = desk.session().host.now().unix_ms();
    let Some(floor) = Floor::new((at, have), ids, now_ms) else { return Ok(None) };
    desk.seal_alone(&Payload::Floor(floor))?;
    Ok(Some(made))
}

/// What the server was seen to hold when its log had been read to the cursor.
fn held_there<H: Host>(desk: &Desk<'_, '_, H>) -> Result<Have, ApiError> {
    let here = have_of(desk.session(), SELF)?;
    let noted = have_of(desk.session(), &desk.peer_name())?;
    let both = |(lane, there): (Lane, Position)| {
        let here = here.get(lane)?;
        Some((lane, if there.counter <= here.counter { there } else { here }))
    };
    Ok(noted.iter().filter_map(both).collect())
}

/// Whether a lane ends in the midst of a change that came in parts: it is in no document yet.
fn ends_in_a_part<H: Host>(desk: &mut Desk<'_, '_, H>, have: &Have) -> Result<bool, ApiError> {
    for (_, last) in have.iter() {
        if desk.is_unfinished_part(last.id)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A document, and when it was last changed.
struct Dated {
    name: DocumentRef,
    /// The clinic's own, and notes that are being written.
    is_always_read: bool,
    at_ms: i64,
}

/// All documents in the order in which they are of use; `None` where changes of one wait for others,
/// or one cannot be opened.
fn documents<H: Host>(session: &Session<'_, H>) -> Result<Option<Vec<Dated>>, ApiError> {
    let mut all = Vec::new();
    for kind in [DocumentKind::Clinic, DocumentKind::Draft, DocumentKind::Chart] {
        for name in session.open.store.documents(kind).told()? {
            let Some((mut document, stored)) = open(session, name)? else { return Ok(None) };
            if !stored.waiting.is_empty() {
                return Ok(None);
            }
            let at_ms = document.changed_at_ms();
            all.push(Dated { name, is_always_read: kind != DocumentKind::Chart, at_ms });
        }
    }
    all.sort_by_key(|one| (!one.is_always_read, std::cmp::Reverse(one.at_ms)));
    Ok(Some(all))
}

fn open<H: Host>(
    session: &Session<'_, H>,
    name: DocumentRef,
) -> Result<Option<(AnyDocument, StoredDocument)>, ApiError> {
    let stored = session.open.store.document(name).told()?.unwrap_or_default();
    Ok(session.load_any(name, &stored).ok().map(|document| (document, stored)))
}

/// Envelopes that cover a log, as they are sealed.
struct Covering<'d, 'a, 's, H> {
    desk: &'d mut Desk<'a, 's, H>,
    pack: Vec<Packed>,
    /// Of the pack.
    bytes: usize,
    ids: Vec<EnvelopeId>,
    /// Bytes of envelopes.
    sealed: u64,
}

impl<H: Host> Covering<'_, '_, '_, H> {
    fn add(&mut self, name: DocumentRef) -> Result<(), ApiError> {
        let Some((mut document, _)) = open(self.desk.session(), name)? else { return Ok(()) };
        let bytes = document.save_plain();
        let Some(named) = seal::name_of(name) else { return Ok(()) };
        if bytes.len() > PACK_DOCUMENT_BYTES_MAX {
            return self.add_large(name, &mut document);
        }
        let full = self.bytes.saturating_add(bytes.len()) > PACK_BYTES_MAX;
        if full || self.pack.len() >= PACK_DOCUMENTS_MAX {
            self.seal_pack()?;
        }
        self.bytes = self.bytes.saturating_add(bytes.len());
        self.pack.push(Packed { document: named, bytes });
        Ok(())
    }

    /// One that fits no pack goes as all its changes.
    fn add_large(&mut self, name: DocumentRef, document: &mut AnyDocument) -> Result<(), ApiError> {
        for payload in seal::whole_as_changes(name, document)? {
            self.seal(&payload)?;
        }
        Ok(())
    }

    fn seal_pack(&mut self) -> Result<(), ApiError> {
        self.bytes = 0;
        let documents = std::mem::take(&mut self.pack);
        let id = make_array(&mut HostEntropy(self.desk.session().host));
        let Some(pack) = Pack::new(id, documents) else { return Ok(()) };
        self.seal(&Payload::Pack(pack))
    }

    fn seal(&mut self, payload: &Payload) -> Result<(), ApiError> {
        let envelope = self.desk.seal_alone(payload)?;
        let bytes = u64::try_from(envelope.encoded_len()).unwrap_or(u64::MAX);
        self.sealed = self.sealed.saturating_add(bytes);
        self.ids.push(envelope.id());
        Ok(())
    }
}
