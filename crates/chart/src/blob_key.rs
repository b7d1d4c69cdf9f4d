//! What opens the sealed bytes of a file.

use std::fmt;

/// The key of a file's sealed bytes. It is of that file alone, and is kept in the chart's document:
/// who cannot open the document any more cannot open its files.
#[derive(Clone, PartialEq, Eq)]
pub struct BlobKey(pub [u8; 32]);

impl fmt::Debug for BlobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BlobKey(..)")
    }
}
