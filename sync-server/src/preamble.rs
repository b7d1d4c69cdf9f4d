//! The PROXY protocol, versions 1 and 2: with what a balancer begins a connection that it forwards,
//! to say whose it is (<https://www.haproxy.org/download/3.0/doc/proxy-protocol.txt>).

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use tokio::io::{AsyncRead, AsyncReadExt};

/// How version 2 begins; version 1 is never shorter.
const SIGNATURE: [u8; 12] = *b"\r\n\r\n\0\r\nQUIT\n";
/// Longest line of version 1, its end included.
const LINE_BYTES_MAX: usize = 107;
/// Longest rest of version 2 that is read: addresses, and what balancers add to them.
const REST_BYTES_MAX: usize = 4096;

/// Reads the preamble and nothing after it; the address it names, `None` where the balancer speaks
/// for itself or does not know.
///
/// # Errors
/// What the connection says, and [`io::ErrorKind::InvalidData`] for anything else than a preamble.
pub(crate) async fn read(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<IpAddr>> {
    let mut begun = [0; 12];
    stream.read_exact(&mut begun).await?;
    if begun == SIGNATURE {
        return read_binary(stream).await;
    }
    let mut line = begun.to_vec();
    while !line.ends_with(b"\n") {
        if line.len() >= LINE_BYTES_MAX {
            return Err(io::ErrorKind::InvalidData.into());
        }
        line.push(stream.read_u8().await?);
    }
    of_line(&line).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

/// `PROXY TCP4 192.0.2.1 192.0.2.2 50000 443`, or `PROXY UNKNOWN` and anything.
fn of_line(line: &[u8]) -> Option<Option<IpAddr>> {
    let line = std::str::from_utf8(line).ok()?.strip_suffix("\r\n")?.strip_prefix("PROXY ")?;
    let mut words = line.split(' ');
    match (words.next()?, words.next()) {
        ("TCP4", Some(from)) => from.parse::<Ipv4Addr>().ok().map(|from| Some(from.into())),
        ("TCP6", Some(from)) => from.parse::<Ipv6Addr>().ok().map(|from| Some(from.into())),
        ("UNKNOWN", _) => Some(None),
        _ => None,
    }
}

/// Version and command, family, the length of the rest, the rest.
async fn read_binary(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<IpAddr>> {
    let (command, family) = (stream.read_u8().await?, stream.read_u8().await?);
    let len = usize::from(stream.read_u16().await?);
    if len > REST_BYTES_MAX {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut rest = vec![0; len];
    stream.read_exact(&mut rest).await?;
    let from = match (command, family >> 4) {
        // The balancer asks for itself, to see whether the server is there.
        (0x20, _) => return Ok(None),
        (0x21, 1) => rest.first_chunk::<4>().map(|from| Ipv4Addr::from(*from).into()),
        (0x21, 2) => rest.first_chunk::<16>().map(|from| Ipv6Addr::from(*from).into()),
        (0x21, _) => return Ok(None),
        _ => None,
    };
    from.map(Some).ok_or_else(|| io::ErrorKind::InvalidData.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read of some bytes, and what is left of them.
    async fn told(bytes: &[u8]) -> (Result<Option<String>, io::ErrorKind>, usize) {
        let mut stream = bytes;
        let read = read(&mut stream).await;
        let read = read.map(|from| from.map(|from| from.to_string())).map_err(|it| it.kind());
        (read, stream.len())
    }

    fn binary(command: u8, family: u8, rest: &[u8]) -> Vec<u8> {
        let len = u16::try_from(rest.len()).unwrap().to_be_bytes();
        [&SIGNATURE[..], &[command, family], &len, rest].concat()
    }

    #[tokio::test]
    async fn it_names_who_is_forwarded_and_ends_where_tls_begins() {
        let v4 = [&[192, 0, 2, 1, 10, 0, 0, 1, 0xc3, 0x50, 1, 0xbb][..], &[3, 0, 1, 9]].concat();
        let v6 = [&[0x20, 1, 0xd, 0xb8][..], &[0; 32]].concat();
        for (preamble, from) in [
            (b"PROXY TCP4 192.0.2.1 10.0.0.1 50000 443\r\n".to_vec(), Some("192.0.2.1")),
            (b"PROXY TCP6 2001:db8::1 ::1 50000 443\r\n".to_vec(), Some("2001:db8::1")),
            (b"PROXY UNKNOWN\r\n".to_vec(), None),
            (b"PROXY UNKNOWN and so on\r\n".to_vec(), None),
            (binary(0x21, 0x11, &v4), Some("192.0.2.1")),
            (binary(0x21, 0x21, &v6), Some("2001:db8::")),
            (binary(0x20, 0, &[]), None),
            (binary(0x21, 0x31, &[0; 216]), None),
        ] {
            let expected = Ok(from.map(str::to_owned));
            assert_eq!(told(&[&preamble[..], b"\x16\x03\x01"].concat()).await, (expected, 3));
        }
    }

    #[tokio::test]
    async fn what_is_none_is_refused() {
        let long = [&b"PROXY UNKNOWN "[..], &[b'x'; 200]].concat();
        for odd in [
            b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\x00\n".to_vec(),
            b"GET / HTTP/1.1\r\n".to_vec(),
            b"PROXY TCP4 2001:db8::1 ::1 1 2\r\n".to_vec(),
            b"PROXY TCP4 nobody 1.1.1.1 1 2\r\n".to_vec(),
            b"PROXY UDP4 1.1.1.1 1.1.1.1 1 2\r\n".to_vec(),
            long,
            binary(0x31, 0x11, &[0; 12]),
            binary(0x21, 0x11, &[0; 3]),
            binary(0x22, 0x11, &[0; 12]),
            binary(0x21, 0x11, &[0; 5000]),
        ] {
            let (read, _) = told(&odd).await;
            assert_eq!(read, Err(io::ErrorKind::InvalidData), "{odd:?}");
        }
        for cut in [&b"PROXY"[..], b"PROXY UNKNOWN", &SIGNATURE] {
            assert_eq!(told(cut).await.0, Err(io::ErrorKind::UnexpectedEof), "{cut:?}");
        }
    }
}
