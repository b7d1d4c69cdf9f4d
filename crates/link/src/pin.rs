//! The pin: by what a device recognises its server.
//!
//! A pin is the SHA-256 of the server's SubjectPublicKeyInfo (RFC 7469 §2.4): of the key, not of
//! the certificate, so a server may renew the certificate and stay known. It is written `sha256:`
//! and 64 lower-case hexadecimal digits.

use rustls::pki_types::CertificateDer;
use rustls::server::ParsedCertificate;
use sha2::{Digest, Sha256};
use sync::ids::ServerPin;
use thiserror::Error;

/// Why a text is no pin.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("a pin is written sha256: and 64 hexadecimal digits")]
pub struct PinError;

const PREFIX: &str = "sha256:";

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

/// The pin of a DER certificate; `None` if it is not X.509.
pub(crate) fn pin_of_certificate(certificate: &CertificateDer<'_>) -> Option<ServerPin> {
    let parsed = ParsedCertificate::try_from(certificate).ok()?;
    Some(ServerPin(Sha256::digest(parsed.subject_public_key_info()).into()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_written_is_read(bytes: [u8; 32]) {
            let text = pin_to_text(ServerPin(bytes));
            prop_assert_eq!(pin_from_text(&text), Ok(ServerPin(bytes)));
        }
    }

    #[test]
    fn other_texts_are_refused() {
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
