//! Does a session's network effects for one device at one server.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use sync::carrier::Offer;
use sync::ids::{BlobId, ClinicId, DeviceId, Token};
use sync::membership::SignedEntry;
use sync::session::{Effect, Failure, RefusedRequest, SyncEvent};
use sync::signing::Signer;
use sync::wire::{
    BlobStored, BlobsHeld, BlobsRequest, ErasePut, FloorPut, FloorStored, HelloReply, HelloRequest,
    InvitePut, InviteStored, KeysErased, KeysPage, KeysRequest, MembersPage, MembersPush,
    MembersReply, MembersRequest, Principal, PullPage, PullRequest, PushReply, PushRequest,
    Refusal, RefusalCode, RoomOpen, RoomOpened,
};
use tokio::runtime::Runtime;

use crate::ahead::Ahead;
use crate::client::Client;
use crate::error::LinkError;
use crate::pushing::{Begun, Pushing, beside};
use crate::wake::WakeStream;

/// Whose word an enrolled device speaks: its clinic, its id and the key it signs challenges with.
#[derive(Clone)]
pub struct Credentials {
    /// The clinic.
    pub clinic: ClinicId,
    /// The device.
    pub device: DeviceId,
    /// Holds the device's signing key.
    pub signer: Arc<dyn Signer + Send + Sync>,
}

/// Carries a device's requests to a server, and signs in anew whenever the server asks for it.
pub struct Courier {
    client: Client,
    credentials: Credentials,
    token: Option<Token>,
    /// The page that is likely to be asked for next.
    page: Option<Ahead<PullRequest, PullPage>>,
    /// For how long the last answer was on the way, where that began before it was asked for.
    ahead_took: Option<Duration>,
    /// What is sent ahead of an answer.
    pushing: Pushing,
}

/// Sends with a token; once more with a new one when the server no longer knows it.
macro_rules! authorised {
    ($courier:expr, $token:ident, $send:expr) => {{
        let had = $courier.token.is_some();
        let $token = $courier.token().await?;
        match $send.await {
            Err(LinkError::Refused(refusal))
                if had && refusal.code == RefusalCode::NotAuthenticated =>
            {
                $courier.token = None;
                let $token = $courier.token().await?;
                $send.await
            }
            reply => reply,
        }
    }};
}

impl Courier {
    /// For the device with these credentials; nothing is sent yet.
    #[must_use]
    pub const fn new(client: Client, credentials: Credentials) -> Self {
        let pushing = Pushing::with(None);
        Self { client, credentials, token: None, page: None, ahead_took: None, pushing }
    }

    /// Speaks by a token that was granted before, until the server no longer knows it.
    pub(crate) const fn resume(&mut self, token: Token) {
        self.token = Some(token);
    }

    /// The token by which it speaks.
    pub(crate) const fn granted(&self) -> Option<Token> {
        self.token
    }

    /// The way it goes.
    #[must_use]
    pub const fn client(&self) -> &Client {
        &self.client
    }

    /// Does an effect that only needs the network and tells its outcome; gives back any other
    /// effect untouched.
    ///
    /// # Errors
    /// The effect itself, when it is for the host to do. For `PushMembers`, read the entries and
    /// call [`Courier::members_push`].
    pub async fn perform(&mut self, effect: Effect) -> Result<SyncEvent, Effect> {
        let request = Request::of(effect).map_err(|effect| *effect)?;
        Ok(self.ask(request).await)
    }

    /// Does a request and tells its outcome.
    pub(crate) async fn ask(&mut self, request: Request) -> SyncEvent {
        let event = match request {
            Request::Hello(request) => self.hello(&request).await.map(SyncEvent::Hello),
            Request::Members(request) => self.members(&request).await.map(SyncEvent::Members),
            Request::Keys(request) => self.keys(&request).await.map(SyncEvent::Keys),
            Request::Push(request) => self.push(&request).await.map(SyncEvent::Pushed),
            Request::Pull(request) => self.pull(&request).await.map(SyncEvent::Page),
        };
        event.unwrap_or_else(|error| SyncEvent::Failed(failure_of(&error)))
    }

    /// Tells where the device stands and hears where the server does.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn hello(&mut self, request: &HelloRequest) -> Result<HelloReply, LinkError> {
        authorised!(self, token, self.client.hello(&token, request))
    }

    /// Appends envelopes.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn push(&mut self, request: &PushRequest) -> Result<PushReply, LinkError> {
        let token = self.token().await?;
        let begun = self.pushing.begun(request);
        let sent = || begun.as_ref().map_or_else(|| self.client.sends(request), Begun::sends);
        let next = self.pushing.next((self.client.clone(), token), &sent);
        let reply = async {
            match Begun::reply(begun).await {
                Some(reply) => reply,
                None => authorised!(self, token, self.client.push(&token, request)),
            }
        };
        let (reply, next) = beside(reply, next).await;
        self.pushing = Pushing::with(next.flatten());
        reply
    }

    /// Begins to fetch what is likely to be asked for next.
    pub(crate) fn foresee(&mut self, runtime: Arc<Runtime>, request: PullRequest) {
        self.page = self.token.map(|token| {
            let (client, asked) = (self.client.clone(), request.clone());
            Ahead::begin(runtime, request, async move { client.pull(&token, &asked).await })
        });
    }

    /// Where to say what will be pushed next, while something is pushed.
    pub(crate) fn next_push(&mut self, runtime: Arc<Runtime>) -> Offer {
        self.pushing.offer(runtime)
    }

    /// Gives up what was begun ahead, but where it may be what is asked for now.
    pub(crate) fn keep_ahead_for(&mut self, request: Option<&Request>) {
        self.ahead_took = None;
        self.page = self.page.take().filter(|_| matches!(request, Some(Request::Pull(_))));
        if !matches!(request, Some(Request::Push(_))) {
            self.pushing = Pushing::with(None);
        }
    }

    /// For how long the last answer was on the way, where that began before it was asked for.
    pub(crate) const fn ahead_took(&self) -> Option<Duration> {
        self.ahead_took
    }

    /// Reads a page of the log.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn pull(&mut self, request: &PullRequest) -> Result<PullPage, LinkError> {
        if let Some(page) = self.page.take().filter(|page| page.answers(request))
            && let Some((page, took)) = page.answer().await
        {
            self.ahead_took = Some(took);
            return page;
        }
        authorised!(self, token, self.client.pull(&token, request))
    }

    /// Reads a page of the wrapped keys.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn keys(&mut self, request: &KeysRequest) -> Result<KeysPage, LinkError> {
        authorised!(self, token, self.client.keys(&token, request))
    }

    /// Raises the floor of the log.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn raise_floor(&mut self, request: &FloorPut) -> Result<FloorStored, LinkError> {
        authorised!(self, token, self.client.raise_floor(&token, request))
    }

    /// Has the wrapped keys of erased documents taken away.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn erase_keys(&mut self, request: &ErasePut) -> Result<KeysErased, LinkError> {
        authorised!(self, token, self.client.erase_keys(&token, request))
    }

    /// Reads entries of the membership log.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn members(&mut self, request: &MembersRequest) -> Result<MembersPage, LinkError> {
        authorised!(self, token, self.client.members(&token, request))
    }

    /// Appends entries to the membership log, with a token where the server gives one: it does
    /// not for a clinic or a device that these entries are to make known.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn members_push(
        &mut self,
        entries: Vec<SignedEntry>,
    ) -> Result<MembersReply, LinkError> {
        let request = MembersPush { clinic: self.credentials.clinic, entries };
        let token = match self.token().await {
            Err(LinkError::Refused(_)) => None,
            token => Some(token?),
        };
        self.client.members_push(token.as_ref(), &request).await
    }

    /// Leaves the sealed blob of an invite.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn invite_put(&mut self, request: &InvitePut) -> Result<InviteStored, LinkError> {
        authorised!(self, token, self.client.invite_put(&token, request))
    }

    /// Tells which of some blobs are kept.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn blobs(&mut self, request: &BlobsRequest) -> Result<BlobsHeld, LinkError> {
        authorised!(self, token, self.client.blobs(&token, request))
    }

    /// Leaves a blob.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn put_blob(&mut self, id: BlobId, bytes: Bytes) -> Result<BlobStored, LinkError> {
        authorised!(self, token, self.client.put_blob(&token, id, bytes.clone()))
    }

    /// Fetches a blob from a place on, piece by piece, as [`Client::get_blob`].
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn get_blob(
        &mut self,
        blob: (BlobId, u64),
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), LinkError> {
        authorised!(self, token, self.client.get_blob(&token, blob, take))
    }

    /// Opens a room.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn room_open(&mut self, request: &RoomOpen) -> Result<RoomOpened, LinkError> {
        authorised!(self, token, self.client.room_open(&token, request))
    }

    /// Listens for wake-ups.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn wake(&mut self) -> Result<WakeStream, LinkError> {
        authorised!(self, token, self.client.wake(&token))
    }

    async fn token(&mut self) -> Result<Token, LinkError> {
        if let Some(token) = self.token {
            return Ok(token);
        }
        let Credentials { clinic, device, signer } = &self.credentials;
        let grant =
            self.client.sign_in(*clinic, Principal::Device(*device), signer.as_ref()).await?;
        self.token = Some(grant.token);
        Ok(grant.token)
    }
}

/// What a session asks of the network, among its effects.
pub(crate) enum Request {
    Hello(HelloRequest),
    Members(MembersRequest),
    Keys(KeysRequest),
    Push(PushRequest),
    Pull(PullRequest),
}

impl Request {
    /// The request in an effect; the effect itself, when it is for the host to do.
    pub(crate) fn of(effect: Effect) -> Result<Self, Box<Effect>> {
        match effect {
            Effect::SendHello(request) => Ok(Self::Hello(request)),
            Effect::SendMembers(request) => Ok(Self::Members(request)),
            Effect::SendKeys(request) => Ok(Self::Keys(request)),
            Effect::SendPush(request) => Ok(Self::Push(request)),
            Effect::SendPull(request) => Ok(Self::Pull(request)),
            Effect::StoreMembers(_)
            | Effect::PushMembers { .. }
            | Effect::StoreKeys { .. }
            | Effect::OpenGeneration(_)
            | Effect::Reseal { .. }
            | Effect::NotePeer(_)
            | Effect::NoteFloor(_)
            | Effect::NoteLeft(_)
            | Effect::Load { .. }
            | Effect::Seal { .. }
            | Effect::Acknowledge { .. }
            | Effect::Foresee(_)
            | Effect::Receive { .. }
            | Effect::SaveCursor(_)
            | Effect::RaiseAlarm(_)
            | Effect::Wait { .. }
            | Effect::Finished(_) => Err(Box::new(effect)),
        }
    }
}

/// What a session hears of a failed exchange.
#[must_use]
pub fn failure_of(error: &LinkError) -> Failure {
    match error {
        LinkError::PinMismatch { .. } | LinkError::Tls => Failure::Untrusted,
        LinkError::NotEnrolled => {
            Failure::Refused(RefusedRequest(Refusal::of(RefusalCode::UnknownDevice)))
        }
        LinkError::Unreachable | LinkError::Interrupted => Failure::Unreachable,
        LinkError::TimedOut => Failure::Silent,
        LinkError::Newer => Failure::Newer,
        LinkError::TooLarge | LinkError::Malformed => Failure::Protocol,
        LinkError::Refused(refusal) => Failure::Refused(RefusedRequest(*refusal)),
    }
}
