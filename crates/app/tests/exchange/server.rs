//! The server of these tests.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use sync::{
    carrier::Carrier,
    codec::Canonical as _,
    have::Have,
    ids::{ClinicId, InviteId, LogEpoch, ServerPin},
    log::{EnvelopeLog as _, KeyTable as _, PageQuery, memory::MemoryLog},
    membership::{Members, SignedEntry},
    serve,
    session::{Effect, Failure, RefusedRequest, SyncEvent},
    signing::Signer,
    wire::{
        Frame, InvitePut, Item, MembersPage, MembersPush, MembersReply, MembersRequest, Principal,
        Refusal, RefusalCode,
    },
};

pub(crate) const PIN: ServerPin = ServerPin([0x5a; 32]);
const NOW_MS: i64 = 1_795_500_000_000;

#[derive(Clone, Default)]
pub(crate) struct Server(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    log: MemoryLog,
    entries: Vec<SignedEntry>,
    members: Option<Members>,
    invites: BTreeMap<InviteId, Vec<u8>>,
    away: bool,
    lives: u8,
}

impl Server {
    pub(crate) fn set_away(&self, away: bool) {
        self.0.lock().unwrap().away = away;
    }

    pub(crate) fn forget_invites(&self) {
        self.0.lock().unwrap().invites.clear();
    }

    /// The disk is gone; the server starts anew.
    pub(crate) fn wipe(&self) {
        let mut state = self.0.lock().unwrap();
        *state = State { lives: state.lives + 1, ..State::default() };
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
        let mut bytes: Vec<u8> = items.iter().flat_map(Item::to_bytes).collect();
        bytes.extend(keys.iter().flat_map(|key| key.to_bytes()));
        bytes.extend(state.entries.iter().flat_map(SignedEntry::to_bytes));
        bytes.extend(state.invites.values().flatten());
        bytes
    }
}

/// One computer's way to the server.
pub(crate) struct Way {
    server: Server,
    caller: Option<(ClinicId, Principal)>,
}

impl Way {
    pub(crate) fn new(server: Server) -> Self {
        Self { server, caller: None }
    }

    /// Lets in whom the membership log names.
    fn enter<T>(&self, act: impl FnOnce(&mut State) -> Result<T, Failure>) -> Result<T, Failure> {
        let mut state = self.server.0.lock().unwrap();
        if state.away {
            return Err(Failure::Unreachable);
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
        let reply = self.enter(|state| act(state, request))?;
        Ok(A::from_frame(&reply.to_frame()).unwrap())
    }
}

fn refusal(code: RefusalCode) -> Failure {
    Failure::Refused(RefusedRequest(Refusal::of(code)))
}

impl Carrier for Way {
    fn identify(
        &mut self,
        clinic: ClinicId,
        principal: Principal,
        _signer: Arc<dyn Signer + Send + Sync>,
    ) {
        self.caller = Some((clinic, principal));
    }

    fn perform(&mut self, effect: Effect) -> Result<SyncEvent, Box<Effect>> {
        let event = match effect {
            Effect::SendHello(request) => self
                .answer(&request, |state, request| {
                    let head = state.members.as_ref().unwrap().head();
                    Ok(serve::hello(&state.log, &request, head, NOW_MS).unwrap())
                })
                .map(SyncEvent::Hello),
            Effect::SendPush(request) => self
                .answer(&request, |state, request| {
                    let members = state.members.as_ref().unwrap();
                    Ok(serve::push(&state.log, members, &request).unwrap())
                })
                .map(SyncEvent::Pushed),
            Effect::SendPull(request) => self
                .answer(&request, |state, request| {
                    let head = state.members.as_ref().unwrap().head();
                    serve::pull(&state.log, &request, head)
                        .unwrap()
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
        let mut state = self.server.0.lock().unwrap();
        if state.away {
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
        Ok(outcome.reply)
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
}
