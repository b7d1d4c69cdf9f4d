//! The server's identity: one key and a certificate over it, made at the first start and kept.
//!
//! Devices know the server by the SHA-256 of its SubjectPublicKeyInfo (the pin). A damaged
//! identity is an error and never replaced: every enrolled device would turn away.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rcgen::{CertificateParams, DnType, KeyPair};
use rustls::ServerConfig;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ParsedCertificate;
use rustls::version::TLS13;
use sha2::{Digest, Sha256};
use sync::ids::ServerPin;
use thiserror::Error;

use crate::data_dir::DataDir;

/// What the server proves itself with.
#[derive(Clone, Debug)]
pub(crate) struct Identity {
    /// The TLS 1.3 settings, over the ring provider, for HTTP/1.1.
    pub(crate) tls: Arc<ServerConfig>,
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub(crate) pin: ServerPin,
    /// A secret that all servers with this key have, and nobody else.
    pub(crate) shared_secret: [u8; 32],
}

/// Why there is no identity.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// The file cannot be read or written.
    #[error("the server's key file cannot be used")]
    File(#[from] io::Error),
    /// No key could be made.
    #[error("no key could be made for the server")]
    Make(#[from] rcgen::Error),
    /// The file is there and is no key with its certificate. It is left as it is.
    #[error("the server's key file {FILE} is damaged; put it back from a copy")]
    Damaged,
    /// The file named for the certificate of the proxy has none.
    #[error(
        "{path} has no certificate in PEM; name the one that the proxy shows with --proxy-cert"
    )]
    Proxy {
        /// The file.
        path: PathBuf,
    },
    /// There is a log and no key: every enrolled device would turn away from a new one.
    #[error("the server's key file {FILE} is missing beside its log; put it back from a copy")]
    Missing,
}

/// Its name in the data folder.
pub(crate) const FILE: &str = "identity.pem";

/// Reads the identity in the folder, or makes it where there is none and `first_start`. Warns where
/// others than its owner may read it.
///
/// # Errors
/// [`IdentityError`].
pub(crate) fn load_or_make(data: &DataDir, first_start: bool) -> Result<Identity, IdentityError> {
    match fs::read(data.file(FILE)) {
        Ok(pem) => {
            warn_of_readers(&data.file(FILE));
            read(&pem)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            if !first_start {
                return Err(IdentityError::Missing);
            }
            let pem = make()?;
            data.write_new(FILE, pem.as_bytes())?;
            read(pem.as_bytes())
        }
        Err(error) => Err(error.into()),
    }
}

/// The pin of the first certificate in a file: of a chain it is the one that is shown for oneself.
///
/// # Errors
/// [`IdentityError::Proxy`].
pub(crate) fn pin_in(path: &Path) -> Result<ServerPin, IdentityError> {
    let none = || IdentityError::Proxy { path: path.to_owned() };
    let certificate = CertificateDer::from_pem_file(path).map_err(|_| none())?;
    pin_of(&certificate).map_err(|_| none())
}

/// Whoever reads the key can stand in for the server.
fn warn_of_readers(path: &Path) {
    if let Some(warning) = fs::metadata(path).ok().and_then(|it| others_may(path, &it)) {
        tracing::warn!("{warning}");
    }
}

/// What is to be said of a key that others of this computer may read or change.
#[cfg(unix)]
fn others_may(path: &Path, metadata: &fs::Metadata) -> Option<String> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = metadata.permissions().mode() & 0o777;
    (mode & 0o077 != 0).then(|| {
        let path = path.display();
        format!(
            "{path} is open to other users of this computer (mode {mode:o}), and who has it can stand in for \
             this server: take it from them with `chmod 600 {path}`"
        )
    })
}

#[cfg(not(unix))]
fn others_may(_path: &Path, _metadata: &fs::Metadata) -> Option<String> {
    None
}

fn make() -> Result<String, rcgen::Error> {
    let key = KeyPair::generate()?;
    let mut params = CertificateParams::new(["localhost".to_owned(), "127.0.0.1".to_owned()])?;
    params.distinguished_name.push(DnType::CommonName, "Fieldchart sync server");
    let certificate = params.self_signed(&key)?;
    Ok(format!("{}{}", key.serialize_pem(), certificate.pem()))
}

fn read(pem: &[u8]) -> Result<Identity, IdentityError> {
    let key = PrivateKeyDer::from_pem_slice(pem).map_err(|_| IdentityError::Damaged)?;
    let certificate = CertificateDer::from_pem_slice(pem).map_err(|_| IdentityError::Damaged)?;
    let pin = pin_of(&certificate)?;
    let shared_secret = shared_secret(&key);
    let tls = server_config(certificate, key).map_err(|_| IdentityError::Damaged)?;
    Ok(Identity { tls: Arc::new(tls), pin, shared_secret })
}

fn shared_secret(key: &PrivateKeyDer<'_>) -> [u8; 32] {
    let mut digest = Sha256::new();
    digest.update(b"fieldchart-sync challenge secret v1");
    digest.update(key.secret_der());
    digest.finalize().into()
}

fn pin_of(certificate: &CertificateDer<'_>) -> Result<ServerPin, IdentityError> {
    let parsed = ParsedCertificate::try_from(certificate).map_err(|_| IdentityError::Damaged)?;
    Ok(ServerPin(Sha256::digest(parsed.subject_public_key_info()).into()))
}

/// Fails when the key is not the certificate's.
fn server_config(
    certificate: CertificateDer<'static>,
    key: PrivateKeyDer<'static>,
) -> Result<ServerConfig, rustls::Error> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_protocol_versions(&[&TLS13])?
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(config)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder() -> (tempfile::TempDir, DataDir) {
        let folder = tempfile::tempdir().unwrap();
        let data = DataDir::hold(folder.path()).unwrap();
        (folder, data)
    }

    #[test]
    fn the_pin_stays() {
        let (_first_folder, data) = folder();
        let made = load_or_make(&data, true).unwrap();
        assert_eq!(load_or_make(&data, true).unwrap().pin, made.pin);
        let (_second_folder, other) = folder();
        assert_ne!(load_or_make(&other, true).unwrap().pin, made.pin);
    }

    #[test]
    fn a_proxys_pin_is_that_of_the_first_certificate() {
        let (folder, data) = folder();
        let own = load_or_make(&data, true).unwrap().pin;
        assert_eq!(pin_in(&data.file(FILE)).unwrap(), own);
        let chain = folder.path().join("chain.pem");
        let (first, rest) = (make().unwrap(), fs::read_to_string(data.file(FILE)).unwrap());
        fs::write(&chain, format!("{first}{rest}")).unwrap();
        assert_eq!(pin_in(&chain).unwrap(), read(first.as_bytes()).unwrap().pin);
        for none in ["", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"] {
            fs::write(&chain, none).unwrap();
            assert!(matches!(pin_in(&chain), Err(IdentityError::Proxy { .. })), "{none}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_may_read_is_told() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_folder, data) = folder();
        load_or_make(&data, true).unwrap();
        let path = data.file(FILE);
        for (mode, told) in [(0o600, false), (0o400, false), (0o640, true), (0o644, true)] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let warning = others_may(&path, &fs::metadata(&path).unwrap());
            assert_eq!(warning.is_some(), told, "{mode:o}: {warning:?}");
            let words = warning.unwrap_or_default();
            assert!(!told || words.contains("chmod 600"), "{words}");
        }
    }

    #[test]
    fn a_log_without_its_key_gets_no_other() {
        let (_folder, data) = folder();
        assert!(matches!(load_or_make(&data, false), Err(IdentityError::Missing)));
        let made = load_or_make(&data, true).unwrap();
        assert_eq!(load_or_make(&data, false).unwrap().pin, made.pin);
    }

    #[test]
    fn a_damaged_identity_is_told_and_left_alone() {
        let (_folder, data) = folder();
        load_or_make(&data, true).unwrap();
        let whole = fs::read_to_string(data.file(FILE)).unwrap();
        let other = make().unwrap();
        let parts = |pem: &str| {
            let (key, certificate) = pem.split_at(pem.find("-----BEGIN CERTIFICATE").unwrap());
            (key.to_owned(), certificate.to_owned())
        };
        let ((key, certificate), (_, other)) = (parts(&whole), parts(&other));
        for damaged in [
            String::new(),
            "not a key".to_owned(),
            key.clone(),
            certificate.clone(),
            whole.replace("END CERTIFICATE", "END"),
            certificate.replace('M', "N") + &key,
            format!("{key}{other}"),
        ] {
            fs::write(data.file(FILE), &damaged).unwrap();
            assert!(matches!(load_or_make(&data, true), Err(IdentityError::Damaged)), "{damaged}");
            assert_eq!(fs::read_to_string(data.file(FILE)).unwrap(), damaged);
        }
    }
}
