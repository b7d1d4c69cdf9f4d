//! How admitting a computer by a number stands, as the window of either of the two shows it.

use crate::ApiError;
use clinical::Instant;
use serde::{Deserialize, Serialize};

/// How admitting a computer stands, on a computer of the clinic or on the one that wants in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind", content = "body")]
pub enum AdmissionView {
    /// Nothing is under way.
    #[default]
    None,
    /// The two meet in a room at the server, and one of them has not shown its key yet.
    Waiting {
        /// The code of the room, as it is said aloud: `ABCD-EFGH-JK`.
        room: String,
        /// The server, `https://host:port`.
        server: String,
        /// After which the room is no more.
        ends_at: Instant,
    },
    /// Both show a number, and somebody here must say whether it is the same on both.
    Comparing {
        /// Seven digits in two groups: `123 4567`.
        number: String,
        /// What the computer that wants in calls itself, once it has said so. That it is this one
        /// is known when the numbers are the same, and not before.
        name: Option<String>,
    },
    /// It is the same here; whoever is at the other computer has not answered yet.
    Answered {
        /// The same number.
        number: String,
    },
    /// Both people said so: the other computer may join, or this one may.
    Admitted {
        /// What the computer that was admitted calls itself.
        name: Option<String>,
    },
    /// It came to nothing, and nobody was let in.
    Failed(ApiError),
}

/// Whom an invitation lets in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct InvitationView {
    /// The clinic's name; empty where joining it was begun already.
    pub clinic_name: String,
    /// The name the person signs in with.
    pub user_name: String,
    /// The name that is shown; empty likewise.
    pub name: String,
}

/// A text as a square code (ISO/IEC 18004), to be drawn dark on light.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SquareCode {
    /// Modules on each side, the blank edge among them.
    pub side: u32,
    /// The dark ones, as the `d` of an SVG path in which a module is one by one.
    pub path: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_it_stands_keeps_its_form() {
        let check = |view: AdmissionView, expected: &str| {
            assert_eq!(serde_json::to_string(&view).unwrap(), expected);
            assert_eq!(serde_json::from_str::<AdmissionView>(expected).unwrap(), view);
        };
        check(AdmissionView::None, r#"{"kind":"none"}"#);
        let (room, server) = ("ABCD-EFGH-JK".to_owned(), "https://clinic.example:8443".to_owned());
        check(
            AdmissionView::Waiting { room, server, ends_at: Instant::from_unix_ms(7) },
            r#"{"kind":"waiting","body":{"room":"ABCD-EFGH-JK","server":"https://clinic.example:8443","endsAt":7}}"#,
        );
        let (number, name) = ("123 4567".to_owned(), Some("Room 2".to_owned()));
        check(
            AdmissionView::Comparing { number, name },
            r#"{"kind":"comparing","body":{"number":"123 4567","name":"Room 2"}}"#,
        );
    }
}
