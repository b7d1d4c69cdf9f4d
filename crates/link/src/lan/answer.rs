//! One request of an enrolled device: which path, how long a body, and the desk's answer.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Incoming};
use hyper::header::{CONNECTION, CONTENT_TYPE, HeaderValue, RETRY_AFTER};
use hyper::{Method, Request, Response, StatusCode};
use sync::ids::VerifyKey;
use sync::limits::FRAME_BYTES_MAX;
use sync::wire::{Frame, Refusal, RefusalCode, path};
use tokio::time::{Instant, timeout_at};

use super::limits::Limits;
use super::{LanAnswer, LanDesk, MEET};

/// Where a device's frames may go.
const PATHS: [&str; 9] = [
    path::HELLO,
    path::PUSH,
    path::PULL,
    path::KEYS,
    path::MEMBERS,
    path::MEMBERS_PUSH,
    path::BLOBS,
    path::BLOB_PART,
    path::LANE,
];

/// What the requests of one connection are answered with.
pub(crate) struct Asked {
    pub(crate) desk: Arc<dyn LanDesk>,
    pub(crate) limits: Limits,
    pub(crate) caller: VerifyKey,
}

impl Asked {
    /// Answers, or refuses in the protocol's own words.
    pub(crate) async fn answer(
        self: Arc<Self>,
        request: Request<Incoming>,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let answered = match place(&request) {
            Ok(path) => self.ask(path, request.into_body()).await,
            Err(code) => Err(code),
        };
        Ok(answered.map_or_else(refused, framed))
    }

    async fn ask(self: Arc<Self>, path: &'static str, body: Incoming) -> Answered {
        let frame = read_body(&self.limits, body).await?;
        // The desk may wait for a disk: connections must not.
        let asked = tokio::task::spawn_blocking(move || self.answer_now(path, &frame)).await;
        asked.unwrap_or(Err(RefusalCode::Unavailable))
    }

    /// Asks once more whether the caller belongs to the clinic: it may have been revoked since it
    /// came in.
    fn answer_now(&self, path: &str, frame: &[u8]) -> Answered {
        if !self.desk.is_enrolled(&self.caller) {
            return Err(RefusalCode::Revoked);
        }
        if path == MEET {
            return Ok(LanAnswer { status: StatusCode::OK.as_u16(), frame: Vec::new() });
        }
        Ok(self.desk.answer(&self.caller, path, frame))
    }
}

type Answered = Result<LanAnswer, RefusalCode>;

/// Where a request goes.
fn place<B>(request: &Request<B>) -> Result<&'static str, RefusalCode> {
    let asked = request.uri().path();
    let known = PATHS.into_iter().chain([MEET]).find(|path| *path == asked);
    known.filter(|_| request.method() == Method::POST).ok_or(RefusalCode::NotFound)
}

/// Reads a body of at most [`FRAME_BYTES_MAX`] that does not come too slowly: what it holds up is
/// bounded by what has come of it.
async fn read_body<B>(limits: &Limits, mut body: B) -> Result<BytesMut, RefusalCode>
where
    B: Body<Data = Bytes> + Unpin,
{
    let told = body.size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
    if told.is_some_and(|bytes| bytes > FRAME_BYTES_MAX) {
        return Err(RefusalCode::TooLarge);
    }
    let begun = Instant::now();
    let mut whole = BytesMut::new();
    loop {
        let patience = begun + limits.body_time(whole.len());
        // A body that stops or ends early is no frame; who sent it is hardly there to read this.
        let next = timeout_at(patience, body.frame()).await.map_err(|_| RefusalCode::Malformed)?;
        let Some(frame) = next else { return Ok(whole) };
        let frame = frame.map_err(|_| RefusalCode::Malformed)?;
        let Ok(bytes) = frame.into_data() else { continue };
        if whole.len().saturating_add(bytes.len()) > FRAME_BYTES_MAX {
            return Err(RefusalCode::TooLarge);
        }
        whole.extend_from_slice(&bytes);
    }
}

fn framed(answer: LanAnswer) -> Response<Full<Bytes>> {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let mut response = Response::new(Full::new(answer.frame.into()));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(path::CONTENT_TYPE));
    response
}

/// After a refusal the connection ends: what is left of the body is not waited for, and who was
/// revoked is gone.
fn refused(code: RefusalCode) -> Response<Full<Bytes>> {
    let retry_after_s = if code == RefusalCode::Unavailable { RETRY_AFTER_S } else { 0 };
    let refusal = Refusal { code, retry_after_s };
    let mut response = framed(LanAnswer { status: code.http_status(), frame: refusal.to_frame() });
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    if retry_after_s > 0 {
        response.headers_mut().insert(RETRY_AFTER, retry_after_s.into());
    }
    response
}

/// When to ask again a desk that could not answer.
const RETRY_AFTER_S: u32 = 10;

#[cfg(test)]
mod tests {
    use std::pin::Pin;
    use std::task::{Context, Poll, ready};
    use std::time::Duration;

    use hyper::body::Frame as Piece;
    use tokio::time::{Sleep, sleep};

    use super::*;

    /// A body of so many pieces of `len` bytes, `every` apart.
    struct Dripping {
        left: usize,
        len: usize,
        every: Duration,
        next: Pin<Box<Sleep>>,
    }

    impl Body for Dripping {
        type Data = Bytes;
        type Error = Infallible;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            context: &mut Context<'_>,
        ) -> Poll<Option<Result<Piece<Bytes>, Infallible>>> {
            if self.left == 0 {
                return Poll::Ready(None);
            }
            ready!(self.next.as_mut().poll(context));
            self.next = Box::pin(sleep(self.every));
            self.left -= 1;
            Poll::Ready(Some(Ok(Piece::data(vec![0; self.len].into()))))
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_is_waited_for_by_what_comes_of_it() {
        // Whether it is read, and after how many seconds that is known.
        let check = async |left, len, every: u64, read, seconds: std::ops::Range<u64>| {
            let every = Duration::from_secs(every);
            let begun = Instant::now();
            let body = Dripping { left, len, every, next: Box::pin(sleep(every)) };
            let outcome = read_body(&Limits::default(), body).await;
            assert_eq!(outcome.map(|whole| whole.len()), read, "{left} of {len} each {every:?}");
            let taken = begun.elapsed().as_secs();
            assert!(seconds.contains(&taken), "{left} of {len} each {every:?}: {taken} s");
        };
        let (slow, long) = (Err(RefusalCode::Malformed), Err(RefusalCode::TooLarge));
        check(1024, 1024, 12, slow, 20..30).await;
        check(100_000, 1, 1, slow, 20..21).await;
        check(2, 1, 25, slow, 20..21).await;
        // 1 MiB at 64 kbit/s, and at half of that.
        check(128, 8192, 1, Ok(FRAME_BYTES_MAX), 128..129).await;
        check(128, 8192, 2, slow, 20..90).await;
        check(129, 8192, 1, long, 128..130).await;
        check(1, 64, 5, Ok(64), 5..6).await;
        check(0, 0, 1, Ok(0), 0..1).await;
    }
}
