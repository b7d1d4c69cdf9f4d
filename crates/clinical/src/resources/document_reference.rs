//! A file in a chart (FHIR R4 `DocumentReference`): a letter, a photograph, a scan.

use super::status::codes;
use crate::{DocumentReferenceId, Instant, PractitionerId};
use serde::{Deserialize, Serialize};

codes! {
    /// What a document is.
    DocumentCategory {
        /// A letter from or to somebody.
        Letter = "letter",
        /// What a laboratory found.
        Laboratory = "laboratory",
        /// What an examination with pictures found.
        Imaging = "imaging",
        /// A photograph.
        Photo = "photo",
        /// A consent that was signed.
        Consent = "consent",
        /// Anything else.
        Other = "other",
    }
}

impl DocumentCategory {
    /// Its LOINC code and name, where there is one that says no more than it does (LOINC 2.7x).
    pub const fn loinc(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Letter => Some(("51852-2", "Letter")),
            Self::Laboratory => Some(("11502-2", "Laboratory report")),
            Self::Imaging => Some(("18748-4", "Diagnostic imaging study")),
            Self::Photo => Some(("72170-4", "Photographic image")),
            Self::Consent => Some(("59284-0", "Consent Document")),
            Self::Other => None,
        }
    }
}

codes! {
    /// What a file is, as its bytes say.
    ContentType {
        /// A picture, as cameras write them.
        Jpeg = "image/jpeg",
        /// A picture, as scanners and screens write them.
        Png = "image/png",
        /// Pages.
        Pdf = "application/pdf",
        /// Plain text in UTF-8.
        Text = "text/plain",
    }
}

impl ContentType {
    /// What a file is by its first bytes, whatever it is called; `None` of what a chart does not
    /// take. The marks are those of ISO/IEC 10918-1, RFC 2083 and ISO 32000-1.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&[0xff, 0xd8, 0xff]) {
            return Some(Self::Jpeg);
        }
        if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            return Some(Self::Png);
        }
        if bytes.starts_with(b"%PDF-") {
            return Some(Self::Pdf);
        }
        let is_plain =
            |sign: char| !sign.is_control() || matches!(sign, '\n' | '\r' | '\t' | '\x0c');
        let text = std::str::from_utf8(bytes).ok()?;
        (!text.trim().is_empty() && text.chars().all(is_plain)).then_some(Self::Text)
    }

    /// What the name of such a file ends with.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Pdf => "pdf",
            Self::Text => "txt",
        }
    }
}

/// A file in a chart: a fact. Its bytes lie sealed beside the record, under the hash of what is
/// sealed; the key to them is in the chart's document and never here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct DocumentReference {
    /// Its id.
    pub id: DocumentReferenceId,
    /// What it is called.
    pub title: String,
    /// What it is.
    pub category: DocumentCategory,
    /// What its bytes are.
    pub content_type: ContentType,
    /// How many there are.
    pub size: u64,
    /// Their SHA-256, 64 hex digits.
    pub hash: String,
    /// The SHA-256 of the sealed bytes, 64 hex digits: the name they travel under.
    pub blob: String,
    /// Who added it.
    pub author: PractitionerId,
    /// When, by the clock of that computer.
    pub date: Instant,
}

impl DocumentReference {
    /// The name the sealed bytes travel under; `None` of one that is no such name.
    pub fn blob_id(&self) -> Option<[u8; 32]> {
        digest(&self.blob)
    }

    /// The hash of the bytes themselves; `None` of one that is none.
    pub fn content_hash(&self) -> Option<[u8; 32]> {
        digest(&self.hash)
    }

    /// A name to keep it under as a file: what it is called, and what it is.
    pub fn file_name(&self) -> String {
        let signs = |sign: char| if sign.is_alphanumeric() { sign } else { '-' };
        let name: String = self.title.chars().map(signs).collect();
        let parts: Vec<&str> = name.split('-').filter(|part| !part.is_empty()).collect();
        let name = if parts.is_empty() { "document".to_owned() } else { parts.join("-") };
        format!("{name}.{}", self.content_type.extension())
    }
}

/// A hash of 64 lower-case hex digits.
fn digest(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let is_hex = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    if text.len() != 64 || !text.bytes().all(is_hex) {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::uuid_v7;

    #[test]
    fn what_a_file_is_its_bytes_say() {
        let check = |bytes: &[u8], want: Option<ContentType>| {
            assert_eq!(ContentType::of(bytes), want, "{bytes:?}");
        };
        check(&[0xff, 0xd8, 0xff, 0xe0, 0], Some(ContentType::Jpeg));
        check(b"\x89PNG\r\n\x1a\n\0", Some(ContentType::Png));
        check(b"%PDF-1.7\n", Some(ContentType::Pdf));
        check("Réponse\r\n\tsuit.".as_bytes(), Some(ContentType::Text));
        check(b"", None);
        check(b" \n", None);
        check(b"MZ\x90\0\x03", None);
        check(b"PK\x03\x04", None);
        check(b"\x1b[31mred", None);
        check(b"\xff\xfet\0e\0", None);
    }

    #[test]
    fn a_name_for_a_file_leads_nowhere() {
        let check = |title: &str, want: &str| {
            let document = DocumentReference {
                id: DocumentReferenceId::from_uuid(uuid_v7(1, [1; 10])),
                title: title.to_owned(),
                category: DocumentCategory::Other,
                content_type: ContentType::Pdf,
                size: 1,
                hash: "0a".repeat(32),
                blob: "A0".repeat(32),
                author: PractitionerId::from_uuid(uuid_v7(1, [2; 10])),
                date: Instant::from_unix_ms(0),
            };
            assert_eq!(document.file_name(), want);
            assert_eq!(document.content_hash(), Some([10; 32]));
            assert_eq!(document.blob_id(), None, "not written as we do");
        };
        check("Letter of Dr. Wanjiku", "Letter-of-Dr-Wanjiku.pdf");
        check("../../etc/passwd", "etc-passwd.pdf");
        check("..", "document.pdf");
        check("رسالة", "رسالة.pdf");
    }
}
