//! What one clinic may keep on this server, as its operator decides.

/// The most a clinic may keep; [`Quota::NONE`] where nobody set anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Quota {
    /// Bytes of envelopes and wrapped keys together.
    pub(crate) bytes_max: u64,
    /// Envelopes in the log.
    pub(crate) envelopes_max: u64,
    /// Devices that are not revoked.
    pub(crate) devices_max: u64,
}

/// What a clinic keeps.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    /// Bytes of envelopes and wrapped keys together.
    pub(crate) bytes: u64,
    /// Envelopes in the log.
    pub(crate) envelopes: u64,
}

impl Quota {
    /// As much as there is room for.
    pub(crate) const NONE: Self =
        Self { bytes_max: UNLIMITED, envelopes_max: UNLIMITED, devices_max: UNLIMITED };

    /// Whether a clinic may keep as much.
    pub(crate) const fn allows(&self, usage: Usage) -> bool {
        usage.bytes <= self.bytes_max && usage.envelopes <= self.envelopes_max
    }

    /// Whether a clinic of `now` devices may have `next`: fewer are always allowed.
    pub(crate) const fn allows_devices(&self, now: u64, next: u64) -> bool {
        next <= now || next <= self.devices_max
    }
}

/// The largest number that every shelf can keep.
pub(crate) const UNLIMITED: u64 = i64::MAX.cast_unsigned();

/// Reads an amount: digits, and K, M, G or T for thousands as disks are sold by.
///
/// # Errors
/// What is wrong with it, in words.
pub(crate) fn amount(text: &str) -> Result<u64, String> {
    if text == "none" {
        return Ok(UNLIMITED);
    }
    let (digits, unit) = match text.strip_suffix(['K', 'M', 'G', 'T']) {
        Some(digits) => (digits, text.trim_start_matches(digits)),
        None => (text, ""),
    };
    let factor: u64 = match unit {
        "K" => 1_000,
        "M" => 1_000_000,
        "G" => 1_000_000_000,
        "T" => 1_000_000_000_000,
        _ => 1,
    };
    let number: u64 =
        digits.parse().map_err(|_| "it is a number, as 500 or 20G, or none".to_owned())?;
    Ok(number.saturating_mul(factor).min(UNLIMITED))
}

/// An amount as [`amount`] reads it.
pub(crate) fn told(number: u64) -> String {
    if number >= UNLIMITED { "none".to_owned() } else { number.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_write_them() {
        for (text, number) in [
            ("0", Some(0)),
            ("500", Some(500)),
            ("20G", Some(20_000_000_000)),
            ("3K", Some(3_000)),
            ("none", Some(UNLIMITED)),
            ("99999999999T", Some(UNLIMITED)),
            ("", None),
            ("G", None),
            ("-1", None),
            ("1GB", None),
        ] {
            assert_eq!(amount(text).ok(), number, "{text}");
        }
        assert_eq!(told(amount("none").unwrap_or_default()), "none");
        assert_eq!(told(7), "7");
    }

    #[test]
    fn who_has_too_many_devices_may_still_have_fewer() {
        let quota = Quota { devices_max: 3, ..Quota::NONE };
        for (now, next, allowed) in [(2, 3, true), (3, 4, false), (9, 8, true), (9, 9, true)] {
            assert_eq!(quota.allows_devices(now, next), allowed, "{now} to {next}");
        }
    }
}
