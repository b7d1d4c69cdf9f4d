//! A file of this computer, read to be put into a chart.

use api::{ApiError, ErrorCode};
use clinical::{ContentType, DOCUMENT_BYTES_MAX, Finding};
use std::{fs::File, io::Read as _, path::Path};

/// Its bytes, and what they are.
///
/// # Errors
/// `unreadable-file`; `invalid` where it is empty, too large or of a kind a chart does not take.
pub(super) fn read(path: &Path) -> Result<(Vec<u8>, ContentType), ApiError> {
    let unreadable = |_| {
        let detail = "The file could not be read; nothing was changed.";
        ApiError::new(ErrorCode::UnreadableFile, detail)
    };
    let file = File::open(path).map_err(unreadable)?;
    let about = file.metadata().map_err(unreadable)?;
    // A device may never end.
    if !about.is_file() {
        return Err(ApiError::new(
            ErrorCode::UnreadableFile,
            "This is no file; nothing was changed.",
        ));
    }
    if about.len() > DOCUMENT_BYTES_MAX {
        return Err(too_large());
    }
    let mut bytes = Vec::new();
    file.take(DOCUMENT_BYTES_MAX.saturating_add(1)).read_to_end(&mut bytes).map_err(unreadable)?;
    if u64::try_from(bytes.len()).is_ok_and(|len| len > DOCUMENT_BYTES_MAX) {
        return Err(too_large());
    }
    let content_type = ContentType::of(&bytes).ok_or_else(|| {
        let detail = "A chart takes photos and scans (JPEG, PNG), PDF and plain text; this file is \
                      none of them, whatever it is called.";
        refused("file-kind", detail)
    })?;
    Ok((bytes, content_type))
}

/// It is more than a server takes.
pub(super) fn too_large() -> ApiError {
    let limit = DOCUMENT_BYTES_MAX >> 20;
    let detail = format!("A file in a chart has at most {limit} MB; this one has more.");
    refused("file-too-large", &detail)
}

fn refused(code: &str, detail: &str) -> ApiError {
    ApiError::invalid(vec![Finding::error("path", code, detail)])
}
