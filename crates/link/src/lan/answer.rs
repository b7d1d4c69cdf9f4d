//! One request of a device, or of who is let in: which path, how long a body, and the desk's answer.

use std::convert::Infallible;
use std::net::IpAddr;
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

use super::limits::{GUEST_FRAME_BYTES_MAX, Limits, Rates};
use super::{LanAnswer, LanDesk, MEET, Standing};

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

/// Where the frames of who holds the key of an open invitation may go.
const PATHS_OF_INVITED: [&str; 2] = [path::MEMBERS, path::MEMBERS_PUSH];

/// Where a guest's frames may go.
const PATHS_OF_GUESTS: [&str; 3] = [path::INVITE_GET, path::ROOM_GET, path::ROOM_PUT];

/// What the requests of one connection are answered with.
pub(crate) struct Asked {
    pub(crate) desk: Arc<dyn LanDesk>,
    pub(crate) limits: Limits,
    pub(crate) caller: VerifyKey,
    /// What the caller was when it came in.
    pub(crate) standing: Standing,
    /// Where the caller is.
    pub(crate) from: IpAddr,
    pub(crate) rates: Arc<Rates>,
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
        let most = match self.standing {
            Standing::Device | Standing::Invited => FRAME_BYTES_MAX,
            Standing::Guest | Standing::Nobody => GUEST_FRAME_BYTES_MAX,
        };
        let frame = read_body(&self.limits, body, most).await?;
        // The desk may wait for a disk: connections must not.
        let asked = tokio::task::spawn_blocking(move || self.answer_now(path, &frame)).await;
        asked.unwrap_or(Err(RefusalCode::Unavailable))
    }

    /// Asks once more what the caller is to the clinic: it may have been revoked since it came in, or
    /// nobody is let in here any more.
    fn answer_now(&self, path: &str, frame: &[u8]) -> Answered {
        match self.desk.standing(&self.caller) {
            Standing::Device if path == MEET => {
                Ok(LanAnswer { status: StatusCode::OK.as_u16(), frame: Vec::new() })
            }
            Standing::Device if PATHS.contains(&path) => {
                Ok(self.desk.answer(&self.caller, path, frame))
            }
            Standing::Invited if PATHS_OF_INVITED.contains(&path) => {
                Ok(self.desk.answer_newcomer(&self.caller, path, frame))
            }
            Standing::Guest if PATHS_OF_GUESTS.contains(&path) => {
                self.take_rate(path)?;
                Ok(self.desk.answer_newcomer(&self.caller, path, frame))
            }
            Standing::Nobody if self.standing == Standing::Device => Err(RefusalCode::Revoked),
            Standing::Device | Standing::Invited | Standing::Guest | Standing::Nobody => {
                let is_guests = PATHS_OF_GUESTS.contains(&path);
                Err(if is_guests { RefusalCode::NotFound } else { RefusalCode::UnknownDevice })
            }
        }
    }

    /// Who guesses is slow: by its address, as whose a key is costs nothing.
    fn take_rate(&self, path: &str) -> Result<(), RefusalCode> {
        let Rates { invite, room } = self.rates.as_ref();
        let rate = if path == path::INVITE_GET { invite } else { room };
        rate.take(self.from, Instant::now().into_std()).map_err(|_wait| RefusalCode::Busy)
    }
}

type Answered = Result<LanAnswer, RefusalCode>;

/// Where a request goes.
fn place<B>(request: &Request<B>) -> Result<&'static str, RefusalCode> {
    let asked = request.uri().path();
    let mut all = PATHS.into_iter().chain(PATHS_OF_GUESTS).chain([MEET]);
    let known = all.find(|path| *path == asked);
    known.filter(|_| request.method() == Method::POST).ok_or(RefusalCode::NotFound)
}

/// Reads a body of at most so many bytes that does not come too slowly: what it holds up is bounded by
/// what has come of it.
async fn read_body<B>(limits: &Limits, mut body: B, most: usize) -> Result<BytesMut, RefusalCode>
where
    B: Body<Data = Bytes> + Unpin,
{
    let told = body.size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
    if told.is_some_and(|bytes| bytes > most) {
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
        if whole.len().saturating_add(bytes.len()) > most {
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
    let waits = [(RefusalCode::Unavailable, RETRY_AFTER_S), (RefusalCode::Busy, BUSY_S)];
    let retry_after_s = waits.iter().find(|(of, _)| *of == code).map_or(0, |(_, wait)| *wait);
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
/// The same for a guest that asked too often.
const BUSY_S: u32 = 1;

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
            let outcome = read_body(&Limits::default(), body, FRAME_BYTES_MAX).await;
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
