//! A file that is being put into a chart: what a person says of it.

use super::check::{finish, required};
use crate::{DocumentCategory, Finding, without_hidden};
use serde::{Deserialize, Serialize};

/// The largest file a chart takes, in bytes: sealed and padded it is what a server takes, 64 MiB.
pub const DOCUMENT_BYTES_MAX: u64 = 62 << 20;

/// The longest title that is made of a file's name, in characters.
const TITLE_MAX: usize = 120;

/// What is said of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DocumentDraft {
    /// What it is called.
    pub title: String,
    /// What it is.
    pub category: DocumentCategory,
}

impl DocumentDraft {
    /// What it is called, checked.
    ///
    /// # Errors
    /// A finding where it is no line.
    pub fn complete(&self) -> Result<String, Vec<Finding>> {
        let mut findings = Vec::new();
        let title = required("title", &self.title, &mut findings);
        finish(title, findings)
    }
}

/// A title of the name of a file, which whoever made the file chose: no folders, no ending, nothing
/// that is not seen, nothing that steers the text around it.
pub fn title_of_file(name: &str) -> String {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let signs = name.chars().map(|sign| if sign.is_control() { ' ' } else { sign });
    let shown: String = signs.collect();
    let shown = without_hidden(&shown);
    let stem = match shown.rsplit_once('.') {
        Some((stem, ending)) if ending.len() <= 5 && !stem.trim().is_empty() => stem,
        Some(_) | None => &shown,
    };
    let words: Vec<&str> = stem.split([' ', '_']).filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(TITLE_MAX).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_of_a_name_is_what_is_seen_of_it() {
        let check = |name: &str, want: &str| assert_eq!(title_of_file(name), want, "{name:?}");
        check("Letter_of referral.pdf", "Letter of referral");
        check("/home/a/../scan 3.jpeg", "scan 3");
        check(r"C:\Users\a\scan.png", "scan");
        check("gpj.\u{202e}exe.pdf", "gpj.exe");
        check("a\u{7}b\nc.txt", "a b c");
        check(".pdf", ".pdf");
        check("", "");
        check(&"x".repeat(500), &"x".repeat(120));
    }

    #[test]
    fn a_title_is_a_line() {
        let check = |title: &str, code: Option<&str>| {
            let draft =
                DocumentDraft { title: title.to_owned(), category: DocumentCategory::Letter };
            let found = draft.complete().err().map(|findings| findings[0].code.clone());
            assert_eq!(found.as_deref(), code, "{title:?}");
        };
        check(" Letter ", None);
        check("  ", Some("required"));
        check("a\nb", Some("unprintable"));
        check("\u{202e}b", Some("unprintable"));
    }
}
