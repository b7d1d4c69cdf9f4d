//! Any bytes as a file from a stick: read to its end or to what is wrong with it.
#![no_main]

use libfuzzer_sys::fuzz_target;
use sync::bundle::{Block, BundleReader};

fuzz_target!(|bytes: &[u8]| {
    let Ok(mut reader) = BundleReader::begin(bytes) else { return };
    while let Ok(block) = reader.next_block() {
        if matches!(block, Block::End(_)) {
            return;
        }
    }
});
