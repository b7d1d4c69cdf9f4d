//! The pin of a certificate: by what a device recognises its server. How it is written is in
//! [`sync::address`].

use rustls::pki_types::CertificateDer;
use rustls::server::ParsedCertificate;
use sha2::{Digest, Sha256};
use sync::ids::ServerPin;

/// The pin of a DER certificate; `None` if it is not X.509.
pub(crate) fn pin_of_certificate(certificate: &CertificateDer<'_>) -> Option<ServerPin> {
    let parsed = ParsedCertificate::try_from(certificate).ok()?;
    Some(ServerPin(Sha256::digest(parsed.subject_public_key_info()).into()))
}
