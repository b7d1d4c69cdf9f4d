//! The server of these tests.

use std::{
    collections::{BTreeMap, VecDeque},
    ops::ControlFlow,
    sync::{Arc, Mutex},
    time::Duration,
};
use sync::{
    carrier::{Carrier, Offer, Stop},
    codec::Canonical as _,
    cursor::Mark,
    envelope::{Envelope, Kind},
    have::{Have, Position},
    ids::{BlobId, ClinicId, EnvelopeId, InviteId, LogEpoch, RoomId, ServerPin, VerifyKey},
    log::{EnvelopeLog as _, FloorLog as _, KeyTable as _, PageQuery, memory::MemoryLog},
    membership::{EntryBody, Members, SignedEntry},
    serve,
    session::{Effect, Failure, RefusedRequest, SyncEvent},
    signing::Signer,
    wire::{
        BlobStored, BlobsHeld, BlobsRequest, ErasePut, FloorPut, FloorStored, Frame, HelloReply,
        InvitePut, Item, KeysErased, MembersPage, MembersPush, MembersReply, MembersRequest,
        OwnVerdict, Principal, PullPage, PullRequest, PushRequest, Refusal, RefusalCode, RoomGet,
        RoomMessage, RoomMessages, RoomOpen, RoomOpened, RoomPut, RoomStored, RoomVerdict,
        WrappedKey,
    },
};

pub(crate) const PIN: ServerPin = ServerPin([0x5a; 32]);
const NOW_MS: i64 = 1_795_500_000_000;

#[derive(Clone, Default)]
pub(crate) struct Server(Arc<Mutex<State>>, Between);

/// What somebody else does before the next change of the list of computers arrives.
type Between = Arc<Mutex<Option<Box<dyn FnOnce() + Send>>>>;

/// The server as it stood at one time.
#[derive(Default, Clone)]
pub(crate) struct State {
    log: MemoryLog,
    entries: Vec<SignedEntry>,
    members: Option<Members>,
    invites: BTreeMap<InviteId, Vec<u8>>,
    rooms: BTreeMap<RoomId, BTreeMap<u8, Vec<u8>>>,
    /// The next message is kept, and its answer lost.
    loses_room_answer: bool,
    away: bool,
    /// After so many that arrive.
    spoilt_push: Option<(usize, Spoilt)>,
    lives: u8,
    /// What whoever listens hears next.
    news: VecDeque<Result<Option<u64>, Failure>>,
    /// The wrapped keys are kept back.
    holds_keys: bool,
    later_ms: i64,
    /// In which region it says that it keeps the clinic.
    region: Option<String>,
    /// It claims to hold what whoever asks never sealed.
    claims: bool,
    requests: usize,
    /// So many requests more are answered; then the line is cut once.
    answers_left: Option<usize>,
    /// How often it was told that what lies below a floor may be kept apart.
    made_cold: usize,
    /// Sealed bytes of files, by their names.
    blobs: BTreeMap<BlobId, Vec<u8>>,
    /// There is no room for more of them.
    blobs_full: bool,
    /// No envelope is taken.
    full: bool,
    /// The line breaks once after so many bytes of one.
    blob_cut: Option<usize>,
    /// Bytes of files it gave.
    blob_bytes: usize,
    /// No page has more bytes, but for one item.
    page_bytes: Option<u32>,
    /// Envelopes given whole, again and again counted.
    given: Vec<EnvelopeId>,
    /// What was said to be pushed next.
    offered: Option<PushRequest>,
    /// How often a push was the one that had been said, and how often it was another.
    foretold: (usize, usize),
}

/// What becomes of the next change of the list of computers.
#[derive(Clone, Copy)]
pub(crate) enum Spoilt {
    /// It never arrives.
    Request,
    /// It is taken, and the answer is lost.
    Answer,
}

impl Server {
    pub(crate) fn set_away(&self, away: bool) {
        self.0.lock().unwrap().away = away;
    }

    /// Takes no envelopes any more, or takes them again.
    pub(crate) fn fill(&self, full: bool) {
        self.0.lock().unwrap().full = full;
    }

    pub(crate) fn spoil_next_push(&self, spoilt: Spoilt) {
        self.spoil_push_after(0, spoilt);
    }

    /// Spoils the change of the list that follows so many others.
    pub(crate) fn spoil_push_after(&self, pushes: usize, spoilt: Spoilt) {
        self.0.lock().unwrap().spoilt_push = Some((pushes, spoilt));
    }

    /// Has somebody else do something before the next change of the list arrives.
    pub(crate) fn before_next_push(&self, act: impl FnOnce() + Send + 'static) {
        *self.1.lock().unwrap() = Some(Box::new(act));
    }

    /// The server as it stands now.
    pub(crate) fn state(&self) -> State {
        self.0.lock().unwrap().clone()
    }

    /// A server that stands as another stood.
    pub(crate) fn of(state: &State) -> Self {
        Self(Arc::new(Mutex::new(state.clone())), Between::default())
    }

    pub(crate) fn forget_invites(&self) {
        self.0.lock().unwrap().invites.clear();
    }

    /// The one room that is open.
    pub(crate) fn room(&self) -> BTreeMap<u8, Vec<u8>> {
        let state = self.0.lock().unwrap();
        assert_eq!(state.rooms.len(), 1);
        state.rooms.values().next().unwrap().clone()
    }

    /// Lets only this lie in every room, whatever was said there.
    pub(crate) fn furnish(&self, messages: &BTreeMap<u8, Vec<u8>>) {
        let mut state = self.0.lock().unwrap();
        state.rooms.values_mut().for_each(|room| *room = messages.clone());
    }

    /// Keeps the next message that is left in a room, and says that it could not.
    pub(crate) fn lose_room_answer(&self) {
        self.0.lock().unwrap().loses_room_answer = true;
    }

    /// All rooms end.
    pub(crate) fn end_rooms(&self) {
        self.0.lock().unwrap().rooms.clear();
    }

    /// The disk is gone; the server starts anew.
    pub(crate) fn wipe(&self) {
        let mut state = self.0.lock().unwrap();
        *state = State { lives: state.lives + 1, ..State::default() };
    }

    /// Has the clinic and its computers still, and nothing of what they sent.
    pub(crate) fn lose_log(&self) {
        let mut state = self.0.lock().unwrap();
        let clinic = state.entries[0].entry().clinic;
        state.lives += 1;
        state.log = MemoryLog::default();
        state.log.open_clinic(clinic, LogEpoch([state.lives; 16]));
    }

    /// Says this to whoever listens.
    pub(crate) fn say(&self, news: Result<Option<u64>, Failure>) {
        self.0.lock().unwrap().news.push_back(news);
    }

    /// Says that it keeps the clinic in a region.
    pub(crate) fn be_in(&self, region: Option<&str>) {
        self.0.lock().unwrap().region = region.map(str::to_owned);
    }

    /// Sets the server's clock on.
    pub(crate) fn later(&self, ms: i64) {
        self.0.lock().unwrap().later_ms += ms;
    }

    /// Keeps the wrapped keys back, or gives them again.
    pub(crate) fn hold_keys(&self, holds: bool) {
        self.0.lock().unwrap().holds_keys = holds;
    }

    /// How often a push was the one that had been said to be next, and how often it was another.
    pub(crate) fn foretold(&self) -> (usize, usize) {
        self.0.lock().unwrap().foretold
    }

    /// Requests answered so far.
    pub(crate) fn requests(&self) -> usize {
        self.0.lock().unwrap().requests
    }

    /// Stands as a server stood; time has gone on since.
    pub(crate) fn stand(&self, state: State) {
        let mut stands = self.0.lock().unwrap();
        *stands = State { later_ms: stands.later_ms, ..state };
    }

    /// All envelopes and wrapped keys.
    pub(crate) fn held(&self) -> (Vec<Envelope>, Vec<WrappedKey>) {
        let state = self.0.lock().unwrap();
        let (clinic, nothing) = (state.entries[0].entry().clinic, Have::new());
        let all =
            PageQuery { after: 0, skip: &nothing, items_max: usize::MAX, bytes_max: usize::MAX };
        let items = state.log.page(clinic, &all).unwrap().items;
        let whole = items.into_iter().filter_map(|item| match item {
            Item::Whole(envelope) => Some(envelope),
            Item::Brief(_) => None,
        });
        (whole.collect(), state.log.keys(clinic, 0, usize::MAX).unwrap().keys)
    }

    /// The keys of the computers, as they came.
    pub(crate) fn device_keys(&self) -> Vec<VerifyKey> {
        let state = self.0.lock().unwrap();
        let members = state.members.as_ref().unwrap();
        let key = |entry: &SignedEntry| match &entry.entry().body {
            EntryBody::Found(found) => members.device(found.device),
            EntryBody::Join(join) => members.device(join.device),
            _ => None,
        };
        state.entries.iter().filter_map(key).map(|member| member.sign_key).collect()
    }

    /// Takes in what another server holds.
    pub(crate) fn pass_on(&self, (envelopes, keys): &(Vec<Envelope>, Vec<WrappedKey>)) {
        let state = self.0.lock().unwrap();
        let clinic = state.entries[0].entry().clinic;
        state.log.put_keys(clinic, somebody(), keys).unwrap();
        state.log.append(clinic, envelopes).unwrap();
    }

    /// How often it was told that what lies below a floor may be kept apart.
    pub(crate) fn made_cold(&self) -> usize {
        self.0.lock().unwrap().made_cold
    }

    /// Claims from now on to hold what whoever asks never sealed.
    pub(crate) fn claim(&self) {
        self.0.lock().unwrap().claims = true;
    }

    /// Cuts the line after so many answers.
    pub(crate) fn cut_after(&self, answers: usize) {
        self.0.lock().unwrap().answers_left = Some(answers);
    }

    /// Gives small pages from now on.
    pub(crate) fn give_small_pages(&self, bytes: u32) {
        self.0.lock().unwrap().page_bytes = Some(bytes);
    }

    /// The envelopes it gave whole since this was last asked.
    pub(crate) fn given(&self) -> Vec<EnvelopeId> {
        std::mem::take(&mut self.0.lock().unwrap().given)
    }

    /// Says that there is a floor after so many envelopes.
    pub(crate) fn lie_about_floor(&self, seq: u64) {
        let state = self.0.lock().unwrap();
        let clinic = state.entries[0].entry().clinic;
        let nothing = Have::new();
        let query = PageQuery { after: seq, skip: &nothing, items_max: 0, bytes_max: 0 };
        let mark: Mark = state.log.page(clinic, &query).unwrap().start;
        state.log.raise_floor(clinic, mark, false).unwrap();
    }

    /// The place of its floor.
    pub(crate) fn floor(&self) -> u64 {
        let state = self.0.lock().unwrap();
        let clinic = state.entries[0].entry().clinic;
        state.log.floor(clinic).unwrap().floor.seq
    }

    /// How many checkpoints it holds.
    pub(crate) fn checkpoints(&self) -> usize {
        let held = self.held().0;
        held.iter().filter(|envelope| envelope.header().kind == Kind::Checkpoint).count()
    }

    /// Whose it is.
    pub(crate) fn clinic(&self) -> ClinicId {
        self.0.lock().unwrap().entries[0].entry().clinic
    }

    /// The sealed bytes of files it has.
    pub(crate) fn blobs(&self) -> BTreeMap<BlobId, Vec<u8>> {
        self.0.lock().unwrap().blobs.clone()
    }

    /// Has these sealed bytes of files, whatever it had.
    pub(crate) fn set_blobs(&self, blobs: BTreeMap<BlobId, Vec<u8>>) {
        self.0.lock().unwrap().blobs = blobs;
    }

    /// Gives others in their place.
    pub(crate) fn change_blobs(&self, change: fn(&mut Vec<u8>)) {
        self.0.lock().unwrap().blobs.values_mut().for_each(change);
    }

    /// Has room for more of them, or none.
    pub(crate) fn set_blob_room(&self, room: bool) {
        self.0.lock().unwrap().blobs_full = !room;
    }

    /// Breaks the line once after so many bytes of one.
    pub(crate) fn cut_blobs_after(&self, bytes: usize) {
        self.0.lock().unwrap().blob_cut = Some(bytes);
    }

    /// Bytes of files it gave.
    pub(crate) fn blob_bytes_given(&self) -> usize {
        self.0.lock().unwrap().blob_bytes
    }

    /// Every byte the server has.
    pub(crate) fn everything_kept(&self) -> Vec<u8> {
        let state = self.0.lock().unwrap();
        let clinic = state.entries[0].entry().clinic;
        let nothing = Have::new();
        let all =
            PageQuery { after: 0, skip: &nothing, items_max: usize::MAX, bytes_max: usize::MAX };
        let items = state.log.page(clinic, &all).unwrap().items;
        let keys = state.log.keys(clinic, 0, usize::MAX).unwrap().keys;
        let mut bytes: Vec<u8> = items
            .iter()
            .flat_map(|item| match item {
                Item::Whole(envelope) => envelope.to_bytes(),
                Item::Brief(brief) => panic!("only a name of {brief:?}"),
            })
            .collect();
        bytes.extend(keys.iter().flat_map(|key| key.to_bytes()));
        bytes.extend(state.entries.iter().flat_map(SignedEntry::to_bytes));
        bytes.extend(state.invites.values().flatten());
        bytes.extend(state.blobs.values().flatten());
        bytes
    }
}

impl State {
    const fn keys_head(&self, head: u64) -> u64 {
        if self.holds_keys { 0 } else { head }
    }

    /// How long the list of computers is.
    pub(crate) fn list_len(&self) -> usize {
        self.entries.len()
    }
}

/// One computer's way to the server.
pub(crate) struct Way {
    server: Server,
    caller: Option<(ClinicId, Principal)>,
    stop: Stop,
}

impl Way {
    pub(crate) fn new(server: Server) -> Self {
        Self { server, caller: None, stop: Stop::default() }
    }

    /// Lets in whom the membership log names.
    fn enter<T>(&self, act: impl FnOnce(&mut State) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut state = self.server.0.lock().unwrap();
        if state.away {
            return Err(Failure::Unreachable);
        }
        if let Some(left) = state.answers_left {
            state.answers_left = left.checked_sub(1);
            if left == 0 {
                return Err(Failure::Unreachable);
            }
        }
        let (clinic, principal) = self.caller.unwrap();
        let Some(members) = state.members.as_ref().filter(|m| m.clinic() == clinic) else {
            return Err(refusal(RefusalCode::UnknownClinic));
        };
        match principal {
            Principal::Device(device) => match members.device(device) {
                None => return Err(refusal(RefusalCode::UnknownDevice)),
                Some(member) if member.revoked.is_some() => {
                    return Err(refusal(RefusalCode::Revoked));
                }
                Some(_) => {}
            },
            Principal::Invite(key) if members.open_invite(&key).is_none() => {
                return Err(refusal(RefusalCode::UnknownDevice));
            }
            Principal::Invite(_) => {}
        }
        act(&mut state)
    }

    fn answer<Q: Frame, A: Frame>(
        &self,
        request: &Q,
        act: impl FnOnce(&mut State, Q) -> Result<A, Failure>,
    ) -> Result<A, Failure> {
        let request = Q::from_frame(&request.to_frame()).unwrap();
        let reply = self.enter(|state| {
            state.requests += 1;
            act(state, request)
        })?;
        Ok(A::from_frame(&reply.to_frame()).unwrap())
    }
}

/// Who brings keys, to which nothing comes here.
const fn somebody() -> sync::ids::DeviceId {
    sync::ids::DeviceId([0; 16])
}

fn refusal(code: RefusalCode) -> Failure {
    Failure::Refused(RefusedRequest(Refusal::of(code)))
}

impl Carrier for Way {
    fn region(&self) -> Option<String> {
        self.server.0.lock().unwrap().region.clone()
    }

    fn identify(
        &mut self,
        clinic: ClinicId,
        principal: Principal,
        _signer: Arc<dyn Signer + Send + Sync>,
    ) {
        self.caller = Some((clinic, principal));
    }

    fn heed(&mut self, stop: &Stop) {
        self.stop = stop.clone();
    }

    fn next_push(&mut self) -> Option<Offer> {
        let server = self.server.clone();
        Some(Box::new(move |next| server.0.lock().unwrap().offered = Some(next)))
    }

    /// As on a line on which every answer takes a while.
    fn waited(&self) -> Duration {
        Duration::from_millis(20)
    }

    fn perform(&mut self, effect: Effect) -> Result<SyncEvent, Box<Effect>> {
        let is_asked = matches!(
            effect,
            Effect::SendHello(_)
                | Effect::SendMembers(_)
                | Effect::SendKeys(_)
                | Effect::SendPush(_)
                | Effect::SendPull(_)
        );
        if is_asked && self.stop.is_asked() {
            return Ok(SyncEvent::Failed(Failure::Stopped));
        }
        let event = match effect {
            Effect::SendHello(request) => self
                .answer(&request, |state, request| {
                    let head = state.members.as_ref().unwrap().head();
                    let now_ms = NOW_MS + state.later_ms;
                    let reply = serve::hello(&state.log, &request, head, now_ms).unwrap();
                    let newest = request.own.map_or(0, |(generation, _)| generation);
                    let made_up = Position { counter: 1, id: EnvelopeId([7; 32]) };
                    let claimed = OwnVerdict::Held(vec![(newest + 1, made_up)]);
                    let own = if state.claims { claimed } else { reply.own };
                    Ok(HelloReply { keys_head: state.keys_head(reply.keys_head), own, ..reply })
                })
                .map(SyncEvent::Hello),
            Effect::SendPush(request) => self
                .answer(&request, |state, request| {
                    match state.offered.take() {
                        Some(offered) if offered == request => state.foretold.0 += 1,
                        Some(_) => state.foretold.1 += 1,
                        None => {}
                    }
                    if state.full {
                        return Err(refusal(RefusalCode::Full));
                    }
                    let members = state.members.as_ref().unwrap();
                    let pushed = serve::push(&state.log, members, somebody(), &request).unwrap();
                    pushed.map_err(|refusal| Failure::Refused(RefusedRequest(refusal)))
                })
                .map(SyncEvent::Pushed),
            Effect::SendPull(request) => self
                .answer(&request, |state, request| {
                    let head = state.members.as_ref().unwrap().head();
                    let bytes = request.bytes.min(state.page_bytes.unwrap_or(u32::MAX));
                    let request = PullRequest { bytes, ..request };
                    let page = serve::pull(&state.log, &request, head).unwrap();
                    let items = page.iter().flat_map(|page| &page.items);
                    let whole = items.filter(|item| matches!(item, Item::Whole(_)));
                    state.given.extend(whole.map(Item::id));
                    page.map(|page| PullPage { keys_head: state.keys_head(page.keys_head), ..page })
                        .map_err(|refusal| Failure::Refused(RefusedRequest(refusal)))
                })
                .map(SyncEvent::Page),
            Effect::SendKeys(request) => self
                .answer(&request, |state, request| Ok(serve::keys(&state.log, &request).unwrap()))
                .map(SyncEvent::Keys),
            Effect::SendMembers(request) => self.members(&request).map(SyncEvent::Members),
            other => return Err(Box::new(other)),
        };
        Ok(event.unwrap_or_else(SyncEvent::Failed))
    }

    fn members(&mut self, request: &MembersRequest) -> Result<MembersPage, Failure> {
        self.answer(request, |state, request| {
            let entries = state.entries.iter().skip(request.from as usize).cloned().collect();
            Ok(MembersPage { entries, head: state.members.as_ref().unwrap().head() })
        })
    }

    fn push_members(&mut self, entries: Vec<SignedEntry>) -> Result<MembersReply, Failure> {
        let between = self.server.1.lock().unwrap().take();
        if let Some(act) = between {
            act();
        }
        let mut state = self.server.0.lock().unwrap();
        let spoilt = match state.spoilt_push.take() {
            Some((0, spoilt)) => Some(spoilt),
            after => {
                state.spoilt_push = after.map(|(pushes, spoilt)| (pushes - 1, spoilt));
                None
            }
        };
        if state.away || matches!(spoilt, Some(Spoilt::Request)) {
            return Err(Failure::Unreachable);
        }
        let (clinic, _) = self.caller.unwrap();
        let push = MembersPush { clinic, entries };
        let known = state.members.clone();
        let known = known.as_ref().map(|members| (members, state.entries.as_slice()));
        let outcome = serve::members_push(known, &push, true, NOW_MS);
        state.entries.extend(outcome.append);
        state.members = outcome.members;
        state.log.open_clinic(clinic, LogEpoch([state.lives; 16]));
        match spoilt {
            Some(Spoilt::Answer) => Err(Failure::Unreachable),
            Some(Spoilt::Request) | None => Ok(outcome.reply),
        }
    }

    fn raise_floor(&mut self, request: &FloorPut) -> Result<FloorStored, Failure> {
        self.answer(request, |state, request| {
            state.made_cold += usize::from(request.cold);
            let members = state.members.as_ref().unwrap();
            let raised = serve::raise_floor(&state.log, members, &request).unwrap();
            raised.map_err(|refusal| Failure::Refused(RefusedRequest(refusal)))
        })
    }

    fn erase_keys(&mut self, request: &ErasePut) -> Result<KeysErased, Failure> {
        let Some((_, Principal::Device(asks))) = self.caller else { panic!("no device asks") };
        self.answer(request, |state, request| {
            let members = state.members.as_ref().unwrap();
            let erased = serve::erase_keys(&state.log, members, asks, &request).unwrap();
            erased.map_err(|refusal| Failure::Refused(RefusedRequest(refusal)))
        })
    }

    fn blobs_held(&mut self, request: &BlobsRequest) -> Result<BlobsHeld, Failure> {
        self.answer(request, |state, request| {
            let ids = request.ids.into_iter().filter(|id| state.blobs.contains_key(id));
            Ok(BlobsHeld { ids: ids.collect() })
        })
    }

    fn put_blob(&mut self, id: BlobId, bytes: Vec<u8>) -> Result<BlobStored, Failure> {
        self.enter(|state| {
            if state.blobs_full {
                return Err(refusal(RefusalCode::Full));
            }
            let stored = BlobStored { id, bytes: bytes.len() as u64 };
            state.blobs.insert(id, bytes);
            Ok(stored)
        })
    }

    fn get_blob(
        &mut self,
        id: BlobId,
        from: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        self.enter(|state| {
            let bytes = state.blobs.get(&id).ok_or_else(|| refusal(RefusalCode::NotFound))?;
            if from > 0 && from >= bytes.len() as u64 {
                return Err(refusal(RefusalCode::Malformed));
            }
            let bytes = &bytes[from as usize..];
            let cut = state.blob_cut.take();
            let given = cut.map_or(bytes.len(), |cut| cut.min(bytes.len()));
            for piece in bytes[..given].chunks(16 * 1024) {
                state.blob_bytes += piece.len();
                if take(piece).is_break() {
                    return Ok(());
                }
            }
            if cut.is_some() { Err(Failure::Unreachable) } else { Ok(()) }
        })
    }

    fn put_invite(&mut self, put: &InvitePut) -> Result<(), Failure> {
        self.enter(|state| {
            state.invites.insert(put.id, put.blob.clone());
            Ok(())
        })
    }

    fn get_invite(&mut self, id: InviteId) -> Result<Vec<u8>, Failure> {
        let state = self.server.0.lock().unwrap();
        state.invites.get(&id).cloned().ok_or_else(|| refusal(RefusalCode::NotFound))
    }

    fn open_room(&mut self, request: &RoomOpen) -> Result<RoomOpened, Failure> {
        self.answer(request, |state, request| {
            state.rooms.entry(request.room).or_default();
            let ends_at_ms = NOW_MS + i64::from(request.life_s) * 1000;
            Ok(RoomOpened { verdict: RoomVerdict::Open { ends_at_ms } })
        })
    }

    fn put_in_room(&mut self, request: &RoomPut) -> Result<RoomStored, Failure> {
        let mut state = self.server.0.lock().unwrap();
        if state.away {
            return Err(Failure::Unreachable);
        }
        let room = state.rooms.get_mut(&request.room);
        let room = room.ok_or_else(|| refusal(RefusalCode::NotFound))?;
        let RoomMessage { place, bytes } = &request.message;
        let lies = room.entry(*place).or_insert_with(|| bytes.clone());
        let stored = if lies == bytes { RoomStored::Kept } else { RoomStored::Taken };
        if std::mem::take(&mut state.loses_room_answer) {
            return Err(Failure::Unreachable);
        }
        Ok(stored)
    }

    fn look_into_room(&mut self, request: &RoomGet) -> Result<RoomMessages, Failure> {
        let state = self.server.0.lock().unwrap();
        if state.away {
            return Err(Failure::Unreachable);
        }
        let room = state.rooms.get(&request.room);
        let room = room.ok_or_else(|| refusal(RefusalCode::NotFound))?.clone();
        let message = |(place, bytes)| RoomMessage { place, bytes };
        Ok(RoomMessages { messages: room.into_iter().map(message).collect() })
    }

    fn listen(&mut self) -> Result<(), Failure> {
        self.enter(|_| Ok(()))
    }

    fn news(&mut self, _at_most: Duration) -> Result<Option<u64>, Failure> {
        self.enter(|state| state.news.pop_front().unwrap_or(Ok(None)))
    }
}
