//! A sentence in parts, each with what it says and what it was taken for.

use super::{
    fact::Fact,
    form::Form,
    number::Number,
    reading::Meaning,
    scan::part,
    token::{Kind, Token},
    unit::Unit,
};
use clinical::Finding;
use std::ops::Range;

/// A part of the sentence.
#[derive(Debug)]
pub(super) struct Part {
    /// Its tokens.
    pub(super) tokens: Range<usize>,
    /// What it says; `None` of the medicine's name.
    pub(super) fact: Option<Fact>,
    /// What it was taken for.
    pub(super) meaning: Meaning,
}

/// A sentence in parts, and what is to be told about it.
#[derive(Debug)]
pub(super) struct Line<'a> {
    /// The sentence.
    pub(super) text: &'a str,
    /// Its tokens.
    pub(super) tokens: &'a [Token],
    /// Its parts, in the order they stand.
    pub(super) parts: Vec<Part>,
    /// What is to be told.
    pub(super) findings: Vec<Finding>,
}

impl<'a> Line<'a> {
    /// Cuts the sentence into parts; the tokens of `name` are the medicine's.
    pub(super) fn cut(text: &'a str, tokens: &'a [Token], name: &Range<usize>) -> Self {
        let mut parts = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            if at == name.start && !name.is_empty() {
                let meaning = Meaning::Medicine;
                parts.push(Part { tokens: name.clone(), fact: None, meaning });
                at = name.end;
                continue;
            }
            let ends = if at < name.start { name.start } else { tokens.len() };
            let (length, fact) = part(tokens.get(at..ends).unwrap_or_default());
            let meaning = Meaning::Unknown;
            parts.push(Part { tokens: at..at + length, fact: Some(fact), meaning });
            at += length;
        }
        let mut line = Self { text, tokens, parts, findings: Vec::new() };
        line.set_aside();
        line
    }

    /// What a part says, unless it belongs to unknown words.
    pub(super) fn fact(&self, at: usize) -> Option<&Fact> {
        self.parts.get(at).and_then(|part| part.fact.as_ref())
    }

    /// The places of the parts that say something `of` such a kind, with it.
    pub(super) fn all<T>(&self, of: impl Fn(&Fact) -> Option<T>) -> Vec<(usize, T)> {
        let facts = self.parts.iter().enumerate();
        facts.filter_map(|(at, part)| Some((at, of(part.fact.as_ref()?)?))).collect()
    }

    /// Takes a part for something.
    pub(super) fn mark(&mut self, at: usize, meaning: Meaning) {
        if let Some(part) = self.parts.get_mut(at) {
            part.meaning = meaning;
        }
    }

    /// Parts what was read as a number of pieces where it is a strength: `100 caps`.
    pub(super) fn part_strengths(&mut self, is_strength: impl Fn(Number) -> bool) {
        let amounts = self.all(|fact| {
            let Fact::Amount(value, Unit::Count(noun)) = fact else { return None };
            is_strength(*value).then_some((*value, *noun))
        });
        for (at, (value, noun)) in amounts.into_iter().rev() {
            let forms = Form::typed(noun.words(true));
            let Some(part) = self.parts.get_mut(at).filter(|_| !forms.is_empty()) else { continue };
            let noun = part.tokens.end.saturating_sub(1)..part.tokens.end;
            part.tokens.end = noun.start;
            part.fact = Some(Fact::Bare(value));
            let fact = Some(Fact::Form(forms));
            self.parts.insert(at + 1, Part { tokens: noun, fact, meaning: Meaning::Unknown });
        }
    }

    /// Makes what was taken for something unknown again.
    pub(super) fn open(&mut self, meaning: Meaning) {
        for part in self.parts.iter_mut().filter(|part| part.meaning == meaning) {
            part.meaning = Meaning::Unknown;
        }
    }

    /// Whether something was told about a field.
    pub(super) fn has_told(&self, path: &str, code: &str) -> bool {
        self.findings.iter().any(|finding| finding.path == path && finding.code == code)
    }

    /// The next part that says more than a filler, where nothing parts them.
    pub(super) fn next(&self, at: usize) -> Option<&Fact> {
        let rest = self.parts.get(at + 1..)?.iter();
        let mut rest = rest.skip_while(|part| part.fact == Some(Fact::Filler));
        rest.next().and_then(|part| part.fact.as_ref())
    }

    /// Tells a warning about a field.
    pub(super) fn warn(&mut self, path: &str, code: &str, detail: &str) {
        self.tell(Finding::warning(path, code, detail));
    }

    /// Tells how something was read.
    pub(super) fn inform(&mut self, path: &str, code: &str, detail: &str) {
        self.tell(Finding::information(path, code, detail));
    }

    fn tell(&mut self, finding: Finding) {
        if !self.findings.contains(&finding) {
            self.findings.push(finding);
        }
    }

    /// Takes one of several parts that say the same; of those that differ none, and tells it.
    pub(super) fn one<T: PartialEq + Clone>(
        &mut self,
        told: &[(usize, T)],
        meaning: Meaning,
        path: &str,
    ) -> Option<T> {
        let (_, first) = told.first()?;
        if told.iter().all(|(_, one)| one == first) {
            for (at, _) in told {
                self.mark(*at, meaning);
            }
            return Some(first.clone());
        }
        self.contradicted(path);
        None
    }

    /// Tells that a field was told twice and differently.
    pub(super) fn contradicted(&mut self, path: &str) {
        let detail = "This is told twice and differently. Neither was taken; please say which.";
        self.warn(path, "told-twice", detail);
    }

    /// Whether a token parts a part from the one before it.
    pub(super) fn is_parted(&self, at: usize) -> bool {
        let first = self.parts.get(at).and_then(|part| self.tokens.get(part.tokens.start));
        first.is_none_or(|token| token.parted)
    }

    /// Unknown words take what follows them along as far as it may be a part of them: "not at
    /// night" says nothing about when. A limit, a condition or a next step takes everything up to
    /// the next comma.
    fn set_aside(&mut self) {
        let (mut aside, mut unknown) = (false, false);
        for at in 0..self.parts.len() {
            if self.is_parted(at) {
                (aside, unknown) = (false, false);
            }
            let Some(part) = self.parts.get_mut(at) else { continue };
            let Some(fact) = &part.fact else {
                (aside, unknown) = (false, false);
                continue;
            };
            aside |= *fact == Fact::Aside;
            let is_soft = fact.is_soft() || matches!(fact, Fact::Bare(_) | Fact::Numbers(_));
            unknown = *fact == Fact::Unknown || (unknown && is_soft);
            // "im/iv" is two routes, and the second no part of the stroke.
            let joins = unknown && self.is_between_two(at);
            let Some(part) = self.parts.get_mut(at) else { continue };
            let Some(fact) = &part.fact else { continue };
            if aside || unknown {
                part.fact = Some(Fact::Beside(Box::new(fact.clone())));
            }
            unknown &= !joins;
        }
        self.numbers();
        self.fillers();
    }

    /// Whether a part is a stroke or an "or" between two of a kind.
    fn is_between_two(&self, at: usize) -> bool {
        let first = self.parts.get(at).and_then(|part| self.tokens.get(part.tokens.start));
        let is_stroke =
            first.is_some_and(|it| matches!(it.text.as_str(), "/" | "or" | "ou" | "o" | "au"));
        let kind = |fact: Option<&Fact>| fact.map(std::mem::discriminant);
        let before = at.checked_sub(1).and_then(|before| self.fact(before));
        is_stroke && before.is_some() && kind(before) == kind(self.fact(at + 1))
    }

    /// A number behind the frequency is a number of what the unknown word after it says: "30 mins
    /// before food" is no 30 days.
    fn numbers(&mut self) {
        let is_when = |part: &Part| {
            let fact = part.fact.as_ref();
            fact.is_some_and(|it| it.often().is_some() || matches!(it, Fact::AtTime(_)))
        };
        let Some(first) = self.parts.iter().position(is_when) else { return };
        let is_often = |line: &Self, at: usize| {
            let before = line.parts.get(..at).unwrap_or_default().iter();
            before.filter_map(|part| part.fact.as_ref()).any(|fact| fact.often().is_some())
        };
        for at in first..self.parts.len() {
            let Some(fact @ (Fact::Bare(_) | Fact::Times(_))) = self.fact(at).cloned() else {
                continue;
            };
            if self.is_parted(at + 1) {
                continue;
            }
            match self.fact(at + 1).cloned() {
                Some(Fact::Beside(_)) => self.beside(at, fact),
                // "Once daily and 10 at night" is neither ten days nor ten of the first dose.
                Some(time @ Fact::AtTime(_)) if is_often(self, at) => {
                    self.beside(at, fact);
                    self.beside(at + 1, time);
                }
                _ => {}
            }
        }
    }

    /// A filler before unknown words is one of them.
    fn fillers(&mut self) {
        for at in (0..self.parts.len()).rev() {
            if self.fact(at) != Some(&Fact::Filler) {
                continue;
            }
            let is_before =
                matches!(self.fact(at + 1), Some(Fact::Beside(_))) && !self.is_parted(at + 1);
            if is_before {
                self.beside(at, Fact::Filler);
            } else {
                self.mark(at, Meaning::Filler);
            }
        }
    }

    /// Makes a part words of the instruction.
    pub(super) fn beside(&mut self, at: usize, fact: Fact) {
        self.set(at, Fact::Beside(Box::new(fact)));
        self.mark(at, Meaning::Unknown);
    }

    fn set(&mut self, at: usize, fact: Fact) {
        if let Some(part) = self.parts.get_mut(at) {
            part.fact = Some(fact);
        }
    }

    /// The bytes of a part.
    pub(super) fn bytes(&self, part: &Part) -> Range<usize> {
        let first = self.tokens.get(part.tokens.start).map_or(0, |token| token.start);
        let last = part.tokens.end.checked_sub(1).and_then(|last| self.tokens.get(last));
        first..last.map_or(first, |token| token.end)
    }

    /// Whether a number of a part may be several.
    pub(super) fn is_unclear(&self, part: &Part) -> bool {
        let mut tokens = self.tokens.get(part.tokens.clone()).unwrap_or_default().iter();
        tokens.any(|token| token.kind == Kind::Unclear)
    }
}
