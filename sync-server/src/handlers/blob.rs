//! Blobs: sealed bytes by their hash, in and out as they come, never whole in memory.

use std::io;

use axum::body::{Body, HttpBody};
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_TYPE, RANGE};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sync::ids::BlobId;
use sync::limits::BLOB_BYTES_MAX;
use sync::wire::{BlobStored, BlobsHeld, BlobsRequest, RefusalCode};
use tokio::time::Instant;

use crate::asked::next_bytes;
use crate::auth::Caller;
use crate::bearer::{Signed, hexadecimal};
use crate::blobs::{Blobs, PutError, Writing};
use crate::clinics::refusal;
use crate::refuse::{Refuse, Reply};
use crate::state::{App, Shared};

/// The media type of sealed bytes.
const SEALED: HeaderValue = HeaderValue::from_static("application/octet-stream");

/// Which of some blobs are kept: of those that are said to be, the ones whose bytes are there. A log
/// that was put back from a copy without them says more.
pub(crate) async fn held(
    State(app): State<Shared>,
    Signed { caller, frame }: Signed<BlobsRequest>,
) -> Result<Reply<BlobsHeld>, Refuse> {
    let clinic = caller.clinic;
    let said = app.work(move |app| {
        app.clinics.as_device(&caller)?;
        if frame.clinic != caller.clinic {
            return Err(RefusalCode::UnknownDevice);
        }
        let kept = app.clinics.shelf().blobs(caller.clinic, &frame.ids).map_err(refusal)?;
        Ok((region(app, &caller)?, kept.into_iter().map(|(id, _)| id).collect::<Vec<_>>()))
    });
    let (region, said) = said.await?;
    let Some(blobs) = app.blobs.of(region.as_deref()).filter(|_| !said.is_empty()) else {
        return Ok(Reply(BlobsHeld { ids: said }));
    };
    let ids = blobs.there(clinic, said).await.map_err(|error| unread(&error))?;
    Ok(Reply(BlobsHeld { ids }))
}

pub(crate) async fn put(
    State(app): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
    body: Body,
) -> Result<Reply<BlobStored>, Refuse> {
    let id = blob_id(&name)?;
    // Its length is told before: what there is no room for is not taken in.
    let bytes = body.size_hint().exact().ok_or(RefusalCode::Malformed)?;
    if bytes > BLOB_BYTES_MAX {
        return Err(RefusalCode::TooLarge.into());
    }
    let region = app.work(move |app| room(app, &caller, bytes)).await?;
    let blobs = store(&app, region.as_deref())?;
    let mut writing = blobs.write(caller.clinic, id, bytes).await.map_err(told)?;
    if let Err(refused) = take_in(&app, &mut writing, body).await {
        // What is not given up here is written over when it comes again.
        drop(writing.give_up().await);
        return Err(refused);
    }
    writing.end().await.map_err(told)?;
    app.work(move |app| {
        app.clinics.as_device(&caller)?;
        let kept = app.clinics.shelf().keep_blob(caller.clinic, id, bytes);
        app.clinics.pushed(caller.clinic, kept)?;
        app.metrics.disk_full.set_len(0);
        Ok(())
    })
    .await?;
    Ok(Reply(BlobStored { id, bytes }))
}

pub(crate) async fn get(
    State(app): State<Shared>,
    caller: Caller,
    Path(name): Path<String>,
    headers: HeaderMap,
) -> Result<Response, Refuse> {
    let (id, from) = (blob_id(&name)?, first(&headers)?);
    let kept = app.work(move |app| {
        app.clinics.as_device(&caller)?;
        let kept = app.clinics.shelf().blobs(caller.clinic, &[id]).map_err(refusal)?;
        let (_, bytes) = kept.first().ok_or(RefusalCode::NotFound)?;
        Ok((region(app, &caller)?, *bytes))
    });
    let (region, bytes) = kept.await?;
    let blobs = store(&app, region.as_deref())?;
    if from > 0 && from >= bytes {
        return Err(RefusalCode::Malformed.into());
    }
    let pieces = blobs.read(caller.clinic, id, from).await.map_err(|error| unread(&error))?;
    let status = if from > 0 { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut response = (status, Body::from_stream(pieces)).into_response();
    response.headers_mut().insert(CONTENT_TYPE, SEALED);
    Ok(response)
}

/// What a caller hears of a blob that is said to be kept and cannot be read.
fn unread(error: &object_store::Error) -> RefusalCode {
    tracing::error!(%error, "a blob that is kept cannot be read");
    let is_gone = matches!(error, object_store::Error::NotFound { .. });
    if is_gone { RefusalCode::NotFound } else { RefusalCode::Unavailable }
}

/// Where the caller's clinic is, where it is of a region.
fn region(app: &App, caller: &Caller) -> Result<Option<String>, RefusalCode> {
    app.clinics.shelf().region(caller.clinic).map_err(refusal)
}

fn store<'a>(app: &'a App, region: Option<&str>) -> Result<&'a Blobs, Refuse> {
    app.blobs.of(region).ok_or_else(|| RefusalCode::NotFound.into())
}

fn blob_id(name: &str) -> Result<BlobId, Refuse> {
    hexadecimal(name.as_bytes()).map(BlobId).ok_or_else(|| RefusalCode::Malformed.into())
}

/// Where to begin: `bytes=N-`, or at the beginning where nothing is said.
fn first(headers: &HeaderMap) -> Result<u64, RefusalCode> {
    let Some(range) = headers.get(RANGE) else { return Ok(0) };
    let from = range.to_str().ok().and_then(|it| it.strip_prefix("bytes=")?.strip_suffix('-'));
    from.and_then(|from| from.parse().ok()).ok_or(RefusalCode::Malformed)
}

/// Asked before anything is read: the count that holds is made when all has come. Answers the region
/// too, and is not asked for a clinic whose blobs are not taken.
fn room(app: &App, caller: &Caller, bytes: u64) -> Result<Option<String>, RefusalCode> {
    app.clinics.as_device(caller)?;
    let region = region(app, caller)?;
    if app.blobs.of(region.as_deref()).is_some() {
        let room = app.clinics.shelf().check_room(caller.clinic, bytes);
        app.clinics.pushed(caller.clinic, room)?;
    }
    Ok(region)
}

async fn take_in(app: &App, writing: &mut Writing<'_>, mut body: Body) -> Result<(), Refuse> {
    let (begun, mut come) = (Instant::now(), 0);
    while let Some(bytes) = next_bytes(&mut body, begun, come).await? {
        app.metrics.body_bytes_total.add_len(bytes.len());
        come = come.saturating_add(bytes.len());
        writing.take(bytes).await.map_err(told)?;
    }
    Ok(())
}

/// What a caller hears of a failed store; the log hears the rest.
#[allow(clippy::needless_pass_by_value, reason = "stands in map_err")]
fn told(error: PutError) -> Refuse {
    match &error {
        PutError::OtherBytes => RefusalCode::Malformed.into(),
        PutError::Busy => Refuse::busy(5),
        PutError::Store(cause) => {
            tracing::error!(%cause, "{error}");
            if is_full(cause) { RefusalCode::Full.into() } else { RefusalCode::Unavailable.into() }
        }
    }
}

/// Whether there is no room left where blobs are.
fn is_full(error: &(dyn std::error::Error + 'static)) -> bool {
    let full = [io::ErrorKind::StorageFull, io::ErrorKind::QuotaExceeded];
    let is_it = |error: &io::Error| full.contains(&error.kind());
    std::iter::successors(Some(error), |error| error.source())
        .any(|error| error.downcast_ref::<io::Error>().is_some_and(is_it))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_disk_is_told_as_that() {
        let of = |kind: io::ErrorKind| object_store::Error::Generic {
            store: "LocalFileSystem",
            source: Box::new(io::Error::from(kind)),
        };
        assert!(is_full(&of(io::ErrorKind::StorageFull)));
        assert!(!is_full(&of(io::ErrorKind::PermissionDenied)));
    }
}
