//! The requests a device makes of a server, one function each.

use std::ops::ControlFlow;

use bytes::Bytes;
use hyper::Method;
use sync::address::ServerAddress;
use sync::ids::{BlobId, ClinicId, RoomId, ServerPin, Token};
use sync::limits::BLOB_BYTES_MAX;
use sync::signing::Signer;
use sync::wire::{
    BlobStored, BlobsHeld, BlobsRequest, Challenge, ChallengeRequest, ErasePut, FloorPut,
    FloorStored, Frame as _, HelloReply, HelloRequest, InviteBlob, InviteGet, InvitePut,
    InviteStored, KeysErased, KeysPage, KeysRequest, MembersPage, MembersPush, MembersReply,
    MembersRequest, Principal, PullPage, PullRequest, PushReply, PushRequest, RoomGet,
    RoomMessages, RoomOpen, RoomOpened, RoomPut, RoomStored, TokenGrant, TokenRequest, path,
    read_reply,
};

use crate::error::LinkError;
use crate::frames::refusal_in;
use crate::http::{Ask, Http, Opened, Patience};
use crate::pushing::Sent;
use crate::traffic::Tally;
use crate::trust::client_config;
use crate::wake::WakeStream;

/// The pin of the key that whoever answers at `url` shows. It proves nothing: it is for whoever
/// has another way to find out who that is. Nothing is sent over the connection.
///
/// # Errors
/// [`LinkError`].
pub async fn shown_pin(url: &str, patience: Patience) -> Result<ServerPin, LinkError> {
    // No key has this pin: the handshake ends with the one that was shown.
    let nobody = ServerAddress::new(url, ServerPin([0; 32])).map_err(|_| LinkError::Unreachable)?;
    let asked = RoomGet { room: RoomId([0; 32]) };
    match Client::new(nobody, patience)?.room_get(&asked).await {
        Err(LinkError::PinMismatch { found }) => Ok(found),
        Err(error) => Err(error),
        Ok(_) => Err(LinkError::Tls),
    }
}

/// A device's way to one server. Cheap to clone; clones share their connections.
#[derive(Clone, Debug)]
pub struct Client {
    http: Http,
    server: ServerAddress,
}

impl Client {
    /// A way to `server`; nothing is sent yet.
    ///
    /// # Errors
    /// [`LinkError::Tls`] when TLS cannot be set up.
    pub fn new(server: ServerAddress, patience: Patience) -> Result<Self, LinkError> {
        Self::counted(server, patience, Tally::default())
    }

    /// The same, whose exchanges are counted.
    ///
    /// # Errors
    /// As of [`Client::new`].
    pub fn counted(
        server: ServerAddress,
        patience: Patience,
        tally: Tally,
    ) -> Result<Self, LinkError> {
        let tls = client_config(server.pin())?;
        Ok(Self { http: Http::new(tls, server.url(), patience, tally), server })
    }

    /// Where it leads.
    #[must_use]
    pub const fn server(&self) -> &ServerAddress {
        &self.server
    }

    /// In which region the server last said that it keeps the clinic.
    #[must_use]
    pub fn region(&self) -> Option<String> {
        self.http.region()
    }

    /// Proves who asks: fetches a challenge, signs it for the enrolled server, gets a token.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn sign_in(
        &self,
        clinic: ClinicId,
        principal: Principal,
        signer: &(dyn Signer + Sync),
    ) -> Result<TokenGrant, LinkError> {
        let request = ChallengeRequest { clinic, principal };
        let challenge = self.challenge(&request).await?;
        let signed = TokenRequest::sign(request, &challenge, &self.server.pin(), signer);
        self.token(&signed).await
    }

    /// Asks for a challenge.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn challenge(&self, request: &ChallengeRequest) -> Result<Challenge, LinkError> {
        self.http.ask(path::CHALLENGE, None, request).await
    }

    /// Trades a signed challenge for a token.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn token(&self, request: &TokenRequest) -> Result<TokenGrant, LinkError> {
        self.http.ask(path::TOKEN, None, request).await
    }

    /// Tells where the device stands and hears where the server does.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn hello(
        &self,
        token: &Token,
        request: &HelloRequest,
    ) -> Result<HelloReply, LinkError> {
        self.http.ask(path::HELLO, Some(token), request).await
    }

    /// Appends envelopes. Safe to repeat when the outcome is not known.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn push(&self, token: &Token, request: &PushRequest) -> Result<PushReply, LinkError> {
        self.http.ask(path::PUSH, Some(token), request).await
    }

    /// When a push that begins now has been handed over to the system.
    pub(crate) fn sends(&self, request: &PushRequest) -> Sent {
        Sent::of(self.http.traffic().clone(), request.to_frame().len())
    }

    /// Reads a page of the log.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn pull(&self, token: &Token, request: &PullRequest) -> Result<PullPage, LinkError> {
        self.http.ask(path::PULL, Some(token), request).await
    }

    /// Reads entries of the membership log, with a device's or an invite's token.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn members(
        &self,
        token: &Token,
        request: &MembersRequest,
    ) -> Result<MembersPage, LinkError> {
        self.http.ask(path::MEMBERS, Some(token), request).await
    }

    /// Reads a page of the wrapped keys beside the log.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn keys(&self, token: &Token, request: &KeysRequest) -> Result<KeysPage, LinkError> {
        self.http.ask(path::KEYS, Some(token), request).await
    }

    /// Raises the floor of the log.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn raise_floor(
        &self,
        token: &Token,
        request: &FloorPut,
    ) -> Result<FloorStored, LinkError> {
        self.http.ask(path::FLOOR, Some(token), request).await
    }

    /// Has the wrapped keys of erased documents taken away.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn erase_keys(
        &self,
        token: &Token,
        request: &ErasePut,
    ) -> Result<KeysErased, LinkError> {
        self.http.ask(path::ERASE, Some(token), request).await
    }

    /// Appends entries to the membership log; the first of an unknown clinic founds it. A device
    /// sends its token with them if it has one: it may bring back joins whose invites have ended.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn members_push(
        &self,
        token: Option<&Token>,
        request: &MembersPush,
    ) -> Result<MembersReply, LinkError> {
        self.http.ask(path::MEMBERS_PUSH, token, request).await
    }

    /// Leaves the sealed blob of an invite.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn invite_put(
        &self,
        token: &Token,
        request: &InvitePut,
    ) -> Result<InviteStored, LinkError> {
        self.http.ask(path::INVITE_PUT, Some(token), request).await
    }

    /// Fetches the sealed blob of an invite.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn invite_get(&self, request: &InviteGet) -> Result<InviteBlob, LinkError> {
        self.http.ask(path::INVITE_GET, None, request).await
    }

    /// Tells which of some blobs are kept.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn blobs(
        &self,
        token: &Token,
        request: &BlobsRequest,
    ) -> Result<BlobsHeld, LinkError> {
        self.http.ask(path::BLOBS, Some(token), request).await
    }

    /// Leaves a blob. Safe to repeat.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn put_blob(
        &self,
        token: &Token,
        id: BlobId,
        bytes: Bytes,
    ) -> Result<BlobStored, LinkError> {
        let path = format!("{}{id}", path::BLOB);
        let ask =
            Ask { method: Method::PUT, path: &path, token: Some(token), from: 0, body: bytes };
        let answer = self.http.exchange(ask).await?;
        match read_reply::<BlobStored>(&answer.body) {
            Ok(Ok(stored)) if answer.head.status.is_success() && stored.id == id => Ok(stored),
            _ => Err(refusal_in::<BlobStored>(&answer)),
        }
    }

    /// Fetches a blob from a place on, piece by piece, for as long as `take` says that it goes on.
    ///
    /// # Errors
    /// [`LinkError`]: what came before it was handed over.
    pub async fn get_blob(
        &self,
        token: &Token,
        (id, from): (BlobId, u64),
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), LinkError> {
        let path = format!("{}{id}", path::BLOB);
        let (method, token) = (Method::GET, Some(token));
        let ask = Ask { method, path: &path, token, from, body: Bytes::new() };
        let mut body = match self.http.open(ask).await? {
            Opened::Stream(body) => body,
            Opened::Answer(answer) => return Err(refusal_in::<BlobStored>(&answer)),
        };
        let mut come = from;
        while let Some(bytes) = self.http.next(&mut body).await? {
            come = come.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
            if come > BLOB_BYTES_MAX {
                return Err(LinkError::TooLarge);
            }
            if take(&bytes).is_break() {
                break;
            }
        }
        Ok(())
    }

    /// Opens a room.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn room_open(
        &self,
        token: &Token,
        request: &RoomOpen,
    ) -> Result<RoomOpened, LinkError> {
        self.http.ask(path::ROOM_OPEN, Some(token), request).await
    }

    /// Leaves a message in a room.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn room_put(&self, request: &RoomPut) -> Result<RoomStored, LinkError> {
        self.http.ask(path::ROOM_PUT, None, request).await
    }

    /// Reads what lies in a room.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn room_get(&self, request: &RoomGet) -> Result<RoomMessages, LinkError> {
        self.http.ask(path::ROOM_GET, None, request).await
    }

    /// Listens for the clinic's wake-ups, for as long as server, token and network allow.
    ///
    /// # Errors
    /// [`LinkError`].
    pub async fn wake(&self, token: &Token) -> Result<WakeStream, LinkError> {
        let ask = Ask {
            method: Method::GET,
            path: path::WAKE,
            token: Some(token),
            from: 0,
            body: Bytes::new(),
        };
        match self.http.open(ask).await? {
            Opened::Stream(body) => Ok(WakeStream::new(body, self.http.patience().silence)),
            Opened::Answer(answer) => Err(refusal_in::<HelloReply>(&answer)),
        }
    }
}
