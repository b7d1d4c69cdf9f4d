//! How far a word is from another.

/// Words shorter than this are never taken for another.
const LENGTH_MIN: usize = 5;
/// From this length on two slips are forgiven.
const TWO_FROM: usize = 8;

/// A word that may have been misspelt.
#[derive(Debug)]
pub(super) struct Misspelt {
    letters: Vec<char>,
    signs: u64,
    most: usize,
}

impl Misspelt {
    /// A word that is in no list; `None` where it is too short to be anything else.
    pub(super) fn of(word: &str) -> Option<Self> {
        let letters: Vec<char> = word.chars().collect();
        let most = match letters.len() {
            0..LENGTH_MIN => return None,
            LENGTH_MIN..TWO_FROM => 1,
            _ => 2,
        };
        Some(Self { signs: signs(word), letters, most })
    }

    /// The slips between it and another word, when they can be forgiven.
    pub(super) fn slips(&self, other: &str) -> Option<usize> {
        let differ = (self.signs ^ signs(other)).count_ones();
        let most = u32::try_from(self.most).unwrap_or_default();
        if other.len().abs_diff(self.letters.len()) > self.most || differ > 2 * most {
            return None;
        }
        let other: Vec<char> = other.chars().collect();
        Some(distance(&self.letters, &other)).filter(|slips| *slips <= self.most)
    }
}

/// Which letters a word has: one bit each.
fn signs(word: &str) -> u64 {
    word.bytes().fold(0, |signs, byte| signs | 1 << (byte % 64))
}

/// Letters put in, left out, taken for another, or swapped with their neighbour.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, letter) in one.iter().enumerate() {
        let mut now = vec![row + 1];
        for (column, sign) in other.iter().enumerate() {
            let at = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut least = (at(&last, column) + usize::from(letter != sign))
                .min(at(&last, column + 1) + 1)
                .min(at(&now, column) + 1);
            let swapped = row > 0
                && column > 0
                && one.get(row - 1) == Some(sign)
                && other.get(column - 1) == Some(letter);
            if swapped {
                least = least.min(at(&before, column - 1) + 1);
            }
            now.push(least);
        }
        before = std::mem::replace(&mut last, now);
    }
    last.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_counted_and_few_are_forgiven() {
        let check = |typed: &str, meant: &str, want: Option<usize>| {
            let slips = Misspelt::of(typed).and_then(|misspelt| misspelt.slips(meant));
            assert_eq!(slips, want, "{typed} {meant}");
        };
        check("asthma", "asthma", Some(0));
        check("astma", "asthma", Some(1));
        check("ashtma", "asthma", Some(1));
        check("pnuemonia", "pneumonia", Some(1));
        check("neumonia", "pneumonia", Some(1));
        check("diarrea", "diarrhea", Some(1));
        check("colestrol", "cholesterol", Some(2));
        check("hypertention", "hypertension", Some(1));
        check("gout", "gouty", None);
        check("fever", "liver", None);
        check("hypotension", "hypertension", Some(2));
    }
}
