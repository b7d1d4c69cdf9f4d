//! One frame asked, one frame answered: the protocol over an exchange of HTTP.

use hyper::Method;
use hyper::http::header::{CONTENT_TYPE, RETRY_AFTER};
use sync::codec::DecodeError;
use sync::ids::Token;
use sync::limits::FRAME_BYTES_MAX;
use sync::wire::{FRAME, FRAME_VERSION, Frame, Refusal, RefusalCode, path, read_reply};

use crate::error::LinkError;
use crate::http::{Answer, Ask, Http};

impl Http {
    /// Sends a frame and reads the one that answers it.
    pub(crate) async fn ask<Q: Frame, A: Frame>(
        &self,
        path: &'static str,
        token: Option<&Token>,
        request: &Q,
    ) -> Result<A, LinkError> {
        let body = request.to_frame();
        if body.len() > FRAME_BYTES_MAX {
            return Err(LinkError::TooLarge);
        }
        let asked = body.len();
        let ask = Ask { method: Method::POST, path, token, from: 0, body: body.into() };
        let answer = self.exchange(ask).await?;
        self.tally().said(path, (asked, answer.body.len()));
        match read_reply(&answer.body) {
            Ok(Ok(reply)) if answer.head.status.is_success() => Ok(reply),
            _ => Err(refusal_in::<A>(&answer)),
        }
    }
}

/// Why there is no reply in an answer. A proxy that is busy does not speak our frames.
pub(crate) fn refusal_in<A: Frame>(answer: &Answer) -> LinkError {
    match read_reply::<A>(&answer.body) {
        Ok(Err(refusal)) => return LinkError::Refused(refusal),
        Err(DecodeError::Version { what: FRAME, version })
            if version > FRAME_VERSION && says_frame(answer) =>
        {
            return LinkError::Newer;
        }
        Ok(Ok(_)) | Err(_) => {}
    }
    match answer.head.status.as_u16() {
        429 | 502..=504 => {
            LinkError::Refused(Refusal { code: RefusalCode::Busy, retry_after_s: wait_s(answer) })
        }
        _ => LinkError::Malformed,
    }
}

/// Whether an answer says that it is a frame. A page of somebody else does not begin with a version.
fn says_frame(answer: &Answer) -> bool {
    answer.head.headers.get(CONTENT_TYPE).is_some_and(|kind| kind == path::CONTENT_TYPE)
}

fn wait_s(answer: &Answer) -> u32 {
    let told = answer.head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    told.and_then(|text| text.parse().ok()).unwrap_or(1)
}
