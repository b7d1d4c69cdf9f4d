//! Requests as HTTP sees them: a frame, read within limits.

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequest, Request};
use bytes::BytesMut;
use http_body_util::BodyExt;
use sync::limits::FRAME_BYTES_MAX;
use sync::wire::{Frame, RefusalCode};
use tokio::time::timeout;

use crate::limits::{BODY_SILENCE, BODY_TIMEOUT};
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

/// Reads a body of at most [`FRAME_BYTES_MAX`] that keeps coming.
async fn read_body(body: Body) -> Result<BytesMut, Refuse> {
    let told = body.size_hint().exact().and_then(|bytes| usize::try_from(bytes).ok());
    if told.is_some_and(|bytes| bytes > FRAME_BYTES_MAX) {
        return Err(RefusalCode::TooLarge.into());
    }
    // A body that stops or ends early is no frame; who sent it is hardly there to read this.
    timeout(BODY_TIMEOUT, collect(body)).await.map_err(|_| RefusalCode::Malformed)?
}

async fn collect(mut body: Body) -> Result<BytesMut, Refuse> {
    let mut whole = BytesMut::new();
    loop {
        let next = timeout(BODY_SILENCE, body.frame()).await.map_err(|_| RefusalCode::Malformed)?;
        let Some(frame) = next else { return Ok(whole) };
        let frame = frame.map_err(|_| RefusalCode::Malformed)?;
        let Ok(bytes) = frame.into_data() else { continue };
        if whole.len().saturating_add(bytes.len()) > FRAME_BYTES_MAX {
            return Err(RefusalCode::TooLarge.into());
        }
        whole.extend_from_slice(&bytes);
    }
}
