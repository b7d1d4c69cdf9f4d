//! TLS 1.3 between two desktops, each recognised by the key it is enrolled with. Both prove theirs;
//! who is not of the clinic is refused in the handshake.

use std::fmt;
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{AlwaysResolvesClientRawPublicKeys, Resumption};
use rustls::crypto::{CryptoProvider, ring, verify_tls13_signature_with_raw_key};
use rustls::pki_types::{CertificateDer, ServerName, SubjectPublicKeyInfoDer, UnixTime};
use rustls::server::danger::{ClientCertVerified, ClientCertVerifier};
use rustls::server::{AlwaysResolvesServerRawPublicKeys, NoServerSessionStorage};
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, DistinguishedName, Error, OtherError,
    PeerIncompatible, PeerMisbehaved, ServerConfig, SignatureScheme, version,
};
use sha2::{Digest, Sha256};
use sync::ids::{ServerPin, VerifyKey};
use sync::signing::Signer;

use super::identity::{certified_key, key_in};
use super::{LanDesk, Standing};
use crate::error::OtherKey;

/// The TLS settings of a desktop that is asked.
pub(crate) fn server_config(
    signer: Arc<dyn Signer + Send + Sync>,
    desk: Arc<dyn LanDesk>,
) -> Result<ServerConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(AskerVerifier { desk, provider: Arc::clone(&provider) });
    let shown = Arc::new(AlwaysResolvesServerRawPublicKeys::new(certified_key(signer)));
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13])?
        .with_client_cert_verifier(verifier)
        .with_cert_resolver(shown);
    // A session that is taken up again would pass by the question who is enrolled now.
    config.session_storage = Arc::new(NoServerSessionStorage {});
    config.send_tls13_tickets = 0;
    Ok(config)
}

/// The TLS settings of a desktop that asks `peer`.
pub(crate) fn client_config(
    signer: Arc<dyn Signer + Send + Sync>,
    peer: Arc<Peer>,
) -> Result<ClientConfig, Error> {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(PeerVerifier { peer, provider: Arc::clone(&provider) });
    let shown = Arc::new(AlwaysResolvesClientRawPublicKeys::new(certified_key(signer)));
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[&version::TLS13])?
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_client_cert_resolver(shown);
    config.resumption = Resumption::disabled();
    // Whom it looks for is nobody's business.
    config.enable_sni = false;
    Ok(config)
}

/// The desktop at the other end of a carrier: whoever of the clinic answers first, and from then on
/// nobody else.
pub(crate) struct Peer {
    is_enrolled: Arc<dyn Fn(&VerifyKey) -> bool + Send + Sync>,
    proved: OnceLock<VerifyKey>,
}

impl Peer {
    pub(crate) fn new(is_enrolled: Arc<dyn Fn(&VerifyKey) -> bool + Send + Sync>) -> Self {
        Self { is_enrolled, proved: OnceLock::new() }
    }

    /// Who answered, once somebody has.
    pub(crate) fn proved(&self) -> Option<VerifyKey> {
        self.proved.get().copied()
    }

    /// Whether this key may answer now.
    pub(crate) fn is_trusted(&self, key: &VerifyKey) -> bool {
        self.proved.get().is_none_or(|proved| proved == key) && (self.is_enrolled)(key)
    }

    /// Notes that the holder of `key` answered; whether nobody else did before.
    fn prove(&self, key: VerifyKey) -> bool {
        *self.proved.get_or_init(|| key) == key
    }
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Peer").field(&self.proved).finish()
    }
}

/// How a key that must not answer is told: by its digest, like a server's.
pub(crate) fn pin_of(spki: &[u8]) -> ServerPin {
    ServerPin(Sha256::digest(spki).into())
}

fn other_key(shown: &CertificateDer<'_>) -> Error {
    let other = OtherError(Arc::new(OtherKey { found: pin_of(shown) }));
    Error::InvalidCertificate(CertificateError::Other(other))
}

#[derive(Debug)]
struct PeerVerifier {
    peer: Arc<Peer>,
    provider: Arc<CryptoProvider>,
}

impl ServerCertVerifier for PeerVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        let key = shown_key(end_entity, intermediates)?;
        let trusted = self.peer.is_trusted(&key);
        if trusted { Ok(ServerCertVerified::assertion()) } else { Err(other_key(end_entity)) }
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::PeerIncompatible(PeerIncompatible::Tls12NotOffered))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        let valid = verify(message, cert, dss, &self.provider)?;
        let proved = self.peer.prove(shown_key(cert, &[])?);
        if proved { Ok(valid) } else { Err(other_key(cert)) }
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

struct AskerVerifier {
    desk: Arc<dyn LanDesk>,
    provider: Arc<CryptoProvider>,
}

impl fmt::Debug for AskerVerifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AskerVerifier")
    }
}

impl ClientCertVerifier for AskerVerifier {
    fn root_hint_subjects(&self) -> &[DistinguishedName] {
        &[]
    }

    fn verify_client_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _now: UnixTime,
    ) -> Result<ClientCertVerified, Error> {
        let key = shown_key(end_entity, intermediates)?;
        if self.desk.standing(&key) != Standing::Nobody {
            return Ok(ClientCertVerified::assertion());
        }
        // The other end hears `access_denied`.
        Err(Error::InvalidCertificate(CertificateError::ApplicationVerificationFailure))
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Err(Error::PeerIncompatible(PeerIncompatible::Tls12NotOffered))
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify(message, cert, dss, &self.provider)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        vec![SignatureScheme::ED25519]
    }

    fn requires_raw_public_keys(&self) -> bool {
        true
    }
}

/// The key that was shown: one, of Ed25519, and nothing beside it.
fn shown_key(
    end_entity: &CertificateDer<'_>,
    intermediates: &[CertificateDer<'_>],
) -> Result<VerifyKey, Error> {
    let key = key_in(end_entity).filter(|_| intermediates.is_empty());
    key.ok_or(Error::InvalidCertificate(CertificateError::BadEncoding))
}

fn verify(
    message: &[u8],
    cert: &CertificateDer<'_>,
    dss: &DigitallySignedStruct,
    provider: &CryptoProvider,
) -> Result<HandshakeSignatureValid, Error> {
    if dss.scheme != SignatureScheme::ED25519 {
        return Err(PeerMisbehaved::SignedHandshakeWithUnadvertisedSigScheme.into());
    }
    let spki = SubjectPublicKeyInfoDer::from(cert.as_ref());
    let algorithms = &provider.signature_verification_algorithms;
    verify_tls13_signature_with_raw_key(message, &spki, dss, algorithms)
}
