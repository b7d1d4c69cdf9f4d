//! Which products of a medicine fit what was told.

use super::{
    dose::{Dose, Told},
    form::{Form, Measure},
    formulary::{Medicine, Product},
    number::Number,
    strength::{in_smallest, same},
    unit::Unit,
};

/// What was told about a product.
#[derive(Debug)]
pub(super) struct Wanted<'a> {
    /// The forms that were typed; none where no form was.
    pub(super) forms: &'a [&'static Form],
    /// The route that was typed.
    pub(super) route: Option<&'static str>,
    /// The strength.
    pub(super) told: &'a Told,
    /// The dose.
    pub(super) dose: &'a Dose,
    /// Forms or routes were told that contradict each other: none is plainer than another.
    pub(super) is_open: bool,
}

impl Wanted<'_> {
    /// Whether no dose speaks for one form rather than another.
    const fn says_nothing(&self) -> bool {
        matches!(
            self.dose,
            Dose::Of(_, Unit::PerKilogram(_)) | Dose::Bare(_) | Dose::InWords(None) | Dose::Unknown
        )
    }
}

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Chosen {
    /// Those that fit best; one where it is clear.
    pub(super) best: Vec<&'static Product>,
    /// All of the medicine, the likeliest first.
    pub(super) ranked: Vec<&'static Product>,
    /// The medicine does not come in the form that was typed.
    pub(super) no_such_form: bool,
    /// Nor in the strength.
    pub(super) no_such_strength: bool,
    /// Nor for the route.
    pub(super) no_such_route: bool,
    /// Nor in a form whose dose is told so.
    pub(super) no_such_dose: bool,
    /// The dose is no number of any of its pieces.
    pub(super) is_odd: bool,
}

/// How well a product fits; less is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Fit {
    /// The dose is one piece of it.
    Exact,
    /// The dose is a few pieces of it.
    Pieces,
    /// The dose is a few pieces and a half of one.
    Halves,
    /// The dose is a volume of it, or anything is.
    Volume,
    /// The dose is many pieces of it.
    Many,
    /// The dose is none of it.
    Not,
}

/// Pieces at once that are no surprise.
const PIECES_MAX: u64 = 4;
/// Pieces at once that can be meant at all.
const PIECES_MOST: u64 = 12;

/// The products that fit.
pub(super) fn choose(medicine: &'static Medicine, wanted: &Wanted<'_>) -> Chosen {
    let mut chosen = Chosen::default();
    let mut left: Vec<&'static Product> = medicine.products.iter().collect();
    let forms = wanted.forms;
    chosen.no_such_form =
        !forms.is_empty() && !keep(&mut left, |product| forms.contains(&product.form));
    if let Some(route) = wanted.route {
        let is_way = |product: &Product| goes(product, medicine, route);
        chosen.no_such_route = !keep(&mut left, is_way);
    }
    let is_told = |product: &Product| {
        is_told(product, wanted.told) || is_told_of_volume(product, wanted.told, wanted.dose)
    };
    chosen.no_such_strength = *wanted.told != Told::Nothing && !keep(&mut left, is_told);
    if let Dose::Of(_, unit) | Dose::InWords(Some(unit)) = wanted.dose {
        let takes = |product: &Product| product.form.takes(*unit) && !is_percent(product, *unit);
        chosen.no_such_dose = !keep(&mut left, takes) && !chosen.no_such_form;
    }
    let nothing_fits = chosen.no_such_form || chosen.no_such_strength || chosen.no_such_dose;
    chosen.best = if nothing_fits { Vec::new() } else { best(&left, wanted, &mut chosen.is_odd) };
    chosen.ranked = ranked(medicine, &left, wanted);
    if let [only] = chosen.best.as_slice() {
        chosen.ranked.retain(|product| product != only);
        chosen.ranked.insert(0, only);
    }
    chosen
}

/// Keeps what fits; where nothing does, all stay and the answer is no.
fn keep(left: &mut Vec<&'static Product>, fits: impl Fn(&Product) -> bool) -> bool {
    let fitting: Vec<&'static Product> = left.iter().copied().filter(|it| fits(it)).collect();
    let some = !fitting.is_empty();
    if some {
        *left = fitting;
    }
    some
}

fn goes(product: &Product, medicine: &Medicine, route: &str) -> bool {
    let form = product.form;
    // An injection that is drunk is a habit of theatres, and no product of the list.
    form.route == route
        || (form.route.is_empty() && medicine.routes.contains(&route))
        || (route == "by nasogastric tube"
            && form.measure == Measure::Volume
            && form.route == "oral")
}

pub(super) fn is_told(product: &Product, told: &Told) -> bool {
    let Some(strength) = &product.strength else { return *told == Told::Nothing };
    match told {
        Told::Strength(told) => strength.is_same(told),
        Told::Amount(value, unit) => {
            strength.is_amount(*value, *unit) || strength.sum() == Some((*value, *unit))
        }
        Told::Numbers(numbers) => {
            let sum = strength.sum().map(|(sum, _)| sum);
            strength.has_numbers(numbers)
                || matches!(numbers.as_slice(), [one] if sum == Some(*one))
        }
        Told::Nothing => true,
    }
}

/// `250 mg 5 mL`: beside a volume an amount is that of a syrup, whatever its volume.
fn is_told_of_volume(product: &Product, told: &Told, dose: &Dose) -> bool {
    let (Told::Amount(value, unit), Dose::Of(_, Unit::Millilitre)) = (told, dose) else {
        return false;
    };
    let only = product.strength.as_ref().and_then(|strength| strength.only());
    only.is_some_and(|only| {
        only.per.is_some() && only.unit.is_some_and(|own| same(only.value, own, *value, *unit))
    })
}

fn is_percent(product: &Product, unit: Unit) -> bool {
    let only = product.strength.as_ref().and_then(|strength| strength.only());
    matches!(unit, Unit::Mass(_)) && only.is_some_and(|only| only.unit.is_none())
}

/// Those that fit best. Unasked, what is swallowed whole goes before what is measured, and what
/// is swallowed before all else; a slow release is never taken unasked.
fn best(
    left: &[&'static Product],
    wanted: &Wanted<'_>,
    is_odd: &mut bool,
) -> Vec<&'static Product> {
    if wanted.is_open || (wanted.forms.is_empty() && wanted.says_nothing()) {
        return without_slow(left);
    }
    let is_asked = !wanted.forms.is_empty() || wanted.route.is_some_and(|route| route != "oral");
    let solids = all_that(left, |product| is_solid(product.form));
    let eligible = if is_asked || solids.is_empty() { left.to_vec() } else { solids };
    let scored: Vec<((Fit, u8), &'static Product)> = without_slow(&eligible)
        .into_iter()
        .map(|product| ((fit(product, wanted.dose), product.form.rank), product))
        .collect();
    let Some(least) = scored.iter().map(|(score, _)| *score).min() else { return Vec::new() };
    *is_odd = matches!(least.0, Fit::Not | Fit::Many);
    if least.0 == Fit::Not {
        return Vec::new();
    }
    let of = |wanted: (Fit, u8)| {
        scored.iter().filter(move |(score, _)| *score == wanted).map(|(_, product)| *product)
    };
    let mut best: Vec<&'static Product> = of(least).collect();
    if wanted.forms.is_empty() && least.0 != Fit::Exact {
        // Two pieces of the plain tablet, or one of the slow: that is to be chosen.
        let is_exact_slow = |it: &Product| it.form.rank == 2 && fit(it, wanted.dose) == Fit::Exact;
        best.extend(all_that(&eligible, is_exact_slow));
    }
    if least.0 == Fit::Pieces {
        // Three pieces of one strength, or one and a half of another.
        best.extend(of((Fit::Halves, least.1)));
    }
    if least.0 == Fit::Halves && !is_asked {
        // Half a tablet, or what can be measured: that too.
        let is_drunk = |it: &Product| it.form.measure == Measure::Volume && it.form.route == "oral";
        best.extend(all_that(left, is_drunk));
    }
    best
}

fn all_that(left: &[&'static Product], is: impl Fn(&Product) -> bool) -> Vec<&'static Product> {
    left.iter().copied().filter(|product| is(product)).collect()
}

/// Without what releases slowly, unless there is nothing else.
fn without_slow(left: &[&'static Product]) -> Vec<&'static Product> {
    let plain = all_that(left, |product| product.form.rank < 2);
    if plain.is_empty() { left.to_vec() } else { plain }
}

fn is_solid(form: &Form) -> bool {
    matches!(form.measure, Measure::Piece(..)) && form.route == "oral"
}

/// How well a dose goes with a product.
fn fit(product: &Product, dose: &Dose) -> Fit {
    let Dose::Of(value, unit) = dose else { return Fit::Volume };
    let Some(content) = product.strength.as_ref().and_then(|strength| strength.only()) else {
        // A dose in milligrams of several substances says nothing.
        let is_counted = matches!(unit, Unit::Count(_) | Unit::Millilitre);
        return if is_counted || product.strength.is_none() { Fit::Volume } else { Fit::Not };
    };
    let Some(own) = content.unit.filter(|_| is_amount(*unit)) else { return Fit::Volume };
    let (Some((dose, of)), Some((piece, with))) =
        (in_smallest(*value, *unit), in_smallest(content.value, own))
    else {
        return Fit::Not;
    };
    if of != with || piece == 0 || dose == 0 {
        return Fit::Not;
    }
    match product.form.measure {
        Measure::Piece(_, may_be_halved) => pieces(dose, piece, may_be_halved),
        Measure::Portion(_) => pieces(dose, piece, false),
        Measure::Vial if dose == piece => Fit::Exact,
        Measure::Vial | Measure::Volume | Measure::Injected => Fit::Volume,
        // An implant holds what it is told by.
        Measure::Applied if dose == piece && content.per.is_none() => Fit::Exact,
        Measure::Applied => Fit::Not,
    }
}

const fn is_amount(unit: Unit) -> bool {
    matches!(unit, Unit::Mass(_) | Unit::Units | Unit::Millimole)
}

fn pieces(dose: u128, piece: u128, may_be_halved: bool) -> Fit {
    let halves = if may_be_halved { dose.saturating_mul(2) } else { dose };
    let most = |pieces: u64| piece.saturating_mul(u128::from(pieces));
    if dose == piece {
        Fit::Exact
    } else if !halves.is_multiple_of(piece) || dose > most(PIECES_MOST) {
        Fit::Not
    } else if dose > most(PIECES_MAX) {
        Fit::Many
    } else if dose.is_multiple_of(piece) {
        Fit::Pieces
    } else {
        Fit::Halves
    }
}

/// All products of a medicine, those that are left first and by how they fit.
fn ranked(
    medicine: &'static Medicine,
    left: &[&'static Product],
    wanted: &Wanted<'_>,
) -> Vec<&'static Product> {
    let mut ranked: Vec<&'static Product> = medicine.products.iter().collect();
    ranked.sort_by_key(|product| {
        (!left.contains(product), fit(product, wanted.dose), product.form.rank)
    });
    ranked
}

/// How many pieces a dose is, in millionths, rounded up; `None` where it is no number of them.
pub(super) fn pieces_of(product: &Product, value: Number, unit: Unit) -> Option<u128> {
    let content = product.strength.as_ref()?.only()?;
    let (dose, of) = in_smallest(value, unit)?;
    let (piece, with) = in_smallest(content.value, content.unit?)?;
    (of == with && piece > 0).then(|| dose.saturating_mul(1_000_000).div_ceil(piece))
}
