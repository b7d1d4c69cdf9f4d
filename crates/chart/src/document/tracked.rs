//! What became of a text since somebody last wrote in it, as runs of characters.

use super::Document;
use crate::stamp;
use automerge::{ChangeHash, ChangeMetadata, ObjId, ReadDoc, ScalarValue, iter::ListRange};
use clinical::{DeviceId, PractitionerId, TrackedChange, TrackedRun};
use std::collections::BTreeSet;

/// A character of a text. What it is called does not change while others come and go around it.
struct Character {
    id: ObjId,
    text: String,
}

impl Document {
    /// What became of a text section since a person last changed it on a computer: nothing where they
    /// never did, where the text was blank after it, or where nothing became of it. Never while a change
    /// is being made.
    pub(crate) fn tracked(
        &mut self,
        section: &str,
        reader: (PractitionerId, DeviceId),
    ) -> Vec<TrackedRun> {
        let Some(object) = self.section(section) else { return Vec::new() };
        let Some(own) = self.last_change_of(&object, reader) else { return Vec::new() };
        let before = characters(self.doc.list_range_at(&object, .., &[own]));
        if before.iter().all(|character| character.text.trim().is_empty()) {
            return Vec::new();
        }
        let after = characters(self.doc.list_range(&object, ..));
        let since = self.doc.get_changes_meta(&[own]);
        let of_others = |change: &ChangeMetadata<'_>| {
            let stamp = stamp::stamp_of(change.message.as_deref(), change.timestamp);
            ((stamp.author, stamp.device) != reader).then_some(stamp.author)
        };
        let authors: BTreeSet<PractitionerId> = since.iter().filter_map(of_others).collect();
        let runs = self.runs(&before, &after, &authors.into_iter().collect::<Vec<_>>());
        let is_same = runs.iter().all(|run| run.change == TrackedChange::Kept);
        if is_same { Vec::new() } else { readable(&runs) }
    }

    /// The last change by which a person on a computer made a text another.
    fn last_change_of(
        &mut self,
        object: &ObjId,
        (author, device): (PractitionerId, DeviceId),
    ) -> Option<ChangeHash> {
        let changes = self.doc.get_changes_meta(&[]);
        let is_own = |change: &&ChangeMetadata<'_>| {
            let stamp = stamp::stamp_of(change.message.as_deref(), change.timestamp);
            (stamp.author, stamp.device) == (author, device)
        };
        // Whoever writes alone asks for nothing more, however long the note is.
        let is_nobodys = |change: &ChangeMetadata<'_>| {
            stamp::stamp_of(change.message.as_deref(), 0).author.uuid().is_nil()
        };
        if changes.iter().all(|change| is_own(&change) || is_nobodys(change)) {
            return None;
        }
        let own: Vec<(ChangeHash, Vec<ChangeHash>)> =
            changes.iter().rev().filter(is_own).map(|it| (it.hash, it.deps.to_vec())).collect();
        let text = |heads: &[ChangeHash]| self.doc.text_at(object, heads).unwrap_or_default();
        own.into_iter().find(|(hash, deps)| text(&[*hash]) != text(deps)).map(|(hash, _)| hash)
    }

    fn runs(
        &mut self,
        before: &[Character],
        after: &[Character],
        deleters: &[PractitionerId],
    ) -> Vec<TrackedRun> {
        let ids = |all: &[Character]| all.iter().map(|it| it.id.to_string()).collect();
        let (stood, stands): (BTreeSet<String>, BTreeSet<String>) = (ids(before), ids(after));
        let mut runs = Runs::default();
        let (mut before, mut after) = (before.iter().peekable(), after.iter().peekable());
        loop {
            if let Some(gone) = before.next_if(|it| !stands.contains(&it.id.to_string())) {
                runs.push(&gone.text, TrackedChange::Deleted, deleters);
            } else if let Some(new) = after.next_if(|it| !stood.contains(&it.id.to_string())) {
                let change = self.change_of(&new.id);
                let author = self.stamp_of(&change).author;
                runs.push(&new.text, TrackedChange::Inserted, &[author]);
            } else {
                // What stands in both stands in the same order in both.
                let Some(kept) = before.next().and(after.next()) else { return runs.0 };
                runs.push(&kept.text, TrackedChange::Kept, &[]);
            }
        }
    }
}

fn characters(letters: ListRange<'_>) -> Vec<Character> {
    let character = |value: &ScalarValue| value.as_str().map(str::to_owned);
    let all = letters.filter_map(|item| {
        let value = item.value.clone().into_value();
        let text = value.as_scalar().and_then(character)?;
        Some(Character { id: item.id(), text })
    });
    all.collect()
}

/// Runs, each as long as it can be.
#[derive(Default)]
struct Runs(Vec<TrackedRun>);

impl Runs {
    fn push(&mut self, text: &str, change: TrackedChange, by: &[PractitionerId]) {
        match self.0.last_mut().filter(|last| last.change == change && last.by == by) {
            Some(last) => last.text.push_str(text),
            None => {
                self.0.push(TrackedRun { text: text.to_owned(), change, by: by.to_vec() });
            }
        }
    }
}

/// The runs as a person reads them: where words went and others came, all that went and then all that
/// came, with the spaces and stops between them that stayed counted to both.
fn readable(runs: &[TrackedRun]) -> Vec<TrackedRun> {
    let is_of_stretch = |at: usize| {
        let changed = |at: Option<usize>| {
            at.and_then(|at| runs.get(at)).is_some_and(|run| run.change != TrackedChange::Kept)
        };
        let has_no_word = runs.get(at).is_some_and(|run| !run.text.contains(char::is_alphanumeric));
        let is_between = changed(at.checked_sub(1)) && changed(at.checked_add(1));
        changed(Some(at)) || has_no_word && is_between
    };
    let mut read = Runs::default();
    let places: Vec<(bool, &TrackedRun)> =
        runs.iter().enumerate().map(|(at, run)| (is_of_stretch(at), run)).collect();
    for stretch in places.chunk_by(|(one, _), (other, _)| one == other) {
        let has = |change| stretch.iter().any(|(_, run)| run.change == change);
        if has(TrackedChange::Deleted) && has(TrackedChange::Inserted) {
            regroup(stretch, &mut read);
        } else {
            stretch.iter().for_each(|(_, run)| read.push(&run.text, run.change, &run.by));
        }
    }
    read.0
}

fn regroup(stretch: &[(bool, &TrackedRun)], read: &mut Runs) {
    for change in [TrackedChange::Deleted, TrackedChange::Inserted] {
        let of_it = |run: &&TrackedRun| run.change == change || run.change == TrackedChange::Kept;
        let first = stretch.iter().find(|(_, run)| run.change == change);
        let mut by: &[PractitionerId] = first.map_or(&[], |(_, run)| &run.by);
        for run in stretch.iter().map(|(_, run)| *run).filter(of_it) {
            by = if run.change == change { &run.by } else { by };
            read.push(&run.text, change, by);
        }
    }
}
