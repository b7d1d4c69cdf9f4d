//! What a command answers: JSON for programs, lines for people.

use serde::Serialize;

/// Where answers go.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output {
    /// As JSON.
    pub(crate) json: bool,
}

impl Output {
    /// Answers with a value: as JSON, or as the lines `text` makes of it.
    #[allow(clippy::print_stdout, reason = "this is where the command line speaks")]
    pub(crate) fn answer<T: Serialize>(self, value: &T, text: impl FnOnce(&T) -> String) {
        if self.json {
            println!("{}", serde_json::to_string(value).unwrap_or_default());
            return;
        }
        let text = text(value);
        if !text.is_empty() {
            println!("{}", text.trim_end());
        }
    }
}
