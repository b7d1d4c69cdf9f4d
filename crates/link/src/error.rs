//! What can go wrong on the way to a server.

use std::error::Error as StdError;
use std::io;
use std::iter::successors;

use rustls::AlertDescription;
use sync::ids::ServerPin;
use sync::wire::{Refusal, RefusalCode};
use thiserror::Error;

/// Why an exchange with a server did not happen. Every exchange may be tried again: requests that
/// write are idempotent.
#[derive(Debug, Error)]
pub enum LinkError {
    /// No connection: no network, no such host, nobody listening.
    #[error("the server cannot be reached")]
    Unreachable,
    /// Somebody answers there who holds another key: another server, or one in between.
    #[error("the server holds another key than the one this clinic enrolled")]
    PinMismatch {
        /// The key that was shown.
        found: ServerPin,
    },
    /// Whoever answers, a desktop, says in the handshake that this device is not of its clinic.
    #[error("the other computer does not know this one")]
    NotEnrolled,
    /// Whoever answers does not speak TLS 1.3.
    #[error("the server does not speak TLS 1.3")]
    Tls,
    /// The connection ended before the whole reply had come.
    #[error("the connection to the server was lost")]
    Interrupted,
    /// Somebody is there who says nothing, next to nothing, or does not come to an end.
    #[error("the server does not answer")]
    TimedOut,
    /// The request or the reply is longer than the protocol allows.
    #[error("what is sent or came back is longer than the protocol allows")]
    TooLarge,
    /// The reply is not of this protocol.
    #[error("the server's reply cannot be read")]
    Malformed,
    /// The reply is a frame of a later form of this protocol: who answers was renewed, and this program
    /// was not.
    #[error("the server is of a newer version than this computer's program")]
    Newer,
    /// The server refused, or a proxy before it is busy.
    #[error("{}", .0.code)]
    Refused(Refusal),
}

impl LinkError {
    /// Whether the same may well be answered when it is asked anew: a token had ended, or a connection
    /// that was kept open.
    pub(crate) fn is_passing(&self) -> bool {
        let has_ended = |refusal: &Refusal| refusal.code == RefusalCode::NotAuthenticated;
        matches!(self, Self::Interrupted) || matches!(self, Self::Refused(it) if has_ended(it))
    }
}

/// What the handshake fails with when the server shows another key.
#[derive(Debug, Error)]
#[error("the server holds the key {found}")]
pub(crate) struct OtherKey {
    pub(crate) found: ServerPin,
}

/// Reads the cause out of an error of the HTTP client. What TLS says goes before what HTTP makes of
/// it: where the other end refuses, a request is cancelled or cut as well.
pub(crate) fn from_transport(error: &(dyn StdError + 'static)) -> LinkError {
    let causes = || successors(Some(error), |cause| inner(*cause));
    let said = causes().find_map(|cause| cause.downcast_ref().map(from_tls));
    said.or_else(|| causes().find_map(cause_of)).unwrap_or(LinkError::Unreachable)
}

/// The same for an error in the midst of a reply: the server was there.
pub(crate) fn from_body(error: &(dyn StdError + 'static)) -> LinkError {
    let cause = from_transport(error);
    if matches!(cause, LinkError::Unreachable) { LinkError::Interrupted } else { cause }
}

/// An `io::Error` hides what it wraps from `source()`.
fn inner<'a>(cause: &'a (dyn StdError + 'static)) -> Option<&'a (dyn StdError + 'static)> {
    let wrapped = cause.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    wrapped.map(|error| -> &(dyn StdError + 'static) { error }).or_else(|| cause.source())
}

fn cause_of(cause: &(dyn StdError + 'static)) -> Option<LinkError> {
    if cause.is::<http_body_util::LengthLimitError>() {
        return Some(LinkError::TooLarge);
    }
    if let Some(error) = cause.downcast_ref::<hyper::Error>() {
        return from_http(error);
    }
    let error = cause.downcast_ref::<io::Error>()?;
    from_io(error)
}

fn from_tls(error: &rustls::Error) -> LinkError {
    if let rustls::Error::InvalidCertificate(rustls::CertificateError::Other(other)) = error
        && let Some(key) = other.0.downcast_ref::<OtherKey>()
    {
        return LinkError::PinMismatch { found: key.found };
    }
    if matches!(error, rustls::Error::AlertReceived(AlertDescription::AccessDenied)) {
        return LinkError::NotEnrolled;
    }
    LinkError::Tls
}

fn from_http(error: &hyper::Error) -> Option<LinkError> {
    if error.is_parse() {
        return Some(LinkError::Malformed);
    }
    if error.is_incomplete_message() || error.is_canceled() || error.is_closed() {
        return Some(LinkError::Interrupted);
    }
    None
}

fn from_io(error: &io::Error) -> Option<LinkError> {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, TimedOut, UnexpectedEof};
    let kind = error.kind();
    // Only the system and the wait for TCP say so: nobody is there.
    if kind == TimedOut {
        return Some(LinkError::Unreachable);
    }
    let lost = [ConnectionReset, ConnectionAborted, BrokenPipe, UnexpectedEof].contains(&kind);
    lost.then_some(LinkError::Interrupted)
}
