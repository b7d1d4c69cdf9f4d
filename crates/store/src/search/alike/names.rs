//! How alike two names are.

use crate::search::{sound::sound, words};
use clinical::HumanName;

/// The shortest name of which one letter may be another.
const SLIP_LETTERS_MIN: usize = 4;

/// How two names are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum NameLikeness {
    /// The same words, or those of one among those of the other.
    Same,
    /// The same words, the family name of one a given name of the other.
    Swapped,
    /// Words that differ by a letter, an initial or the spelling of the same sound.
    Similar,
    /// The family name alone.
    Family,
}

/// A name as folded words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Name {
    pub(super) family: Vec<String>,
    pub(super) given: Vec<String>,
}

impl Name {
    pub(super) fn of(name: &HumanName) -> Self {
        let family = words::fold(&name.family);
        let given: Vec<String> = name.given.iter().flat_map(|part| words::fold(part)).collect();
        if family.is_empty() && given.is_empty() {
            let text = name.text.as_deref().unwrap_or_default();
            return Self { family: words::fold(text), given };
        }
        Self { family, given }
    }

    /// How this one is like another, if at all.
    pub(super) fn like(&self, other: &Self) -> Option<NameLikeness> {
        let (mine, theirs) = (self.written(), other.written());
        if mine.0.is_empty() && mine.1.is_empty() {
            return None;
        }
        if mine == theirs {
            return Some(NameLikeness::Same);
        }
        if mine == (theirs.1, theirs.0) {
            return Some(NameLikeness::Swapped);
        }
        let is_longer = self.words().count() > other.words().count();
        let (short, long) = if is_longer { (other, self) } else { (self, other) };
        short.within(long).or_else(|| short.family_of(long))
    }

    fn words(&self) -> impl Iterator<Item = &str> {
        self.family.iter().chain(&self.given).map(String::as_str)
    }

    /// Family and given names run together: `Mary Jane` is `Maryjane`.
    fn written(&self) -> (String, String) {
        (self.family.concat(), self.given.concat())
    }

    /// How the words of a name are found among those of one that has as many or more.
    fn within(&self, long: &Self) -> Option<NameLikeness> {
        let mut left: Vec<&str> = long.words().collect();
        // One word of several is a name that many have.
        if self.words().count() < 2 && left.len() > 1 {
            return None;
        }
        let mut unmatched: Vec<&str> = Vec::new();
        for word in self.words() {
            match left.iter().position(|other| *other == word) {
                Some(at) => drop(left.swap_remove(at)),
                None => unmatched.push(word),
            }
        }
        if unmatched.is_empty() {
            let is_kept =
                self.family.is_empty() || self.family.iter().any(|word| long.family.contains(word));
            return Some(if is_kept { NameLikeness::Same } else { NameLikeness::Swapped });
        }
        for word in unmatched {
            let at = left.iter().position(|other| is_similar(word, other))?;
            left.swap_remove(at);
        }
        Some(NameLikeness::Similar)
    }

    fn family_of(&self, other: &Self) -> Option<NameLikeness> {
        let same = !self.family.is_empty() && self.family.concat() == other.family.concat();
        same.then_some(NameLikeness::Family)
    }
}

/// Whether two words may be one name: a letter off, an initial, or of the same sound.
fn is_similar(one: &str, other: &str) -> bool {
    let [mine, theirs]: [Vec<char>; 2] = [one, other].map(|word| word.chars().collect());
    let is_initial = mine.len().min(theirs.len()) == 1 && mine.first() == theirs.first();
    let can_slip = mine.len().min(theirs.len()) >= SLIP_LETTERS_MIN;
    let sounds = || sound(one).is_some_and(|mine| Some(mine) == sound(other));
    is_initial || (can_slip && is_one_off(&mine, &theirs)) || sounds()
}

/// Whether a letter was left out, added, mistaken, or changed places with the next.
fn is_one_off(one: &[char], other: &[char]) -> bool {
    let same = one.iter().zip(other).take_while(|(one, other)| one == other).count();
    let rest = |word: &[char], from: usize| word.get(from..).map(<[char]>::to_vec);
    let (mine, theirs) = (rest(one, same), rest(other, same));
    let (skipped_mine, skipped_theirs) = (rest(one, same + 1), rest(other, same + 1));
    let swapped = match (mine.as_deref(), theirs.as_deref()) {
        (Some([a, b, mine @ ..]), Some([c, d, theirs @ ..])) => a == d && b == c && mine == theirs,
        _ => false,
    };
    swapped
        || (skipped_mine.is_some() && skipped_mine == theirs)
        || (skipped_theirs.is_some() && skipped_theirs == mine)
        || (skipped_mine.is_some() && skipped_mine == skipped_theirs)
}

#[cfg(test)]
mod tests {
    use super::{NameLikeness::*, *};

    #[test]
    fn names_are_alike_in_several_ways() {
        let check = |one: (&str, &str), other: (&str, &str), want: Option<NameLikeness>| {
            let name = |(family, given)| Name::of(&HumanName::new(family, given));
            assert_eq!(name(one).like(&name(other)), want, "{one:?} {other:?}");
            assert_eq!(name(other).like(&name(one)), want, "{other:?} {one:?}");
        };
        let grace = ("Okello", "Grace");
        check(grace, ("OKELLO", "grace"), Some(Same));
        check(grace, ("Okello", "Grace Akinyi"), Some(Same));
        check(("O'Brien", "Mary Jane"), ("Obrien", "Maryjane"), Some(Same));
        check(("Müller", "Jürgen"), ("Muller", "Jurgen"), Some(Same));
        check(("Suharto", ""), ("", "Suharto"), Some(Swapped));
        check(grace, ("Grace", "Okello"), Some(Swapped));
        check(("Grace", "Okello"), ("Okello", "Grace Akinyi"), Some(Swapped));
        // A letter left out, added, mistaken, or in the other order.
        for other in ["Okelo", "Okelloo", "Okallo", "Okelol", "Kello", "Akello"] {
            check(grace, (other, "Grace"), Some(Similar));
        }
        check(grace, ("Ekillo", "Grace"), None);
        check(grace, ("Okello", "Garce"), Some(Similar));
        check(grace, ("Okello", "G"), Some(Similar));
        check(("Okello", "Mohamed"), ("Okelo", "Muhammad"), Some(Similar));
        check(("محمد", "فاطمة"), ("محمد", "فاطمة"), Some(Same));
        check(("Hassan", "Muhammad"), ("حسن", "محمد"), Some(Similar));
        check(grace, ("Okello", "Mary"), Some(Family));
        check(grace, ("Okello", ""), Some(Family));
        check(grace, ("Achieng", "Grace"), None);
        check(grace, ("", ""), None);
        check(("Ann", "Lee"), ("Ian", "Lea"), None);
    }
}
