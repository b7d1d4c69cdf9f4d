//! The stream of wake-ups: server-sent events, each the head of the clinic's log.

use std::time::Duration;

use http_body_util::BodyExt;
use hyper::body::Incoming;
use tokio::time::{Instant, timeout_at};

use crate::error::{LinkError, from_body};

/// Longest line of the stream, in bytes.
const LINE_BYTES_MAX: usize = 1024;

/// Wake-ups of one clinic. When it ends, listen anew; a lost wake-up costs latency only.
#[derive(Debug)]
pub struct WakeStream {
    body: Incoming,
    lines: Lines,
    silence: Duration,
    /// When something came last. It is kept from one wait to the next: whoever waits a little at
    /// a time must notice silence too.
    heard_at: Instant,
}

impl WakeStream {
    pub(crate) fn new(body: Incoming, silence: Duration) -> Self {
        Self { body, lines: Lines::default(), silence, heard_at: Instant::now() }
    }

    /// Waits until the log has grown; answers how many envelopes it holds. Whoever stops waiting
    /// misses nothing: the next wait goes on.
    ///
    /// # Errors
    /// [`LinkError::Interrupted`] when the server ends the stream, [`LinkError::TimedOut`] when
    /// not even a sign of life comes, [`LinkError::Malformed`] for anything but wake-ups.
    pub async fn next(&mut self) -> Result<u64, LinkError> {
        loop {
            if let Some(head) = self.lines.next_head()? {
                return Ok(head);
            }
            let frame = timeout_at(self.heard_at + self.silence, self.body.frame());
            let frame = frame.await.map_err(|_| LinkError::TimedOut)?;
            let frame = frame.ok_or(LinkError::Interrupted)?.map_err(|error| from_body(&error))?;
            self.heard_at = Instant::now();
            if let Ok(bytes) = frame.into_data() {
                self.lines.push(&bytes);
            }
        }
    }
}

/// What came of the stream and is not read yet.
#[derive(Debug, Default)]
struct Lines(Vec<u8>);

impl Lines {
    fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// The number in the next `data:` line that is whole.
    fn next_head(&mut self) -> Result<Option<u64>, LinkError> {
        while let Some(end) = self.0.iter().position(|byte| *byte == b'\n') {
            let line: Vec<u8> = self.0.drain(..=end).collect();
            let line = str::from_utf8(&line).map_err(|_| LinkError::Malformed)?;
            if let Some(data) = line.trim_end().strip_prefix("data:") {
                return data.trim().parse().map(Some).map_err(|_| LinkError::Malformed);
            }
        }
        if self.0.len() > LINE_BYTES_MAX { Err(LinkError::Malformed) } else { Ok(None) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heads(pieces: &[&[u8]]) -> Result<Vec<u64>, LinkError> {
        let mut lines = Lines::default();
        let mut heads = Vec::new();
        for piece in pieces {
            lines.push(piece);
            while let Some(head) = lines.next_head()? {
                heads.push(head);
            }
        }
        Ok(heads)
    }

    #[test]
    fn heads_are_read_however_the_stream_is_cut() {
        let stream = b":\n\nevent: wake\ndata: 7\n\ndata:12\r\n\r\n: alive\n\ndata: 13\n\n";
        assert_eq!(heads(&[stream]).unwrap(), [7, 12, 13]);
        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        assert_eq!(heads(&bytes).unwrap(), [7, 12, 13]);
        assert_eq!(heads(&[b"data: 7"]).unwrap(), [0; 0]);
    }

    #[test]
    fn anything_else_is_malformed() {
        for stream in
            [b"data: x\n".to_vec(), b"data: -1\n".to_vec(), vec![0xff, b'\n'], vec![b'a'; 1025]]
        {
            assert!(matches!(heads(&[&stream]), Err(LinkError::Malformed)));
        }
    }
}
