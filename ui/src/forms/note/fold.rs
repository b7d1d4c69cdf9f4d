//! Bringing together what is typed here and what came from elsewhere, so that neither is lost.

use std::ops::Range;

/// Folds the change `base → theirs` into `mine`. Changes in different places are both taken; in
/// the same place both texts stay, mine first.
pub(super) fn fold(base: &str, mine: &str, theirs: &str) -> String {
    if mine == theirs || theirs == base {
        return mine.to_owned();
    }
    if mine == base {
        return theirs.to_owned();
    }
    let base: Vec<char> = base.chars().collect();
    let (here, there) = (Change::of(&base, mine), Change::of(&base, theirs));
    let kept = |range: Range<usize>| base.get(range).unwrap_or_default().iter().collect::<String>();
    let (first, second) =
        if here.at.start <= there.at.start { (&here, &there) } else { (&there, &here) };
    if first.at.end <= second.at.start {
        return [
            kept(0..first.at.start),
            first.text.clone(),
            kept(first.at.end..second.at.start),
            second.text.clone(),
            kept(second.at.end..base.len()),
        ]
        .concat();
    }
    // Both changed the same words: each one's whole version of them, one after the other.
    let all = first.at.start..first.at.end.max(second.at.end);
    let whole = |change: &Change| {
        [kept(all.start..change.at.start), change.text.clone(), kept(change.at.end..all.end)]
            .concat()
    };
    [kept(0..all.start), whole(&here), "\n".to_owned(), whole(&there), kept(all.end..base.len())]
        .concat()
}

/// Where the caret is after `old` became `new`: as far from the start when what stands before it
/// is unchanged, else as far from the end. All in UTF-16 units, as the browser counts.
pub(super) fn caret_after(old: &str, new: &str, caret: usize) -> usize {
    let (old, new): (Vec<u16>, Vec<u16>) =
        (old.encode_utf16().collect(), new.encode_utf16().collect());
    let before = old.get(..caret.min(old.len())).unwrap_or_default();
    if new.starts_with(before) {
        before.len()
    } else {
        new.len().saturating_sub(old.len().saturating_sub(before.len()))
    }
}

/// A stretch of the base, and what stands there instead.
struct Change {
    at: Range<usize>,
    text: String,
}

impl Change {
    fn of(base: &[char], now: &str) -> Self {
        let now: Vec<char> = now.chars().collect();
        let start = base.iter().zip(&now).take_while(|(a, b)| a == b).count();
        let rest = base.len().min(now.len()) - start;
        let pairs = base.iter().rev().zip(now.iter().rev());
        let tail = pairs.take(rest).take_while(|(a, b)| a == b).count();
        let text = now.get(start..now.len() - tail).unwrap_or_default().iter().collect();
        Self { at: start..base.len() - tail, text }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_sides_are_kept() {
        let check = |base: &str, mine: &str, theirs: &str, want: &str| {
            assert_eq!(fold(base, mine, theirs), want, "{base:?} {mine:?} {theirs:?}");
        };
        check("", "cough", "", "cough");
        check("", "", "fever", "fever");
        check("", "cough", "cough", "cough");
        check("", "cough. ", "fever. ", "cough. fever. ");
        check("a c", "a b c", "a c d", "a b c d");
        check("a c", "a c d", "a b c", "a b c d");
        check("pain left", "pain right", "pain left knee", "pain right knee");
        check("since 3 days", "since 4 days", "since 5 days", "since 4\n5 days");
        check("gone", "", "gone too", " too");
    }

    #[test]
    fn the_caret_stays_with_its_words() {
        let check = |old: &str, new: &str, caret: usize, want: usize| {
            assert_eq!(caret_after(old, new, caret), want, "{old:?} {new:?}");
        };
        check("abc", "abc def", 3, 3);
        check("abc", "x abc", 3, 5);
        check("é😀b", "zé😀b", 3, 4);
        check("abc", "", 2, 0);
    }

    proptest! {
        #[test]
        fn what_either_side_added_is_there(
            before in "[a-z é]{0,12}", after in "[a-z é]{0,12}",
            mine in "[A-M]{1,6}", theirs in "[N-Z]{1,6}", cut in 0_usize..12,
        ) {
            let base = format!("{before}{after}");
            let at = base.char_indices().map(|(i, _)| i).nth(cut).unwrap_or(base.len());
            let one = format!("{before}{mine}{after}");
            let other = {
                let (start, end) = base.split_at(at);
                format!("{start}{theirs}{end}")
            };
            let folded = fold(&base, &one, &other);
            prop_assert!(folded.contains(&mine) && folded.contains(&theirs), "{folded}");
            let rest: String = folded.chars().filter(|c| !c.is_ascii_uppercase()).collect();
            prop_assert_eq!(rest, base);
        }
    }
}
