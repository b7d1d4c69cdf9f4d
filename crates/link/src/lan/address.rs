//! Where others on the local network reach this desktop: what they type, or a code names.

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};

/// An address of documentation (RFC 5737): it is asked which way would lead there, and nothing is sent.
const ELSEWHERE: (Ipv4Addr, u16) = (Ipv4Addr::new(192, 0, 2, 1), 9);

/// Where others reach who listens at `listening`: there, or where that is every address of this
/// computer, at the one by which it would go out, else at any of a local network. `None` where it has
/// none.
#[must_use]
pub fn reachable(listening: SocketAddr) -> Option<SocketAddr> {
    if !listening.ip().is_unspecified() {
        return Some(listening);
    }
    let all = if_addrs::get_if_addrs().unwrap_or_default();
    let (made_up, real): (Vec<_>, Vec<_>) = all.iter().partition(|one| is_made_up(&one.name));
    let all: Vec<IpAddr> = real.into_iter().chain(made_up).map(if_addrs::Interface::ip).collect();
    best(way_out(), &all).map(|ip| SocketAddr::new(ip, listening.port()))
}

/// Whether a network is one of this computer alone, as virtual machines, containers and tunnels have
/// theirs, by what such networks are called.
fn is_made_up(name: &str) -> bool {
    let begins =
        ["docker", "br-", "virbr", "veth", "vmnet", "vboxnet", "vEthernet", "tun", "tap", "wg"];
    begins.iter().any(|begin| name.starts_with(begin)) || name.contains("VirtualBox")
}

/// The address by which this computer would go out.
fn way_out() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect(ELSEWHERE).ok()?;
    Some(socket.local_addr().ok()?.ip())
}

fn best(way_out: Option<IpAddr>, all: &[IpAddr]) -> Option<IpAddr> {
    let by_route = way_out.filter(|ip| all.contains(ip) && rank(ip).is_some());
    by_route.or_else(|| all.iter().copied().filter(|ip| rank(ip).is_some()).min_by_key(rank))
}

/// How well an address of a local network serves: the less the better. An address of IPv6 for one link
/// alone leads nowhere without its zone.
fn rank(ip: &IpAddr) -> Option<u8> {
    match ip {
        IpAddr::V4(ip) if ip.is_private() => Some(0),
        IpAddr::V4(ip) if ip.is_link_local() => Some(2),
        IpAddr::V6(ip) if ip.is_unique_local() => Some(1),
        IpAddr::V4(_) | IpAddr::V6(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_the_way_out_goes_before_others_of_a_local_network() {
        let check = |way_out: Option<&str>, all: &[&str], expected: Option<&str>| {
            let ip = |text: &str| text.parse::<IpAddr>().unwrap();
            let all: Vec<IpAddr> = all.iter().map(|text| ip(text)).collect();
            assert_eq!(best(way_out.map(ip), &all), expected.map(ip), "{way_out:?} of {all:?}");
        };
        let all = ["127.0.0.1", "172.17.0.1", "192.168.1.7", "fe80::1", "fd00::2"];
        check(Some("192.168.1.7"), &all, Some("192.168.1.7"));
        check(None, &all, Some("172.17.0.1"));
        check(Some("203.0.113.9"), &["203.0.113.9", "10.0.0.3"], Some("10.0.0.3"));
        check(None, &["127.0.0.1", "169.254.3.4", "fd00::2"], Some("fd00::2"));
        check(None, &["127.0.0.1", "169.254.3.4"], Some("169.254.3.4"));
        check(Some("127.0.0.1"), &["127.0.0.1", "fe80::1", "::1"], None);
    }

    #[test]
    fn networks_of_this_computer_alone_are_told_by_their_names() {
        for (name, expected) in [
            ("docker0", true),
            ("br-3f2a", true),
            ("vEthernet (WSL)", true),
            ("VirtualBox Host-Only Ethernet Adapter", true),
            ("wg0", true),
            ("eth0", false),
            ("wlp3s0", false),
            ("enp0s31f6", false),
            ("Wi-Fi", false),
        ] {
            assert_eq!(is_made_up(name), expected, "{name}");
        }
    }

    #[test]
    fn who_listens_at_one_address_is_reached_there() {
        for text in ["127.0.0.1:7444", "192.168.1.7:7444", "[fd00::2]:7444"] {
            let at: SocketAddr = text.parse().unwrap();
            assert_eq!(reachable(at), Some(at));
        }
        let port = |text: &str| reachable(text.parse().unwrap()).map(|at| at.port());
        assert!(port("0.0.0.0:7444").is_none_or(|port| port == 7444));
    }
}
