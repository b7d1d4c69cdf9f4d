//! What speaks S3 as far as it is asked here, on this computer: one bucket in memory. It checks no
//! signature, and refuses what it does not know.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Bytes, to_bytes};
use axum::extract::{Query, Request, State};
use axum::http::header::{
    AUTHORIZATION, CONTENT_LENGTH, CONTENT_RANGE, ETAG, LAST_MODIFIED, RANGE,
};
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use sha2::{Digest, Sha256};

/// Of one upload the pieces, by their number.
type Pieces = BTreeMap<u32, Bytes>;

/// All pieces of an upload but the last have so many at least.
const PIECE_BYTES_MIN: usize = 5 * 1024 * 1024;

#[derive(Default)]
struct Bucket {
    objects: BTreeMap<String, Bytes>,
    uploads: BTreeMap<String, Pieces>,
    /// How many uploads were begun.
    begun: u32,
}

type Shared = Arc<Mutex<Bucket>>;

/// A store that is served until the runtime ends.
pub(crate) struct S3 {
    pub(crate) endpoint: String,
    bucket: Shared,
}

impl S3 {
    pub(crate) fn serve() -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        listener.set_nonblocking(true).unwrap();
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        let bucket = Shared::default();
        let router = Router::new().fallback(answer).with_state(Arc::clone(&bucket));
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { endpoint, bucket }
    }

    /// The words that lead to it, but for its endpoint.
    pub(crate) const WORDS: [(&str, &str); 4] = [
        ("AWS_ALLOW_HTTP", "true"),
        ("AWS_REGION", "eu-1"),
        ("AWS_ACCESS_KEY_ID", "who"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
    ];

    /// What lies in it.
    pub(crate) fn keys(&self) -> Vec<String> {
        self.bucket.lock().unwrap().objects.keys().cloned().collect()
    }

    /// How many uploads were begun and neither ended nor given up.
    pub(crate) fn left(&self) -> usize {
        self.bucket.lock().unwrap().uploads.len()
    }
}

async fn answer(
    State(bucket): State<Shared>,
    Query(asked): Query<BTreeMap<String, String>>,
    request: Request,
) -> Response {
    let (parts, body) = request.into_parts();
    let signed = parts.headers.get(AUTHORIZATION).and_then(|it| it.to_str().ok());
    if !signed.is_some_and(|it| it.starts_with("AWS4-HMAC-SHA256 Credential=who/")) {
        return error(StatusCode::FORBIDDEN, "AccessDenied");
    }
    let body = to_bytes(body, 64 << 20).await.unwrap();
    let Some(key) = parts.uri.path().strip_prefix("/bucket/").map(str::to_owned) else {
        return error(StatusCode::NOT_FOUND, "NoSuchBucket");
    };
    let mut bucket = bucket.lock().unwrap();
    let (upload, part) = (asked.get("uploadId"), asked.get("partNumber"));
    match (parts.method, upload, part) {
        (Method::POST, None, None) if asked.contains_key("uploads") => bucket.begin(&key),
        (Method::PUT, Some(upload), Some(part)) => {
            let Some(pieces) = bucket.uploads.get_mut(upload) else {
                return error(StatusCode::NOT_FOUND, "NoSuchUpload");
            };
            let tag = tag(&body);
            pieces.insert(part.parse().unwrap(), body);
            [(ETAG, tag)].into_response()
        }
        (Method::POST, Some(upload), None) => bucket.end(&key, upload, &body),
        (Method::DELETE, Some(upload), None) => {
            bucket.uploads.remove(upload);
            StatusCode::NO_CONTENT.into_response()
        }
        (Method::PUT, None, None) => {
            let tag = tag(&body);
            bucket.objects.insert(key, body);
            [(ETAG, tag)].into_response()
        }
        (method @ (Method::GET | Method::HEAD), None, None) => {
            bucket.read(&key, &parts.headers, method == Method::HEAD)
        }
        _ => error(StatusCode::NOT_IMPLEMENTED, "NotImplemented"),
    }
}

impl Bucket {
    fn begin(&mut self, key: &str) -> Response {
        self.begun += 1;
        let upload = format!("upload-{}", self.begun);
        self.uploads.insert(upload.clone(), Pieces::new());
        xml(&format!(
            "<InitiateMultipartUploadResult><Bucket>bucket</Bucket><Key>{key}</Key>\
             <UploadId>{upload}</UploadId></InitiateMultipartUploadResult>"
        ))
    }

    /// The pieces that are named, in their order.
    fn end(&mut self, key: &str, upload: &str, named: &[u8]) -> Response {
        let Some(pieces) = self.uploads.remove(upload) else {
            return error(StatusCode::NOT_FOUND, "NoSuchUpload");
        };
        let named = String::from_utf8_lossy(named).into_owned();
        let has_all = pieces.iter().all(|(number, piece)| {
            named.contains(&format!("<PartNumber>{number}</PartNumber>"))
                && named.contains(tag(piece).trim_matches('"'))
        });
        if !has_all || named.matches("<PartNumber>").count() != pieces.len() {
            return error(StatusCode::BAD_REQUEST, "InvalidPart");
        }
        let last = pieces.keys().next_back().copied();
        let is_small = |(number, piece): (&u32, &Bytes)| {
            Some(*number) != last && piece.len() < PIECE_BYTES_MIN
        };
        if pieces.iter().any(is_small) {
            return error(StatusCode::BAD_REQUEST, "EntityTooSmall");
        }
        let whole = pieces.values().map(Bytes::as_ref).collect::<Vec<_>>().concat();
        let tag = tag(&whole);
        self.objects.insert(key.to_owned(), whole.into());
        xml(&format!(
            "<CompleteMultipartUploadResult><Location>here</Location><Bucket>bucket</Bucket>\
             <Key>{key}</Key><ETag>{tag}</ETag></CompleteMultipartUploadResult>"
        ))
    }

    fn read(&self, key: &str, headers: &HeaderMap, head_alone: bool) -> Response {
        let Some(object) = self.objects.get(key) else {
            return error(StatusCode::NOT_FOUND, "NoSuchKey");
        };
        let from: usize = headers.get(RANGE).map_or(0, |range| {
            let range = range.to_str().unwrap();
            range.strip_prefix("bytes=").unwrap().strip_suffix('-').unwrap().parse().unwrap()
        });
        if from > 0 && from >= object.len() {
            return error(StatusCode::RANGE_NOT_SATISFIABLE, "InvalidRange");
        }
        let (len, rest) = (object.len(), object.slice(from..));
        let mut response = Response::builder()
            .header(ETAG, tag(object))
            .header(LAST_MODIFIED, "Sun, 29 Nov 2026 00:00:00 GMT")
            .header(CONTENT_LENGTH, rest.len());
        if from > 0 {
            let range = format!("bytes {from}-{}/{len}", len - 1);
            response = response.status(StatusCode::PARTIAL_CONTENT).header(CONTENT_RANGE, range);
        }
        let body = if head_alone { Bytes::new() } else { rest };
        response.body(body.into()).unwrap()
    }
}

fn tag(bytes: &[u8]) -> String {
    let mut tag = String::from("\"");
    for byte in Sha256::digest(bytes).iter().take(16) {
        write!(tag, "{byte:02x}").unwrap();
    }
    tag + "\""
}

fn xml(body: &str) -> Response {
    format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>{body}").into_response()
}

fn error(status: StatusCode, code: &str) -> Response {
    let mut response = xml(&format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>"));
    *response.status_mut() = status;
    response
}
