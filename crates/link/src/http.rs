//! One bounded HTTP/1.1 exchange over TLS. Knows nothing of the protocol inside, nor whom TLS trusts.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{AUTHORIZATION, CONTENT_TYPE, RANGE};
use hyper::http::response::Parts;
use hyper::{Method, Request, Response, StatusCode};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use sync::ids::Token;
use sync::limits::FRAME_BYTES_MAX;
use sync::wire::path;
use tokio::time::sleep;

use crate::error::{LinkError, from_body, from_transport};
use crate::traffic::{CountedConnector, PROGRESS_BYTES_MIN, Tally, Traffic};

/// How long a device waits for each step of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For TCP to connect.
    pub connect: Duration,
    /// For any stretch in which next to nothing comes or goes: the handshake, the wait for the
    /// first byte, the pauses in a reply. It is noticed within twice this time, and that in which what
    /// was asked goes out on a slow line.
    pub answer: Duration,
    /// For a whole exchange: connection, request and reply.
    pub exchange: Duration,
    /// For the next sign of life on the wake stream.
    pub silence: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(12),
            // One mebibyte each way at 64 kbit/s takes 260 s.
            exchange: Duration::from_secs(300),
            silence: Duration::from_secs(60),
        }
    }
}

/// A request of the protocol, before it has an address.
#[derive(Clone)]
pub(crate) struct Ask<'a> {
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    pub(crate) token: Option<&'a Token>,
    /// The place in what is asked for from which on it is wanted.
    pub(crate) from: u64,
    pub(crate) body: Bytes,
}

/// A reply in one piece, at most [`FRAME_BYTES_MAX`] long.
pub(crate) struct Answer {
    pub(crate) head: Parts,
    pub(crate) body: Bytes,
}

/// A reply that may go on for long.
pub(crate) enum Opened {
    /// Its body, as it comes.
    Stream(Incoming),
    /// Something else than asked for.
    Answer(Answer),
}

/// A pool of connections to one server, or one desktop.
#[derive(Clone, Debug)]
pub(crate) struct Http {
    client: Client<HttpsConnector<CountedConnector>, Full<Bytes>>,
    url: String,
    traffic: Traffic,
    tally: Tally,
    patience: Patience,
    region: Arc<Mutex<Option<String>>>,
}

/// What the system takes to send at a time: on a slow line more would look like a server that does
/// not answer, while it is still on its way out. With less, a server on the same computer gets a
/// segment of 64 KiB at a time and each waits 40 ms for an acknowledgement.
const SEND_BUFFER_BYTES: usize = 96 * 1024;

/// What the system may have taken and not sent yet: Linux doubles what it is told.
const UNSEEN_BYTES_MAX: usize = 2 * SEND_BUFFER_BYTES;

/// The slowest line that is waited for, 64 kbit/s.
const SLOWEST_BYTES_A_MS: usize = 8;

/// Kept below the time after which servers close idle connections.
const IDLE: Duration = Duration::from_secs(20);

impl Http {
    /// The way to `url` (`https://host:port`); who is trusted there, `tls` says.
    pub(crate) fn new(tls: ClientConfig, url: String, patience: Patience, tally: Tally) -> Self {
        let traffic = Traffic::default();
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(patience.connect));
        tcp.set_send_buffer_size(Some(SEND_BUFFER_BYTES));
        let tls = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_only()
            .enable_http1()
            .wrap_connector(CountedConnector::new(tcp, traffic.clone(), tally.clone()));
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE)
            .http1_max_buf_size(64 * 1024)
            .build(tls);
        Self { client, url, traffic, tally, patience, region: Arc::default() }
    }

    /// In which region the clinic is kept, as was said with a reply.
    pub(crate) fn region(&self) -> Option<String> {
        self.region.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Remembers what a reply says of that, where it can be the name of a region.
    fn heed(&self, answer: &Answer) {
        let Some(said) = answer.head.headers.get(path::REGION_HEADER) else { return };
        let is_name = |name: &&str| {
            let plain =
                |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            (1..=path::REGION_BYTES_MAX).contains(&name.len()) && name.bytes().all(plain)
        };
        if let Some(name) = said.to_str().ok().filter(is_name) {
            let mut region = self.region.lock().unwrap_or_else(PoisonError::into_inner);
            *region = Some(name.to_owned());
        }
    }

    pub(crate) const fn patience(&self) -> Patience {
        self.patience
    }

    pub(crate) const fn traffic(&self) -> &Traffic {
        &self.traffic
    }

    pub(crate) const fn tally(&self) -> &Tally {
        &self.tally
    }

    /// Asks and reads the whole reply; once more when the connection was lost, for a connection
    /// that was kept open may be dead by now, and every request may be repeated.
    pub(crate) async fn exchange(&self, ask: Ask<'_>) -> Result<Answer, LinkError> {
        let bytes = ask.body.len();
        let long = u32::try_from(bytes / FRAME_BYTES_MAX).unwrap_or(u32::MAX);
        let time = self.patience.exchange.saturating_mul(long.saturating_add(1));
        let whole = async {
            match self.attempt(ask.clone()).await {
                Err(LinkError::Interrupted) => self.attempt(ask).await,
                answer => answer,
            }
        };
        let answer = self.patiently((self.answer_to(bytes), time), whole).await?;
        self.heed(&answer);
        Ok(answer)
    }

    async fn attempt(&self, ask: Ask<'_>) -> Result<Answer, LinkError> {
        collect(self.send(ask).await?).await
    }

    /// Asks and hands over the reply's body as it comes; a reply of another kind is collected.
    pub(crate) async fn open(&self, ask: Ask<'_>) -> Result<Opened, LinkError> {
        let head = async {
            let response = self.send(ask).await?;
            match response.status() {
                StatusCode::OK | StatusCode::PARTIAL_CONTENT => {
                    Ok(Opened::Stream(response.into_body()))
                }
                _ => collect(response).await.map(Opened::Answer),
            }
        };
        self.patiently((self.patience.answer, self.patience.exchange), head).await
    }

    /// The next bytes of a body, which come for as long as something moves; `None` at its end.
    pub(crate) async fn next(&self, body: &mut Incoming) -> Result<Option<Bytes>, LinkError> {
        loop {
            let next = async { Ok(body.frame().await) };
            let Some(frame) =
                self.patiently((self.patience.answer, self.patience.exchange), next).await?
            else {
                return Ok(None);
            };
            if let Ok(bytes) = frame.map_err(|error| from_body(&error))?.into_data() {
                return Ok(Some(bytes));
            }
        }
    }

    /// For any stretch in which next to nothing moves while so many bytes are asked: what the system has
    /// taken is on its way, and is seen no more.
    fn answer_to(&self, bytes: usize) -> Duration {
        let unseen = bytes.min(UNSEEN_BYTES_MAX);
        let unseen_ms = u64::try_from(unseen / SLOWEST_BYTES_A_MS).unwrap_or(u64::MAX);
        self.patience.answer.saturating_add(Duration::from_millis(unseen_ms))
    }

    /// Does `work` for as long as something moves, and no longer than it may take.
    async fn patiently<T>(
        &self,
        (answer, time): (Duration, Duration),
        work: impl Future<Output = Result<T, LinkError>>,
    ) -> Result<T, LinkError> {
        tokio::select! {
            biased;
            done = work => done,
            () = self.traffic.stalls(answer, PROGRESS_BYTES_MIN) => Err(LinkError::TimedOut),
            () = sleep(time) => Err(LinkError::TimedOut),
        }
    }

    async fn send(&self, ask: Ask<'_>) -> Result<Response<Incoming>, LinkError> {
        let request = self.request(ask)?;
        self.tally.requested();
        self.client.request(request).await.map_err(|error| from_transport(&error))
    }

    fn request(&self, ask: Ask<'_>) -> Result<Request<Full<Bytes>>, LinkError> {
        let mut request = Request::builder()
            .method(ask.method)
            .uri(format!("{}{}", self.url, ask.path))
            .header(CONTENT_TYPE, path::CONTENT_TYPE);
        if let Some(token) = ask.token {
            request = request.header(AUTHORIZATION, format!("Bearer {token}"));
        }
        if ask.from > 0 {
            request = request.header(RANGE, format!("bytes={}-", ask.from));
        }
        request.body(Full::new(ask.body)).map_err(|_| LinkError::Unreachable)
    }
}

async fn collect(response: Response<Incoming>) -> Result<Answer, LinkError> {
    let (head, body) = response.into_parts();
    match Limited::new(body, FRAME_BYTES_MAX).collect().await {
        Ok(whole) => Ok(Answer { head, body: whole.to_bytes() }),
        Err(error) => Err(from_body(error.as_ref())),
    }
}
