//! The desktop that asks: the way to one other of its clinic.

use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use hyper::{Method, Uri};
use sync::address::pin_of_key;
use sync::carrier::{Carrier, Stop, get_in_parts};
use sync::ids::{BlobId, ClinicId, InviteId, ServerPin, VerifyKey};
use sync::membership::SignedEntry;
use sync::session::{Effect, Failure, RefusedRequest, SyncEvent};
use sync::signing::Signer;
use sync::wire::{
    BlobPartRequest, BlobsHeld, BlobsRequest, Frame, InviteBlob, InviteGet, InvitePut, LaneRequest,
    MembersPage, MembersPush, MembersReply, MembersRequest, Principal, PushRequest, Refusal,
    RefusalCode, RoomGet, RoomMessages, RoomPut, RoomStored, path,
};

use super::MEET;
use super::identity::spki_of;
use super::trust::{Peer, client_config, pin_of};
use crate::carrier::CarrierError;
use crate::courier::{Request, failure_of};
use crate::error::LinkError;
use crate::frames::refusal_in;
use crate::http::{Ask, Http, Patience};
use crate::stopping::{Waiting, unless_stopped};
use crate::traffic::Tally;

/// The way to one desktop. TLS proves who asks; wakes are not for peers, and nothing is left at one but
/// a message in a room: it fetches what it wants.
pub struct LanCarrier {
    runtime: Waiting,
    http: Http,
    peer: Arc<Peer>,
    clinic: Option<ClinicId>,
    url: String,
    patience: Patience,
    /// The key that this side shows.
    shown: [u8; 32],
    stop: Stop,
    waited: Duration,
}

impl LanCarrier {
    /// The way to whoever of the clinic answers at `address` (`host:port`); nothing is sent yet.
    ///
    /// # Errors
    /// [`CarrierError`]; an address that is none cannot be reached.
    pub fn new(
        address: &str,
        signer: Arc<dyn Signer + Send + Sync>,
        is_enrolled: Arc<dyn Fn(&VerifyKey) -> bool + Send + Sync>,
        patience: Patience,
    ) -> Result<Self, CarrierError> {
        let url = url_of(address).ok_or(LinkError::Unreachable)?;
        let peer = Arc::new(Peer::new(is_enrolled));
        let shown = signer.public_key();
        let http = way(signer, &peer, (&url, patience)).ok_or(LinkError::Tls)?;
        let runtime = Waiting::new()?;
        let (stop, waited) = (Stop::default(), Duration::ZERO);
        Ok(Self { runtime, http, peer, clinic: None, url, patience, shown, stop, waited })
    }

    /// The way in at the desktop whose key has this pin, for one that is in no clinic yet; without a
    /// pin, at whichever desktop answers there first. Until somebody else is [said to
    /// ask](Carrier::identify) it shows the key of `signer`, which need not be known to anybody.
    ///
    /// # Errors
    /// As [`Self::new`].
    pub fn at_door(
        address: &str,
        pin: Option<ServerPin>,
        signer: Arc<dyn Signer + Send + Sync>,
        patience: Patience,
    ) -> Result<Self, CarrierError> {
        let is_it = move |key: &VerifyKey| pin.is_none_or(|pin| pin_of_key(key) == pin);
        Self::new(address, signer, Arc::new(is_it), patience)
    }

    /// Makes the connection, proves both sides, and tells which device answers: oneself, where the
    /// address is one's own. From then on only that key is accepted.
    ///
    /// # Errors
    /// [`Failure`]: `Untrusted` where somebody else answers, `Refused` with `UnknownDevice` where
    /// they do not know this device.
    pub fn meet(&mut self) -> Result<VerifyKey, Failure> {
        let met = self.runtime.block_on(self.meet_there());
        met.map_err(|error| failure_of(&error))
    }

    async fn meet_there(&self) -> Result<VerifyKey, LinkError> {
        let body = Bytes::new();
        let ask = Ask { method: Method::POST, path: MEET, token: None, from: 0, body };
        self.check()?;
        let answer = self.http.exchange(ask).await?;
        if !answer.head.status.is_success() {
            return Err(refusal_in::<MembersReply>(&answer));
        }
        self.peer.proved().ok_or(LinkError::Tls)
    }

    async fn ask<Q: Frame, A: Frame>(&self, path: &'static str, asked: &Q) -> Result<A, LinkError> {
        self.check()?;
        self.http.ask(path, None, asked).await
    }

    /// Whether who answers still belongs to the clinic: it may have been revoked since.
    fn check(&self) -> Result<(), LinkError> {
        match self.peer.proved() {
            Some(key) if !self.peer.is_trusted(&key) => {
                Err(LinkError::PinMismatch { found: pin_of(&spki_of(&key)) })
            }
            _ => Ok(()),
        }
    }
}

impl Carrier for LanCarrier {
    /// TLS proves who asks: with another key begins another connection, to the same desktop.
    fn identify(
        &mut self,
        clinic: ClinicId,
        _principal: Principal,
        signer: Arc<dyn Signer + Send + Sync>,
    ) {
        self.clinic = Some(clinic);
        let shown = signer.public_key();
        if shown != self.shown
            && let Some(http) = way(signer, &self.peer, (&self.url, self.patience))
        {
            (self.http, self.shown) = (http, shown);
        }
    }

    fn heed(&mut self, stop: &Stop) {
        self.stop = stop.clone();
    }

    fn perform(&mut self, effect: Effect) -> Result<SyncEvent, Box<Effect>> {
        let request = Request::of(effect)?;
        let work = async {
            let event = match request {
                Request::Hello(asked) => self.ask(path::HELLO, &asked).await.map(SyncEvent::Hello),
                Request::Members(asked) => {
                    self.ask(path::MEMBERS, &asked).await.map(SyncEvent::Members)
                }
                Request::Keys(asked) => self.ask(path::KEYS, &asked).await.map(SyncEvent::Keys),
                Request::Push(asked) => self.ask(path::PUSH, &asked).await.map(SyncEvent::Pushed),
                Request::Pull(asked) => self.ask(path::PULL, &asked).await.map(SyncEvent::Page),
            };
            event.unwrap_or_else(|error| SyncEvent::Failed(failure_of(&error)))
        };
        let (event, waited) = self.runtime.block_on(unless_stopped(&self.stop, work));
        self.waited = waited;
        Ok(event)
    }

    fn waited(&self) -> Duration {
        self.waited
    }

    fn members(&mut self, request: &MembersRequest) -> Result<MembersPage, Failure> {
        let page = self.runtime.block_on(self.ask(path::MEMBERS, request));
        page.map_err(|error| failure_of(&error))
    }

    fn push_members(&mut self, entries: Vec<SignedEntry>) -> Result<MembersReply, Failure> {
        let clinic = self.clinic.ok_or_else(|| refused(RefusalCode::NotAuthenticated))?;
        let request = MembersPush { clinic, entries };
        let reply = self.runtime.block_on(self.ask(path::MEMBERS_PUSH, &request));
        reply.map_err(|error| failure_of(&error))
    }

    fn lane(&mut self, request: &LaneRequest) -> Result<PushRequest, Failure> {
        let stretch = self.runtime.block_on(self.ask(path::LANE, request));
        stretch.map_err(|error| failure_of(&error))
    }

    fn blobs_held(&mut self, request: &BlobsRequest) -> Result<BlobsHeld, Failure> {
        let held = self.runtime.block_on(self.ask(path::BLOBS, request));
        held.map_err(|error| failure_of(&error))
    }

    fn get_blob(
        &mut self,
        id: BlobId,
        from: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        let clinic = self.clinic.ok_or_else(|| refused(RefusalCode::NotAuthenticated))?;
        let ask = |asked: &BlobPartRequest| {
            let part = self.runtime.block_on(self.ask(path::BLOB_PART, asked));
            part.map_err(|error| failure_of(&error))
        };
        get_in_parts(BlobPartRequest { clinic, id, from }, ask, take)
    }

    fn put_invite(&mut self, _put: &InvitePut) -> Result<(), Failure> {
        Err(not_for_peers())
    }

    fn get_invite(&mut self, id: InviteId) -> Result<Vec<u8>, Failure> {
        let asked = self.runtime.block_on(self.ask(path::INVITE_GET, &InviteGet { id }));
        asked.map(|invite: InviteBlob| invite.blob).map_err(|error| failure_of(&error))
    }

    fn put_in_room(&mut self, request: &RoomPut) -> Result<RoomStored, Failure> {
        let stored = self.runtime.block_on(self.ask(path::ROOM_PUT, request));
        stored.map_err(|error| failure_of(&error))
    }

    fn look_into_room(&mut self, request: &RoomGet) -> Result<RoomMessages, Failure> {
        let messages = self.runtime.block_on(self.ask(path::ROOM_GET, request));
        messages.map_err(|error| failure_of(&error))
    }

    fn listen(&mut self) -> Result<(), Failure> {
        Err(not_for_peers())
    }

    fn news(&mut self, _at_most: Duration) -> Result<Option<u64>, Failure> {
        Err(not_for_peers())
    }
}

/// The way there of who shows the key of `signer`.
fn way(
    signer: Arc<dyn Signer + Send + Sync>,
    peer: &Arc<Peer>,
    (url, patience): (&str, Patience),
) -> Option<Http> {
    let tls = client_config(signer, Arc::clone(peer)).ok()?;
    Some(Http::new(tls, url.to_owned(), patience, Tally::default()))
}

/// What a desktop would answer if it were asked.
fn not_for_peers() -> Failure {
    refused(RefusalCode::NotFound)
}

fn refused(code: RefusalCode) -> Failure {
    Failure::Refused(RefusedRequest(Refusal::of(code)))
}

/// The URL of `host:port`; `None` for anything more or less.
fn url_of(address: &str) -> Option<String> {
    let url = format!("https://{address}");
    let place: Uri = url.parse().ok()?;
    let port = place.port_u16().filter(|port| *port > 0);
    let whole = place.authority().is_some_and(|authority| authority.as_str() == address);
    // No credentials, and no zone of an interface.
    let plain = !address.contains(['@', '%']) && place.host().is_some_and(|host| !host.is_empty());
    (port.is_some() && whole && plain).then_some(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_host_and_a_port() {
        let check = |address: &str, expected: bool| {
            assert_eq!(url_of(address).is_some(), expected, "{address}");
        };
        check("192.168.1.7:7444", true);
        check("[fd00::2]:7444", true);
        check("ward.local:7444", true);
        for bad in ["", ":", "ward", "ward:", ":7444", "ward:0", "ward:99999", "ward:x"] {
            check(bad, false);
        }
        for bad in ["a@ward:7444", "ward:7444/", "ward:7444?q", "ward:7444#x", "https://ward:7444"]
        {
            check(bad, false);
        }
        for bad in ["[fe80::1%2]:7444", "wa rd:7444", "ward:7444\n"] {
            check(bad, false);
        }
    }
}
