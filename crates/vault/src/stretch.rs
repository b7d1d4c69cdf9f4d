//! Argon2id: what makes each guess of a password expensive.

use argon2::{Algorithm, Argon2, Params, Version};
use unicode_normalization::UnicodeNormalization;

use crate::Sensitive;

/// How much work one guess costs; kept beside what the password opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StretchParams {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

/// Why a password could not be stretched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StretchError {
    /// Less work than the floor (OWASP: 19 MiB, 2 passes, 1 lane).
    #[error("password stretching below the floor of 19 MiB and 2 passes")]
    BelowFloor,
    /// More work than any device of a clinic can be asked for.
    #[error("password stretching above the limit of 1 GiB, 16 passes and 4 lanes")]
    AboveLimit,
    /// The computer could not give the memory.
    #[error("not enough memory to check a password ({memory_kib} KiB needed)")]
    OutOfMemory {
        /// Memory asked for, in KiB.
        memory_kib: u32,
    },
}

const MEMORY_KIB_MAX: u32 = 1024 * 1024;
const PASSES_MAX: u32 = 16;
const LANES_MAX: u32 = 4;

impl StretchParams {
    /// 64 MiB, 3 passes, 1 lane: about half a second on a clinic's computer.
    pub const STANDARD: Self = Self { memory_kib: 64 * 1024, passes: 3, lanes: 1 };
    /// 19 MiB, 2 passes, 1 lane: the least accepted for a new password.
    pub const FLOOR: Self = Self { memory_kib: 19 * 1024, passes: 2, lanes: 1 };

    /// Checks parameters for a new password against floor and limit.
    pub fn new(memory_kib: u32, passes: u32, lanes: u32) -> Result<Self, StretchError> {
        let floor = Self::FLOOR;
        if memory_kib < floor.memory_kib || passes < floor.passes || lanes < floor.lanes {
            return Err(StretchError::BelowFloor);
        }
        Self::from_stored(memory_kib, passes, lanes).ok_or(StretchError::AboveLimit)
    }

    /// Parameters so cheap that they protect nothing. For tests alone.
    #[cfg(any(test, feature = "test-support"))]
    pub fn weak_for_tests() -> Self {
        Self { memory_kib: 8, passes: 1, lanes: 1 }
    }

    /// Memory of one guess, in KiB.
    pub fn memory_kib(self) -> u32 {
        self.memory_kib
    }

    /// Passes over the memory.
    pub fn passes(self) -> u32 {
        self.passes
    }

    /// Lanes, which this implementation runs one after the other.
    pub fn lanes(self) -> u32 {
        self.lanes
    }

    /// Tells whether a password stretched with these deserves to be wrapped again with more.
    pub fn is_weaker_than(self, other: Self) -> bool {
        self.memory_kib < other.memory_kib || self.passes < other.passes
    }

    /// Accepts stored parameters up to the limit, so that a damaged file cannot ask for all the
    /// memory there is.
    pub(crate) fn from_stored(memory_kib: u32, passes: u32, lanes: u32) -> Option<Self> {
        let fits = (8..=MEMORY_KIB_MAX).contains(&memory_kib)
            && (1..=PASSES_MAX).contains(&passes)
            && (1..=LANES_MAX).contains(&lanes)
            && memory_kib >= lanes * 8;
        fits.then_some(Self { memory_kib, passes, lanes })
    }
}

/// Derives 32 bytes from a password by Argon2id (RFC 9106, version 0x13).
///
/// The password is first brought to Unicode form C (RFC 8265), so that it opens on a keyboard
/// that composes its letters otherwise.
pub(crate) fn derive_stretched(
    password: &str,
    salt: &[u8; 16],
    params: StretchParams,
) -> Result<Sensitive<[u8; 32]>, StretchError> {
    let mut typed = Sensitive::new(String::with_capacity(password.len() * 3));
    typed.expose_mut().extend(password.nfc());
    let StretchParams { memory_kib, passes, lanes } = params;
    let checked =
        Params::new(memory_kib, passes, lanes, Some(32)).or(Err(StretchError::AboveLimit))?;
    let mut output = Sensitive::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, Version::V0x13, checked)
        .hash_password_into(typed.expose().as_bytes(), salt, output.expose_mut())
        .or(Err(StretchError::OutOfMemory { memory_kib }))?;
    Ok(output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floor_and_limit_hold() {
        for (memory_kib, passes, lanes, expected) in [
            (64 * 1024, 3, 1, Ok(StretchParams::STANDARD)),
            (19 * 1024, 2, 1, Ok(StretchParams::FLOOR)),
            (19 * 1024 - 1, 2, 1, Err(StretchError::BelowFloor)),
            (19 * 1024, 1, 1, Err(StretchError::BelowFloor)),
            (19 * 1024, 2, 0, Err(StretchError::BelowFloor)),
            (u32::MAX, 3, 1, Err(StretchError::AboveLimit)),
            (64 * 1024, 17, 1, Err(StretchError::AboveLimit)),
            (64 * 1024, 3, 5, Err(StretchError::AboveLimit)),
        ] {
            assert_eq!(StretchParams::new(memory_kib, passes, lanes), expected);
        }
        assert_eq!(StretchParams::from_stored(8, 1, 2), None);
        assert!(StretchParams::FLOOR.is_weaker_than(StretchParams::STANDARD));
        assert!(!StretchParams::STANDARD.is_weaker_than(StretchParams::STANDARD));
    }

    #[test]
    fn salt_password_and_params_all_count_but_composition_does_not() {
        let weak = StretchParams::weak_for_tests();
        let twice = StretchParams { passes: 2, ..weak };
        let run =
            |password, salt, params| *derive_stretched(password, salt, params).unwrap().expose();
        let base = run("caf\u{e9} au lait", &[1; 16], weak);
        assert_eq!(base, run("cafe\u{301} au lait", &[1; 16], weak));
        assert_ne!(base, run("cafe au lait", &[1; 16], weak));
        assert_ne!(base, run("caf\u{e9} au lait", &[2; 16], weak));
        assert_ne!(base, run("caf\u{e9} au lait", &[1; 16], twice));
    }
}
