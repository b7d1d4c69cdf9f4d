//! The server to sync with: where it is and how it is recognised.
//!
//! The clinic's first one stands in the record, too: a computer that was told of none uses that. One that
//! was told keeps to its own, as where it reaches the same server by another address.

use crate::{error::ToldResult, host::Host, open::Session};
use api::{ApiError, ErrorCode};
use chart::ClinicEdit;
use store::NamedRow;
use sync::{address::ServerAddress, ids::ServerPin};

use super::{list_keeper::is_held_back, names};

/// A server's address as it was checked: written `https://host:port#sha256:…`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Server {
    /// `https://host:port`.
    pub(crate) url: String,
    /// SHA-256 of the key it is trusted by.
    pub(crate) pin: ServerPin,
}

/// Checks an address, written as a [`Server`] is or as the server announces itself:
/// `https://host:port pin sha256:…`.
///
/// # Errors
/// `invalid`.
pub(crate) fn check_server(text: &str) -> Result<Server, ApiError> {
    parse(text).ok_or_else(|| {
        let finding = clinical::Finding::error(
            "server",
            "server-address",
            "The address of a server is https://host:port pin sha256:… as the server prints it, or \
             in one word https://host:port#sha256:…",
        );
        ApiError::invalid(vec![finding])
    })
}

/// Keeps the server to sync with.
///
/// # Errors
/// The store's.
pub(crate) fn keep_server<H: Host>(
    session: &Session<'_, H>,
    server: &Server,
) -> Result<(), ApiError> {
    // Where another one keeps the clinic, that one says.
    session.open.store.remove_named(names::REGION).told()?;
    session.open.store.put_named(&[server.row()]).told()
}

/// The server, where one is set here, or the record names one.
///
/// # Errors
/// The store's.
pub(super) fn server_of<H: Host>(session: &Session<'_, H>) -> Result<Option<Server>, ApiError> {
    let own = own_server(session)?;
    // What was set here where another computer brings the clinic to its first server gives way to that.
    if own.is_none() || is_held_back(session)? {
        return Ok(clinics_server(session)?.or(own));
    }
    Ok(own)
}

/// The server that this computer was told of itself.
///
/// # Errors
/// The store's.
pub(super) fn own_server<H: Host>(session: &Session<'_, H>) -> Result<Option<Server>, ApiError> {
    let kept = session.open.store.named(names::SERVER).told()?;
    Ok(kept.and_then(|bytes| parse(str::from_utf8(&bytes).ok()?)))
}

/// The server that the record names.
///
/// # Errors
/// The store's.
pub(super) fn clinics_server<H: Host>(
    session: &Session<'_, H>,
) -> Result<Option<Server>, ApiError> {
    Ok(session.open.store.server().told()?.as_deref().and_then(parse))
}

/// The server, or `invalid` where none is set.
pub(super) fn need_server<H: Host>(session: &Session<'_, H>) -> Result<Server, ApiError> {
    server_of(session)?.ok_or_else(without_server)
}

/// That the clinic has this server, in its record.
pub(crate) fn said(server: &Server) -> ClinicEdit {
    ClinicEdit::SayServer(server.text())
}

impl Server {
    /// Where it is kept.
    pub(super) fn row(&self) -> NamedRow {
        NamedRow { name: names::SERVER.to_owned(), bytes: self.text().into_bytes() }
    }

    /// The address with its pin.
    pub(crate) fn text(&self) -> String {
        format!("{}#sha256:{}", self.url, self.pin)
    }
}

/// Nobody to ask, and how there will be.
fn without_server() -> ApiError {
    let way_on = "Set it first: on the Sync page of the window, or by \
                  `fieldchart sync --server URL`.";
    ApiError {
        code: ErrorCode::Invalid,
        findings: vec![clinical::Finding::error("server", "no-server", way_on)],
        detail: "Nothing was done: this computer has no sync server.".to_owned(),
    }
}

fn parse(text: &str) -> Option<Server> {
    let address: ServerAddress = text.parse().ok()?;
    Some(Server { url: address.url(), pin: address.pin() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        let pin = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
        let check = |text: String, expected: Option<&str>| {
            let read = check_server(&text).ok().map(|server| server.text());
            assert_eq!(read, expected.map(|url| format!("{url}#sha256:{pin}")), "{text}");
        };
        check(format!("https://A.example:8443#sha256:{pin}"), Some("https://a.example:8443"));
        check(format!(" https://a.example:8443/#sha256:{pin}\n"), Some("https://a.example:8443"));
        check(format!("https://a.example:8443 pin sha256:{pin}\n"), Some("https://a.example:8443"));
        check(format!("https://[::1]:9#sha256:{}", pin.to_uppercase()), Some("https://[::1]:9"));
        check(format!("http://a.example#sha256:{pin}"), None);
        check(format!("https://a.example/path#sha256:{pin}"), None);
        check(format!("https://user@a.example#sha256:{pin}"), None);
        check(format!("https://#sha256:{pin}"), None);
        check("https://a.example".to_owned(), None);
        check(format!("https://a.example#sha256:{}", pin.replacen("00", "", 1)), None);
        check(format!("https://a.example#sha256:{}", pin.replacen("00", "+0", 1)), None);
        // What is said of an address that is none is how one is written.
        let told = check_server("").unwrap_err().to_string();
        for form in ["https://host:port pin sha256:…", "https://host:port#sha256:…"] {
            assert!(told.contains(form), "{form}: {told}");
            check(form.replace("port", "9").replace('…', pin), Some("https://host:9"));
        }
    }
}
