//! Any bytes as a file from a stick: read to its end or to what is wrong with it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sync::forms::read_as_bundle;

fuzz_target!(|bytes: &[u8]| {
    read_as_bundle(bytes);
});
