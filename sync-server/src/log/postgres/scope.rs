//! What a transaction may see.

use std::fmt::Write as _;

use sync::ids::ClinicId;

/// The rows that row-level security shows to a transaction.
#[derive(Clone, Copy, Debug)]
pub(super) enum Scope {
    /// Those of one clinic.
    Clinic(ClinicId),
    /// The one invite, token or room of this name.
    Name([u8; 32]),
    /// Both.
    Named(ClinicId, [u8; 32]),
}

/// How a transaction begins and ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    /// The statements that begin it.
    pub(super) begin: String,
    /// Whether it writes: then it has not ended before the database says so.
    pub(super) writes: bool,
}

impl Scope {
    /// Of a transaction which writes.
    pub(super) fn writing(self) -> Bounds {
        Bounds { begin: self.begin("BEGIN"), writes: true }
    }

    /// Of one that reads a single state of the database.
    pub(super) fn reading(self) -> Bounds {
        let begin = self.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
        Bounds { begin, writes: false }
    }

    fn begin(self, begin: &str) -> String {
        let (clinic, name) = match self {
            Self::Clinic(clinic) => (Some(clinic), None),
            Self::Name(name) => (None, Some(name)),
            Self::Named(clinic, name) => (Some(clinic), Some(name)),
        };
        let clinic = clinic.map(|clinic| clinic.to_string()).unwrap_or_default();
        let name = name.map(|name| hex(&name)).unwrap_or_default();
        format!("{begin}; SET LOCAL app.clinic = '{clinic}'; SET LOCAL app.name = '{name}'")
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut digits, byte| {
        // Writing to a text does not fail.
        let _written = write!(digits, "{byte:02x}");
        digits
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_names_what_it_may_see_and_nothing_is_left_of_the_one_before() {
        let clinic = ClinicId([0xab; 16]);
        let check = |scope: Scope, clinic: &str, name: &str| {
            let told =
                format!("; SET LOCAL app.clinic = '{clinic}'; SET LOCAL app.name = '{name}'");
            let begin = |begin: &str| format!("{begin}{told}");
            assert_eq!(scope.writing(), Bounds { begin: begin("BEGIN"), writes: true });
            let read_only = begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            assert_eq!(scope.reading(), Bounds { begin: read_only, writes: false });
        };
        check(Scope::Clinic(clinic), &"ab".repeat(16), "");
        check(Scope::Name([0x0f; 32]), "", &"0f".repeat(32));
        check(Scope::Named(clinic, [1; 32]), &"ab".repeat(16), &"01".repeat(32));
    }
}
