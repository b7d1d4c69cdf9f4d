//! Words that are nearly alike.

/// No name is longer.
const BYTES_MAX: usize = 64;

/// Whether a word is a known one with a slip: a letter too many, missing, wrong or in another
/// place; two of them in a long word. Of short words none is like another.
pub(super) fn is_similar(word: &str, known: &str) -> bool {
    if word.len() > BYTES_MAX {
        return false;
    }
    // Letters are up to four bytes: a glance at the lengths is enough for most.
    if word.is_ascii() && known.is_ascii() && word.len().abs_diff(known.len()) > 2 {
        return false;
    }
    let (word, known): (Vec<char>, Vec<char>) = (word.chars().collect(), known.chars().collect());
    let slips = match word.len() {
        0..=3 => return false,
        4..=6 => 1,
        _ => 2,
    };
    word.len().abs_diff(known.len()) <= slips && distance(&word, &known, slips) <= slips
}

/// How many slips lead from one to the other (optimal string alignment); more than `most` may be
/// told as any greater number.
fn distance(one: &[char], other: &[char], most: usize) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut next = vec![row + 1];
        for (column, known) in other.iter().enumerate() {
            let of = |list: &[usize], at: usize| list.get(at).copied().unwrap_or(usize::MAX / 2);
            let cost = usize::from(letter != known);
            let mut least = (of(&last, column) + cost)
                .min(of(&last, column + 1) + 1)
                .min(of(&next, column) + 1);
            let turned = row > 0
                && column > 0
                && one.get(row - 1) == Some(known)
                && other.get(column - 1) == Some(letter);
            if turned {
                least = least.min(of(&before, column - 1) + 1);
            }
            next.push(least);
        }
        if next.iter().min().is_none_or(|least| *least > most) {
            return most + 1;
        }
        before = std::mem::replace(&mut last, next);
    }
    last.last().copied().unwrap_or(most + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_few() {
        let check = |word: &str, known: &str, want: bool| {
            assert_eq!(is_similar(word, known), want, "{word} {known}");
        };
        check("amlodpine", "amlodipine", true);
        check("amlodipnie", "amlodipine", true);
        check("ammlodipinne", "amlodipine", true);
        check("amoxicillin", "ampicillin", true);
        check("amlodoxin", "amlodipine", false);
        check("zinv", "zinc", true);
        check("asa", "asb", false);
        check("", "amlodipine", false);
        check("metformin", "metronidazole", false);
        check(&"amlodipine".repeat(10), &"amlodipine".repeat(10), false);
    }
}
