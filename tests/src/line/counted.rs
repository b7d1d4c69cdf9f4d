//! What TCP sends, each byte once: read from the headers of its packets (RFC 791, RFC 9293).

use std::collections::BTreeMap;

/// The number of TCP in an IPv4 header.
const TCP: u8 = 6;
/// The flag of the first packet of a connection, which takes a number and holds nothing.
const SYN: u8 = 0x02;

/// The connections that were seen.
#[derive(Debug, Default)]
pub(super) struct Counted {
    /// By the ports: the number of its next byte that was not seen yet.
    next: BTreeMap<[u8; 4], u32>,
}

impl Counted {
    /// How many bytes of a packet are new; none of one that is not TCP over IPv4, or whose connection
    /// began before anybody looked.
    pub(super) fn new_in(&mut self, packet: &[u8]) -> u64 {
        self.look(packet).map_or(0, u64::from)
    }

    fn look(&mut self, packet: &[u8]) -> Option<u32> {
        let first = packet.first()?;
        let header = usize::from(first & 0x0f) * 4;
        let total = u16::from_be_bytes(packet.get(2..4)?.try_into().ok()?);
        if first >> 4 != 4 || *packet.get(9)? != TCP {
            return None;
        }
        let tcp = packet.get(header..usize::from(total))?;
        let ports: [u8; 4] = tcp.get(..4)?.try_into().ok()?;
        let number = u32::from_be_bytes(tcp.get(4..8)?.try_into().ok()?);
        let body = tcp.get(usize::from(tcp.get(12)? >> 4) * 4..)?;
        let length = u32::try_from(body.len()).ok()?;
        if tcp.get(13)? & SYN != 0 {
            self.next.insert(ports, number.wrapping_add(1));
            return None;
        }
        let next = self.next.get_mut(&ports)?;
        let end = number.wrapping_add(length);
        // Numbers go round: what is less than half of them ahead is ahead.
        let new = end.wrapping_sub(*next);
        let is_ahead = new != 0 && new < u32::MAX / 2;
        is_ahead.then(|| {
            *next = end;
            new
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(number: u32, flags: u8, body: usize) -> Vec<u8> {
        let mut packet = vec![0; 40 + body];
        packet[0] = 0x45;
        packet[2..4].copy_from_slice(&u16::try_from(40 + body).unwrap().to_be_bytes());
        packet[9] = TCP;
        packet[20..24].copy_from_slice(&[1, 2, 3, 4]);
        packet[24..28].copy_from_slice(&number.to_be_bytes());
        packet[32] = 5 << 4;
        packet[33] = flags;
        packet
    }

    #[test]
    fn each_byte_counts_once() {
        let mut counted = Counted::default();
        let mut check = |number: u32, flags: u8, body: usize, new: u64| {
            assert_eq!(counted.new_in(&packet(number, flags, body)), new, "{number} {body}");
        };
        check(90, 0, 10, 0);
        check(u32::MAX - 9, SYN, 0, 0);
        check(u32::MAX - 8, 0, 5, 5);
        check(u32::MAX - 8, 0, 5, 0);
        check(u32::MAX - 3, 0, 10, 10);
        check(u32::MAX - 8, 0, 15, 0);
        check(6, 0, 0, 0);
        check(6, 0, 1400, 1400);
        check(7, SYN, 0, 0);
        check(8, 0, 3, 3);
    }

    #[test]
    fn what_is_no_packet_of_tcp_counts_nothing() {
        let whole = packet(5, SYN, 0);
        for length in 0..whole.len() {
            assert_eq!(Counted::default().new_in(&whole[..length]), 0, "{length}");
        }
        assert_eq!(Counted::default().new_in(&[0x60; 80]), 0);
    }
}
