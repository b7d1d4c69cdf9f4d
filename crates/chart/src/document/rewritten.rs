//! A long passage that was written anew.

/// UTF-16 code units that must differ on both sides before a passage counts as written anew.
const LETTERS_MIN: usize = 2000;

/// What stands between the beginning and the end that two texts share, where it is long: looking for
/// what else they share takes as long as one side times the other, and there is hardly anything in it
/// to keep.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Rewritten<'t> {
    /// UTF-16 code units before it.
    pub(super) at: usize,
    /// UTF-16 code units that go.
    pub(super) removed: usize,
    /// What comes in their place.
    pub(super) inserted: &'t str,
}

impl<'t> Rewritten<'t> {
    /// What was written anew from one text to another; `None` where that is little.
    pub(super) fn between(before: &str, after: &'t str) -> Option<Self> {
        let same = |(one, other): &(char, char)| one == other;
        let begin: usize = before
            .chars()
            .zip(after.chars())
            .take_while(same)
            .map(|(letter, _)| letter.len_utf8())
            .sum();
        let (shared, old) = before.split_at_checked(begin)?;
        let (_, new) = after.split_at_checked(begin)?;
        let end: usize = old
            .chars()
            .rev()
            .zip(new.chars().rev())
            .take_while(same)
            .map(|(letter, _)| letter.len_utf8())
            .sum();
        let (old, _) = old.split_at_checked(old.len().checked_sub(end)?)?;
        let (inserted, _) = new.split_at_checked(new.len().checked_sub(end)?)?;
        let units = |text: &str| text.encode_utf16().count();
        let removed = units(old);
        let is_long = removed.min(units(inserted)) >= LETTERS_MIN;
        is_long.then(|| Self { at: units(shared), removed, inserted })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_passage_between_what_is_shared_is_found() {
        let check = |before: &str, after: &str, expected: Option<(usize, usize, &str)>| {
            let found = Rewritten::between(before, after);
            let found = found.map(|found| (found.at, found.removed, found.inserted));
            assert_eq!(found, expected, "{before:.20} {after:.20}");
        };
        let (old, new) = ("é".repeat(LETTERS_MIN), "ü".repeat(LETTERS_MIN + 1));
        check(&old, &new, Some((0, LETTERS_MIN, &new)));
        let framed = |middle: &str| format!("Été: {middle} fin");
        check(&framed(&old), &framed(&new), Some((5, LETTERS_MIN, &new)));
        let faces = ["😀".repeat(LETTERS_MIN), "😁".repeat(LETTERS_MIN)];
        check(&faces[0], &faces[1], Some((0, 2 * LETTERS_MIN, &faces[1])));
        check(&old, "", None);
        check("", &new, None);
        check(&old, &old, None);
        check("fever", "no fever", None);
        let short = "a".repeat(LETTERS_MIN - 1);
        check(&short, &new, None);
    }
}
