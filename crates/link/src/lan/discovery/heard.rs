//! What a search has heard: who announces the right hint, and where; within limits.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, SocketAddr};

use mdns_sd::{ResolvedService, ServiceEvent};

use super::VERSION;

/// Computers kept; a clinic has fewer on one network.
const PEERS_MAX: usize = 64;
/// Addresses kept of one computer.
const ADDRESSES_MAX: usize = 4;

/// The computers that announce one hint.
#[derive(Debug)]
pub(super) struct Heard {
    hint: String,
    /// Whether this computer's own addresses count, and only those.
    loopback: bool,
    peers: BTreeMap<String, Peer>,
    /// How often something was heard.
    times: u64,
}

/// Who announces itself, which anybody on the network can do with any hint.
#[derive(Debug)]
struct Peer {
    addresses: Vec<SocketAddr>,
    /// At which of them a computer of the clinic answered.
    proved: Option<SocketAddr>,
    /// When it was heard last.
    at: u64,
}

impl Heard {
    pub(super) fn new(hint: &str, loopback: bool) -> Self {
        Self { hint: hint.to_owned(), loopback, peers: BTreeMap::new(), times: 0 }
    }

    /// Where they are, but for the `ours`.
    pub(super) fn addresses(&self, ours: &BTreeSet<String>) -> Vec<SocketAddr> {
        let others = self.peers.iter().filter(|(instance, _)| !ours.contains(*instance));
        others.flat_map(|(_, peer)| &peer.addresses).copied().collect()
    }

    pub(super) fn hear(&mut self, event: &ServiceEvent) {
        if let ServiceEvent::ServiceResolved(service) = event {
            self.resolved(service);
        } else if let ServiceEvent::ServiceRemoved(_, instance) = event {
            let _was = self.peers.remove(&instance.to_lowercase());
        }
    }

    /// Notes that a computer of the clinic answered at an address: nobody who is heard later takes its
    /// place. One place is kept for it, whoever else announces the address.
    pub(super) fn prove(&mut self, address: SocketAddr) {
        let is_there = |peer: &&mut Peer| peer.addresses.contains(&address);
        if self.peers.values().any(|peer| peer.proved == Some(address)) {
            return;
        }
        if let Some(peer) = self.peers.values_mut().find(is_there) {
            peer.proved = Some(address);
        }
    }

    pub(super) fn forget(&mut self) {
        self.peers.clear();
    }

    fn resolved(&mut self, service: &ResolvedService) {
        let instance = service.get_fullname().to_lowercase();
        let addresses = self.addresses_in(service);
        let before = self.peers.remove(&instance);
        if addresses.is_empty() {
            return;
        }
        self.times = self.times.saturating_add(1);
        let proved = before.and_then(|peer| peer.proved).filter(|at| addresses.contains(at));
        if self.peers.len() < PEERS_MAX || self.give_way() {
            let _new = self.peers.insert(instance, Peer { addresses, proved, at: self.times });
        }
    }

    /// Gives up who was heard longest ago of those that have not proved who they are: a stranger who
    /// fills every place keeps out nobody who comes later.
    fn give_way(&mut self) -> bool {
        let unproved = self.peers.iter().filter(|(_, peer)| peer.proved.is_none());
        let last = unproved.min_by_key(|(_, peer)| peer.at).map(|(name, _)| name.clone());
        last.is_some_and(|name| self.peers.remove(&name).is_some())
    }

    /// Where a computer can be asked; nowhere if it is not of the clinic.
    fn addresses_in(&self, service: &ResolvedService) -> Vec<SocketAddr> {
        let says = |key| service.get_property_val_str(key);
        if says("v") != Some(VERSION) || says("h") != Some(&self.hint) || service.get_port() == 0 {
            return Vec::new();
        }
        let ips = service.get_addresses().iter().map(mdns_sd::ScopedIp::to_ip_addr);
        // In order: addresses of IPv4 are before those of IPv6.
        let ips: BTreeSet<IpAddr> = ips.filter(|ip| self.is_near(*ip)).collect();
        let near = ips.into_iter().take(ADDRESSES_MAX);
        near.map(|ip| SocketAddr::new(ip, service.get_port())).collect()
    }

    /// Whether an address can be one of the local network: a stranger's word must not make this
    /// computer knock at doors elsewhere, or at its own.
    fn is_near(&self, ip: IpAddr) -> bool {
        match ip.to_canonical() {
            ip if self.loopback => ip.is_loopback(),
            IpAddr::V4(ip) => ip.is_private() || ip.is_link_local(),
            // Those of one link alone need an interface besides, which an address has no room for.
            IpAddr::V6(ip) => ip.is_unique_local(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use mdns_sd::ServiceInfo;

    fn service(name: &str, ips: &str, port: u16, txt: &[(&str, &str)]) -> ServiceEvent {
        let service = "_fieldchart._tcp.local.";
        let info = ServiceInfo::new(service, name, "x.local.", ips, port, txt).unwrap();
        ServiceEvent::ServiceResolved(Box::new(info.as_resolved_service()))
    }

    fn found(heard: &Heard) -> Vec<String> {
        heard.addresses(&BTreeSet::new()).iter().map(ToString::to_string).collect()
    }

    const OURS: [(&str, &str); 2] = [("v", "1"), ("h", "ab12")];

    #[test]
    fn what_is_no_computer_of_the_clinic_is_left_out() {
        let check = |ips: &str, port: u16, txt: &[(&str, &str)], expected: &[&str]| {
            let mut heard = Heard::new("ab12", false);
            heard.hear(&service("a", ips, port, txt));
            assert_eq!(found(&heard), expected, "{ips} {port} {txt:?}");
        };
        check("192.168.1.7", 7444, &OURS, &["192.168.1.7:7444"]);
        check("fd00::7,10.0.0.7", 7444, &OURS, &["10.0.0.7:7444", "[fd00::7]:7444"]);
        check("169.254.3.4", 7444, &OURS, &["169.254.3.4:7444"]);
        check("192.168.1.7", 0, &OURS, &[]);
        check("192.168.1.7", 7444, &[("v", "2"), ("h", "ab12")], &[]);
        check("192.168.1.7", 7444, &[("v", "1"), ("h", "other")], &[]);
        check("192.168.1.7", 7444, &[("h", "ab12")], &[]);
        check("192.168.1.7", 7444, &[("v", "1")], &[]);
        check("192.168.1.7", 7444, &[], &[]);
        for far in ["127.0.0.1", "8.8.8.8", "224.0.0.251", "0.0.0.0", "255.255.255.255"] {
            check(far, 7444, &OURS, &[]);
        }
        for far in ["::1", "fe80::1", "2001:db8::1", "::ffff:127.0.0.1", "ff02::fb"] {
            check(far, 7444, &OURS, &[]);
        }
    }

    #[test]
    fn who_moves_or_goes_is_followed() {
        let mut heard = Heard::new("ab12", false);
        heard.hear(&service("a", "10.0.0.1", 1, &OURS));
        heard.hear(&service("B", "10.0.0.2", 2, &OURS));
        heard.hear(&service("a", "10.0.0.3", 3, &OURS));
        assert_eq!(found(&heard), ["10.0.0.3:3", "10.0.0.2:2"]);
        heard.hear(&service("a", "10.0.0.3", 3, &[("v", "1"), ("h", "other")]));
        assert_eq!(found(&heard), ["10.0.0.2:2"]);
        let gone = "B._fieldchart._tcp.local.".to_owned();
        heard.hear(&ServiceEvent::ServiceRemoved(String::new(), gone));
        assert_eq!(found(&heard), [""; 0]);
    }

    #[test]
    fn one_does_not_find_oneself() {
        let mut heard = Heard::new("ab12", false);
        heard.hear(&service("Me", "10.0.0.1", 1, &OURS));
        let ours = BTreeSet::from(["me._fieldchart._tcp.local.".to_owned()]);
        assert_eq!(heard.addresses(&ours), []);
        assert_eq!(found(&heard).len(), 1);
    }

    #[test]
    fn no_more_is_kept_than_a_clinic_has() {
        let mut heard = Heard::new("ab12", false);
        let many: Vec<String> = (1..=9).map(|last| format!("10.0.0.{last}")).collect();
        for peer in 0..PEERS_MAX * 2 {
            heard.hear(&service(&format!("p{peer}"), &many.join(","), 1, &OURS));
        }
        assert_eq!(found(&heard).len(), PEERS_MAX * ADDRESSES_MAX);
        // Who is known already may still move.
        heard.hear(&service("p127", "10.9.9.9", 1, &OURS));
        assert!(found(&heard).contains(&"10.9.9.9:1".to_owned()));
    }

    #[test]
    fn a_stranger_who_fills_every_place_keeps_nobody_out() {
        let mut heard = Heard::new("ab12", false);
        let flood = |heard: &mut Heard, from: usize| {
            for stranger in from..from + PEERS_MAX {
                heard.hear(&service(&format!("s{stranger}"), "10.6.6.6", 1, &OURS));
            }
        };
        let is_found = |heard: &Heard, at: &str| found(heard).contains(&at.to_owned());
        flood(&mut heard, 0);
        heard.hear(&service("a", "10.0.0.1", 1, &OURS));
        assert!(is_found(&heard, "10.0.0.1:1"), "who comes later is called");
        heard.prove("10.0.0.1:1".parse().unwrap());
        flood(&mut heard, PEERS_MAX);
        assert!(is_found(&heard, "10.0.0.1:1"), "and stays");
        heard.hear(&service("a", "10.0.0.1,10.0.0.2", 1, &OURS));
        flood(&mut heard, 0);
        assert!(is_found(&heard, "10.0.0.1:1"));
        // Who goes elsewhere has proved nothing there.
        heard.hear(&service("a", "10.0.0.3", 1, &OURS));
        flood(&mut heard, PEERS_MAX);
        assert!(!is_found(&heard, "10.0.0.3:1"));
        // Strangers who announce a proved address get one place by it.
        heard.hear(&service("b", "10.0.0.4", 1, &OURS));
        for stranger in 0..PEERS_MAX {
            heard.prove("10.0.0.4:1".parse().unwrap());
            heard.hear(&service(&format!("t{stranger}"), "10.0.0.4", 1, &OURS));
        }
        heard.hear(&service("c", "10.0.0.5", 1, &OURS));
        assert!(is_found(&heard, "10.0.0.5:1"));
    }
}
