//! Announcing and searching, over this computer's loopback alone.

use std::time::Instant;

use super::*;

/// A port of a test's own, so that nothing of it is heard elsewhere.
fn network() -> Network {
    let free = UdpSocket::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    Network { port: free.local_addr().unwrap().port(), loopback: true, rest: REST }
}

/// Whether `found` comes to be what is wanted; it is asked until then. Elsewhere than on Linux it is
/// not known that multicast reaches the loopback.
#[cfg(target_os = "linux")]
fn comes_to(browse: &Browse, wanted: &[SocketAddr]) -> bool {
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(60) {
        if browse.found() == wanted {
            return true;
        }
        thread::park_timeout(Duration::from_millis(20));
    }
    false
}

#[cfg(target_os = "linux")]
#[test]
fn who_is_announced_is_found_by_the_hint_until_withdrawn() {
    let network = network();
    let there = announce_on(&network, 7444, "ab12").unwrap();
    let stranger = announce_on(&network, 7445, "other").unwrap();
    let browse = browse_on(&network, "ab12").unwrap();
    // All of this process are its own; as another's it is found.
    let _was = ours().remove(&there.instance);
    assert!(comes_to(&browse, &[([127, 0, 0, 1], 7444).into()]), "{:?}", browse.found());
    drop(there);
    assert!(comes_to(&browse, &[]), "{:?}", browse.found());
    drop(stranger);
}

#[test]
fn names_are_random_and_tell_nothing() {
    let network = network();
    let [one, two] = [0, 1].map(|_| announce_on(&network, 7444, "ab12").unwrap());
    assert_ne!(one.instance, two.instance);
    for announcement in [&one, &two] {
        let name = announcement.instance.strip_suffix("._fieldchart._tcp.local.").unwrap();
        assert!(name.len() == 16 && name.bytes().all(|byte| byte.is_ascii_hexdigit()), "{name}");
        assert!(ours().contains(&announcement.instance));
    }
    let instance = one.instance.clone();
    drop(one);
    assert!(!ours().contains(&instance));
}

#[test]
fn a_hint_is_short_and_printable() {
    for bad in ["", " ", "a b", "é", "a\n", &"x".repeat(65)] {
        let told = announce_on(&network(), 7444, bad).err().unwrap();
        assert_eq!(told.kind(), io::ErrorKind::InvalidInput, "{bad}");
        assert!(browse_on(&network(), bad).is_err(), "{bad}");
    }
    check(&"x".repeat(64)).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_search_whose_daemon_ended_begins_anew() {
    let network = Network { rest: Duration::ZERO, ..network() };
    let browse = browse_on(&network, "ab12").unwrap();
    // As after too many events.
    end(&lock(&browse.search.daemon).clone());
    let there = announce_on(&network, 7444, "ab12").unwrap();
    let _was = ours().remove(&there.instance);
    assert!(comes_to(&browse, &[([127, 0, 0, 1], 7444).into()]), "{:?}", browse.found());
}

#[test]
fn a_search_ends_while_it_rests() {
    let browse = browse_on(&network(), "ab12").unwrap();
    end(&lock(&browse.search.daemon).clone());
    let begun = Instant::now();
    drop(browse);
    assert!(begun.elapsed() < REST, "it rested on");
}
