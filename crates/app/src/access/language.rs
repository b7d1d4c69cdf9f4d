//! The language the windows of this computer open in. It is known before anyone signs in, so it is
//! kept beside the store, in a small file that says nothing else.

use super::make_folder;
use crate::{App, error::folder_refused, host::Host};
use api::{ApiError, ErrorCode, Speak};
use std::{fs, io::Read as _, path::Path};

const FILE: &str = "fieldchart.language";
/// `fil` is the longest that is likely.
const BYTES_MAX: u64 = 8;

/// Keeps the language.
///
/// # Errors
/// `invalid` for what is no tag; a cause of the folder's.
pub(crate) fn speak<H: Host>(app: &App<H>, command: &Speak) -> Result<(), ApiError> {
    let host = app.host();
    if !is_tag(&command.language) {
        return Err(ApiError::new(ErrorCode::Invalid, "This is no tag of a language."));
    }
    make_folder(host)?;
    let folder = host.directory();
    fs::write(folder.join(FILE), &command.language).map_err(|error| folder_refused(folder, &error))
}

/// The language kept in the folder of a store, where one was chosen.
pub fn spoken(folder: &Path) -> Option<String> {
    let mut tag = String::new();
    let file = fs::File::open(folder.join(FILE)).ok()?;
    file.take(BYTES_MAX).read_to_string(&mut tag).ok()?;
    is_tag(&tag).then_some(tag)
}

fn is_tag(text: &str) -> bool {
    (2..=3).contains(&text.len()) && text.bytes().all(|letter| letter.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_a_tag_or_nothing() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(spoken(folder.path()), None);
        let check = |kept: &[u8], want: Option<&str>| {
            fs::write(folder.path().join(FILE), kept).unwrap();
            assert_eq!(spoken(folder.path()).as_deref(), want, "{kept:?}");
        };
        check(b"sw", Some("sw"));
        check(b"fil", Some("fil"));
        check(b"", None);
        check(b"x", None);
        check(b"EN", None);
        check(b"sw\n", None);
        check(b"en&language=fr", None);
        check(b"../../etc/passwd", None);
        check(&[0xff, 0xfe], None);
    }
}
