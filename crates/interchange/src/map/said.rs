//! What a dosage says that is no part of it, or cannot be one.

use super::{Reader, value};
use crate::json::Json;

/// What a dosage says beside its parts.
#[derive(Default)]
pub(super) struct Said {
    /// What has no place of its own.
    pub(super) rest: Vec<String>,
    /// What cannot be, as written.
    pub(super) odd: Vec<String>,
}

impl Said {
    /// Words for an element, among those that cannot be where its numbers cannot.
    pub(super) fn amount(&mut self, reader: &mut Reader<'_>, element: Json<'_>, before: &str) {
        let Some(words) = value::words(reader, element) else { return };
        let words = format!("{before}{words}");
        if !value::is_amount(element) {
            reader.impossible(element);
            self.odd.push(words);
        } else if !value::is_period(element) {
            self.odd.push(words);
        } else {
            self.rest.push(words);
        }
    }

    /// What is left of a part: the part, where it can be.
    pub(super) fn part<T>(
        &mut self,
        reader: &mut Reader<'_>,
        element: Json<'_>,
        part: T,
        is_possible: bool,
        label: impl Fn(&T) -> String,
    ) -> Option<T> {
        if is_possible {
            return Some(part);
        }
        reader.impossible(element);
        self.odd.push(label(&part));
        None
    }
}
