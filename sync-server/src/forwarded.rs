//! Requests that a proxy passes on: who asks is who the proxy says.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use hyper::body::{Frame, SizeHint};

use crate::accept::{Peer, counted};
use crate::guests::{Guests, Seat};
use crate::limits::CONNECTIONS_PER_ADDRESS_MAX;
use crate::refuse::Refuse;

/// What a proxy adds the address to from which it was asked: what stands before it anyone may have
/// written.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// The router as a proxy reaches it.
pub(crate) fn behind_proxy(router: Router) -> Router {
    router.layer(from_fn_with_state(Arc::<Callers>::default(), name_caller))
}

/// Who asks through the proxy now.
#[derive(Default)]
struct Callers {
    guests: Arc<Guests>,
    /// It was told that the proxy names nobody.
    told: AtomicBool,
}

async fn name_caller(
    State(callers): State<Arc<Callers>>,
    mut request: Request,
    next: Next,
) -> Response {
    let named = last_forwarded(request.headers());
    let is_asked = request.uri().path().starts_with("/v1/");
    if named.is_none() && is_asked && !callers.told.swap(true, Ordering::Relaxed) {
        tracing::warn!("the proxy names nobody in X-Forwarded-For: all callers count as one");
    }
    let peer = counted(named.unwrap_or(Ipv4Addr::LOCALHOST.into()));
    // A connection of the proxy is many callers': seats are those of requests here.
    let Some(seat) = Guests::admit(&callers.guests, peer, CONNECTIONS_PER_ADDRESS_MAX) else {
        return Refuse::busy(5).into_response();
    };
    request.extensions_mut().insert(Peer(peer));
    next.run(request).await.map(|body| Body::new(Seated { body, _seat: seat }))
}

/// The last address of the last header, where it is one; with a port or without.
fn last_forwarded(headers: &HeaderMap) -> Option<IpAddr> {
    let last = headers.get_all(FORWARDED_FOR).iter().next_back()?.to_str().ok()?;
    let last = last.rsplit(',').next()?.trim();
    let bare = last.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(last);
    bare.parse().ok().or_else(|| last.parse().ok().map(|address: SocketAddr| address.ip()))
}

/// A reply that keeps its caller's seat until it is through.
struct Seated {
    body: Body,
    _seat: Seat,
}

impl HttpBody for Seated {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.body).poll_frame(context)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_is_the_proxys() {
        let check = |lines: &[&str], expected: Option<&str>| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FORWARDED_FOR, line.parse().unwrap());
            }
            let expected = expected.map(|text| text.parse().unwrap());
            assert_eq!(last_forwarded(&headers), expected, "{lines:?}");
        };
        check(&[], None);
        check(&[""], None);
        check(&["unknown"], None);
        check(&["192.0.2.1"], Some("192.0.2.1"));
        check(&["192.0.2.1, 192.0.2.2"], Some("192.0.2.2"));
        check(&["192.0.2.1,nobody"], None);
        check(&["192.0.2.1", "192.0.2.2,192.0.2.3"], Some("192.0.2.3"));
        check(&["192.0.2.1:4711"], Some("192.0.2.1"));
        check(&["2001:db8::1"], Some("2001:db8::1"));
        check(&["[2001:db8::1]"], Some("2001:db8::1"));
        check(&["[2001:db8::1]:80"], Some("2001:db8::1"));
    }
}
