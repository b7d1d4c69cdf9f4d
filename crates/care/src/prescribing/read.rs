//! Reads a whole sentence.

use super::{
    course::{route, supply},
    dose::{Dose, Told, counted_as, dose, is_any_strength, is_strength_of_piece},
    fact::Fact,
    form::{Form, Measure},
    formulary::Product,
    frequency::{Frequency, Length, frequency, length},
    instruction::{instruction, plain},
    line::Line,
    medicine::{Named, medicine},
    names::Candidate,
    product::{Chosen, Wanted, choose},
    quantity::quantity,
    reading::{Choice, Match, Meaning, Missing, Reading},
    remarks,
    token::{Token, tokens},
    unit::Unit,
    unread::{guarded, part_fractions},
    words,
};
use clinical::{DurationUnit, Finding, MedicationDraft};

/// Products to choose from that are told.
const CHOICES_MAX: usize = 24;

/// What was settled of a sentence.
pub(super) struct Settled {
    pub(super) frequency: Frequency,
    pub(super) length: Length,
    pub(super) told: Told,
    pub(super) dose: Dose,
    pub(super) forms: Vec<&'static Form>,
    pub(super) route: Option<&'static str>,
    pub(super) chosen: Chosen,
    /// The only product that fits of each medicine it may be.
    pub(super) offers: Vec<Option<&'static Product>>,
    /// Whether the form or the route was told twice and differently.
    pub(super) is_open: bool,
}

/// Reads a prescription of one medicine.
pub(super) fn read(text: &str) -> Reading {
    let tokens = tokens(text);
    let named = medicine(&tokens);
    let forbids = forbids(&tokens);
    let mut line = Line::cut(text, &tokens, &named.tokens);
    let settled = settle(&mut line, &named);
    let mut reading = Reading { medicines: choices(&named, &settled), ..Reading::default() };
    name(&mut reading, &line, &named);
    fill(&mut reading, &line, &settled, &named);
    supply(&mut reading, &mut line, &settled);
    if reading.draft.strength.is_empty() && matches!(settled.told, Told::Numbers(_)) {
        // Numbers that are no strength of it are not dropped.
        line.open(Meaning::Strength);
    }
    reading.draft.instruction = instruction(&line);
    reading.missing = missing(&reading, &settled, &named);
    remarks::tell(&mut line, &reading.draft, &settled, &named);
    reading.pieces = remarks::pieces(&line);
    reading.findings = line.findings;
    if forbids { no_order(text, reading) } else { reading }
}

fn forbids(tokens: &[Token]) -> bool {
    let word = |at: usize| tokens.get(at).map(|token| token.text.as_str());
    let first = if matches!(word(0), Some("do" | "please" | "to")) { word(1) } else { word(0) };
    first.is_some_and(|word| words::FORBID.contains(&word))
}

/// Nothing is ordered by such a line; all of it stays as words.
fn no_order(text: &str, reading: Reading) -> Reading {
    let draft = MedicationDraft { instruction: plain(text.trim()), ..MedicationDraft::default() };
    let detail = "This line orders nothing. End, hold or change what is taken where it is listed.";
    let told = Finding::error("medication", "no-order", detail);
    let findings = [told].into_iter().chain(reading.findings).collect();
    let missing = vec![Missing::Medicine];
    Reading { draft, medicines: Vec::new(), missing, findings, ..reading }
}

fn settle(line: &mut Line<'_>, named: &Named) -> Settled {
    let one = named.candidates.first().filter(|_| named.is_one);
    let may_be = named.candidates.iter().filter(|it| it.how != Match::Similar);
    let products: Vec<&Product> = may_be.flat_map(|it| &it.medicine.products).collect();
    line.part_strengths(|number| is_strength_of_piece(number, &products));
    let is_unclear = part_fractions(line, |number| is_any_strength(number, &products));
    let typed =
        line.all(|fact| if let Fact::Form(forms) = fact { Some(forms.clone()) } else { None });
    let forms = forms(line, &typed);
    let route = route(line);
    let of_eye = |form: &Form| form.route == "eye";
    // Of the forms that a word means, those that the medicine has.
    let has = |form: &&&Form| products.is_empty() || products.iter().any(|it| it.form == **form);
    let is_eye_form = forms.iter().filter(has).any(|form| of_eye(form));
    let is_eye = route == Some("eye") || is_eye_form || is_in_drops(line);
    let mut frequency = frequency(line, is_eye);
    let (told, mut dose) = dose(line, &products);
    if line.has_told("dose", "told-twice") {
        // Which dose goes with which time stays in its words.
        line.open(Meaning::Frequency);
        frequency = Frequency::Unknown;
    }
    let length = length(line, frequency, dose != Dose::Unknown);
    dose = if is_unclear { Dose::Unknown } else { guarded(line, dose, frequency) };
    let is_open = line.has_told("route", "told-twice") || line.has_told("form", "told-twice");
    let wanted = Wanted { forms: &forms, route, told: &told, dose: &dose, is_open };
    let chosen = one.map(|one| choose(one.medicine, &wanted)).unwrap_or_default();
    let only = |candidate: &Candidate| match choose(candidate.medicine, &wanted).best.as_slice() {
        [only] => Some(*only),
        _ => None,
    };
    let offers: Vec<_> = named.candidates.iter().take(CHOICES_MAX).map(only).collect();
    if let Dose::Counted(number) = dose {
        let unit = counted_as(chosen.best.iter().map(|product| product.form));
        dose = unit.map_or(Dose::Bare(number), |unit| Dose::Of(number, unit));
    }
    Settled { offers, is_open, frequency, length, told, dose, forms, route, chosen }
}

/// The forms that all typed words allow.
fn forms(line: &mut Line<'_>, typed: &[(usize, Vec<&'static Form>)]) -> Vec<&'static Form> {
    let Some((_, first)) = typed.first() else { return Vec::new() };
    let allowed = |form: &&&Form| typed.iter().all(|(_, forms)| forms.contains(*form));
    let forms: Vec<&'static Form> = first.iter().filter(allowed).copied().collect();
    if forms.is_empty() {
        line.contradicted("form");
        return Vec::new();
    }
    for (at, _) in typed {
        line.mark(*at, Meaning::Form);
    }
    forms
}

/// Whether the dose is told in drops.
fn is_in_drops(line: &Line<'_>) -> bool {
    let drop = Unit::Count(super::unit::Noun::Drop);
    !line
        .all(|fact| matches!(fact, Fact::Amount(_, unit) if *unit == drop).then_some(()))
        .is_empty()
}

/// The name: the generic one where it is clear, else what was typed.
fn name(reading: &mut Reading, line: &Line<'_>, named: &Named) {
    let words = |tokens: &std::ops::Range<usize>| {
        let first = line.tokens.get(tokens.start).map_or(0, |token| token.start);
        let last = tokens.end.checked_sub(1).and_then(|last| line.tokens.get(last));
        line.text.get(first..last.map_or(first, |token| token.end)).unwrap_or_default()
    };
    let one = named.candidates.first().filter(|_| named.is_one);
    reading.draft.medication = match one {
        Some(one) if named.salt.is_empty() => one.medicine.name.to_owned(),
        Some(one) => format!("{} {}", one.medicine.name, words(&named.salt).to_lowercase()),
        None => plain(words(&named.tokens)),
    };
}

/// Fills in what was settled.
fn fill(reading: &mut Reading, line: &Line<'_>, settled: &Settled, named: &Named) {
    let draft = &mut reading.draft;
    let best = &settled.chosen.best;
    let form = same(best.iter().map(|product| product.form)).or_else(|| typed_form(settled));
    let strength = same(best.iter().map(|product| product.strength.as_ref())).flatten();
    let told = match &settled.told {
        Told::Strength(strength) => Some(strength.to_string()),
        Told::Amount(number, unit) => Some(format!("{number} {}", unit.words(*number))),
        Told::Numbers(_) | Told::Nothing => None,
    };
    draft.form = form.map(|form| form.name.to_owned()).unwrap_or_default();
    let of_product = strength.map(ToString::to_string);
    // A whole strength stays as it was told; an amount or a sum is that of the product.
    draft.strength = match &settled.told {
        Told::Strength(_) => told.or(of_product),
        Told::Amount(..) | Told::Numbers(_) | Told::Nothing => of_product.or(told),
    }
    .unwrap_or_default();
    match &settled.dose {
        Dose::Of(number, unit) => {
            (draft.dose, draft.unit) = (number.to_string(), unit.words(*number).to_owned());
        }
        Dose::Counted(number) | Dose::Bare(number) => draft.dose = number.to_string(),
        Dose::InWords(_) | Dose::Unknown => {}
    }
    draft.route = super::course::way(settled, named, form).unwrap_or_default().to_owned();
    if let Frequency::Often(often) = settled.frequency {
        draft.frequency = often.times.to_string();
        let is_daily = often.unit == DurationUnit::Day && often.period.as_whole() == Some(1);
        if !is_daily {
            draft.period_unit = Some(often.unit);
            draft.period = often.period.to_string();
        }
    }
    if let Length::Days(days) = settled.length {
        draft.duration_days = days.to_string();
    }
    draft.as_needed = line.parts.iter().any(|part| part.fact == Some(Fact::AsNeeded));
    let only = if let [only] = best.as_slice() { Some(*only) } else { None };
    let may_count = !line.parts.iter().any(|part| part.fact.as_ref().is_some_and(is_step));
    let known = quantity(only, &settled.dose, settled.frequency, settled.length);
    if let Some((number, unit)) = known.filter(|_| may_count) {
        (draft.quantity, draft.quantity_unit) = (number.to_string(), unit.words(number).to_owned());
    }
}

/// Whether a limit or a next step stands beside: no quantity follows from the rest then.
fn is_step(fact: &Fact) -> bool {
    matches!(fact, Fact::Beside(beside) if **beside == Fact::Aside)
}

/// The form that was typed, where no product has it.
fn typed_form(settled: &Settled) -> Option<&'static Form> {
    let first = *settled.forms.first()?;
    let one_way = settled.forms.iter().all(|form| form.route == first.route);
    let is_any_liquid = first.measure == Measure::Volume && settled.forms.len() > 1 && one_way;
    if is_any_liquid {
        Form::named("oral liquid")
    } else {
        (one_way || first.rank == 0).then_some(first)
    }
}

/// The one value of all; nothing of none, and of several that differ.
fn same<T: PartialEq>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.all(|one| one == first).then_some(first)
}

/// The products of the medicine, or the medicines to choose from, each with its product where only
/// one fits.
fn choices(named: &Named, settled: &Settled) -> Vec<Choice> {
    let of = |candidate: &Candidate, product: Option<&Product>| {
        let strength = product.and_then(|product| product.strength.as_ref());
        Choice {
            medication: candidate.medicine.name.to_owned(),
            form: product.map_or("", |product| product.form.name).to_owned(),
            strength: strength.map(ToString::to_string).unwrap_or_default(),
            how: candidate.how,
        }
    };
    let mut choices: Vec<Choice> = match named.candidates.first() {
        Some(one) if named.is_one => {
            settled.chosen.ranked.iter().map(|product| of(one, Some(*product))).collect()
        }
        _ => {
            let offers = named.candidates.iter().zip(&settled.offers);
            offers.map(|(candidate, product)| of(candidate, *product)).collect()
        }
    };
    choices.truncate(CHOICES_MAX);
    choices
}

fn missing(reading: &Reading, settled: &Settled, named: &Named) -> Vec<Missing> {
    let draft = &reading.draft;
    let listed = named.is_one;
    let several = settled.chosen.best.len() > 1;
    let is_applied = settled.chosen.best.first().map(|product| product.form);
    let is_applied = is_applied
        .or_else(|| typed_form(settled))
        .is_some_and(|form| form.measure == Measure::Applied);
    let nothing = listed && settled.chosen.best.is_empty();
    let is_doubtful = named.candidates.iter().any(|it| it.how != Match::Similar) && !listed;
    let ends = matches!(settled.frequency, Frequency::Once | Frequency::Occasion)
        || settled.length != Length::Unknown
        || draft.as_needed
        || !draft.quantity.is_empty();
    let checks = [
        (Missing::Medicine, draft.medication.is_empty()),
        (Missing::WhichMedicine, is_doubtful),
        (Missing::Form, draft.form.is_empty() && (several || nothing)),
        (Missing::Strength, draft.strength.is_empty() && (several || nothing)),
        (Missing::Dose, settled.dose == Dose::Unknown && !is_applied),
        (Missing::DoseUnit, !draft.dose.is_empty() && draft.unit.is_empty()),
        (Missing::Route, draft.route.is_empty()),
        (Missing::Frequency, settled.frequency == Frequency::Unknown),
        (Missing::Duration, !ends),
    ];
    checks.into_iter().filter(|(_, is_missing)| *is_missing).map(|(missing, _)| missing).collect()
}
