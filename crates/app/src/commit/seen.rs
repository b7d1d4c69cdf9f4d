//! What whoever edits a chart saw of it.

use crate::kept_chart::KeptChart;
use chart::Heads;
use clinical::EntryRef;

/// What somebody looked at who edits a chart, and the heads that the chart had then, where they say
/// so.
#[derive(Debug, Clone, Copy)]
pub(super) enum Seen<'a> {
    /// Nothing in particular: what they add stands beside what is there.
    Anything,
    /// An entry.
    Entry(EntryRef, Option<&'a str>),
    /// All that an edit wrote.
    Entries(&'a [EntryRef], &'a str),
    /// The entry that the conflict of this id is about.
    Conflict(&'a str, Option<&'a str>),
}

impl Seen<'_> {
    /// Whether the entry was written since: it is another by now, and what they decided about it is
    /// not done to that.
    pub(super) fn is_past(&self, kept: &mut KeptChart) -> bool {
        let (entry, heads) = match *self {
            Self::Anything => return false,
            Self::Entry(entry, heads) => (Some(entry), heads),
            Self::Entries(entries, heads) => {
                let is_past = |entry: &_| Self::Entry(*entry, Some(heads)).is_past(kept);
                return entries.iter().any(is_past);
            }
            Self::Conflict(id, heads) => {
                let disputed = kept.chart.conflicts.iter().find(|conflict| conflict.id == id);
                (disputed.map(|conflict| conflict.entry), heads)
            }
        };
        let Some((entry, heads)) = entry.zip(heads) else { return false };
        let seen = Heads::from_text(heads);
        seen.is_none_or(|seen| kept.document.changed_since(entry, &seen))
    }
}
