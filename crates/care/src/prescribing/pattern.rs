//! Finds the phrases of [`words`](super::words) among tokens, the longest first.

use super::{
    fact::Fact,
    form::Form,
    number::Number,
    token::{Kind, Token},
    words::{Says, number_word, phrases},
};
use std::{collections::BTreeMap, sync::LazyLock};

/// A phrase, word by word.
struct Pattern {
    words: Vec<Slot>,
    says: Said,
}

/// One word of a phrase.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Slot {
    /// This word or sign.
    Word(String),
    /// This number.
    Exactly(Number),
    /// Any number.
    Any,
}

enum Said {
    Says(Says),
    Form(Vec<&'static Form>),
}

/// The longest phrase that begins with the first of these tokens.
pub(super) fn phrase(tokens: &[Token]) -> Option<(usize, Fact)> {
    let first = tokens.first()?;
    let by_word = PATTERNS.get(first.text.as_str());
    let by_number = number(first).and_then(|_| PATTERNS.get("#"));
    let found = [by_word, by_number].into_iter().flatten().flatten();
    let matches = found.filter_map(|pattern| Some((pattern.words.len(), pattern.read(tokens)?)));
    // Of two of one length the first: `max_by_key` would take the last.
    matches.reduce(|best, next| if next.0 > best.0 { next } else { best })
}

/// The number of a token, in digits or as a word.
pub(super) fn number(token: &Token) -> Option<Number> {
    match token.kind {
        Kind::Number(number, _) => Some(number),
        Kind::Word => number_word(&token.text),
        Kind::Unclear | Kind::Sign => None,
    }
}

impl Pattern {
    fn read(&self, tokens: &[Token]) -> Option<Fact> {
        let tokens = tokens.get(..self.words.len())?;
        if tokens.iter().skip(1).any(|token| token.parted) {
            return None;
        }
        let mut numbers = Vec::new();
        for (slot, token) in self.words.iter().zip(tokens) {
            match slot {
                Slot::Word(word) if *word == token.text => {}
                Slot::Exactly(wanted) if number(token) == Some(*wanted) => {}
                Slot::Any => numbers.push(number(token)?),
                Slot::Word(_) | Slot::Exactly(_) => return None,
            }
        }
        match &self.says {
            Said::Says(Says::This(fact)) => Some(fact()),
            Said::Says(Says::With(make)) => make(&numbers),
            Said::Form(forms) => Some(Fact::Form(forms.clone())),
        }
    }
}

/// Every phrase by its first word.
static PATTERNS: LazyLock<BTreeMap<String, Vec<Pattern>>> = LazyLock::new(|| {
    let mut patterns: BTreeMap<String, Vec<Pattern>> = BTreeMap::new();
    let mut add = |phrase: &str, says: Said| {
        let words: Vec<Slot> = phrase.split_whitespace().map(slot).collect();
        let first = match words.first() {
            Some(Slot::Word(word)) => word.clone(),
            Some(Slot::Exactly(number)) => number.to_string(),
            Some(Slot::Any) => "#".to_owned(),
            None => return,
        };
        patterns.entry(first).or_default().push(Pattern { words, says });
    };
    for (phrase, says) in phrases() {
        for one in alternatives(phrase) {
            add(&one, Said::Says(says));
        }
    }
    for phrase in Form::phrases() {
        // A hyphen within a form parts its words.
        add(&phrase.replace('-', " "), Said::Form(Form::typed(phrase)));
    }
    patterns
});

fn slot(word: &str) -> Slot {
    match (word, word.parse::<u32>()) {
        ("#", _) => Slot::Any,
        (_, Ok(number)) => Slot::Exactly(Number::whole(number)),
        (word, Err(_)) => Slot::Word(word.to_owned()),
    }
}

/// Every phrase that `{a|b|}` stands for.
fn alternatives(phrase: &str) -> Vec<String> {
    let Some((start, end)) = braces(phrase) else { return vec![phrase.to_owned()] };
    let (Some(before), Some(within), Some(after)) =
        (phrase.get(..start), phrase.get(start + 1..end), phrase.get(end + 1..))
    else {
        return Vec::new();
    };
    let choices = parted(within);
    choices.iter().flat_map(|one| alternatives(&format!("{before}{one}{after}"))).collect()
}

/// The first outermost pair of braces.
fn braces(phrase: &str) -> Option<(usize, usize)> {
    let start = phrase.find('{')?;
    let mut depth = 0_usize;
    for (at, sign) in phrase.char_indices().skip_while(|(at, _)| *at < start) {
        match sign {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            _ => continue,
        }
        if depth == 0 {
            return Some((start, at));
        }
    }
    None
}

/// The choices between outermost strokes.
fn parted(within: &str) -> Vec<&str> {
    let (mut choices, mut depth, mut begins) = (Vec::new(), 0_usize, 0);
    for (at, sign) in within.char_indices() {
        match sign {
            '{' => depth += 1,
            '}' => depth = depth.saturating_sub(1),
            '|' if depth == 0 => {
                choices.extend(within.get(begins..at));
                begins = at + 1;
            }
            _ => {}
        }
    }
    choices.extend(within.get(begins..));
    choices
}

#[cfg(test)]
mod tests {
    use super::{super::token::tokens, *};
    use std::collections::BTreeSet;

    #[test]
    fn a_phrase_stands_for_each_of_its_choices() {
        let check = |phrase: &str, want: &[&str]| {
            let mut got = alternatives(phrase);
            for one in &mut got {
                *one = one.split_whitespace().collect::<Vec<_>>().join(" ");
            }
            assert_eq!(got, want, "{phrase}");
        };
        check("od", &["od"]);
        check("{a|b} c", &["a c", "b c"]);
        check("{x|} # {a|b}", &["x # a", "x # b", "# a", "# b"]);
        check("{a {b|c}|d}", &["a b", "a c", "d"]);
    }

    /// The same words never say two things.
    #[test]
    fn no_phrase_is_written_twice() {
        let mut seen = BTreeSet::new();
        for patterns in PATTERNS.values() {
            for pattern in patterns.iter().filter(|it| matches!(it.says, Said::Says(_))) {
                assert!(seen.insert(pattern.words.clone()), "{:?}", pattern.words);
            }
        }
    }

    /// What comes out reads as what it came from.
    #[test]
    fn the_words_of_a_phrase_say_the_same_again() {
        for (phrase_, says) in phrases() {
            let fact = match says {
                Says::This(fact) => fact(),
                Says::With(make) => {
                    let numbers = [Number::whole(8), Number::whole(8)];
                    let count =
                        alternatives(phrase_).first().map_or(0, |it| it.matches('#').count());
                    let Some(fact) = make(&numbers[..count]) else { panic!("{phrase_}") };
                    fact
                }
            };
            let Some(words) = fact.words() else { continue };
            let tokens = tokens(&words);
            let again = phrase(&tokens);
            assert_eq!(
                again.map(|(length, it)| (length, it.words())),
                Some((tokens.len(), Some(words))),
                "{phrase_}"
            );
        }
    }
}
