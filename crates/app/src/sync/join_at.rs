//! Where a clinic is joined: at its server, or at one of its computers that lets others in itself.

use crate::{
    error::ToldResult,
    host::{Host, HostEntropy},
    open::Session,
};
use api::ApiError;
use std::sync::Arc;
use store::NamedRow;
use sync::{address::ServerAddress, carrier::Carrier, ids::ServerPin, session::Failure};
use vault::{UserKeys, enrolment::EnrolmentCode};

use super::{
    keys::InviteSigner,
    names,
    server::{Server, need_server, own_server},
};

/// Before the address of a computer, in a code and where it is kept.
pub(super) const LAN: &str = "lan://";

/// Where a clinic is joined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum JoinAt {
    /// At its server.
    Server(Server),
    /// At a computer of it on the local network.
    Computer {
        /// `host:port`.
        address: String,
        /// Of its own key; where none is known, whoever answers there first is taken for it.
        pin: Option<ServerPin>,
    },
}

impl JoinAt {
    /// Where a code leads.
    pub(super) fn of_code(code: &EnrolmentCode) -> Self {
        let pin = ServerPin(code.spki_pin);
        match code.server_url.strip_prefix(LAN) {
            Some(address) => Self::Computer { address: address.to_owned(), pin: Some(pin) },
            None => Self::Server(Server { url: code.server_url.clone(), pin }),
        }
    }

    /// A computer at `host:port`, as somebody typed it; `None` for what is no such address.
    pub(super) fn of_typed(typed: &str) -> Option<Self> {
        let address = typed.trim();
        let is_place =
            ServerAddress::new(&format!("https://{address}"), ServerPin([0; 32])).is_ok();
        let ends_in_port = address.rsplit_once(':').is_some_and(|(_, port)| {
            !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit())
        });
        let is_it = is_place && ends_in_port && !address.ends_with('/');
        is_it.then(|| Self::Computer { address: address.to_owned(), pin: None })
    }

    /// The way there, for one that is of no clinic yet; nothing is sent. To a computer it shows a key
    /// that is made for this way alone, until it is said who asks.
    ///
    /// # Errors
    /// [`Failure`] when there is no way.
    pub(super) fn connect<H: Host>(&self, host: &H) -> Result<Box<dyn Carrier>, Failure> {
        match self {
            Self::Server(server) => host.connect(&server.url, server.pin),
            Self::Computer { address, pin } => {
                let signer = InviteSigner(UserKeys::make(&mut HostEntropy(host)));
                host.connect_door(address, *pin, Arc::new(signer))
            }
        }
    }

    /// Where it is kept. A server is the one this computer exchanges with from then on.
    pub(super) fn row(&self) -> NamedRow {
        match self {
            Self::Server(server) => server.row(),
            Self::Computer { address, pin } => {
                let pin = pin.map(|pin| pin.to_string()).unwrap_or_default();
                let text = format!("{LAN}{address}#{pin}");
                NamedRow { name: names::JOIN_AT.to_owned(), bytes: text.into_bytes() }
            }
        }
    }

    /// Where this computer joins, or joined.
    ///
    /// # Errors
    /// `invalid` where nothing is known of that; the store's.
    pub(super) fn kept<H: Host>(session: &Session<'_, H>) -> Result<Self, ApiError> {
        if let Some(server) = own_server(session)? {
            return Ok(Self::Server(server));
        }
        let kept = session.open.store.named(names::JOIN_AT).told()?;
        let read = kept.and_then(|bytes| read(str::from_utf8(&bytes).ok()?));
        read.map_or_else(|| need_server(session).map(Self::Server), Ok)
    }
}

/// The key of the computer that let this one in, where one did and no server.
///
/// # Errors
/// The store's.
pub(super) fn let_in_by<H: Host>(session: &Session<'_, H>) -> Result<Option<ServerPin>, ApiError> {
    let kept = session.open.store.named(names::JOIN_AT).told()?;
    Ok(match kept.and_then(|bytes| read(str::from_utf8(&bytes).ok()?)) {
        Some(JoinAt::Computer { pin, .. }) => pin,
        Some(JoinAt::Server(_)) | None => None,
    })
}

fn read(text: &str) -> Option<JoinAt> {
    let (address, pin) = text.strip_prefix(LAN)?.rsplit_once('#')?;
    Some(JoinAt::Computer { address: address.to_owned(), pin: ServerPin::from_hex(pin) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_computer_is_typed_as_its_host_and_port() {
        let check = |typed: &str, expected: Option<&str>| {
            let expected =
                expected.map(|address| JoinAt::Computer { address: address.to_owned(), pin: None });
            assert_eq!(JoinAt::of_typed(typed), expected, "{typed}");
        };
        check(" 192.168.1.7:7444 ", Some("192.168.1.7:7444"));
        check("[fd00::2]:7444", Some("[fd00::2]:7444"));
        check("ward.local:7444", Some("ward.local:7444"));
        for wrong in
            ["", "ward", "[fd00::2]", "https://ward:1", "ward:0", "ward:x", "ward:1/", "a@b:1"]
        {
            check(wrong, None);
        }
    }

    #[test]
    fn where_a_joining_goes_is_kept() {
        let pin = Some(ServerPin([7; 32]));
        let at = JoinAt::Computer { address: "[fd00::2]:7444".to_owned(), pin };
        assert_eq!(read(&String::from_utf8(at.row().bytes).unwrap()), Some(at));
    }
}
