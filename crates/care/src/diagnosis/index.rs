//! Where every word of the classification and of everyday stands.

use super::everyday::{Everyday, everyday, other_words};
use super::table::{Kind, Node, Table};
use super::vocabulary::{Place, Vocabulary};
use super::words;
use std::collections::{BTreeMap, HashMap};

/// What is looked in.
#[derive(Debug)]
pub(super) struct Index {
    /// The classification.
    pub(super) table: Table,
    /// Its words.
    pub(super) vocabulary: Vocabulary,
    /// What a typed word may be besides itself, each as words of the index.
    pub(super) others: BTreeMap<String, Vec<Vec<String>>>,
    /// The terms, those of a category together, the categories in their order.
    pub(super) terms: Vec<Term>,
    /// What is known of each category, in their order.
    pub(super) categories: Vec<Category>,
    /// The words each seventh character adds, set by set.
    pub(super) sevenths: Vec<Vec<Vec<String>>>,
}

/// One text under which a category is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Term {
    /// What all its words weigh.
    pub(super) weight: u16,
    /// How good it is to be found by it, in hundredths.
    pub(super) worth: u8,
}

/// What the ranking knows of a category.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Category {
    /// How many terms are its own.
    pub(super) terms: usize,
    /// How likely it is meant, whatever was typed.
    pub(super) prior: f32,
}

/// How good a name of everyday, a name of the classification, and an inclusion are to be found by.
const WORTH: [u8; 3] = [100, 98, 90];

impl Index {
    /// Makes the index of a classification.
    pub(super) fn of(table: Table) -> Self {
        let everyday = everyday();
        let mut terms = Vec::new();
        let mut places: HashMap<String, Vec<Place>> = HashMap::new();
        let mut categories = Vec::with_capacity(table.nodes.len());
        for node in &table.nodes {
            let first = terms.len();
            let known = of_node(&everyday, node);
            for (text, worth) in texts(node, known.as_ref()) {
                terms.push(term(text, worth, terms.len(), &mut places));
            }
            let common = known.map_or(0, |known| known.common);
            categories.push(Category { terms: terms.len() - first, prior: prior(node, common) });
        }
        let sevenths = table
            .sets
            .iter()
            .map(|set| set.iter().map(|seventh| words::asked(seventh.display)).collect());
        Self {
            sevenths: sevenths.collect(),
            vocabulary: Vocabulary::of(places),
            others: others(),
            terms,
            categories,
            table,
        }
    }
}

/// What everyday knows of a category; of one with a seventh character by the code it has there.
fn of_node(everyday: &BTreeMap<&'static str, Everyday>, node: &Node) -> Option<Everyday> {
    let own = everyday.get(node.code).cloned();
    let Kind::Seventh(_) = node.kind else { return own };
    let begun = node.before_seventh();
    let mut after = everyday.range(begun.as_str()..);
    own.or_else(|| after.next().filter(|(code, _)| code.starts_with(&begun)).map(|it| it.1.clone()))
}

fn texts<'a>(
    node: &Node,
    known: Option<&'a Everyday>,
) -> impl Iterator<Item = (&'a str, u8)> + use<'a> {
    let [name, display, inclusion] = WORTH;
    let names = known.into_iter().flat_map(|known| &known.names);
    let inclusions = node.inclusions.split('|').filter(|text| !text.is_empty());
    names
        .map(move |text| (*text, name))
        .chain([(node.display, display)])
        .chain(inclusions.map(move |text| (text, inclusion)))
}

fn term(text: &str, worth: u8, at: usize, places: &mut HashMap<String, Vec<Place>>) -> Term {
    let term = u32::try_from(at).unwrap_or(u32::MAX);
    let mut weight = 0_u16;
    for word in words::printed(text) {
        weight += u16::from(word.weight);
        let known = places.entry(word.text).or_default();
        // A word that stands in a term twice stands there once.
        if known.last().is_none_or(|last| last.term != term) {
            known.push(Place { term, weight: word.weight });
        }
    }
    Term { weight, worth }
}

/// How likely a category is meant before anything is typed, in points of the ranking.
fn prior(node: &Node, common: u8) -> f32 {
    let display = node.display.to_lowercase();
    let has = |part: &str| display.contains(part);
    let mut prior = f32::from(common) * 4.0;
    if has("unspecified") || has("without complication") || has("uncomplicated") {
        prior += 2.0;
    }
    if has("bilateral") || has("other ") || has(" in diseases classified") || has("neonatal") {
        prior -= 1.0;
    }
    if has("military") || has("war operations") || has("terrorism") || has("legal intervention") {
        prior -= 30.0;
    }
    prior
        + match node.code.chars().next() {
            // External causes say how, not what.
            Some('V'..='Y') => -12.0,
            Some('Z') => -2.0,
            Some('O' | 'P' | 'Q') => -3.0,
            Some('D' | 'T' | 'U') => -1.0,
            _ => 0.0,
        }
}

fn others() -> BTreeMap<String, Vec<Vec<String>>> {
    let mut others: BTreeMap<String, Vec<Vec<String>>> = BTreeMap::new();
    for (word, meant) in other_words() {
        for word in words::asked(word) {
            let meant = meant.iter().map(|words| words::asked(words));
            others.entry(word).or_default().extend(meant);
        }
    }
    others
}
