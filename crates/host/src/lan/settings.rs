//! Whether and where this computer serves the others, as its administrator set it.

use std::net::{Ipv4Addr, SocketAddr};

/// How this computer takes part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanSettings {
    /// Where it listens; port 0 is any that is free.
    pub listen: SocketAddr,
    /// Whether it tells the network that it is there, and looks for others.
    pub discovers: bool,
    /// Others that are met beside those that are found: `host:port`.
    pub peers: Vec<String>,
}

/// Peers that are named at most.
const PEERS_MAX: usize = 32;

/// What is set is no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is no address to listen at: write 0.0.0.0:7444, or off")]
pub struct NoLan(pub String);

impl LanSettings {
    /// By the environment: see [`Self::read`].
    ///
    /// # Errors
    /// [`NoLan`].
    pub fn of_environment() -> Result<Option<Self>, NoLan> {
        let set = |name: &str| std::env::var(name).ok();
        Self::read(set("FIELDCHART_LAN").as_deref(), set("FIELDCHART_PEERS").as_deref())
    }

    /// By what `FIELDCHART_LAN` and `FIELDCHART_PEERS` hold: `off` is not to take part, `HOST:PORT` is
    /// where to listen (on one computer alone, nothing is told to the network), nothing is any free
    /// port on every network; peers are written with commas between them.
    ///
    /// # Errors
    /// [`NoLan`].
    pub fn read(lan: Option<&str>, peers: Option<&str>) -> Result<Option<Self>, NoLan> {
        let listen = match lan.map(str::trim) {
            Some("off") => return Ok(None),
            None | Some("") => SocketAddr::from((Ipv4Addr::UNSPECIFIED, 0)),
            Some(text) => text.parse().map_err(|_| NoLan(text.to_owned()))?,
        };
        let named = peers.unwrap_or_default().split(',').map(str::trim);
        let peers = named.filter(|peer| !peer.is_empty()).take(PEERS_MAX).map(str::to_owned);
        let discovers = !listen.ip().is_loopback();
        Ok(Some(Self { listen, discovers, peers: peers.collect() }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_are_read() {
        let read = LanSettings::read;
        let at = |text: &str, discovers, peers: &[&str]| {
            let peers = peers.iter().map(|peer| (*peer).to_owned()).collect();
            Ok(Some(LanSettings { listen: text.parse().unwrap(), discovers, peers }))
        };
        assert_eq!(read(Some("off"), Some("a:1")), Ok(None));
        assert_eq!(read(None, None), at("0.0.0.0:0", true, &[]));
        assert_eq!(read(Some(""), Some(" a:1 ,, b:2")), at("0.0.0.0:0", true, &["a:1", "b:2"]));
        assert_eq!(read(Some("127.0.0.1:0"), None), at("127.0.0.1:0", false, &[]));
        assert_eq!(read(Some("[::]:7444"), None), at("[::]:7444", true, &[]));
        for wrong in ["on", "7444", "localhost:7444", "0.0.0.0"] {
            assert_eq!(read(Some(wrong), None), Err(NoLan(wrong.to_owned())));
        }
    }
}
