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

impl Scope {
    /// The statements that begin a transaction which writes.
    pub(super) fn begin_writing(self) -> String {
        self.begin("BEGIN")
    }

    /// Those of one that reads a single state of the database.
    pub(super) fn begin_reading(self) -> String {
        self.begin("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
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
            assert_eq!(scope.begin_writing(), format!("BEGIN{told}"));
        };
        check(Scope::Clinic(clinic), &"ab".repeat(16), "");
        check(Scope::Name([0x0f; 32]), "", &"0f".repeat(32));
        check(Scope::Named(clinic, [1; 32]), &"ab".repeat(16), &"01".repeat(32));
    }
}
