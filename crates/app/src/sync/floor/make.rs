//! Making a floor: every document whole, those first with which work goes on.

use crate::{
    App,
    audit::OtherDeed,
    error::{ToldResult, signed_out},
    host::{Host, HostEntropy},
    open::Session,
    sync::{
        coming::{has_whole_record, listed},
        exchange::{Desk, Exchanged, exchange},
        failure::told_failure,
        held::have_of,
        keys::Keys,
        peer::Peer,
        seal::{self, Ready},
        server::need_server,
        turn::SyncTurn,
    },
};
use api::{ApiError, ErrorCode, Origin};
use chart::AnyDocument;
use clinical::{DocumentKind, DocumentRef, PatientId};
use serde::Serialize;
use store::{SELF, StoredDocument};
use sync::{
    cursor::Cursor,
    have::{Have, Lane, Position},
    ids::EnvelopeId,
    limits::{FLOOR_ENVELOPES_MAX, PACK_BYTES_MAX, PACK_DOCUMENT_BYTES_MAX, PACK_DOCUMENTS_MAX},
    payload::{Floor, Outline, Pack, Packed, Payload, People, Planned},
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
/// said now: the log was not read to `head`, something that came waits to be taken in, or it takes
/// more envelopes than a floor can name.
///
/// # Errors
/// The store's; what was sealed by then is sealed.
pub(in crate::sync) fn make_floor<H: Host>(
    desk: &mut Desk<'_, '_, H>,
    head: u64,
) -> Result<Option<FloorMade>, ApiError> {
    let session = desk.session();
    let Some(at) = desk.cursor()?.filter(|at| at.mark.seq == head) else { return Ok(None) };
    if jumped(session)?.is_some() || !has_whole_record(session)? || waits(session)? {
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
    let first = make_ready(desk, first)?;
    let others = make_ready(desk, others)?;
    // More than a floor can name: nothing is sealed that nobody could begin at.
    if first.len().saturating_add(others.len()) > FLOOR_ENVELOPES_MAX {
        return Ok(None);
    }
    // Whoever begins at the floor reads no notice that stands below it.
    desk.say_erased_again()?;
    list(desk, at, (first.len(), &others))?;
    outline(desk, at, (&first, &others))?;
    let usable_after = first.len();
    let (mut ids, mut sealed) = (Vec::new(), 0_u64);
    for one in first.into_iter().chain(others) {
        let envelope = desk.seal_ready(one.ready, |_| None)?;
        let bytes = u64::try_from(envelope.encoded_len()).unwrap_or(u64::MAX);
        sealed = sealed.saturating_add(bytes);
        ids.push(envelope.id());
    }
    say(desk, (at, have), ids, (sealed, usable_after))
}

/// Says who is in what may be left, after the `first` envelopes. What does not fit is not said: it
/// is a hint.
fn list<H: Host>(
    desk: &mut Desk<'_, '_, H>,
    at: Cursor,
    (first, others): (usize, &[Going]),
) -> Result<(), ApiError> {
    let mut people = Vec::new();
    for (last, going) in (first..).zip(others) {
        for (name, before) in &going.whole {
            let patient = PatientId::from_uuid(name.id);
            let Some(row) = desk.session().open.store.patient(patient).told()? else { continue };
            let of = [last.saturating_sub(*before), last].map(|at| u32::try_from(at).ok());
            let [Some(from), Some(to)] = of else { continue };
            people.extend(listed(patient, (from, to), &row.patient.identity));
        }
    }
    let mut rest = people.as_slice();
    while !rest.is_empty() {
        let Some((some, after)) = rest.split_at_checked(People::fitting(rest)) else { break };
        let said = People::new(at, some.to_vec());
        said.map_or(Ok(()), |said| desk.seal_of_floor(&Payload::People(said)).map(drop))?;
        rest = after;
    }
    Ok(())
}

/// Says what is about to be sealed. What does not fit is not said: it is a hint.
fn outline<H: Host>(
    desk: &mut Desk<'_, '_, H>,
    at: Cursor,
    (first, others): (&[Going], &[Going]),
) -> Result<(), ApiError> {
    let count = u32::try_from(first.len()).unwrap_or(u32::MAX);
    let planned = first.iter().chain(others).map(Going::planned);
    let outline = Outline::new(at, count, planned.collect());
    if let Some(outline) = outline {
        desk.seal_of_floor(&Payload::Outline(outline))?;
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
    desk.seal_of_floor(&Payload::Floor(floor))?;
    Ok(Some(made))
}

/// What the server was seen to hold when its log had been read to the cursor, and all that this
/// computer sealed: it is in the packs, whether the answer came that the server took it in or not. Who
/// begins at the floor would else lack it for ever.
fn held_there<H: Host>(desk: &Desk<'_, '_, H>) -> Result<Have, ApiError> {
    let here = have_of(desk.session(), SELF)?;
    let noted = have_of(desk.session(), &desk.peer_name())?;
    let both = |(lane, there): (Lane, Position)| {
        let here = here.get(lane)?;
        Some((lane, if there.counter <= here.counter { there } else { here }))
    };
    // A lane that is refused ends elsewhere for everybody else; what it held is sealed anew.
    let refused = desk.sealed_anew()?;
    let is_own = |lane: &Lane| lane.device == desk.keys.device && !refused.contains(lane);
    let own = here.iter().filter(|(lane, _)| is_own(lane));
    Ok(noted.iter().filter_map(both).chain(own).collect())
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

/// What is about to be sealed, and the charts that are whole with it, each with how many before it
/// hold of it too.
struct Going {
    ready: Ready,
    whole: Vec<(DocumentRef, usize)>,
}

impl Going {
    fn planned(&self) -> Planned {
        let [charts, bytes] = [self.whole.len(), self.ready.len()]
            .map(|count| u32::try_from(count).unwrap_or(u32::MAX));
        Planned { charts, bytes }
    }
}

/// Makes documents ready as they go together: as many as fit one pack, and one that fits none as all
/// its changes.
fn make_ready<H: Host>(
    desk: &Desk<'_, '_, H>,
    documents: impl IntoIterator<Item = DocumentRef>,
) -> Result<Vec<Going>, ApiError> {
    let session = desk.session();
    let (mut going, mut pack, mut bytes, mut whole) = (Vec::new(), Vec::new(), 0_usize, Vec::new());
    for name in documents {
        let is_chart = name.kind == DocumentKind::Chart;
        let one = match Whole::of(session, name)? {
            None => continue,
            Some(Whole::Packed(one)) => one,
            Some(Whole::Changes(payloads)) => {
                let before = payloads.len().saturating_sub(1);
                for payload in payloads {
                    let ready = Ready::of(&desk.keys, &payload)?;
                    going.push(Going { ready, whole: Vec::new() });
                }
                let last = going.last_mut().filter(|_| is_chart);
                last.into_iter().for_each(|last| last.whole = vec![(name, before)]);
                continue;
            }
        };
        let full = bytes.saturating_add(one.bytes.len()) > PACK_BYTES_MAX;
        if full || pack.len() >= PACK_DOCUMENTS_MAX {
            going.extend(close(desk, (std::mem::take(&mut pack), std::mem::take(&mut whole)))?);
            bytes = 0;
        }
        bytes = bytes.saturating_add(one.bytes.len());
        whole.extend(is_chart.then_some((name, 0)));
        pack.push(one);
    }
    going.extend(close(desk, (pack, whole))?);
    Ok(going)
}

fn close<H: Host>(
    desk: &Desk<'_, '_, H>,
    (pack, whole): (Vec<Packed>, Vec<(DocumentRef, usize)>),
) -> Result<Option<Going>, ApiError> {
    let id = make_array(&mut HostEntropy(desk.session().host));
    let Some(pack) = Pack::new(id, pack) else { return Ok(None) };
    Ok(Some(Going { ready: Ready::of(&desk.keys, &Payload::Pack(pack))?, whole }))
}

/// Seals documents whole, as they are now.
///
/// # Errors
/// The store's; what was sealed by then is sealed.
pub(in crate::sync) fn seal_whole<H: Host>(
    desk: &mut Desk<'_, '_, H>,
    documents: impl IntoIterator<Item = DocumentRef>,
) -> Result<(), ApiError> {
    let going = make_ready(desk, documents)?;
    going.into_iter().try_for_each(|one| desk.seal_ready(one.ready, |_| None).map(drop))
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
