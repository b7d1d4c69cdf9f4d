//! The one place where the server takes randomness from.

use sync::wire::RefusalCode;

/// Fresh random bytes.
pub(crate) fn bytes<const N: usize>() -> Result<[u8; N], RefusalCode> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(|error| {
        tracing::error!(%error, "the system gives no randomness");
        RefusalCode::Unavailable
    })?;
    Ok(bytes)
}
