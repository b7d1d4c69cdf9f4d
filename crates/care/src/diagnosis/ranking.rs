//! Which diagnoses answer a query best.

use super::index::{Index, Term};
use super::query::{COLUMNS_MAX, OTHER, Query, Slot};
use super::table::{Kind, Node, with_seventh};
use super::{Found, Matched};

/// What is left of an answer that a category has from the one above it.
const INHERITED: f32 = 0.93;
/// From this on a word counts as answered.
const ANSWERED: f32 = 0.4;
/// What it is worth to answer every word, each word well, and by a term that says nothing else.
const ALL: f32 = 30.0;
const WELL: f32 = 40.0;
const ALONE: f32 = 45.0;
/// Below this nothing was answered.
const LEAST: f32 = 20.0;
/// The depth of the classification is less than this.
const DEPTH_MAX: usize = 10;
/// So many of one category before others have their turn.
const OF_ONE: usize = 6;

/// How far a category answers a query, with what it has from those above it.
#[derive(Debug, Clone, Copy)]
struct Level {
    /// Whether anything is answered.
    any: bool,
    /// How well each column is answered.
    columns: [f32; COLUMNS_MAX],
    /// How much of a query and of a term are the same, at best.
    alone: f32,
}

const NOTHING: Level = Level { any: false, columns: [0.0; COLUMNS_MAX], alone: 0.0 };

/// A category that answers.
#[derive(Debug, Clone, Copy)]
struct Candidate {
    node: usize,
    /// Which of its seventh characters.
    seventh: usize,
    score: f32,
    matched: Matched,
}

/// The diagnoses that answer a query, best first.
pub(super) fn find(index: &Index, text: &str, limit: usize) -> Vec<Found> {
    let query = Query::of(index, text);
    if query.slots.is_empty() {
        return Vec::new();
    }
    let mut candidates = candidates(index, &query);
    // In the order of the classification where nothing else tells them apart.
    candidates.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.node.cmp(&b.node)));
    spread(index, candidates, limit).iter().filter_map(|it| found(index, it)).collect()
}

fn candidates(index: &Index, query: &Query) -> Vec<Candidate> {
    let qualities = qualities(index, query);
    let mut above = [NOTHING; DEPTH_MAX];
    let mut candidates = Vec::new();
    let mut first = 0;
    for (at, (node, category)) in index.table.nodes.iter().zip(&index.categories).enumerate() {
        let terms = first..first + category.terms;
        first = terms.end;
        let Some((upper, own)) = above.split_at_mut_checked(node.depth) else { continue };
        let Some(level) = own.first_mut() else { continue };
        level.inherit(upper.last());
        for term in terms.filter(|term| qualities.touched.get(*term) == Some(&true)) {
            answer(level, index.terms.get(term), term, query, &qualities);
        }
        if node.kind != Kind::Header && level.any {
            candidates.extend(judged(index, query, (at, node), level, category.prior));
        }
    }
    candidates
}

/// How well each term answers each column, and what its answers weigh in it.
struct Qualities {
    of_term: Vec<Vec<(u8, u8)>>,
    /// Which terms answer any.
    touched: Vec<bool>,
}

fn qualities(index: &Index, query: &Query) -> Qualities {
    let mut touched = vec![false; index.terms.len()];
    let mut column = |answers: &[(usize, u8)]| {
        let mut of_term = vec![(0_u8, 0_u8); index.terms.len()];
        for (word, quality) in answers {
            for place in index.vocabulary.places(*word) {
                let at = usize::try_from(place.term).unwrap_or_default();
                if let Some(best) = of_term.get_mut(at).filter(|best| best.0 < *quality) {
                    *best = (*quality, place.weight);
                }
                if let Some(touched) = touched.get_mut(at) {
                    *touched = true;
                }
            }
        }
        of_term
    };
    let of_term = query.columns.iter().map(|it| column(&it.answers)).collect();
    Qualities { of_term, touched }
}

impl Level {
    /// Begins with what is known of the category above.
    fn inherit(&mut self, upper: Option<&Self>) {
        match upper.filter(|upper| upper.any) {
            Some(upper) => {
                *self = *upper;
                self.alone *= INHERITED;
                self.columns.iter_mut().for_each(|column| *column *= INHERITED);
            }
            // What the neighbour left: most categories answer nothing.
            None if self.any => *self = NOTHING,
            None => {}
        }
    }
}

/// Adds what one term answers.
fn answer(level: &mut Level, term: Option<&Term>, at: usize, query: &Query, all: &Qualities) {
    let Some(term) = term else { return };
    let worth = f32::from(term.worth) / 100.0;
    let mut own = [(0.0_f32, 0.0_f32); COLUMNS_MAX];
    let mut any = false;
    for ((own, column), best) in own.iter_mut().zip(&all.of_term).zip(&mut level.columns) {
        let (quality, weight) = column.get(at).copied().unwrap_or_default();
        if quality > 0 {
            any = true;
            *own = (f32::from(quality) / 100.0, f32::from(weight));
            *best = best.max(own.0 * worth);
        }
    }
    if !any {
        return;
    }
    level.any = true;
    let (mut answered, mut weighed) = (0.0, 0.0);
    for slot in &query.slots {
        let (quality, weight) = best_way(slot, |column| own.get(column).copied());
        answered += quality;
        weighed += quality * weight;
    }
    let asked = slots(query);
    let whole = f32::from(term.weight.max(1));
    let same = answered / asked * (0.35 + 0.65 * (weighed / whole).min(1.0));
    level.alone = level.alone.max(same * worth);
}

/// How well a typed word is answered by the best of its ways, and what that weighs.
fn best_way(slot: &Slot, own: impl Fn(usize) -> Option<(f32, f32)>) -> (f32, f32) {
    let mut best = (0.0_f32, 0.0_f32);
    for (at, way) in slot.ways.iter().enumerate() {
        let cost = if at == 0 { 1.0 } else { OTHER };
        let mut least = f32::MAX;
        let mut weight = 0.0;
        for (quality, weighs) in way.iter().filter_map(|column| own(*column)) {
            least = least.min(quality * cost);
            weight += weighs;
        }
        if least > best.0 && least < f32::MAX {
            best = (least, weight);
        }
    }
    best
}

fn slots(query: &Query) -> f32 {
    f32::from(u8::try_from(query.slots.len()).unwrap_or(u8::MAX))
}

/// A category with its score, when it answers enough.
fn judged(
    index: &Index,
    query: &Query,
    (at, node): (usize, &Node),
    level: &Level,
    prior: f32,
) -> Option<Candidate> {
    let (seventh, by_seventh) = seventh(index, query, node, level);
    let (mut well, mut weight, mut least) = (0.0, 0.0, 1.0_f32);
    for (place, slot) in query.slots.iter().enumerate() {
        let own = |column: usize| level.columns.get(column).map(|it| (*it, 0.0));
        let quality = best_way(slot, own).0;
        let quality = if by_seventh & (1 << place) != 0 { quality.max(0.8) } else { quality };
        well += quality * slot.weight;
        weight += slot.weight;
        least = least.min(quality);
    }
    let all = least >= ANSWERED;
    let score = WELL * well / weight + ALONE * level.alone + if all { ALL } else { 0.0 };
    let is_misspelt = query.slots.iter().any(|slot| slot.is_unknown);
    let matched = match (all, is_misspelt) {
        (false, _) => Matched::Partly,
        (true, true) => Matched::Spelling,
        (true, false) => Matched::Words,
    };
    (score >= LEAST).then_some(Candidate { node: at, seventh, score: score + prior, matched })
}

/// Which seventh character answers most of the words nothing else does, and which words, as bits.
fn seventh(index: &Index, query: &Query, node: &Node, level: &Level) -> (usize, u32) {
    let Kind::Seventh(set) = node.kind else { return (0, 0) };
    let open = |slot: &Slot| {
        best_way(slot, |column| level.columns.get(column).map(|it| (*it, 0.0))).0 < ANSWERED
    };
    let mut best = (0, 0_u32);
    for (at, words) in index.sevenths.get(set).into_iter().flatten().enumerate() {
        let mut bits = 0_u32;
        for (place, slot) in query.slots.iter().enumerate().filter(|(_, slot)| open(slot)) {
            let begins = |word: &String| slot.word.len() > 2 && word.starts_with(&slot.word);
            if words.iter().any(begins) {
                bits |= 1 << place;
            }
        }
        if bits.count_ones() > best.1.count_ones() {
            best = (at, bits);
        }
    }
    best
}

/// The best, so that no category of many neighbours hides all others.
fn spread(index: &Index, candidates: Vec<Candidate>, limit: usize) -> Vec<Candidate> {
    let family = |it: &Candidate| {
        let code = index.table.nodes.get(it.node).map(|node| node.code).unwrap_or_default();
        code.get(..3).unwrap_or(code)
    };
    let (mut first, mut later) = (Vec::new(), Vec::new());
    let mut seen: Vec<&str> = Vec::new();
    for candidate in candidates {
        if first.len() == limit {
            break;
        }
        let code = family(&candidate);
        if seen.iter().filter(|seen| **seen == code).count() < OF_ONE {
            seen.push(code);
            first.push(candidate);
        } else if later.len() < limit {
            later.push(candidate);
        }
    }
    first.extend(later);
    first.truncate(limit);
    first
}

fn found(index: &Index, candidate: &Candidate) -> Option<Found> {
    let node = index.table.nodes.get(candidate.node)?;
    let (code, display) = match node.kind {
        Kind::Seventh(set) => {
            with_seventh(node, index.table.sets.get(set)?.get(candidate.seventh)?)
        }
        Kind::Header | Kind::Whole => (node.code.to_owned(), node.display.to_owned()),
    };
    Some(Found { code, display, matched: candidate.matched })
}
