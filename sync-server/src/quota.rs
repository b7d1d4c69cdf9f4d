//! What one clinic may keep on this server, as its operator decides.

/// The most a clinic may keep; [`Quota::NONE`] where nobody set anything. As it is decided for one
/// clinic, [`BY_DEFAULT`] stands where a limit was left as it is for all.
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

    /// Nothing decided: everything as it is for all.
    pub(crate) const UNDECIDED: Self =
        Self { bytes_max: BY_DEFAULT, envelopes_max: BY_DEFAULT, devices_max: BY_DEFAULT };

    /// What counts for a clinic: what was decided for it, and for the rest what counts for all.
    pub(crate) fn of(decided: Option<Self>, default: Self) -> Self {
        let decided = decided.unwrap_or(Self::UNDECIDED);
        let or = |decided, default| if decided == BY_DEFAULT { default } else { decided };
        Self {
            bytes_max: or(decided.bytes_max, default.bytes_max),
            envelopes_max: or(decided.envelopes_max, default.envelopes_max),
            devices_max: or(decided.devices_max, default.devices_max),
        }
    }

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

/// Kept for a limit that was not decided. No clinic comes near it: a release that takes it for a
/// number sets no limit by it.
pub(crate) const BY_DEFAULT: u64 = UNLIMITED - 1;

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
    let number = number.saturating_mul(factor);
    Ok(if number < BY_DEFAULT { number } else { UNLIMITED })
}

/// An amount as [`amount`] reads it.
pub(crate) fn told(number: u64) -> String {
    if number >= BY_DEFAULT { "none".to_owned() } else { number.to_string() }
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
            ("9223372036854775806", Some(UNLIMITED)),
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
    fn what_was_not_decided_is_as_it_is_for_all() {
        let default = Quota { bytes_max: 9, devices_max: 8, ..Quota::NONE };
        let bytes = Quota { bytes_max: 5, ..Quota::UNDECIDED };
        let lifted = Quota { devices_max: UNLIMITED, ..Quota::UNDECIDED };
        for (decided, counts) in [
            (None, default),
            (Some(Quota::UNDECIDED), default),
            (Some(bytes), Quota { bytes_max: 5, ..default }),
            (Some(lifted), Quota { devices_max: UNLIMITED, ..default }),
            (Some(Quota::NONE), Quota::NONE),
        ] {
            assert_eq!(Quota::of(decided, default), counts, "{decided:?}");
        }
    }

    #[test]
    fn who_has_too_many_devices_may_still_have_fewer() {
        let quota = Quota { devices_max: 3, ..Quota::NONE };
        for (now, next, allowed) in [(2, 3, true), (3, 4, false), (9, 8, true), (9, 9, true)] {
            assert_eq!(quota.allows_devices(now, next), allowed, "{now} to {next}");
        }
    }
}
