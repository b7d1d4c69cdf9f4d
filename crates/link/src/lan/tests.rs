//! Two desktops over this computer's loopback.

mod guests;
mod handshakes;
mod requests;
mod strangers;

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sync::fixtures::{TestKey, clinic, key};
use sync::ids::{BlobId, LogEpoch, VerifyKey};
use sync::limits::BLOB_PART_BYTES_MAX;
use sync::lobby::Lobby;
use sync::log::EnvelopeLog;
use sync::log::memory::MemoryLog;
use sync::membership::MembersHead;
use sync::serve;
use sync::signing::Signer;
use sync::wire::{
    BlobPart, BlobPartRequest, BlobsHeld, BlobsRequest, Frame, HelloRequest, InviteBlob, InviteGet,
    KeysRequest, MembersPage, MembersReply, MembersVerdict, PullRequest, PushReply, PushRequest,
    Refusal, RefusalCode, RoomGet, RoomMessages, RoomPut, path,
};

use super::limits::Limits;
use super::{LanAnswer, LanCarrier, LanDesk, LanListener};
use crate::http::Patience;

const PATIENCE: Patience = Patience {
    connect: Duration::from_secs(20),
    answer: Duration::from_secs(20),
    exchange: Duration::from_secs(60),
    silence: Duration::from_secs(20),
};

/// The device that listens, and the one that asks.
const HERE: u8 = 1;
const THERE: u8 = 2;

/// A blob that the desk has.
const BLOB: BlobId = BlobId([7; 32]);
const BLOB_BYTES: usize = 2 * BLOB_PART_BYTES_MAX + 77;

/// The time that a server tells, whatever the clock says.
const NOW_MS: i64 = 1_790_000_000_000;

/// A clinic whose log lies in memory.
struct Clinic {
    enrolled: Mutex<BTreeSet<VerifyKey>>,
    invited: Mutex<BTreeSet<VerifyKey>>,
    lobby: Mutex<Lobby>,
    log: MemoryLog,
    /// Who asked what.
    asked: Mutex<Vec<(VerifyKey, String)>>,
}

impl Clinic {
    /// One to which the devices of these numbers belong.
    fn of(devices: &[u8]) -> Arc<Self> {
        let log = MemoryLog::default();
        log.open_clinic(clinic(1), LogEpoch([9; 16]));
        let enrolled = Mutex::new(devices.iter().map(|device| public(*device)).collect());
        let (invited, lobby, asked) = Default::default();
        Arc::new(Self { enrolled, invited, lobby, log, asked })
    }

    fn revoke(&self, device: u8) {
        assert!(self.enrolled.lock().unwrap().remove(&public(device)));
    }

    fn asked(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn is_enrolled(&self, key: &VerifyKey) -> bool {
        self.enrolled.lock().unwrap().contains(key)
    }
}

impl LanDesk for Clinic {
    fn standing(&self, key: &VerifyKey) -> super::Standing {
        use super::Standing;
        match (self.is_enrolled(key), self.invited.lock().unwrap().contains(key)) {
            (true, _) => Standing::Device,
            (false, true) => Standing::Invited,
            (false, false) if self.lobby.lock().unwrap().is_open(NOW_MS) => Standing::Guest,
            (false, false) => Standing::Nobody,
        }
    }

    fn answer_newcomer(&self, caller: &VerifyKey, path: &str, frame: &[u8]) -> LanAnswer {
        self.asked.lock().unwrap().push((*caller, path.to_owned()));
        let mut lobby = self.lobby.lock().unwrap();
        let frame = match path {
            path::ROOM_PUT => {
                let stored = lobby.put_in_room(&RoomPut::from_frame(frame).unwrap(), NOW_MS);
                stored.map(|stored| stored.to_frame())
            }
            path::ROOM_GET => {
                let messages = lobby.room(RoomGet::from_frame(frame).unwrap().room, NOW_MS);
                messages.map(|messages| RoomMessages { messages }.to_frame())
            }
            path::INVITE_GET => {
                let blob = lobby.fetch_invite(InviteGet::from_frame(frame).unwrap().id, NOW_MS);
                blob.map(|blob| InviteBlob { blob }.to_frame())
            }
            path::MEMBERS => {
                Some(MembersPage { entries: Vec::new(), head: MembersHead::EMPTY }.to_frame())
            }
            other => panic!("{other} came to the desk from who is of no clinic"),
        };
        let none =
            || LanAnswer { status: 404, frame: Refusal::of(RefusalCode::NotFound).to_frame() };
        frame.map_or_else(none, |frame| LanAnswer { status: 200, frame })
    }

    fn answer(&self, caller: &VerifyKey, path: &str, frame: &[u8]) -> LanAnswer {
        self.asked.lock().unwrap().push((*caller, path.to_owned()));
        let frame = match path {
            path::HELLO => {
                let asked = HelloRequest::from_frame(frame).unwrap();
                serve::hello(&self.log, &asked, MembersHead::EMPTY, NOW_MS).unwrap().to_frame()
            }
            path::PUSH => {
                let asked = PushRequest::from_frame(frame).unwrap();
                let verdicts = self.log.append(asked.clinic, &asked.envelopes).unwrap();
                PushReply { verdicts, keys: None }.to_frame()
            }
            path::PULL => {
                let asked = PullRequest::from_frame(frame).unwrap();
                let page = serve::pull(&self.log, &asked, MembersHead::EMPTY).unwrap();
                page.unwrap().to_frame()
            }
            path::KEYS => {
                let asked = KeysRequest::from_frame(frame).unwrap();
                serve::keys(&self.log, &asked).unwrap().to_frame()
            }
            path::MEMBERS => {
                MembersPage { entries: Vec::new(), head: MembersHead::EMPTY }.to_frame()
            }
            path::MEMBERS_PUSH => {
                let verdict = MembersVerdict::Stale;
                MembersReply { verdict, head: MembersHead::EMPTY }.to_frame()
            }
            path::BLOBS => {
                let asked = BlobsRequest::from_frame(frame).unwrap();
                let ids = asked.ids.into_iter().filter(|id| *id == BLOB).collect();
                BlobsHeld { ids }.to_frame()
            }
            path::BLOB_PART => {
                let asked = BlobPartRequest::from_frame(frame).unwrap();
                let from = usize::try_from(asked.from).unwrap();
                let (whole, to) = (blob(), (from + BLOB_PART_BYTES_MAX).min(BLOB_BYTES));
                let bytes = u64::try_from(whole.len()).unwrap();
                BlobPart { bytes, part: whole[from..to].to_vec() }.to_frame()
            }
            other => panic!("{other} came to the desk"),
        };
        LanAnswer { status: 200, frame }
    }
}

/// The bytes of [`BLOB`]: more than two parts.
fn blob() -> Vec<u8> {
    (0..BLOB_BYTES).map(|place| place.to_le_bytes()[1]).collect()
}

fn public(device: u8) -> VerifyKey {
    VerifyKey(key(device).public_key())
}

fn signer(device: u8) -> Arc<TestKey> {
    Arc::new(key(device))
}

/// The listener of [`HERE`], with a desk.
fn listening(desk: &Arc<Clinic>) -> LanListener {
    listening_within(Limits::default(), desk)
}

fn listening_within(limits: Limits, desk: &Arc<Clinic>) -> LanListener {
    let desk: Arc<dyn LanDesk> = Arc::<Clinic>::clone(desk);
    LanListener::begin_within(limits, ([127, 0, 0, 1], 0).into(), signer(HERE), desk).unwrap()
}

/// The way of `signer` to `address`, where whoever belongs to `clinic` is believed.
fn carrier(
    address: SocketAddr,
    signer: Arc<dyn Signer + Send + Sync>,
    clinic: &Arc<Clinic>,
) -> LanCarrier {
    let clinic = Arc::clone(clinic);
    let is_enrolled = Arc::new(move |key: &VerifyKey| clinic.is_enrolled(key));
    LanCarrier::new(&address.to_string(), signer, is_enrolled, PATIENCE).unwrap()
}

fn refused(code: RefusalCode) -> sync::session::Failure {
    let refusal = Refusal::of(code);
    sync::session::Failure::Refused(sync::session::RefusedRequest(refusal))
}
