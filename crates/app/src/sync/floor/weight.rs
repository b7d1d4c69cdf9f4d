//! How much has come since the last floor, in bytes: one envelope may hold what hundreds do.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use store::NamedRow;
use sync::ids::EnvelopeId;

use super::Known;
use crate::sync::names;

/// No envelope weighs more, in bytes: a longer one has whole charts, which a floor would hold anew.
const BYTES_MAX: u32 = 24 * 1024;

/// What was weighed is kept once so many more envelopes have come: it is weighed with each exchange.
const KEPT_AFTER: u64 = 256;

/// What came after a floor was weighed up to a place in the order in which it came here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Weighed {
    /// The floor; [`EnvelopeId::NONE`] where there was none.
    since: EnvelopeId,
    up_to: u64,
    bytes: u64,
}

/// Bytes of the envelopes that came here after a floor did, or of all where there is none.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn bytes_since<H: Host>(
    session: &Session<'_, H>,
    floor: Option<&Known>,
) -> Result<u64, ApiError> {
    let store = &session.open.store;
    let since = floor.map_or(EnvelopeId::NONE, |known| known.id);
    let kept = store.named(names::WEIGHED).told()?.and_then(|bytes| Weighed::read(&bytes));
    let before = match kept.filter(|weighed| weighed.since == since) {
        Some(weighed) => weighed,
        None => {
            let up_to = store.served_seq(&since.0).told()?.unwrap_or_default();
            Weighed { since, up_to, bytes: 0 }
        }
    };
    let (up_to, more) = store.served_bytes_after(before.up_to, BYTES_MAX).told()?;
    let now = Weighed { up_to, bytes: before.bytes.saturating_add(more), ..before };
    if up_to.saturating_sub(before.up_to) >= KEPT_AFTER {
        store.put_named(&[now.row()]).told()?;
    }
    Ok(now.bytes)
}

impl Weighed {
    fn row(&self) -> NamedRow {
        let (up_to, bytes) = (self.up_to.to_be_bytes(), self.bytes.to_be_bytes());
        let bytes = [&self.since.0[..], &up_to, &bytes].concat();
        NamedRow { name: names::WEIGHED.to_owned(), bytes }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (since, rest) = bytes.split_first_chunk()?;
        let (up_to, rest) = rest.split_first_chunk()?;
        let (since, up_to) = (EnvelopeId(*since), u64::from_be_bytes(*up_to));
        Some(Self { since, up_to, bytes: u64::from_be_bytes(rest.try_into().ok()?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_weighed_is_read_again() {
        let weighed = Weighed { since: EnvelopeId([7; 32]), up_to: 1 << 40, bytes: 300 };
        assert_eq!(Weighed::read(&weighed.row().bytes), Some(weighed));
        assert_eq!(Weighed::read(&[1; 47]), None);
    }
}
