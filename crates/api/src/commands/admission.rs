//! Admitting a computer by a number that both show: the side of the clinic, then that of the
//! computer that wants in.
//!
//! What happens at the other computer is told by [`crate::Topic::Admission`].

use crate::{AdmissionView, ClinicOpened, InvitationView};

crate::command::commands! {
    /// Opens a room at the server, in which one computer can be admitted, for ten minutes. One that
    /// was open here is given up.
    OpenRoom "open-room" -> AdmissionView {}
    /// Tells how admitting a computer stands.
    GetAdmission "get-admission" -> AdmissionView {}
    /// Says whether the other computer shows the same number. Where it does not, nobody is let in.
    AnswerAdmission "answer-admission" -> AdmissionView {
        /// Whether it is the same.
        same: bool,
    }
    /// Ends what is under way, or takes away what was told of its end.
    EndAdmission "end-admission" -> () {}
    /// Goes into a room from a computer that is in no clinic yet.
    EnterRoom "enter-room" -> AdmissionView {
        /// The code of the room, as the other computer shows it.
        room: String,
        /// The server, `https://host:port`, with its pin or without.
        server: String,
        /// A name for this computer.
        device_name: String,
    }
    /// Tells how coming in stands, on the computer that wants in.
    GetEntrance "get-entrance" -> AdmissionView {}
    /// Says whether the other computer shows the same number, on the one that wants in.
    AnswerEntrance "answer-entrance" -> AdmissionView {
        /// Whether it is the same.
        same: bool,
    }
    /// Ends what is under way on the computer that wants in.
    LeaveRoom "leave-room" -> () {}
    /// Tells whose invitation a code is, before a password is chosen. It joins nothing.
    ReadInvitation "read-invitation" -> InvitationView {
        /// The code; the one that came once both screens showed one number, when left out.
        code: Option<String>,
    }
    /// Joins the clinic whose computer let this one in, as with a code.
    JoinAdmitted "join-admitted" -> ClinicOpened {
        /// The password of the person who joins, for this computer.
        password: String,
    }
}
