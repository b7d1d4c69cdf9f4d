//! Making a floor: every document whole, those first with which work goes on.

use crate::{
    App,
    audit::OtherDeed,
    error::{ToldResult, signed_out},
    host::{Host, HostEntropy},
    open::Session,
    sync::{
        coming::is_all_here,
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
    payload::{Floor, Outline, Pack, Packed, Payload, Planned},
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
    if jumped(session)?.is_some() || !is_all_here(session)? || waits(session)? {
        return Ok(None);
    }
    let have = held_there(desk)?;
    if ends_in_a_part(desk, &have)? {
        return Ok(None);
    }
    let Some(documents) = documents(session)? else { return Ok(None) };
    let since_ms = session.host.now().unix_ms().saturating_sub(RECENT_MS);
    let is_recent = |one: &&Dated| one.is_always_read || one.at_ms >= since_ms;
    let recent = documents.iter().take_while(is_recent).count();
    let (first, rest) = documents.split_at_checked(recent).unwrap_or((&documents, &[]));
    let [first, others] = [first, rest].map(|part| part.iter().map(|one| one.name));
    let plan = [plan(session, first)?, plan(session, others)?];
    outline(desk, at, &plan)?;
    let mut covering = Covering { desk, ids: Vec::new(), sealed: 0 };
    let mut usable_after = 0;
    for (place, group) in plan.iter().flatten().enumerate() {
        if place == plan.first().map_or(0, Vec::len) {
            usable_after = covering.ids.len();
        }
        covering.add(group)?;
    }
    let Covering { desk, ids, sealed } = covering;
    if rest.is_empty() {
        usable_after = ids.len();
    }
    say(desk, (at, have), ids, (sealed, usable_after))
}

/// Says what is about to be sealed. What does not fit is not said: it is a hint.
fn outline<H: Host>(
    desk: &mut Desk<'_, '_, H>,
    at: Cursor,
    plan: &[Vec<Group>; 2],
) -> Result<(), ApiError> {
    let [first, rest] = plan;
    let count = first.iter().map(|group| group.envelopes.len()).sum::<usize>();
    let planned = first.iter().chain(rest).flat_map(|group| group.envelopes.iter().copied());
    let outline = Outline::new(at, u32::try_from(count).unwrap_or(u32::MAX), planned.collect());
    if let Some(outline) = outline {
        desk.seal_alone(&Payload::Outline(outline))?;
    }
    Ok(())
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

/// Documents that go together, and the envelopes that they take.
struct Group {
    documents: Vec<DocumentRef>,
    envelopes: Vec<Planned>,
}

/// Documents as they go together: as many as fit one pack, and one that fits none by itself.
fn plan<H: Host>(
    session: &Session<'_, H>,
    documents: impl IntoIterator<Item = DocumentRef>,
) -> Result<Vec<Group>, ApiError> {
    let (mut groups, mut pack, mut bytes) = (Vec::new(), Vec::new(), 0_usize);
    for name in documents {
        let Some(one) = Whole::of(session, name)? else { continue };
        let one = match one {
            Whole::Packed(one) => one,
            Whole::Changes(payloads) => {
                let charts = u32::from(name.kind == DocumentKind::Chart);
                let mut envelopes =
                    payloads.iter().map(|it| planned(it, 0)).collect::<Result<Vec<_>, _>>()?;
                envelopes.last_mut().into_iter().for_each(|last| last.charts = charts);
                groups.push(Group { documents: vec![name], envelopes });
                continue;
            }
        };
        let full = bytes.saturating_add(one.bytes.len()) > PACK_BYTES_MAX;
        if full || pack.len() >= PACK_DOCUMENTS_MAX {
            groups.extend(close(session, std::mem::take(&mut pack))?);
            bytes = 0;
        }
        bytes = bytes.saturating_add(one.bytes.len());
        pack.push((name, one));
    }
    groups.extend(close(session, pack)?);
    Ok(groups)
}

fn close<H: Host>(
    session: &Session<'_, H>,
    pack: Vec<(DocumentRef, Packed)>,
) -> Result<Option<Group>, ApiError> {
    let (documents, packed): (Vec<_>, Vec<_>) = pack.into_iter().unzip();
    let charts = documents.iter().filter(|name| name.kind == DocumentKind::Chart).count();
    let Some(payload) = pack_of(session, packed) else { return Ok(None) };
    let charts = u32::try_from(charts).unwrap_or(u32::MAX);
    Ok(Some(Group { documents, envelopes: vec![planned(&payload, charts)?] }))
}

fn planned(payload: &Payload, charts: u32) -> Result<Planned, ApiError> {
    let bytes = u32::try_from(seal::sealed_len(payload)?).unwrap_or(u32::MAX);
    Ok(Planned { charts, bytes })
}

fn pack_of<H: Host>(session: &Session<'_, H>, documents: Vec<Packed>) -> Option<Payload> {
    let id = make_array(&mut HostEntropy(session.host));
    Pack::new(id, documents).map(Payload::Pack)
}

/// Seals documents whole, as they are now.
///
/// # Errors
/// The store's; what was sealed by then is sealed.
pub(in crate::sync) fn seal_whole<H: Host>(
    desk: &mut Desk<'_, '_, H>,
    documents: impl IntoIterator<Item = DocumentRef>,
) -> Result<(), ApiError> {
    let plan = plan(desk.session(), documents)?;
    let mut covering = Covering { desk, ids: Vec::new(), sealed: 0 };
    plan.iter().try_for_each(|group| covering.add(group))
}

/// A document whole.
enum Whole {
    /// As it goes into a pack.
    Packed(Packed),
    /// As all its changes, where it fits none.
    Changes(Vec<Payload>),
}

impl Whole {
    fn of<H: Host>(session: &Session<'_, H>, name: DocumentRef) -> Result<Option<Self>, ApiError> {
        let Some((mut document, _)) = open(session, name)? else { return Ok(None) };
        let bytes = document.save_plain();
        let Some(named) = seal::name_of(name) else { return Ok(None) };
        Ok(Some(if bytes.len() > PACK_DOCUMENT_BYTES_MAX {
            Self::Changes(seal::whole_as_changes(name, &mut document)?)
        } else {
            Self::Packed(Packed { document: named, bytes })
        }))
    }
}

/// Envelopes that cover a log, as they are sealed.
struct Covering<'d, 'a, 's, H> {
    desk: &'d mut Desk<'a, 's, H>,
    ids: Vec<EnvelopeId>,
    /// Bytes of envelopes.
    sealed: u64,
}

impl<H: Host> Covering<'_, '_, '_, H> {
    /// Seals documents that go together, as they are now.
    fn add(&mut self, group: &Group) -> Result<(), ApiError> {
        let (mut pack, mut bytes) = (Vec::new(), 0_usize);
        for name in &group.documents {
            match Whole::of(self.desk.session(), *name)? {
                Some(Whole::Packed(one)) => {
                    // It may have grown since it was looked at.
                    if bytes.saturating_add(one.bytes.len()) > PACK_BYTES_MAX {
                        self.seal_pack(std::mem::take(&mut pack))?;
                        bytes = 0;
                    }
                    bytes = bytes.saturating_add(one.bytes.len());
                    pack.push(one);
                }
                Some(Whole::Changes(payloads)) => {
                    for payload in payloads {
                        self.seal(&payload)?;
                    }
                }
                None => {}
            }
        }
        self.seal_pack(pack)
    }

    fn seal_pack(&mut self, documents: Vec<Packed>) -> Result<(), ApiError> {
        let Some(payload) = pack_of(self.desk.session(), documents) else { return Ok(()) };
        self.seal(&payload)
    }

    fn seal(&mut self, payload: &Payload) -> Result<(), ApiError> {
        let envelope = self.desk.seal_alone(payload)?;
        let bytes = u64::try_from(envelope.encoded_len()).unwrap_or(u64::MAX);
        self.sealed = self.sealed.saturating_add(bytes);
        self.ids.push(envelope.id());
        Ok(())
    }
}
