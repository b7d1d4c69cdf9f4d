//! Any bytes as what is sealed, signed or told: refused, or the one encoding of what is read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sync::forms::read_as_sealed;

fuzz_target!(|bytes: &[u8]| {
    read_as_sealed(bytes);
});
