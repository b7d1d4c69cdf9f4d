//! What documents are, and how large.

use crate::i18n::{t, tf};
use clinical::DocumentCategory;

/// What a document is.
pub(crate) fn document_category(category: DocumentCategory) -> &'static str {
    match category {
        DocumentCategory::Letter => t("files.category.letter"),
        DocumentCategory::Laboratory => t("files.category.laboratory"),
        DocumentCategory::Imaging => t("files.category.imaging"),
        DocumentCategory::Photo => t("files.category.photo"),
        DocumentCategory::Consent => t("files.category.consent"),
        DocumentCategory::Other => t("files.category.other"),
    }
}

/// How large it is: it is fetched over a line that may be slow.
pub(crate) fn file_size(bytes: u64) -> String {
    let (key, count) = match bytes {
        0..1_000_000 => ("files.kb", bytes.div_ceil(1_000)),
        1_000_000.. => ("files.mb", bytes.div_ceil(1_000_000)),
    };
    tf(key, &[("n", &count.to_string())])
}
