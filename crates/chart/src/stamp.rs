//! The stamp of a change: it travels in the change's own message and time, so that no value
//! carries it twice.

use automerge::transaction::CommitOptions;
use clinical::{DeviceId, Instant, PractitionerId, Stamp};
use uuid::Uuid;

/// Author and device as hex, then the milliseconds Automerge's time has no room for.
pub(crate) fn options_of(stamp: Stamp) -> CommitOptions {
    let unix_ms = stamp.at.unix_ms();
    let message = format!(
        "{}{}{:03}",
        stamp.author.uuid().simple(),
        stamp.device.uuid().simple(),
        unix_ms.rem_euclid(1000)
    );
    CommitOptions::default().with_message(message).with_time(unix_ms.div_euclid(1000))
}

/// The stamp of a change's message and time. A message of another form is a stamp of nobody: the
/// change still counts.
pub(crate) fn stamp_of(message: Option<&str>, time_s: i64) -> Stamp {
    let message = message.unwrap_or_default();
    let uuid = |range| message.get(range).and_then(|hex: &str| hex.parse::<Uuid>().ok());
    let ms = message.get(64..).and_then(|digits| digits.parse::<i64>().ok()).unwrap_or_default();
    Stamp {
        author: PractitionerId::from_uuid(uuid(0..32).unwrap_or_default()),
        device: DeviceId::from_uuid(uuid(32..64).unwrap_or_default()),
        at: Instant::from_unix_ms(time_s.saturating_mul(1000).saturating_add(ms)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_travels_in_message_and_time() {
        for at in [-1, 0, 1_795_512_600_257] {
            let stamp = Stamp {
                author: PractitionerId::from_uuid(clinical::uuid_v7(1, [1; 10])),
                device: DeviceId::from_uuid(clinical::uuid_v7(2, [2; 10])),
                at: Instant::from_unix_ms(at),
            };
            let options = options_of(stamp);
            let back = stamp_of(options.message.as_deref(), options.time.unwrap());
            assert_eq!(back, stamp);
        }
        assert_eq!(stamp_of(Some("é by someone else"), 5).at, Instant::from_unix_ms(5000));
        assert_eq!(stamp_of(None, i64::MAX).author.uuid(), Uuid::nil());
    }
}
