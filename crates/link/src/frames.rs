//! One frame asked, one frame answered: the protocol over an exchange of HTTP.

use hyper::Method;
use hyper::http::header::RETRY_AFTER;
use sync::ids::Token;
use sync::limits::FRAME_BYTES_MAX;
use sync::wire::{Frame, Refusal, RefusalCode, read_reply};

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
    if let Ok(Err(refusal)) = read_reply::<A>(&answer.body) {
        return LinkError::Refused(refusal);
    }
    match answer.head.status.as_u16() {
        429 | 502..=504 => {
            LinkError::Refused(Refusal { code: RefusalCode::Busy, retry_after_s: wait_s(answer) })
        }
        _ => LinkError::Malformed,
    }
}

fn wait_s(answer: &Answer) -> u32 {
    let told = answer.head.headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok());
    told.and_then(|text| text.parse().ok()).unwrap_or(1)
}
