//! What may stand between the server and who asks: a proxy that ends TLS, or a balancer that forwards
//! connections as they are.

use std::fmt;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::Args;

/// Who connects in the place of those who ask.
#[derive(Clone, Debug, Default, Args)]
pub struct Front {
    /// Speaks HTTP without TLS, to a proxy on this computer that ends TLS and says in
    /// X-Forwarded-For who asks; at 127.0.0.1:PORT or unix:PATH, in the place of --listen.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "listen")]
    pub behind_proxy: Option<Place>,
    /// PEM of the certificate that the proxy shows: computers know the server by its key. Without
    /// it the proxy shows the certificate and the key of identity.pem.
    #[arg(long, value_name = "FILE", requires = "behind_proxy", conflicts_with = "listen")]
    pub proxy_cert: Option<PathBuf>,
    /// Lets the proxy be on another computer. Whoever reaches the address reads the tokens that
    /// pass there, and asks in anybody's name: for a network that is only the proxy's and the
    /// server's.
    #[arg(long, requires = "behind_proxy", conflicts_with = "listen")]
    pub plain_on_network: bool,
    /// Addresses of balancers that forward TCP, as 10.0.0.7 or 10.0.0.0/24: each connection from
    /// there begins with the PROXY protocol, version 1 or 2, and counts as of whom it names.
    #[arg(long, value_name = "ADDRESS", value_delimiter = ',', conflicts_with = "behind_proxy")]
    pub balancer: Vec<Subnet>,
}

impl Front {
    /// Whether it would speak without TLS where others than this computer listen, untold.
    pub(crate) fn is_open(&self) -> bool {
        match &self.behind_proxy {
            Some(Place::Tcp(address)) => !address.ip().is_loopback() && !self.plain_on_network,
            Some(Place::Unix(_)) | None => false,
        }
    }
}

/// Where a server listens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Place {
    /// At an address.
    Tcp(SocketAddr),
    /// At a socket in the file system.
    Unix(PathBuf),
}

impl FromStr for Place {
    type Err = String;

    /// # Errors
    /// The forms that would do.
    fn from_str(text: &str) -> Result<Self, String> {
        let path = text.strip_prefix("unix:").filter(|path| cfg!(unix) && !path.is_empty());
        if let Some(path) = path {
            return Ok(Self::Unix(Path::new(path).to_owned()));
        }
        let told =
            "it needs an address in numbers and a port, as 127.0.0.1:7080, or unix: and a path";
        text.parse().map(Self::Tcp).map_err(|_| told.to_owned())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => write!(f, "{address}"),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
        }
    }
}

/// The addresses that begin with the same bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subnet {
    first: IpAddr,
    bits: u32,
}

impl Subnet {
    /// Whether an address is among them; IPv4 in the clothes of IPv6 is IPv4.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                let differ = first.to_bits() ^ address.to_bits();
                differ.checked_shr(32_u32.saturating_sub(self.bits)).unwrap_or(0) == 0
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                let differ = first.to_bits() ^ address.to_bits();
                differ.checked_shr(128_u32.saturating_sub(self.bits)).unwrap_or(0) == 0
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for Subnet {
    type Err = String;

    /// # Errors
    /// The forms that would do.
    fn from_str(text: &str) -> Result<Self, String> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let told =
            || "it needs an address in numbers, or one with its bits, as 10.0.0.0/24".to_owned();
        let first: IpAddr = address.parse().map_err(|_| told())?;
        let all = if first.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(all), str::parse).map_err(|_| told())?;
        if bits > all { Err(told()) } else { Ok(Self { first, bits }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_an_address_or_a_path() {
        for text in ["127.0.0.1:7080", "[::1]:80", "unix:/run/sync/http.sock"] {
            assert_eq!(text.parse::<Place>().unwrap().to_string(), text);
        }
        for odd in ["", "unix:", "7080", "localhost:80", "/run/x"] {
            assert!(odd.parse::<Place>().unwrap_err().contains("127.0.0.1:7080"), "{odd}");
        }
    }

    #[test]
    fn only_this_computer_is_spoken_to_in_plain_unless_told_twice() {
        let open = |place: &str, plain_on_network| {
            let behind_proxy = Some(place.parse().unwrap());
            Front { behind_proxy, plain_on_network, ..Front::default() }.is_open()
        };
        for (place, is_open) in [
            ("127.0.0.1:7080", false),
            ("127.8.0.1:7080", false),
            ("[::1]:7080", false),
            ("unix:/run/x", false),
            ("0.0.0.0:7080", true),
            ("[::]:7080", true),
            ("192.168.1.5:7080", true),
        ] {
            assert_eq!(open(place, false), is_open, "{place}");
            assert!(!open(place, true), "{place}");
        }
        assert!(!Front::default().is_open());
    }

    #[test]
    fn a_subnet_has_the_addresses_that_begin_alike() {
        for (subnet, address, is_in) in [
            ("10.0.0.7", "10.0.0.7", true),
            ("10.0.0.7", "10.0.0.8", false),
            ("10.0.0.0/24", "10.0.0.255", true),
            ("10.0.0.0/24", "::ffff:10.0.0.9", true),
            ("10.0.0.0/24", "10.0.1.0", false),
            ("10.0.0.0/0", "192.0.2.1", true),
            ("10.0.0.0/0", "2001:db8::1", false),
            ("2001:db8::/32", "2001:db8:1::1", true),
            ("2001:db8::/32", "2001:db9::1", false),
            ("::/0", "2001:db8::1", true),
        ] {
            let found = subnet.parse::<Subnet>().unwrap().contains(address.parse().unwrap());
            assert_eq!(found, is_in, "{address} in {subnet}");
        }
        for odd in ["", "10.0.0", "10.0.0.0/33", "10.0.0.0/x", "::/129", "/8"] {
            assert!(odd.parse::<Subnet>().is_err(), "{odd}");
        }
    }
}
