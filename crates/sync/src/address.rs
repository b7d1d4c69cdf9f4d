//! Where a server is and how it is recognised there, as people and programs write it.
//!
//! A pin is the SHA-256 of the server's SubjectPublicKeyInfo (RFC 7469 §2.4): of the key, not of
//! the certificate, so a server may renew the certificate and stay known. It is written `sha256:`
//! and 64 lower-case hexadecimal digits.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::ids::{ServerPin, VerifyKey};

/// A server's place and pin, written as one text: `https://host:port#sha256:…`. Read, too, as a
/// server announces itself: `https://host:port pin sha256:…`.
///
/// The pin rides in the fragment, which no client ever sends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress {
    authority: String,
    pin: ServerPin,
}

/// Why a text is no [`ServerAddress`].
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AddressError {
    /// No `#sha256:…` at the end: a server is never trusted unpinned.
    #[error("the address of a server ends in #sha256: and its pin")]
    Unpinned,
    /// The part after `#` is no pin.
    #[error(transparent)]
    Pin(#[from] PinError),
    /// Not `https://host` or `https://host:port`.
    #[error("the address of a server starts with https://, a host and a port, and has no path")]
    Place,
}

/// Why a text is no pin.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a pin is written sha256: and 64 hexadecimal digits")]
pub struct PinError;

const SCHEME: &str = "https://";
const PREFIX: &str = "sha256:";
/// Longest authority, in bytes: a name of the DNS has 253, a port and its colon 6.
const AUTHORITY_BYTES_MAX: usize = 259;

impl ServerAddress {
    /// The server at `url` (`https://host:port`) that holds the key with this pin.
    ///
    /// # Errors
    /// [`AddressError::Place`] for another scheme, a path, a query or credentials.
    pub fn new(url: &str, pin: ServerPin) -> Result<Self, AddressError> {
        let (scheme, rest) = url.split_at_checked(SCHEME.len()).ok_or(AddressError::Place)?;
        let authority = rest.strip_suffix('/').unwrap_or(rest).to_ascii_lowercase();
        let is_place = scheme.eq_ignore_ascii_case(SCHEME) && is_authority(&authority);
        if is_place { Ok(Self { authority, pin }) } else { Err(AddressError::Place) }
    }

    /// The address without the pin: `https://host:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("{SCHEME}{}", self.authority)
    }

    /// How the server is recognised.
    #[must_use]
    pub const fn pin(&self) -> ServerPin {
        self.pin
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{SCHEME}{}#{}", self.authority, pin_to_text(self.pin))
    }
}

impl FromStr for ServerAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let text = text.trim();
        let parts = text.split_once('#').or_else(|| text.split_once(" pin "));
        let (url, pin) = parts.ok_or(AddressError::Unpinned)?;
        Self::new(url, pin_from_text(pin)?)
    }
}

/// What stands before the 32 bytes of an Ed25519 key in its SubjectPublicKeyInfo (RFC 8410 §4).
pub const SPKI_PREFIX: [u8; 12] =
    [0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0x00];

/// The pin of a computer that shows its own key, as one does that serves the local network.
#[must_use]
pub fn pin_of_key(key: &VerifyKey) -> ServerPin {
    ServerPin(Sha256::new().chain_update(SPKI_PREFIX).chain_update(key.0).finalize().into())
}

/// The pin as people and programs write it: `sha256:…`.
#[must_use]
pub fn pin_to_text(pin: ServerPin) -> String {
    format!("{PREFIX}{pin}")
}

/// Reads what [`pin_to_text`] writes; upper-case digits are taken too.
///
/// # Errors
/// [`PinError`] for anything else.
pub fn pin_from_text(text: &str) -> Result<ServerPin, PinError> {
    text.strip_prefix(PREFIX).and_then(ServerPin::from_hex).ok_or(PinError)
}

/// Whether a text is a host, a host and a port, or an address of IPv6 in brackets with or
/// without a port.
fn is_authority(text: &str) -> bool {
    let (host, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, port)) => (address.parse::<std::net::Ipv6Addr>().is_ok(), port),
        None => {
            let end = text.find(':').unwrap_or(text.len());
            let (host, port) = text.split_at(end);
            (is_host(host), port)
        }
    };
    let port = port.is_empty() || port.strip_prefix(':').is_some_and(is_port);
    host && port && text.len() <= AUTHORITY_BYTES_MAX
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
        && text.parse::<u16>().is_ok_and(|port| port != 0)
}

fn is_host(text: &str) -> bool {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    !text.is_empty() && text.bytes().all(plain)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const PIN: &str = "sha256:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    #[test]
    fn an_address_is_read_and_written() {
        for (text, url) in [
            ("https://127.0.0.1:8443", "https://127.0.0.1:8443"),
            ("HTTPS://Clinic.Example/", "https://clinic.example"),
            ("https://sync_1.clinic-2.example:65535", "https://sync_1.clinic-2.example:65535"),
            ("https://[::1]:9", "https://[::1]:9"),
            ("https://[2001:DB8::1]", "https://[2001:db8::1]"),
        ] {
            let address: ServerAddress = format!("{text}#{PIN}").parse().unwrap();
            assert_eq!(format!(" {text} pin {PIN}\n").parse().as_ref(), Ok(&address));
            assert_eq!(address.url(), url);
            assert_eq!(pin_to_text(address.pin()), PIN);
            assert_eq!(address.to_string().parse(), Ok(address));
        }
    }

    #[test]
    fn other_texts_are_refused() {
        let long = "a".repeat(AUTHORITY_BYTES_MAX + 1);
        for (text, error) in [
            ("https://a:1".to_owned(), AddressError::Unpinned),
            ("https://a:1#sha256:00".to_owned(), AddressError::Pin(PinError)),
            (format!("http://a:1#{PIN}"), AddressError::Place),
            (format!("a:1#{PIN}"), AddressError::Place),
            (format!("https://#{PIN}"), AddressError::Place),
            (format!("https:/é/a#{PIN}"), AddressError::Place),
            (format!("https://{long}#{PIN}"), AddressError::Place),
            (format!("https://a:0#{PIN}"), AddressError::Place),
            (format!("https://a:+1#{PIN}"), AddressError::Place),
            (format!("https://a:65536#{PIN}"), AddressError::Place),
            (format!("https://a:#{PIN}"), AddressError::Place),
            (format!("https://:1#{PIN}"), AddressError::Place),
            (format!("https://a:1:2#{PIN}"), AddressError::Place),
            (format!("https://[::1#{PIN}"), AddressError::Place),
            (format!("https://[a]:1#{PIN}"), AddressError::Place),
            (format!("https://[::1]1#{PIN}"), AddressError::Place),
            (format!("https://a b#{PIN}"), AddressError::Place),
            (format!("https://clinique-é.example#{PIN}"), AddressError::Place),
            (format!("https://a:1//#{PIN}"), AddressError::Place),
            (format!("https://a:1/v1#{PIN}"), AddressError::Place),
            (format!("https://a:1?x#{PIN}"), AddressError::Place),
            (format!("https://me:secret@a:1#{PIN}"), AddressError::Place),
            (format!("#{PIN}"), AddressError::Place),
        ] {
            assert_eq!(text.parse::<ServerAddress>(), Err(error), "{text}");
        }
    }

    proptest! {
        #[test]
        fn a_pin_that_is_written_is_read(bytes: [u8; 32]) {
            let text = pin_to_text(ServerPin(bytes));
            prop_assert_eq!(pin_from_text(&text), Ok(ServerPin(bytes)));
        }
    }

    #[test]
    fn other_texts_are_no_pin() {
        let digits = "0".repeat(64);
        for text in [
            String::new(),
            digits.clone(),
            format!("sha1:{digits}"),
            format!("sha256:{digits}0"),
            format!("sha256:{}", "0".repeat(63)),
            format!("sha256:{}g", "0".repeat(63)),
            format!("sha256:{}é", "0".repeat(62)),
        ] {
            assert_eq!(pin_from_text(&text), Err(PinError), "{text}");
        }
    }
}
