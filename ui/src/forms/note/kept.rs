//! How safe what was typed is.

use crate::i18n::t;

/// The state of one text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kept {
    /// Nothing was typed yet.
    Untouched,
    /// It survives a crash of this computer's programs.
    Safe,
    /// Not yet.
    Typing,
    /// It could not be kept.
    Failed,
}

/// The state of all texts in words: the worst of them.
pub(super) fn words(states: impl Iterator<Item = Kept>) -> &'static str {
    match states.max().unwrap_or(Kept::Untouched) {
        Kept::Untouched => t("note.state.untouched"),
        Kept::Safe => t("note.state.kept"),
        Kept::Typing => t("note.state.typing"),
        Kept::Failed => t("note.state.failed"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_state_is_told() {
        let check = |states: &[Kept], want: Kept| {
            assert_eq!(words(states.iter().copied()), words(Some(want).into_iter()));
        };
        check(&[], Kept::Untouched);
        check(&[Kept::Safe, Kept::Untouched], Kept::Safe);
        check(&[Kept::Safe, Kept::Typing], Kept::Typing);
        check(&[Kept::Failed, Kept::Typing], Kept::Failed);
    }
}
