//! The way to a server for a caller that waits: a carrier with a runtime of its own.

use std::io;
use std::ops::ControlFlow;
use std::sync::Arc;
use std::time::Duration;

use sync::address::ServerAddress;
use sync::carrier::{Carrier, Offer, Stop};
use sync::ids::{BlobId, ClinicId, InviteId, ServerPin, Token, VerifyKey};
use sync::membership::SignedEntry;
use sync::session::{Effect, Failure, SyncEvent};
use sync::signing::Signer;
use sync::wire::{
    BlobStored, BlobsHeld, BlobsRequest, ErasePut, FloorPut, FloorStored, InviteGet, InvitePut,
    KeysErased, MembersPage, MembersPush, MembersReply, MembersRequest, Principal, PullRequest,
    RefusalCode, RoomGet, RoomMessages, RoomOpen, RoomOpened, RoomPut, RoomStored,
};
use thiserror::Error;
use tokio::time::timeout;

use crate::client::{Client, shown_pin};
use crate::courier::{Courier, Credentials, Request, failure_of};
use crate::error::LinkError;
use crate::http::Patience;
use crate::stopping::{Waiting, unless_stopped};
use crate::traffic::Tally;
use crate::wake::WakeStream;

/// Carries one caller's requests to one server, each until it is done.
pub struct BlockingCarrier {
    runtime: Waiting,
    client: Client,
    caller: Caller,
    patience: Patience,
    wakes: Option<WakeStream>,
    stop: Stop,
    waited: Duration,
}

/// Why there is no way to a server.
#[derive(Debug, Error)]
pub enum CarrierError {
    /// The system gives no more threads or handles.
    #[error("the network cannot be used")]
    Runtime(#[from] io::Error),
    /// TLS cannot be set up.
    #[error(transparent)]
    Link(#[from] LinkError),
}

enum Caller {
    Nobody,
    Device(Box<Courier>),
    Invite { clinic: ClinicId, key: VerifyKey, signer: Arc<dyn Signer + Send + Sync> },
}

impl BlockingCarrier {
    /// A way to `server`; nothing is sent yet.
    ///
    /// # Errors
    /// [`CarrierError`].
    pub fn new(server: ServerAddress, patience: Patience) -> Result<Self, CarrierError> {
        Self::counted(server, patience, Tally::default())
    }

    /// The same, whose exchanges are counted.
    ///
    /// # Errors
    /// As of [`BlockingCarrier::new`].
    pub fn counted(
        server: ServerAddress,
        patience: Patience,
        tally: Tally,
    ) -> Result<Self, CarrierError> {
        let runtime = Waiting::new()?;
        let client = Client::counted(server, patience, tally)?;
        let (wakes, stop, waited) = (None, Stop::default(), Duration::ZERO);
        Ok(Self { runtime, client, caller: Caller::Nobody, patience, wakes, stop, waited })
    }
}

impl Carrier for BlockingCarrier {
    fn identify(
        &mut self,
        clinic: ClinicId,
        principal: Principal,
        signer: Arc<dyn Signer + Send + Sync>,
    ) {
        self.caller = match principal {
            Principal::Device(device) => {
                let credentials = Credentials { clinic, device, signer };
                Caller::Device(Box::new(Courier::new(self.client.clone(), credentials)))
            }
            Principal::Invite(key) => Caller::Invite { clinic, key, signer },
        };
    }

    fn heed(&mut self, stop: &Stop) {
        self.stop = stop.clone();
    }

    fn perform(&mut self, effect: Effect) -> Result<SyncEvent, Box<Effect>> {
        let Caller::Device(courier) = &mut self.caller else { return Err(Box::new(effect)) };
        let request = Request::of(effect)?;
        courier.keep_ahead_for(Some(&request));
        let work = courier.ask(request);
        let (event, waited) = self.runtime.block_on(unless_stopped(&self.stop, work));
        self.waited = courier.ahead_took().unwrap_or(waited);
        if matches!(event, SyncEvent::Failed(_)) {
            courier.keep_ahead_for(None);
        }
        Ok(event)
    }

    fn foresee(&mut self, request: PullRequest) {
        if let Caller::Device(courier) = &mut self.caller {
            courier.foresee(self.runtime.share(), request);
        }
    }

    fn next_push(&mut self) -> Option<Offer> {
        match &mut self.caller {
            Caller::Device(courier) => Some(courier.next_push(self.runtime.share())),
            Caller::Invite { .. } | Caller::Nobody => None,
        }
    }

    fn waited(&self) -> Duration {
        self.waited
    }

    fn token(&self) -> Option<Token> {
        match &self.caller {
            Caller::Device(courier) => courier.granted(),
            Caller::Invite { .. } | Caller::Nobody => None,
        }
    }

    fn resume(&mut self, token: Token) {
        if let Caller::Device(courier) = &mut self.caller {
            courier.resume(token);
        }
    }

    fn region(&self) -> Option<String> {
        self.client.region()
    }

    fn members(&mut self, request: &MembersRequest) -> Result<MembersPage, Failure> {
        let page = match &mut self.caller {
            Caller::Device(courier) => self.runtime.block_on(courier.members(request)),
            Caller::Invite { clinic, key, signer } => self.runtime.block_on(async {
                let principal = Principal::Invite(*key);
                let grant = self.client.sign_in(*clinic, principal, signer.as_ref()).await?;
                self.client.members(&grant.token, request).await
            }),
            Caller::Nobody => return Err(nobody()),
        };
        page.map_err(|error| failure_of(&error))
    }

    fn push_members(&mut self, entries: Vec<SignedEntry>) -> Result<MembersReply, Failure> {
        let reply = match &mut self.caller {
            Caller::Device(courier) => self.runtime.block_on(courier.members_push(entries)),
            Caller::Invite { clinic, .. } => {
                let request = MembersPush { clinic: *clinic, entries };
                self.runtime.block_on(self.client.members_push(None, &request))
            }
            Caller::Nobody => return Err(nobody()),
        };
        reply.map_err(|error| failure_of(&error))
    }

    fn raise_floor(&mut self, request: &FloorPut) -> Result<FloorStored, Failure> {
        let Caller::Device(courier) = &mut self.caller else { return Err(nobody()) };
        self.runtime.block_on(courier.raise_floor(request)).map_err(|error| failure_of(&error))
    }

    fn erase_keys(&mut self, request: &ErasePut) -> Result<KeysErased, Failure> {
        let Caller::Device(courier) = &mut self.caller else { return Err(nobody()) };
        self.runtime.block_on(courier.erase_keys(request)).map_err(|error| failure_of(&error))
    }

    fn blobs_held(&mut self, request: &BlobsRequest) -> Result<BlobsHeld, Failure> {
        let Caller::Device(courier) = &mut self.caller else { return Err(nobody()) };
        self.runtime.block_on(courier.blobs(request)).map_err(|error| failure_of(&error))
    }

    fn put_blob(&mut self, id: BlobId, bytes: Vec<u8>) -> Result<BlobStored, Failure> {
        let Caller::Device(courier) = &mut self.caller else { return Err(nobody()) };
        let stored = self.runtime.block_on(courier.put_blob(id, bytes.into()));
        stored.map_err(|error| failure_of(&error))
    }

    fn get_blob(
        &mut self,
        id: BlobId,
        from: u64,
        take: &mut dyn FnMut(&[u8]) -> ControlFlow<()>,
    ) -> Result<(), Failure> {
        let Caller::Device(courier) = &mut self.caller else { return Err(nobody()) };
        let got = self.runtime.block_on(courier.get_blob((id, from), take));
        got.map_err(|error| failure_of(&error))
    }

    fn put_invite(&mut self, put: &InvitePut) -> Result<(), Failure> {
        let Caller::Device(courier) = &mut self.caller else { return Err(nobody()) };
        let stored = self.runtime.block_on(courier.invite_put(put));
        stored.map(|_| ()).map_err(|error| failure_of(&error))
    }

    fn get_invite(&mut self, id: InviteId) -> Result<Vec<u8>, Failure> {
        let blob = self.runtime.block_on(self.client.invite_get(&InviteGet { id }));
        blob.map(|blob| blob.blob).map_err(|error| failure_of(&error))
    }

    fn open_room(&mut self, request: &RoomOpen) -> Result<RoomOpened, Failure> {
        let Caller::Device(courier) = &mut self.caller else { return Err(nobody()) };
        self.runtime.block_on(courier.room_open(request)).map_err(|error| failure_of(&error))
    }

    fn put_in_room(&mut self, request: &RoomPut) -> Result<RoomStored, Failure> {
        self.runtime.block_on(self.client.room_put(request)).map_err(|error| failure_of(&error))
    }

    fn look_into_room(&mut self, request: &RoomGet) -> Result<RoomMessages, Failure> {
        self.runtime.block_on(self.client.room_get(request)).map_err(|error| failure_of(&error))
    }

    fn listen(&mut self) -> Result<(), Failure> {
        let Caller::Device(courier) = &mut self.caller else { return Err(nobody()) };
        let limit = self.patience.silence;
        let wakes = self.runtime.block_on(async { timeout(limit, courier.wake()).await });
        let wakes = wakes.map_err(|_| Failure::Silent)?;
        self.wakes = Some(wakes.map_err(|error| failure_of(&error))?);
        Ok(())
    }

    fn news(&mut self, at_most: Duration) -> Result<Option<u64>, Failure> {
        let Some(wakes) = &mut self.wakes else { return Err(Failure::Unreachable) };
        let heard = self.runtime.block_on(async { timeout(at_most, wakes.next()).await });
        match heard {
            Err(_nothing) => Ok(None),
            Ok(Ok(head)) => Ok(Some(head)),
            Ok(Err(error)) => {
                self.wakes = None;
                Err(failure_of(&error))
            }
        }
    }
}

/// The pin of the key that whoever answers at `url` shows, as [`shown_pin`].
///
/// # Errors
/// [`Failure`].
pub fn pin_shown_at(url: &str, patience: Patience) -> Result<ServerPin, Failure> {
    let runtime = Waiting::new().map_err(|_| Failure::Unreachable)?;
    runtime.block_on(shown_pin(url, patience)).map_err(|error| failure_of(&error))
}

fn nobody() -> Failure {
    let refusal = sync::wire::Refusal::of(RefusalCode::NotAuthenticated);
    Failure::Refused(sync::session::RefusedRequest(refusal))
}
