//! The side of the computer that wants in: finds the room, compares, gets the code.

use crate::{
    App,
    access::ensure_absent,
    host::{Host, HostEntropy},
};
use api::{ApiError, ErrorCode};
use sync::{
    address::ServerAddress,
    ids::{RoomId, ServerPin},
};
use vault::{
    room_code::RoomCode,
    sas::{Joiner, Meeting, Message, Number},
};

use super::{
    super::{
        failure::not_joined,
        join_at::JoinAt,
        keys::{fitting, internal},
        server::{Server, check_server},
        unfinished::{Joining, joining_under_way},
    },
    SAME, Waited,
    room::{Place, Room, RoomError, numbers_differ, unclear},
};

/// A room in which this computer has said what its key will hash to.
#[derive(Debug)]
pub struct Entrance {
    room: Room,
    joiner: Joiner,
    /// The other's key, as it was heard first: from before this one's is said.
    admitter: Option<[u8; 32]>,
    /// What this computer calls itself.
    name: String,
}

/// A computer of a clinic, whose number somebody here must compare.
#[derive(Debug)]
pub struct MetAdmitter {
    room: Room,
    meeting: Meeting,
    /// What this computer calls itself, until the room has it.
    unsaid: Option<Message>,
}

/// A computer of a clinic whose number somebody here found the same.
#[derive(Debug)]
pub struct Awaited {
    room: Room,
    meeting: Meeting,
    /// That the numbers are the same, until the room has it.
    unsaid: Option<Message>,
}

impl MetAdmitter {
    /// The number to compare.
    #[must_use]
    pub fn number(&self) -> Number {
        self.meeting.number()
    }

    /// Says what this computer calls itself. It helps the person there and is waited for by nobody.
    fn say_name(&mut self) -> Result<(), RoomError> {
        if let Some(name) = self.unsaid.take()
            && !self.room.say(Place::JoinerName, &name)?
        {
            self.unsaid = Some(name);
        }
        Ok(())
    }
}

impl<H: Host> App<H> {
    /// Goes into the room of this code at a server, `https://host:port` with its pin or without, or at a
    /// computer of the clinic, `host:port`: what passes there is protected by the number alone, and the
    /// code of the invitation names the pin. `name` is what this computer is to be called. A joining that was begun here and
    /// is not in the clinic's list yet is given up once another clinic's code has come.
    ///
    /// # Errors
    /// `already-exists`; `bad-code` where the code is mistyped, there is no such room, or somebody
    /// is in it already; `invalid` for the address; the server's.
    pub fn enter_room(&self, code: &str, server: &str, name: &str) -> Result<Entrance, ApiError> {
        let host = self.host();
        match joining_under_way(host)? {
            Joining::Ready(_) => {}
            Joining::None | Joining::Begun | Joining::Entered => ensure_absent(host)?,
        }
        let code = RoomCode::parse(code).map_err(|error| bad_room(&error))?;
        let at = answering(host, server)?;
        let carrier = at.connect(host).map_err(|failure| not_joined(&failure))?;
        let id = RoomId(code.derive_room_id());
        let joiner = Joiner::make(id.0, &mut HostEntropy(host));
        let mut room = Room { carrier, id };
        match room.say(Place::Commitment, &Message::Commitment(joiner.commitment())) {
            Ok(true) => {
                Ok(Entrance { room, joiner, admitter: None, name: fitting(name.trim()).to_owned() })
            }
            Ok(false) => {
                let detail = "The server cannot be reached now, or is busy; nothing was changed. \
                              Try again in a moment.";
                Err(ApiError::new(ErrorCode::Unreachable, detail))
            }
            Err(RoomError::Taken) => Err(bad_room(&"another computer is in this room already")),
            Err(error) => Err(broken(error)),
        }
    }

    /// Looks whether the clinic's computer showed its key, and shows this one's.
    ///
    /// # Errors
    /// `bad-code` where the room has ended; `numbers-differ` where somebody else speaks in it; the
    /// server's.
    pub fn meet_admitter(
        &self,
        mut entrance: Entrance,
    ) -> Result<Waited<Entrance, MetAdmitter>, ApiError> {
        let key = match entrance.admitter {
            Some(key) => key,
            None => match entrance.room.hear(Place::AdmitterKey).map_err(broken)? {
                None => return Ok(Waited::Still(entrance)),
                Some(Message::Key(key)) => key,
                Some(Message::Commitment(_) | Message::Sealed(_) | Message::Differs) => {
                    return Err(numbers_differ());
                }
            },
        };
        // A server that has this side's key may say that it could not take it: the other's is held
        // from before, and never heard a second time.
        entrance.admitter = Some(key);
        let shown = Message::Key(entrance.joiner.public());
        if !entrance.room.say(Place::JoinerKey, &shown).map_err(broken)? {
            return Ok(Waited::Still(entrance));
        }
        let Entrance { room, joiner, name, .. } = entrance;
        let meeting = joiner.meet(key);
        let sealed = meeting.seal(name.as_bytes(), &mut HostEntropy(self.host()));
        let unsaid = Some(Message::Sealed(sealed.map_err(|error| internal(&error))?));
        let mut met = MetAdmitter { room, meeting, unsaid };
        met.say_name().map_err(broken)?;
        Ok(Waited::Came(met))
    }

    /// Looks, while the number is compared here, whether the person at the other computer said that
    /// it differs.
    ///
    /// # Errors
    /// `numbers-differ`; `bad-code` where the room has ended; the server's.
    pub fn watch_admitter(&self, mut met: MetAdmitter) -> Result<MetAdmitter, ApiError> {
        met.say_name().map_err(broken)?;
        match met.room.hear(Place::AdmitterSays).map_err(broken)? {
            Some(Message::Differs) => Err(numbers_differ()),
            Some(Message::Commitment(_) | Message::Key(_) | Message::Sealed(_)) | None => Ok(met),
        }
    }

    /// Takes the answer of whoever compared here; where the numbers differ the other side is told.
    ///
    /// # Errors
    /// `numbers-differ`.
    pub fn compared_there(&self, met: MetAdmitter, same: bool) -> Result<Awaited, ApiError> {
        let MetAdmitter { mut room, meeting, .. } = met;
        if !same {
            // Whoever is there hears it, or finds that the room has ended.
            drop(room.say(Place::JoinerSays, &Message::Differs));
            return Err(numbers_differ());
        }
        let sealed = meeting.seal(SAME, &mut HostEntropy(self.host()));
        let said = Message::Sealed(sealed.map_err(|error| internal(&error))?);
        Ok(Awaited { room, meeting, unsaid: Some(said) })
    }

    /// Says that the numbers are the same, and looks whether the code of an invitation came: with it
    /// this computer joins as with any other.
    ///
    /// # Errors
    /// `bad-code` where the room has ended; `numbers-differ` where the person at the other computer
    /// said so, or somebody else answers; the server's.
    pub fn receive_code(&self, mut awaited: Awaited) -> Result<Waited<Awaited, String>, ApiError> {
        if let Some(said) = awaited.unsaid.take()
            && !awaited.room.say(Place::JoinerSays, &said).map_err(broken)?
        {
            return Ok(Waited::Still(Awaited { unsaid: Some(said), ..awaited }));
        }
        match awaited.room.hear(Place::AdmitterSays).map_err(broken)? {
            None => Ok(Waited::Still(awaited)),
            Some(Message::Sealed(sealed)) => {
                let opened = awaited.meeting.open(&sealed).map_err(|_| numbers_differ())?;
                let code = String::from_utf8(opened.expose().clone());
                code.map(Waited::Came).map_err(|error| internal(&error.utf8_error()))
            }
            Some(Message::Commitment(_) | Message::Key(_) | Message::Differs) => {
                Err(numbers_differ())
            }
        }
    }
}

/// Where the room is: at a server, with the pin by which it is known as it was typed or as it is shown,
/// or at a computer.
fn answering<H: Host>(host: &H, typed: &str) -> Result<JoinAt, ApiError> {
    if let Ok(server) = check_server(typed) {
        return Ok(JoinAt::Server(server));
    }
    if let Some(computer) = JoinAt::of_typed(typed) {
        return Ok(computer);
    }
    let nobody = ServerPin([0; 32]);
    let address = ServerAddress::new(typed.trim(), nobody).map_err(|_| {
        let finding = clinical::Finding::error(
            "server",
            "room-server",
            "The address of a room is https://host:port of a server, with or without its pin, or \
             host:port of a computer of the clinic",
        );
        ApiError::invalid(vec![finding])
    })?;
    let url = address.url();
    let pin = host.pin_shown_at(&url).map_err(|failure| not_joined(&failure))?;
    Ok(JoinAt::Server(Server { url, pin }))
}

/// What the failure of a room comes to here.
fn broken(error: RoomError) -> ApiError {
    match error {
        RoomError::Gone => bad_room(&"there is no such room there, or it has ended"),
        RoomError::Taken => numbers_differ(),
        RoomError::Unclear(error) => unclear(&error),
        RoomError::Failed(error) => error,
    }
}

/// The code of the room leads nowhere.
fn bad_room(cause: &dyn std::fmt::Display) -> ApiError {
    let help = "Ask for a new room: `fieldchart device admit` opens one for ten minutes.";
    ApiError::new(ErrorCode::BadCode, format!("The clinic was not joined: {cause}. {help}"))
}
