//! Where a server is and how it is recognised there.

use std::fmt;
use std::str::FromStr;

use hyper::Uri;
use sync::ids::ServerPin;
use thiserror::Error;

use crate::pin::{PinError, pin_from_text, pin_to_text};

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
#[derive(Debug, Error, PartialEq, Eq)]
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

impl ServerAddress {
    /// The server at `url` (`https://host:port`) that holds the key with this pin.
    ///
    /// # Errors
    /// [`AddressError::Place`] for another scheme, a path, a query or credentials.
    pub fn new(url: &str, pin: ServerPin) -> Result<Self, AddressError> {
        let uri: Uri = url.parse().map_err(|_| AddressError::Place)?;
        let authority = uri.authority().ok_or(AddressError::Place)?.as_str();
        let bare = uri.path() == "/" && uri.query().is_none() && !authority.contains('@');
        if uri.scheme_str() != Some("https") || !bare {
            return Err(AddressError::Place);
        }
        Ok(Self { authority: authority.to_ascii_lowercase(), pin })
    }

    /// The address without the pin: `https://host:port`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("https://{}", self.authority)
    }

    /// How the server is recognised.
    #[must_use]
    pub const fn pin(&self) -> ServerPin {
        self.pin
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "https://{}#{}", self.authority, pin_to_text(self.pin))
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

#[cfg(test)]
mod tests {
    use super::*;

    const PIN: &str = "sha256:000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    #[test]
    fn an_address_is_read_and_written() {
        for (text, url) in [
            ("https://127.0.0.1:8443", "https://127.0.0.1:8443"),
            ("https://Clinic.Example/", "https://clinic.example"),
            ("https://[::1]:9", "https://[::1]:9"),
        ] {
            let address: ServerAddress = format!("{text}#{PIN}").parse().unwrap();
            assert_eq!(format!("{text} pin {PIN}\n").parse().as_ref(), Ok(&address));
            assert_eq!(address.url(), url);
            assert_eq!(pin_to_text(address.pin()), PIN);
            assert_eq!(address.to_string().parse(), Ok(address));
        }
    }

    #[test]
    fn other_texts_are_refused() {
        for (text, error) in [
            ("https://a:1".to_owned(), AddressError::Unpinned),
            ("https://a:1#sha256:00".to_owned(), AddressError::Pin(PinError)),
            (format!("http://a:1#{PIN}"), AddressError::Place),
            (format!("a:1#{PIN}"), AddressError::Place),
            (format!("https://a:1/v1#{PIN}"), AddressError::Place),
            (format!("https://a:1?x#{PIN}"), AddressError::Place),
            (format!("https://me:secret@a:1#{PIN}"), AddressError::Place),
            (format!("#{PIN}"), AddressError::Place),
        ] {
            assert_eq!(text.parse::<ServerAddress>(), Err(error), "{text}");
        }
    }
}
