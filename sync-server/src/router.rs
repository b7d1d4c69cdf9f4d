//! Which path leads to which handler, and what happens around each.

use std::time::Instant;

use axum::Router;
use axum::body::Body;
use axum::extract::{MatchedPath, Request, State};
use axum::http::StatusCode;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use sync::wire::{RefusalCode, path};

use crate::accept::Peer;
use crate::handlers::{
    blob, challenge, erase, floor, health, hello, invite, members, metrics, pull, push, room, wake,
};
use crate::refuse::Refuse;
use crate::state::Shared;

/// The endpoints of `sync::wire::path`, and two for operators.
pub(crate) fn router(app: Shared) -> Router {
    Router::new()
        .route(path::CHALLENGE, post(challenge::challenge))
        .route(path::TOKEN, post(challenge::token))
        .route(path::HELLO, post(hello::hello))
        .route(path::PUSH, post(push::push))
        .route(path::PULL, post(pull::pull))
        .route(path::KEYS, post(pull::keys))
        .route(path::FLOOR, post(floor::raise))
        .route(path::ERASE, post(erase::keys))
        .route(path::WAKE, get(wake::wake))
        .route(path::MEMBERS, post(members::read))
        .route(path::MEMBERS_PUSH, post(members::push))
        .route(path::INVITE_PUT, post(invite::put))
        .route(path::INVITE_GET, post(invite::get))
        .route(path::ROOM_OPEN, post(room::open))
        .route(path::ROOM_PUT, post(room::put))
        .route(path::ROOM_GET, post(room::get))
        .route(path::BLOBS, post(blob::held))
        .route(&format!("{}{{id}}", path::BLOB), get(blob::get).put(blob::put))
        .route("/healthz", get(health::health))
        .route("/metrics", get(metrics::metrics))
        .fallback(elsewhere)
        .layer(from_fn_with_state(app.clone(), around))
        .with_state(app)
}

/// What is asked here by nobody of ours, or by a program that is newer than this one: that one is refused in
/// a frame, so that it reads that a server of ours is here and does not know what it asks.
async fn elsewhere(request: Request<Body>) -> Response {
    if request.uri().path().starts_with(path::FRAMES) {
        return Refuse::from(RefusalCode::Malformed).into_response();
    }
    StatusCode::NOT_FOUND.into_response()
}

/// Limits, counts and logs each request.
async fn around(State(app): State<Shared>, request: Request<Body>, next: Next) -> Response {
    let started = Instant::now();
    let endpoint = request.extensions().get::<MatchedPath>().cloned();
    let peer = request.extensions().get::<Peer>().copied();
    let taken = peer.map_or(Ok(()), |Peer(peer)| app.rates.address.take(peer, started));
    let response = match taken {
        Ok(()) => next.run(request).await,
        Err(wait) => Refuse::wait(wait).into_response(),
    };
    let code = response.extensions().get().copied();
    count(&app, response.status(), code);
    let endpoint = endpoint.as_ref().map_or("unknown", MatchedPath::as_str);
    tell(endpoint, response.status(), code, started);
    if let Some(code) = code {
        app.refusals.count(endpoint, code, started);
    }
    response
}

fn count(app: &Shared, status: StatusCode, code: Option<RefusalCode>) {
    if code == Some(RefusalCode::Damaged) {
        app.metrics.log_damaged.set_len(1);
    }
    if code == Some(RefusalCode::Full) {
        app.metrics.disk_full.set_len(1);
    }
    app.metrics.requests_total.add(1);
    if is_failure(status, code) {
        app.metrics.requests_failed_total.add(1);
    } else if status.is_client_error() || status.is_server_error() {
        app.metrics.requests_refused_total.add(1);
    }
}

fn tell(endpoint: &str, status: StatusCode, code: Option<RefusalCode>, started: Instant) {
    let took_ms = started.elapsed().as_millis();
    if is_failure(status, code) {
        tracing::warn!(endpoint, status = status.as_u16(), took_ms, "failed");
    } else {
        // What strangers can cause must not fill the disk.
        tracing::debug!(endpoint, status = status.as_u16(), took_ms, "answered");
    }
}

/// Whether an operator is to be woken: not for what one of them decided, though it has the status of a
/// full disk.
fn is_failure(status: StatusCode, code: Option<RefusalCode>) -> bool {
    status.is_server_error() && code != Some(RefusalCode::OverQuota)
}

#[cfg(test)]
mod tests;
