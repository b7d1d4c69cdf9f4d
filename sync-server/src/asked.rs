//! Requests as HTTP sees them: a frame, read within limits.

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Request};
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use sync::limits::FRAME_BYTES_MAX;
use sync::wire::{Frame, RefusalCode};
use tokio::time::{Instant, timeout_at};

use crate::limits::{BODY_SILENCE, body_time};
use crate::refuse::Refuse;
use crate::state::Shared;

/// The frame that is the body of a request.
pub(crate) struct Asked<T>(pub(crate) T);

impl<T: Frame> FromRequest<Shared> for Asked<T> {
    type Rejection = Refuse;

    async fn from_request(request: Request, app: &Shared) -> Result<Self, Refuse> {
        let bytes = read_body(request.into_body()).await?;
        app.metrics.body_bytes_total.add_len(bytes.len());
        T::from_frame(&bytes).map(Self).map_err(|_| RefusalCode::Malformed.into())
    }
}

/// Reads a body of at most [`FRAME_BYTES_MAX`] that keeps coming, and not too slowly: what it holds
/// up is bounded by what has come of it.
async fn read_body(mut body: Body) -> Result<BytesMut, Refuse> {
    let told = body.size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
    if told.is_some_and(|bytes| bytes > FRAME_BYTES_MAX) {
        return Err(RefusalCode::TooLarge.into());
    }
    let begun = Instant::now();
    let mut whole = BytesMut::new();
    loop {
        let Some(bytes) = next_bytes(&mut body, begun, whole.len()).await? else {
            return Ok(whole);
        };
        if whole.len().saturating_add(bytes.len()) > FRAME_BYTES_MAX {
            return Err(RefusalCode::TooLarge.into());
        }
        whole.extend_from_slice(&bytes);
    }
}

/// The next bytes of a body of which so many have come since it began; `None` at its end.
pub(crate) async fn next_bytes(
    body: &mut Body,
    begun: Instant,
    come: usize,
) -> Result<Option<Bytes>, Refuse> {
    loop {
        let patience = begun + body_time(come);
        let patience = patience.min(Instant::now() + BODY_SILENCE);
        // A body that stops or ends early is no frame; who sent it is hardly there to read this.
        let next = timeout_at(patience, body.frame()).await.map_err(|_| RefusalCode::Malformed)?;
        let Some(frame) = next else { return Ok(None) };
        let frame = frame.map_err(|_| RefusalCode::Malformed)?;
        if let Ok(bytes) = frame.into_data() {
            return Ok(Some(bytes));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::convert::Infallible;
    use std::time::Duration;
    use tokio::time::sleep;

    /// A body of `pieces` pieces of so many bytes, `every` apart.
    fn dripping(pieces: usize, len: usize, every: Duration) -> Body {
        let next = move |left: usize| async move {
            if left == 0 {
                return None;
            }
            sleep(every).await;
            Some((Ok::<_, Infallible>(Bytes::from(vec![0; len])), left - 1))
        };
        Body::from_stream(futures_util::stream::unfold(pieces, next))
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_is_waited_for_by_what_comes_of_it() {
        // Whether it is read, and after how many seconds that is known.
        let check = async |pieces, len, every: u64, read: bool, seconds: std::ops::Range<u64>| {
            let begun = Instant::now();
            let body = dripping(pieces, len, Duration::from_secs(every));
            assert_eq!(read_body(body).await.is_ok(), read, "{pieces} of {len} each {every} s");
            let taken = begun.elapsed().as_secs();
            assert!(seconds.contains(&taken), "{pieces} of {len} each {every} s: {taken} s");
        };
        // What drips is let go, however often it drips.
        check(1024, 1024, 12, false, 30..40).await;
        check(100_000, 1, 1, false, 30..31).await;
        check(2, 1, 25, false, 20..21).await;
        // 1 MiB over a line of 64 kbit/s, and over one of half as much.
        check(128, 8192, 1, true, 128..129).await;
        check(128, 8192, 2, false, 30..90).await;
        check(1, 64, 5, true, 5..6).await;
    }
}
