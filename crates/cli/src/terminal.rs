//! Progress for whoever watches a terminal; nothing where nobody does.

use indicatif::{ProgressBar, ProgressStyle};

/// A line that moves while something goes on.
pub(crate) struct Progress(ProgressBar);

impl Progress {
    /// Begins a line about `what`. It is drawn on standard error, and only on a terminal.
    pub(crate) fn new(what: &str) -> Self {
        let bar = ProgressBar::new(0);
        let template = "{msg} {wide_bar} {pos}/{len} {eta}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        bar.set_message(what.to_owned());
        Self(bar)
    }

    /// `done` of `all` is done.
    pub(crate) fn at(&self, done: u64, all: u64) {
        self.0.set_length(all);
        self.0.set_position(done);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
