//! Any bytes as what is sealed, signed or told: refused, or the one encoding of what is read.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sync::codec::Canonical;
use sync::cursor::Cursor;
use sync::envelope::{Envelope, Header};
use sync::given::GivenChart;
use sync::have::Have;
use sync::left::Left;
use sync::membership::SignedEntry;
use sync::payload::Payload;

fn check<T: Canonical>(bytes: &[u8]) {
    if let Ok(value) = T::from_bytes(bytes) {
        assert_eq!(value.to_bytes(), bytes);
    }
}

fuzz_target!(|bytes: &[u8]| {
    check::<Envelope>(bytes);
    check::<Header>(bytes);
    check::<Payload>(bytes);
    check::<SignedEntry>(bytes);
    check::<Have>(bytes);
    check::<Cursor>(bytes);
    check::<GivenChart>(bytes);
    check::<Left>(bytes);
});
