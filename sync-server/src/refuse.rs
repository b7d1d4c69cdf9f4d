//! Replies as HTTP sees them: a frame, or a refusal.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, RETRY_AFTER};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use sync::wire::{Frame, Refusal, RefusalCode, path};

/// The frame that is the body of a reply.
pub(crate) struct Reply<T>(pub(crate) T);

/// A request that is not done.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Refuse(pub(crate) Refusal);

impl Refuse {
    /// Ask again in `seconds`.
    pub(crate) const fn busy(seconds: u32) -> Self {
        Self(Refusal { code: RefusalCode::Busy, retry_after_s: seconds })
    }

    /// Ask again after `wait`, told in whole seconds.
    pub(crate) fn wait(wait: Duration) -> Self {
        Self::busy(u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1))
    }
}

impl From<RefusalCode> for Refuse {
    fn from(code: RefusalCode) -> Self {
        let retry_after_s = match code {
            RefusalCode::Busy => 1,
            RefusalCode::Unavailable => 10,
            RefusalCode::Full | RefusalCode::OverQuota | RefusalCode::Damaged => 60,
            RefusalCode::NotAuthenticated
            | RefusalCode::UnknownClinic
            | RefusalCode::UnknownDevice
            | RefusalCode::Revoked
            | RefusalCode::Malformed
            | RefusalCode::TooLarge
            | RefusalCode::TooManyInvites
            | RefusalCode::NotFound
            | RefusalCode::OtherLog => 0,
        };
        Self(Refusal { code, retry_after_s })
    }
}

impl<T: Frame> IntoResponse for Reply<T> {
    fn into_response(self) -> Response {
        framed(StatusCode::OK, self.0.to_frame())
    }
}

impl IntoResponse for Refuse {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.code.http_status());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let mut response = framed(status, self.0.to_frame());
        // For who counts what was answered.
        response.extensions_mut().insert(self.0.code);
        if self.0.retry_after_s > 0 {
            response.headers_mut().insert(RETRY_AFTER, self.0.retry_after_s.into());
        }
        response
    }
}

fn framed(status: StatusCode, frame: Vec<u8>) -> Response {
    let mut response = (status, frame).into_response();
    let kind = HeaderValue::from_static(path::CONTENT_TYPE);
    response.headers_mut().insert(CONTENT_TYPE, kind);
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clinics::refusal;
    use sync::log::LogError;

    #[test]
    fn a_full_disk_is_told_as_no_room_and_when_to_ask_again() {
        let response = Refuse::from(refusal(LogError::Full)).into_response();
        assert_eq!(response.status(), StatusCode::INSUFFICIENT_STORAGE);
        assert!(response.headers().contains_key(RETRY_AFTER));
        let over = Refuse::from(refusal(LogError::OverQuota)).into_response();
        assert_eq!(over.extensions().get(), Some(&RefusalCode::OverQuota));
        let damaged = Refuse::from(refusal(LogError::Damaged("torn".into()))).into_response();
        assert_eq!(damaged.extensions().get(), Some(&RefusalCode::Damaged));
        let broken = LogError::Append("gone".into());
        let response = Refuse::from(refusal(broken)).into_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
    }
}
