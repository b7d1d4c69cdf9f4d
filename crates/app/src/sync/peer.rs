//! Whom this computer exchanges with, and under which names what it knows of them is kept.

use sync::ids::DeviceId;

use super::{names, server::Server};

/// The other side of an exchange.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    /// The clinic's server, by its address.
    Server(String),
    /// Another computer of the clinic, over the LAN or by a file.
    Computer(DeviceId),
    /// Whoever reads a file.
    Anyone,
}

impl Peer {
    pub(super) fn server(server: &Server) -> Self {
        Self::Server(server.text())
    }

    /// Under which name the store keeps what this side holds and how far it was read.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Server(address) => address.clone(),
            Self::Computer(device) => format!("device/{device}"),
            Self::Anyone => "file".to_owned(),
        }
    }

    /// Where it is kept how far this side's table of wrapped keys was read.
    pub(super) fn keys_read(&self) -> String {
        match self {
            Self::Server(_) => names::KEYS_READ.to_owned(),
            Self::Computer(_) | Self::Anyone => format!("{}/{}", names::KEYS_READ, self.name()),
        }
    }

    /// Whether the others are told what was seen of this side's log: they read it too.
    pub(super) const fn is_server(&self) -> bool {
        matches!(self, Self::Server(_))
    }
}
