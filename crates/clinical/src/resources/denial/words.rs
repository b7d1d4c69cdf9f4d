//! A denial in words: `NKDA`, `no known drug allergies`, `allergies: none`.

use super::Denial;

/// Denials and nothing else: `NKDA. No known food allergies`.
pub(super) fn sentence(text: &str) -> Option<Denial> {
    let text = folded(text).replace(" - ", ":").replace(['–', '—'], ":");
    let text = without_tag(&text);
    let clauses = text.split([',', ';', '.', '/', '(', ')', '\n']);
    let clauses = clauses.filter(|clause| words(clause).next().is_some()).map(clause);
    let all: Option<Vec<Denial>> = clauses.collect();
    all.filter(|_| !text.contains('?'))?.into_iter().min()
}

/// Without what SNOMED CT calls the kind of a code: `No known allergy (situation)`.
pub(super) fn without_tag(text: &str) -> &str {
    let open = text.trim().strip_suffix(')').and_then(|text| text.rsplit_once('('));
    match open {
        Some((name, tag)) if tag.starts_with("situ") => name.trim(),
        _ => text.trim(),
    }
}

/// One denial: `no known drug allergies`, `allergies: none`, `no known latex allergy`.
fn clause(text: &str) -> Option<Denial> {
    // "No drugs: allergy" is an order and its reason.
    let heading = text.rsplit_once(':').map_or("", |(heading, _)| heading);
    if words(heading).filter_map(word_of).any(Word::denies) {
        return None;
    }
    let known: Option<Vec<Word>> = words(text).map(word_of).collect();
    known.map_or_else(|| particular(text), |words| general(&words))
}

fn general(all: &[Word]) -> Option<Denial> {
    let count = |word: Word| all.iter().filter(|one| **one == word).count();
    // Of "allergic reactions" the two words name one thing.
    let allergies = count(Word::Allergy) + count(Word::Reaction);
    let at = all.iter().position(|word| word.denies())?;
    let (before, after) = (all.get(..at)?, all.get(at + 1..)?);
    // "Known drug allergy no food" and "no drug allergy food allergy" may say either.
    let stands_first = before.iter().all(|word| *word == Word::Who);
    // "Patient has drug allergy not recorded" tells of an allergy.
    let tells =
        |word: &Word| matches!(word, Word::Known | Word::Who | Word::Reaction | Word::Allergic);
    let stands_last = !before.iter().any(tells)
        && after.iter().all(|word| matches!(word, Word::Known | Word::Asked | Word::Filler));
    let is_one = !after.iter().any(|word| word.denies())
        && allergies <= count(Word::Or) + 1
        && (stands_first || stands_last);
    let what = match () {
        () if count(Word::Drug) > 0 => Denial::Drugs,
        () if count(Word::Food) > 0 => Denial::Food,
        () => Denial::All,
    };
    // "No known drugs" may tell of what is taken.
    let is_bare = what == Denial::All && count(Word::Known) > 0;
    let says_what = all.len() == 1 || allergies > 0 || is_bare;
    let denied = match all.get(at)? {
        _ if count(Word::Asked) > 0 => Some(Denial::NotAsked),
        Word::Short(denial) => after.is_empty().then_some(*denial),
        Word::No => says_what.then_some(what),
        // "Allergie pas connue" is not known.
        Word::Pas => (at == 0 && allergies > 0).then_some(what),
        Word::Not
        | Word::Allergy
        | Word::Reaction
        | Word::Allergic
        | Word::Known
        | Word::Drug
        | Word::Food
        | Word::Asked
        | Word::Who
        | Word::Or
        | Word::Filler => None,
    };
    denied.filter(|_| is_one)
}

/// `No known latex allergy`. Any other sign or word in it may tell of another allergy, or of how
/// bad it is: the name is one word, or one with a hyphen.
fn particular(text: &str) -> Option<Denial> {
    let known: Vec<&str> = text.split_whitespace().collect();
    let [no, known, named, last] = known.as_slice() else { return None };
    let is_plain = named.chars().all(|sign| sign.is_alphanumeric() || sign == '-');
    let is_name =
        |word: &str| word_of(word).is_none() && !is_link(word) && !word.starts_with("non");
    let shape = [no, known, last].map(|word| word_of(word));
    let is_shape = shape == [Some(Word::No), Some(Word::Known), Some(Word::Allergy)];
    (is_plain && is_said(named) && words(named).all(is_name) && is_shape)
        .then_some(Denial::Particular)
}

/// Whether a note takes back a part of what is denied.
pub(super) fn has_exception(text: &str) -> bool {
    words(&folded(text)).any(is_exception)
}

/// Whether it begins as a denial, whatever follows.
pub(super) fn begins(text: &str) -> bool {
    words(&folded(text)).next().and_then(word_of).is_some_and(Word::denies)
}

/// Whether there is any word in it.
pub(super) fn is_said(text: &str) -> bool {
    words(text).next().is_some()
}

/// In small letters without accents, which may be written in one sign or in two, or be left out.
pub(super) fn folded(text: &str) -> String {
    let signs = text.chars().flat_map(char::to_lowercase);
    let signs = signs.filter(|sign| !('\u{300}'..='\u{36f}').contains(sign));
    let text: String = signs.map(unaccented).collect();
    text.replace('ß', "ss")
}

fn unaccented(sign: char) -> char {
    match sign {
        'à'..='å' => 'a',
        'ç' => 'c',
        'è'..='ë' => 'e',
        'ì'..='ï' => 'i',
        'ñ' => 'n',
        'ò'..='ö' | 'ø' => 'o',
        'ù'..='ü' => 'u',
        other => other,
    }
}

/// What follows such a word is not denied; in the languages that the words of a code come in.
fn is_exception(word: &str) -> bool {
    let english = [
        "except",
        "excepting",
        "exception",
        "aside",
        "save",
        "excluding",
        "but",
        "apart",
        "besides",
        "unless",
        "other",
    ];
    let french = ["sauf", "hormis", "excepte", "mais"];
    let others = ["excepto", "exceto", "salvo", "pero", "mas", "ausser", "aber", "tranne"];
    english.contains(&word) || french.contains(&word) || others.contains(&word)
}

/// What joins something else to a name.
fn is_link(word: &str) -> bool {
    is_exception(word) || ["and", "only", "than", "with", "without"].contains(&word)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A word that denials are made of.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Word {
    /// A denial by itself.
    Short(Denial),
    No,
    /// "Pas": none where it begins, not where it follows.
    Pas,
    Not,
    Allergy,
    Reaction,
    Allergic,
    Known,
    Drug,
    Food,
    /// What is missing where nobody asked.
    Asked,
    Who,
    Or,
    Filler,
}

impl Word {
    fn denies(self) -> bool {
        matches!(self, Self::Short(_) | Self::No | Self::Pas | Self::Not)
    }
}

/// A word in English or French, folded. What is in no list leaves something over.
fn word_of(word: &str) -> Option<Word> {
    Some(match word {
        "nka" => Word::Short(Denial::All),
        "nkda" | "nkma" => Word::Short(Denial::Drugs),
        "nkfa" => Word::Short(Denial::Food),
        "no" | "none" | "nil" | "denies" | "denied" | "aucun" | "aucune" => Word::No,
        "pas" => Word::Pas,
        "not" | "non" => Word::Not,
        "allergy" | "allergies" | "intolerance" | "intolerances" | "sensitivity"
        | "sensitivities" | "allergie" => Word::Allergy,
        "reaction" | "reactions" => Word::Reaction,
        "known" | "any" | "reported" | "connue" | "connues" => Word::Known,
        "drug" | "drugs" | "medication" | "medications" | "medicine" | "medicines"
        | "medicament" | "medicaments" | "medicamenteuse" | "medicamenteuses" => Word::Drug,
        "food" | "foods" | "alimentaire" | "alimentaires" => Word::Food,
        "information" | "history" | "recorded" | "documented" | "available" | "asked" | "notee"
        | "notees" | "demande" | "renseigne" | "renseignees" => Word::Asked,
        "patient" | "has" | "reports" => Word::Who,
        "or" | "ou" => Word::Or,
        "allergic" => Word::Allergic,
        "adverse" | "to" | "of" | "about" | "on" | "at" | "all" | "yet" | "d" | "de" | "aux"
        | "sur" | "les" => Word::Filler,
        _ => return None,
    })
}
