//! Who is let in, and whom one believes.

use std::net::TcpListener as StdListener;

use rcgen::{CertificateParams, KeyPair, PKCS_ECDSA_P256_SHA256, PKCS_ED25519, PublicKeyData};
use rustls::client::AlwaysResolvesClientRawPublicKeys;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::ring;
use rustls::pki_types::{
    CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName, SubjectPublicKeyInfoDer,
    UnixTime,
};
use rustls::server::AlwaysResolvesServerRawPublicKeys;
use rustls::sign::CertifiedKey;
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, DigitallySignedStruct, Error, ServerConfig, SignatureScheme,
    SupportedProtocolVersion,
};
use sync::session::Failure;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::runtime::{Builder, Runtime};
use tokio_rustls::{TlsAcceptor, TlsConnector};

use super::*;
use crate::lan::trust::server_config;

/// Where a device stands in the eyes of the other.
#[derive(Clone, Copy, Debug)]
enum Standing {
    Enrolled,
    Unknown,
    Revoked,
}

/// A clinic in which `device` stands like this.
fn clinic_with(device: u8, standing: Standing) -> Arc<Clinic> {
    match standing {
        Standing::Enrolled => Clinic::of(&[device]),
        Standing::Unknown => Clinic::of(&[]),
        Standing::Revoked => {
            let clinic = Clinic::of(&[device]);
            clinic.revoke(device);
            clinic
        }
    }
}

#[test]
fn both_sides_are_enrolled_or_nothing_is_said() {
    use Standing::{Enrolled, Revoked, Unknown};
    let unknown_there = Err(refused(RefusalCode::UnknownDevice));
    let untrusted = Err(Failure::Untrusted);
    for (caller, listener, expected) in [
        (Enrolled, Enrolled, Ok(public(HERE))),
        (Unknown, Enrolled, unknown_there.clone()),
        (Revoked, Enrolled, unknown_there),
        (Enrolled, Unknown, untrusted.clone()),
        (Enrolled, Revoked, untrusted.clone()),
        (Unknown, Unknown, untrusted.clone()),
        (Revoked, Revoked, untrusted.clone()),
        (Unknown, Revoked, untrusted.clone()),
        (Revoked, Unknown, untrusted),
    ] {
        let desk = clinic_with(THERE, caller);
        let listening = listening(&desk);
        let trust = clinic_with(HERE, listener);
        let mut carrier = carrier(listening.address(), signer(THERE), &trust);
        assert_eq!(carrier.meet(), expected, "{caller:?} asks, {listener:?} answers");
        assert_eq!(desk.asked(), 0);
    }
}

/// Shows one key and signs with another.
struct Forger(u8, u8);

impl Signer for Forger {
    fn sign(&self, message: &[u8]) -> [u8; 64] {
        key(self.1).sign(message)
    }

    fn public_key(&self) -> [u8; 32] {
        key(self.0).public_key()
    }
}

#[test]
fn an_enrolled_key_that_is_only_shown_is_no_proof() {
    let clinic = Clinic::of(&[HERE, THERE]);
    let honest = listening(&clinic);
    let mut thief = carrier(honest.address(), Arc::new(Forger(THERE, 9)), &clinic);
    assert_eq!(thief.meet(), Err(Failure::Untrusted));

    let desk: Arc<dyn LanDesk> = Arc::<Clinic>::clone(&clinic);
    let thief = Arc::new(Forger(HERE, 9));
    let thief = LanListener::begin(([127, 0, 0, 1], 0).into(), thief, desk).unwrap();
    let mut honest = carrier(thief.address(), signer(THERE), &clinic);
    assert_eq!(honest.meet(), Err(Failure::Untrusted));
    assert_eq!(clinic.asked(), 0);
}

/// Believes any server: what the listener does with its clients is looked at.
#[derive(Debug)]
struct Anyone {
    raw: bool,
}

impl ServerCertVerifier for Anyone {
    fn verify_server_cert(
        &self,
        _end_entity: &CertificateDer<'_>,
        _intermediates: &[CertificateDer<'_>],
        _server_name: &ServerName<'_>,
        _ocsp_response: &[u8],
        _now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        Ok(ServerCertVerified::assertion())
    }

    fn verify_tls12_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn verify_tls13_signature(
        &self,
        _message: &[u8],
        _cert: &CertificateDer<'_>,
        _dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        Ok(HandshakeSignatureValid::assertion())
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        ring::default_provider().signature_verification_algorithms.supported_schemes()
    }

    fn requires_raw_public_keys(&self) -> bool {
        self.raw
    }
}

fn runtime() -> Runtime {
    Builder::new_current_thread().enable_all().build().unwrap()
}

fn builder(
    version: &'static SupportedProtocolVersion,
    raw: bool,
) -> rustls::ConfigBuilder<ClientConfig, rustls::client::WantsClientCert> {
    ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[version])
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(Anyone { raw }))
}

fn private(pair: &KeyPair) -> PrivateKeyDer<'static> {
    PrivatePkcs8KeyDer::from(pair.serialize_der()).into()
}

/// A key of any kind, raw.
fn raw(pair: &KeyPair) -> Arc<CertifiedKey> {
    let signing = ring::sign::any_supported_type(&private(pair)).unwrap();
    let spki = CertificateDer::from(pair.subject_public_key_info());
    Arc::new(CertifiedKey::new(vec![spki], signing))
}

fn certificate(pair: &KeyPair) -> CertificateDer<'static> {
    let params = CertificateParams::new(["desk.example".to_owned()]).unwrap();
    params.self_signed(pair).unwrap().der().clone()
}

/// The key pair of a test's device in the form of rcgen: what its certificate would be made with.
fn pair_of(device: u8) -> KeyPair {
    let seed = [
        [0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06].as_slice(),
        &[0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20],
    ];
    let der = [seed.concat(), vec![device; 32]].concat();
    let der = PrivatePkcs8KeyDer::from(der);
    KeyPair::from_pkcs8_der_and_sign_algo(&der, &PKCS_ED25519).unwrap()
}

/// What comes back of a request over a TLS client of any kind; nothing when there is no connection.
fn said_to(address: SocketAddr, config: ClientConfig) -> Vec<u8> {
    runtime().block_on(async {
        let tcp = TcpStream::connect(address).await.unwrap();
        let name = ServerName::try_from("desk.example").unwrap();
        let mut heard = Vec::new();
        if let Ok(mut stream) = TlsConnector::from(Arc::new(config)).connect(name, tcp).await {
            let request = b"POST /v1/meet HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\
                            connection: close\r\n\r\n";
            let _sent = stream.write_all(request).await;
            let _end = stream.read_to_end(&mut heard).await;
        }
        heard
    })
}

#[test]
fn other_kinds_of_client_are_let_in_no_further_than_the_handshake() {
    let desk = Clinic::of(&[HERE, THERE]);
    let listener = listening(&desk);
    let own = pair_of(THERE);
    let p256 = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let by_key = |pair: &KeyPair| {
        let resolver = AlwaysResolvesClientRawPublicKeys::new(raw(pair));
        builder(&TLS13, true).with_client_cert_resolver(Arc::new(resolver))
    };
    let by_certificate = |raw: bool| {
        let chain = vec![certificate(&own)];
        builder(&TLS13, raw).with_client_auth_cert(chain, private(&own)).unwrap()
    };
    for (who, config, let_in) in [
        // The same way with the right key gets an answer: else the others would prove nothing.
        ("the enrolled key", by_key(&own), true),
        ("a key of P-256", by_key(&p256), false),
        ("a certificate of the enrolled key", by_certificate(true), false),
        ("one that asks for a certificate too", by_certificate(false), false),
        ("no key", builder(&TLS13, true).with_no_client_auth(), false),
        ("TLS 1.2", builder(&TLS12, false).with_no_client_auth(), false),
    ] {
        let heard = said_to(listener.address(), config);
        assert_eq!(heard.starts_with(b"HTTP/1.1 200"), let_in, "{who}");
        assert_eq!(heard.is_empty(), !let_in, "{who}: {:?}", String::from_utf8_lossy(&heard));
    }
    assert_eq!(desk.asked(), 0);
}

/// Serves one TLS server of any kind for ever, and asserts that nobody says anything to it.
fn serving(config: ServerConfig) -> (SocketAddr, Runtime) {
    let listener = StdListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap();
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
    runtime.spawn(async move {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let acceptor = TlsAcceptor::from(Arc::new(config));
        loop {
            let (tcp, _) = listener.accept().await.unwrap();
            let Ok(mut stream) = acceptor.accept(tcp).await else { continue };
            let mut heard = Vec::new();
            let _end = stream.read_to_end(&mut heard).await;
            assert!(heard.is_empty(), "something was said to a stranger");
        }
    });
    (address, runtime)
}

#[test]
fn other_kinds_of_server_are_told_nothing() {
    let clinic = Clinic::of(&[HERE, THERE]);
    let own = pair_of(HERE);
    let p256 = KeyPair::generate_for(&PKCS_ECDSA_P256_SHA256).unwrap();
    let builder = || {
        ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_protocol_versions(&[&TLS13])
            .unwrap()
            .with_no_client_auth()
    };
    let by_key = |pair: &KeyPair| {
        builder().with_cert_resolver(Arc::new(AlwaysResolvesServerRawPublicKeys::new(raw(pair))))
    };
    let by_certificate = builder().with_single_cert(vec![certificate(&own)], private(&own));
    for (who, config) in [
        ("a key of P-256", by_key(&p256)),
        ("a certificate of the enrolled key", by_certificate.unwrap()),
        // It proves the enrolled key, but does not ask who comes.
        ("one that lets in anybody", by_key(&own)),
    ] {
        let (address, runtime) = serving(config);
        assert_eq!(
            carrier(address, signer(THERE), &clinic).meet(),
            Err(Failure::Untrusted),
            "{who}"
        );
        runtime.shutdown_background();
    }
}

/// A ticket would let a device in again that was revoked meanwhile.
#[test]
fn no_session_is_taken_up_again() {
    let desk: Arc<dyn LanDesk> = Clinic::of(&[HERE, THERE]);
    let config = server_config(signer(HERE), desk).unwrap();
    assert_eq!(config.send_tls13_tickets, 0);
    assert!(!config.session_storage.can_cache());
    assert!(!config.ticketer.enabled());
    let spki = SubjectPublicKeyInfoDer::from(crate::lan::identity::spki_of(&public(HERE)));
    assert_eq!(spki.as_ref(), pair_of(HERE).subject_public_key_info());
}
