//! The token that a server granted is kept until it ends, so that who exchanged a moment ago need not
//! sign in anew: on a satellite's line that is a second and more.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use clinical::Instant;
use store::NamedRow;
use sync::{
    carrier::Carrier,
    ids::{DeviceId, ServerPin, Token},
    limits::TOKEN_LIFE_MS,
    wire::Principal,
};

use super::{
    keys::{Keys, clinic_of},
    names,
    server::Server,
};

/// It is asked for anew so long before it ends, in milliseconds: clocks differ, and an exchange takes
/// its time.
const BEFORE_END_MS: i64 = 60 * 1000;

/// A token, and to whom it was granted by whom.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Granted {
    server: ServerPin,
    device: DeviceId,
    /// Not after it was granted.
    at: Instant,
    token: Token,
}

/// Tells a server's carrier who asks: this computer, by the token that it has of that server.
///
/// # Errors
/// The store's.
pub(super) fn identify<H: Host>(
    session: &Session<'_, H>,
    (server, keys): (&Server, &Keys),
    carrier: &mut dyn Carrier,
) -> Result<(), ApiError> {
    carrier.identify(clinic_of(session), Principal::Device(keys.device), keys.signer.clone());
    let kept = session.open.store.named(names::TOKEN).told()?;
    let kept = kept.and_then(|bytes| Granted::read(&bytes));
    let now = session.host.now();
    if let Some(granted) = kept.filter(|it| it.holds((server.pin, keys.device), now)) {
        carrier.resume(granted.token);
    }
    Ok(())
}

/// Keeps the token that a carrier has by now, where it is another; it was granted after `since`.
///
/// # Errors
/// The store's.
pub(super) fn keep<H: Host>(
    session: &Session<'_, H>,
    (server, device): (&Server, DeviceId),
    (carrier, since): (&dyn Carrier, Instant),
) -> Result<(), ApiError> {
    let Some(token) = carrier.token() else { return Ok(()) };
    let kept = session.open.store.named(names::TOKEN).told()?;
    if kept.and_then(|bytes| Granted::read(&bytes)).is_some_and(|it| it.token == token) {
        return Ok(());
    }
    let granted = Granted { server: server.pin, device, at: since, token };
    session.open.store.put_named(&[granted.row()]).told()
}

/// Forgets the token that is kept.
///
/// # Errors
/// The store's.
pub(crate) fn forget<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    session.open.store.remove_named(names::TOKEN).told()
}

impl Granted {
    /// Whether it was granted by that server to that device, and does not end soon.
    fn holds(&self, of: (ServerPin, DeviceId), now: Instant) -> bool {
        let age_ms = now.unix_ms().saturating_sub(self.at.unix_ms());
        (self.server, self.device) == of && (0..TOKEN_LIFE_MS - BEFORE_END_MS).contains(&age_ms)
    }

    fn row(&self) -> NamedRow {
        let at = self.at.unix_ms().to_be_bytes();
        let bytes = [&self.server.0[..], &self.device.0, &at, &self.token.0].concat();
        NamedRow { name: names::TOKEN.to_owned(), bytes }
    }

    fn read(bytes: &[u8]) -> Option<Self> {
        let (server, rest) = bytes.split_first_chunk()?;
        let (device, rest) = rest.split_first_chunk()?;
        let (at, rest) = rest.split_first_chunk()?;
        Some(Self {
            server: ServerPin(*server),
            device: DeviceId(*device),
            at: Instant::from_unix_ms(i64::from_be_bytes(*at)),
            token: Token(rest.try_into().ok()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_used_where_it_was_granted_and_until_shortly_before_it_ends() {
        let granted = Granted {
            server: ServerPin([1; 32]),
            device: DeviceId([2; 16]),
            at: Instant::from_unix_ms(1_000_000),
            token: Token([3; 32]),
        };
        let read = Granted::read(&granted.row().bytes).unwrap();
        assert_eq!(read, granted);
        let check = |(server, device): (u8, u8), after_ms: i64, expected: bool| {
            let of = (ServerPin([server; 32]), DeviceId([device; 16]));
            let now = Instant::from_unix_ms(1_000_000 + after_ms);
            assert_eq!(read.holds(of, now), expected, "{server} {device} {after_ms}");
        };
        check((1, 2), 0, true);
        check((1, 2), TOKEN_LIFE_MS - BEFORE_END_MS - 1, true);
        check((1, 2), TOKEN_LIFE_MS - BEFORE_END_MS, false);
        // A clock that was set back says nothing of how old it is.
        check((1, 2), -1, false);
        check((9, 2), 0, false);
        check((1, 9), 0, false);
        assert_eq!(Granted::read(&granted.row().bytes[1..]), None);
    }
}
