//! The side of the clinic: opens the room, compares, hands over.

use crate::{
    App,
    audit::{Deed, OtherDeed},
    error::signed_out,
    host::{Host, HostEntropy},
    open::Session,
    permit::Permit,
};
use api::{ApiError, ErrorCode, Origin, Topic};
use clinical::Instant;
use store::AuditOutcome;
use sync::{
    carrier::Carrier,
    ids::RoomId,
    limits::ROOM_LIFE_S_MAX,
    wire::{RoomOpen, RoomVerdict},
};
use vault::{
    room_code::RoomCode,
    sas::{Admitter, Meeting, Message, Number},
};

use super::{
    super::{
        alarms,
        devices::invite,
        door::{Here, here},
        failure::told_failure,
        keys::{Keys, clinic_of, fitting, internal},
        server::server_of,
        state::{Rest, keep_alarm, sync_with},
        token,
        turn::SyncTurn,
    },
    SAME, Waited,
    room::{Place, Room, RoomError, numbers_differ, unclear},
};

/// Other codes tried where one is in use: there are 2^40.
const TRIES_MAX: usize = 3;

/// A room that is open, in which nobody has shown a key yet.
#[derive(Debug)]
pub struct Admission {
    room: Room,
    /// Its code.
    pub code: String,
    /// The address of the place where it is, without its pin: a server's, or this computer's.
    pub server: String,
    /// When the room ends, by the clock of that place.
    pub ends_at: Instant,
    admitter: Admitter,
    /// What the other committed to, as it was heard first: from before this key is said.
    committed: Option<[u8; 32]>,
    /// Whether the room has this side's key.
    shown: bool,
}

/// What a computer that wants in has said of its key, and the key.
struct Shown {
    committed: [u8; 32],
    key: [u8; 32],
}

/// A computer that wants in, whose number somebody here must compare.
#[derive(Debug)]
pub struct MetJoiner {
    room: Room,
    meeting: Meeting,
    name: Option<String>,
}

/// A computer whose number somebody here found the same; the person there has not answered yet.
#[derive(Debug)]
pub struct Admitted {
    room: Room,
    meeting: Meeting,
    /// The code of the invitation, once it is made.
    handed: Option<Message>,
}

impl MetJoiner {
    /// The number to compare.
    #[must_use]
    pub fn number(&self) -> Number {
        self.meeting.number()
    }

    /// What the other computer calls itself, once it has said so. It is bound to the number: where
    /// that is the same on both, nobody between them has changed it.
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Hears the name, where it has come. One that does not open or is none is left out: the number
    /// tells.
    fn hear_name(&mut self) -> Result<(), RoomError> {
        if self.name.is_none()
            && let Some(Message::Sealed(sealed)) = self.room.hear(Place::JoinerName)?
        {
            let opened = self.meeting.open(&sealed).ok();
            self.name = opened.and_then(|name| read_name(name.expose()));
        }
        Ok(())
    }
}

impl<H: Host> App<H> {
    /// Opens a room for so many seconds, in which a computer can be admitted. At most ten minutes.
    ///
    /// # Errors
    /// `signed-out`; `not-permitted`; `invalid` where no server is set and this computer cannot let
    /// others in itself; `too-large` where too many are open; the server's and the store's.
    pub fn open_room(&self, life_s: u32) -> Result<Admission, ApiError> {
        self.admitting(|session, _permit| {
            let (mut carrier, server) = rooms_at(session)?;
            let clinic = clinic_of(session);
            let life_s = life_s.min(ROOM_LIFE_S_MAX);
            for _ in 0..TRIES_MAX {
                let code = RoomCode::make(&mut HostEntropy(session.host));
                let id = RoomId(code.derive_room_id());
                let opened = carrier.open_room(&RoomOpen { clinic, room: id, life_s });
                match opened.map_err(|failure| told_failure(&failure))?.verdict {
                    RoomVerdict::Taken => {}
                    RoomVerdict::TooMany => return Err(too_many()),
                    RoomVerdict::Open { ends_at_ms } => {
                        let admitter = Admitter::make(id.0, &mut HostEntropy(session.host));
                        return Ok(Admission {
                            room: Room { carrier, id },
                            code: code.to_string(),
                            server,
                            ends_at: Instant::from_unix_ms(ends_at_ms),
                            admitter,
                            committed: None,
                            shown: false,
                        });
                    }
                }
            }
            let detail = "The server says of each new room that it is in use; nothing was opened.";
            Err(ApiError::new(ErrorCode::ServerMisbehaves, detail))
        })
    }

    /// Looks whether a computer came into the room. Its key is shown no earlier than the other has
    /// committed to one.
    ///
    /// # Errors
    /// `not-found` where the room has ended; `numbers-differ` where somebody else speaks in it, or
    /// the other shows another key than it had committed to; as [`App::open_room`].
    pub fn meet_joiner(
        &self,
        mut admission: Admission,
    ) -> Result<Waited<Admission, MetJoiner>, ApiError> {
        self.admitting(|session, permit| {
            let met = admission.look().map_err(|error| broken(session, permit, error))?;
            let Some(Shown { committed, key }) = met else { return Ok(Waited::Still(admission)) };
            let Admission { room, admitter, .. } = admission;
            match admitter.meet(&committed, key) {
                Ok(meeting) => {
                    let mut met = MetJoiner { room, meeting, name: None };
                    met.hear_name().map_err(|error| broken(session, permit, error))?;
                    Ok(Waited::Came(met))
                }
                Err(error) => Err(broken(session, permit, RoomError::Unclear(error))),
            }
        })
    }

    /// Looks, while the number is compared here, whether the person at the other computer said that
    /// it differs, and what that computer calls itself.
    ///
    /// # Errors
    /// `numbers-differ`; `not-found` where the room has ended; as [`App::open_room`].
    pub fn watch_joiner(&self, mut met: MetJoiner) -> Result<MetJoiner, ApiError> {
        self.admitting(|session, permit| {
            let said = met.room.hear(Place::JoinerSays);
            match said.map_err(|error| broken(session, permit, error))? {
                Some(Message::Differs) => return Err(differed(session, permit)),
                Some(Message::Commitment(_) | Message::Key(_) | Message::Sealed(_)) | None => {}
            }
            met.hear_name().map_err(|error| broken(session, permit, error))?;
            Ok(met)
        })
    }

    /// Takes the answer of whoever compared here. Where the numbers differ the other side is told,
    /// the alarm stays, and nothing is handed over.
    ///
    /// # Errors
    /// `numbers-differ`; as [`App::open_room`].
    pub fn compared_here(&self, met: MetJoiner, same: bool) -> Result<Admitted, ApiError> {
        let MetJoiner { mut room, meeting, .. } = met;
        if same {
            return Ok(Admitted { room, meeting, handed: None });
        }
        self.admitting(|session, permit| {
            // Whoever is there hears it, or finds that the room has ended.
            drop(room.say(Place::AdmitterSays, &Message::Differs));
            Err(differed(session, permit))
        })
    }

    /// Looks whether the person at the other computer found the numbers the same, and then hands an
    /// invitation over: the same that a code opens, in the list of computers and in the log.
    ///
    /// # Errors
    /// `numbers-differ` where they did not, or somebody else answers; `not-found` where the room has
    /// ended; as making a code.
    pub fn hand_over(&self, mut admitted: Admitted) -> Result<Waited<Admitted, ()>, ApiError> {
        self.admitting(|session, permit| {
            if admitted.handed.is_none() {
                let said = admitted.room.hear(Place::JoinerSays);
                match said.map_err(|error| broken(session, permit, error))? {
                    None => return Ok(Waited::Still(admitted)),
                    Some(said) if admitted.is_same(&said) => {}
                    Some(_) => {
                        drop(admitted.room.say(Place::AdmitterSays, &Message::Differs));
                        return Err(differed(session, permit));
                    }
                }
            }
            let code = match admitted.handed.take() {
                Some(code) => code,
                None => {
                    let (code, _) = invite(session, permit)?;
                    let text = code.to_text();
                    let entropy = &mut HostEntropy(session.host);
                    let sealed = admitted.meeting.seal(text.expose().as_bytes(), entropy);
                    Message::Sealed(sealed.map_err(|error| internal(&error))?)
                }
            };
            let said = admitted.room.say(Place::AdmitterSays, &code);
            if said.map_err(|error| broken(session, permit, error))? {
                session.tell(vec![Topic::Sync]);
                return Ok(Waited::Came(()));
            }
            Ok(Waited::Still(Admitted { handed: Some(code), ..admitted }))
        })
    }

    fn admitting<T>(
        &self,
        work: impl FnOnce(&Session<'_, H>, &Permit<OtherDeed>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        let session = Session { host: self.host(), open: &open, origin: Origin::Host };
        let permit = session.permit_other(OtherDeed::AdmitDevice)?;
        // A room of this computer's own ends by its clock.
        drop(open.store.turns().door(session.host.now()));
        work(&session, &permit)
    }
}

/// Where a room is opened, and what the newcomer is told of that place: at the server, or where none is
/// set at this computer itself.
fn rooms_at<H: Host>(session: &Session<'_, H>) -> Result<(Box<dyn Carrier>, String), ApiError> {
    let Some(server) = server_of(session)? else {
        let Here { address, carrier, .. } = here(session, &Keys::load(session)?)?;
        return Ok((carrier, address));
    };
    {
        // The server must know the clinic before it has a room.
        let _turn = SyncTurn::wait(session);
        sync_with(session, &server, Rest::Leave)??;
    }
    let keys = Keys::load(session)?;
    let connected = session.host.connect(&server.url, server.pin);
    let mut carrier = connected.map_err(|failure| told_failure(&failure))?;
    token::identify(session, (&server, &keys), carrier.as_mut())?;
    Ok((carrier, server.url))
}

impl Admission {
    /// What the other committed to, and the key it showed, once both are there.
    ///
    /// A server that has this side's key may say that it could not take it. What the other committed
    /// to is therefore held from before the key is said first, and never heard a second time.
    fn look(&mut self) -> Result<Option<Shown>, RoomError> {
        let Some(committed) = self.committed else {
            match self.room.hear(Place::Commitment)? {
                Some(Message::Commitment(hash)) => self.committed = Some(hash),
                Some(Message::Key(_) | Message::Sealed(_) | Message::Differs) => {
                    return Err(RoomError::Taken);
                }
                None => return Ok(None),
            }
            self.show()?;
            return Ok(None);
        };
        if !self.shown {
            self.show()?;
            return Ok(None);
        }
        match self.room.hear(Place::JoinerKey)? {
            Some(Message::Key(key)) => Ok(Some(Shown { committed, key })),
            Some(Message::Commitment(_) | Message::Sealed(_) | Message::Differs) => {
                Err(RoomError::Taken)
            }
            None => Ok(None),
        }
    }

    fn show(&mut self) -> Result<(), RoomError> {
        let key = Message::Key(self.admitter.public());
        self.shown = self.room.say(Place::AdmitterKey, &key)?;
        Ok(())
    }
}

impl Admitted {
    /// Whether the computer with which the number was compared says so itself.
    fn is_same(&self, said: &Message) -> bool {
        match said {
            Message::Sealed(sealed) => {
                self.meeting.open(sealed).is_ok_and(|said| said.expose() == SAME)
            }
            Message::Commitment(_) | Message::Key(_) | Message::Differs => false,
        }
    }
}

/// A computer's name as it is shown: no longer than one is kept, and nothing in it that steers what
/// stands around it.
fn read_name(said: &[u8]) -> Option<String> {
    let turns = |sign: char| matches!(sign, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}');
    let signs = str::from_utf8(said).ok()?.chars();
    let text: String = signs.filter(|sign| !sign.is_control() && !turns(*sign)).collect();
    let name = fitting(text.trim());
    (!name.is_empty()).then(|| name.to_owned())
}

/// What the failure of a room comes to here.
fn broken<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<OtherDeed>,
    error: RoomError,
) -> ApiError {
    match error {
        RoomError::Gone => {
            let detail = "The room has ended and no computer was let in. Open another.";
            ApiError::new(ErrorCode::NotFound, detail)
        }
        RoomError::Failed(error) => error,
        RoomError::Taken => differed(session, permit),
        RoomError::Unclear(error) => {
            let told = unclear(&error);
            if told.code == ErrorCode::NumbersDiffer { differed(session, permit) } else { told }
        }
    }
}

/// Keeps that the numbers differed, as an alarm and in the log.
fn differed<H: Host>(session: &Session<'_, H>, permit: &Permit<OtherDeed>) -> ApiError {
    session.audit_undone(Deed::from(permit), None, AuditOutcome::Failure);
    let alarm = alarms::numbers_differed(session.host.now());
    if let Err(unkept) = keep_alarm(session, alarm) {
        tracing::warn!(code = ?unkept.code, "an alarm was not kept");
    }
    session.tell(vec![Topic::Sync]);
    numbers_differ()
}

fn too_many() -> ApiError {
    let detail = "The clinic has too many rooms open; wait until one ends. Nothing was opened.";
    ApiError::new(ErrorCode::TooLarge, detail)
}
