//! Ids in the JSON on standard input: bare, or as `record` prints them.

use api::{ApiError, ErrorCode};
use clinical::EntryKind;
use serde::Deserialize;
use uuid::Uuid;

/// `0190...` or `medication/0190...`.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Named {
    kind: Option<EntryKind>,
    id: Uuid,
}

impl TryFrom<String> for Named {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let usage = "invalid value: a text, expected an id";
        let (kind, id) = match text.split_once('/') {
            Some((word, id)) => (Some(EntryKind::from_word(word).ok_or(usage)?), id),
            None => (None, text.as_str()),
        };
        Ok(Self { kind, id: id.parse().map_err(|_| usage)? })
    }
}

impl Named {
    /// The id, where it may be that of such an entry.
    ///
    /// # Errors
    /// `invalid` where it says that it is that of another.
    pub(super) fn of(self, kind: EntryKind) -> Result<Uuid, ApiError> {
        if self.kind.is_none_or(|own| own == kind) {
            return Ok(self.id);
        }
        let detail = format!("An id of the kind {} was asked for; nothing was saved.", kind.word());
        Err(ApiError::new(ErrorCode::Invalid, detail))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_taken_bare_and_as_it_was_printed_and_never_for_another_kind() {
        let id = Uuid::from_u128(7);
        let check = |text: String, want: Option<Uuid>| {
            let json = serde_json::Value::from(text.as_str());
            let named = serde_json::from_value::<Named>(json).ok();
            let found = named.and_then(|named| named.of(EntryKind::Medication).ok());
            assert_eq!(found, want, "{text}");
        };
        check(id.to_string(), Some(id));
        check(format!("medication/{id}"), Some(id));
        check(format!("observation/{id}"), None);
        check(format!("pill/{id}"), None);
        check(format!("/{id}"), None);
        check(format!("medication/{id}/1"), None);
        check("medication/".to_owned(), None);
    }
}
