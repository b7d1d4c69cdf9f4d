//! `Timing.code` beside `Timing.repeat`.
//!
//! FHIR R4: where there is a code it is a complete statement of how often, and `repeat` says the
//! same. Where it does not, one of the two is an overdose, and nobody here knows which.

use super::{
    super::{Reader, concept, said::Said},
    rhythm::Rhythm,
    spoken::{abbreviation, spoken, words},
};
use crate::json::Json;
use clinical::{CodeableConcept, Coding, DurationUnit, Timing};

/// What is said of how often when there is a code beside what `repeat` says: what both say, or
/// nothing and a finding where they differ.
pub(super) fn beside(
    reader: &mut Reader<'_>,
    element: Json<'_>,
    mut rhythm: Rhythm,
    said: &mut Said,
) -> Rhythm {
    let concept = concept(reader, element);
    let sayings = sayings(&concept, &rhythm);
    let codes = || concept.coding.iter().filter_map(|coding| Some((coding, known(coding)?)));
    let is_elsewhen = codes().any(|(coding, _)| rhythm.is_elsewhen(&coding.code));
    if is_elsewhen || contradict(&sayings, &rhythm) {
        let detail = "The code of how often it is taken and what stands beside it say different \
                      things. It is taken in as words that say so; the original is kept.";
        reader.warn(element, "timing-contradicts", detail);
        said.odd.push(all(sayings, &rhythm));
        return Rhythm::default();
    }
    let first = codes().next();
    if first.is_none() && rhythm.rate().is_none() {
        said.rest.extend(Some(concept.label().to_owned()).filter(|label| !label.is_empty()));
    }
    let unread = sayings.into_iter().filter(|saying| saying.rate.is_none());
    said.rest.extend(unread.map(|saying| saying.words));
    let Some((coding, timing)) = first else { return rhythm };
    if !rhythm.has_hours() {
        said.rest.extend(moment(&coding.code).map(str::to_owned));
    }
    rhythm.often.get_or_insert(timing);
    rhythm
}

/// One thing that a code says: its words, and how often that is where it is known.
struct Saying {
    words: String,
    rate: Option<Timing>,
}

/// All that a code says, but for words that only repeat those of `repeat`.
fn sayings(concept: &CodeableConcept, rhythm: &Rhythm) -> Vec<Saying> {
    let mut all: Vec<Saying> =
        concept.text.iter().filter_map(|text| in_words(text, rhythm)).collect();
    let is_bare = all.is_empty() && concept.text.is_none();
    for coding in &concept.coding {
        let timing = known(coding);
        let display =
            coding.display.as_ref().filter(|text| !text.eq_ignore_ascii_case(&coding.code));
        all.extend(display.and_then(|text| in_words(text, rhythm)));
        match timing {
            Some(timing) => {
                let words = format!("{} ({})", timing.label(), coding.code.trim());
                all.push(Saying { words, rate: Some(timing) });
            }
            None if is_bare && display.is_none() => all.extend(in_words(&coding.code, rhythm)),
            None => {}
        }
    }
    all
}

fn in_words(text: &str, rhythm: &Rhythm) -> Option<Saying> {
    let of = |texts: &[String]| -> Vec<String> { texts.iter().flat_map(|it| words(it)).collect() };
    let (said, moments) = (words(text), of(&rhythm.moments()));
    if said.is_empty() || said == of(&rhythm.words()) {
        return None;
    }
    let often = said.strip_suffix(moments.as_slice()).filter(|often| !often.is_empty());
    let often: Vec<&str> = often.unwrap_or(&said).iter().map(String::as_str).collect();
    Some(Saying { words: text.to_owned(), rate: spoken(&often) })
}

fn contradict(sayings: &[Saying], rhythm: &Rhythm) -> bool {
    let heard = rhythm.rate();
    let mut rates = sayings.iter().filter_map(|saying| saying.rate.as_ref()).peekable();
    let is_read = rates.peek().is_some();
    let mut rates = rates.chain(&heard);
    let is_several =
        rates.next().is_some_and(|first| rates.any(|other| !is_as_often(first, other)));
    let is_unread = !is_read && !sayings.is_empty() && !rhythm.is_silent();
    is_several || is_unread || (is_read && rhythm.is_ranged())
}

/// Whether two frequencies are as many intakes in the same time.
fn is_as_often(a: &Timing, b: &Timing) -> bool {
    let rate = |timing: &Timing| {
        let (is_by_month, length) = match timing.period_unit {
            DurationUnit::Second => (false, 1.0),
            DurationUnit::Minute => (false, 60.0),
            DurationUnit::Hour => (false, 3_600.0),
            DurationUnit::Day => (false, 86_400.0),
            DurationUnit::Week => (false, 604_800.0),
            DurationUnit::Month => (true, 1.0),
            DurationUnit::Year => (true, 12.0),
        };
        (is_by_month, f64::from(timing.frequency) / (timing.period.to_f64() * length))
    };
    let ((a_by_month, a), (b_by_month, b)) = (rate(a), rate(b));
    a_by_month == b_by_month && (a - b).abs() <= 1e-9 * a.max(b)
}

/// All that is said, each frequency once.
fn all(sayings: Vec<Saying>, rhythm: &Rhythm) -> String {
    let heard = Saying { words: rhythm.words().join(", "), rate: rhythm.plain_rate() };
    let mut told: Vec<Saying> = Vec::new();
    for saying in sayings.into_iter().chain((!heard.words.is_empty()).then_some(heard)) {
        let is_told = told.iter().any(|before| match (&before.rate, &saying.rate) {
            (Some(a), Some(b)) => is_as_often(a, b),
            _ => before.words == saying.words,
        });
        if !is_told {
            told.push(saying);
        }
    }
    told.iter().map(|saying| saying.words.as_str()).collect::<Vec<_>>().join(" or ")
}

/// How often a code is that is known, of the systems that have them or of none.
fn known(coding: &Coding) -> Option<Timing> {
    let ours = ["", "urn:oid:2.16.840.1.113883.5.1022"].contains(&coding.system.as_str())
        || coding.system.ends_with("GTSAbbreviation")
        || coding.system.ends_with("timing-abbreviation");
    ours.then(|| abbreviation(&coding.code.trim().to_uppercase()))?
}

/// The time of the day a code names.
fn moment(code: &str) -> Option<&'static str> {
    match code.trim().to_uppercase().as_str() {
        "AM" => Some("in the morning"),
        "PM" => Some("in the afternoon"),
        "BED" => Some("at bedtime"),
        _ => None,
    }
}
