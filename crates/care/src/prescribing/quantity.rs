//! How much is handed out, where it can be known.

use super::{
    dose::Dose,
    form::Measure,
    formulary::Product,
    frequency::{Frequency, Length},
    number::Number,
    product::pieces_of,
    unit::{Noun, Unit},
};
use clinical::DurationUnit;

const ONE: u128 = 1_000_000;
/// Beyond so much, a quantity is a slip of the finger and is not proposed.
const QUANTITY_MAX: u128 = 100_000;

/// How much of what is handed out, in whole pieces, millilitres or vials.
pub(super) fn quantity(
    product: Option<&Product>,
    dose: &Dose,
    frequency: Frequency,
    length: Length,
) -> Option<(Number, Unit)> {
    let intakes = intakes(frequency, length)?;
    let (each, unit) = each(product, dose)?;
    let whole = each.checked_mul(intakes)?.div_ceil(ONE);
    let whole =
        u32::try_from(whole).ok().filter(|it| u128::from(*it) <= QUANTITY_MAX && *it > 0)?;
    Some((Number::whole(whole), unit))
}

/// How often it is taken in all.
fn intakes(frequency: Frequency, length: Length) -> Option<u128> {
    let often = match (frequency, length) {
        (Frequency::Once, _) => return Some(1),
        (Frequency::Often(often), Length::Days(_)) => often,
        _ => return None,
    };
    let Length::Days(days) = length else { return None };
    let minutes = match often.unit {
        DurationUnit::Minute => 1,
        DurationUnit::Hour => 60,
        DurationUnit::Day => 1_440,
        DurationUnit::Week => 10_080,
        DurationUnit::Month => 43_200,
        DurationUnit::Second | DurationUnit::Year => return None,
    };
    let period = u128::from(often.period.millionths()).checked_mul(minutes)?;
    let whole = u128::from(days.millionths()).checked_mul(1_440)?;
    (period > 0)
        .then(|| whole.checked_mul(u128::from(often.times)).map(|it| it.div_ceil(period)))?
}

/// How much of the product one intake is, in millionths, and in what it is counted.
fn each(product: Option<&Product>, dose: &Dose) -> Option<(u128, Unit)> {
    let millionths = |value: &Number| u128::from(value.millionths());
    match (dose, product.map(|it| it.form.measure)) {
        (Dose::Of(value, unit @ Unit::Count(noun)), _) if !noun.is_portion() => {
            Some((millionths(value), *unit))
        }
        // Who types a volume knows the bottle or the ampoule; only of what is drunk is it handed out.
        (Dose::Of(value, unit @ Unit::Millilitre), Some(Measure::Volume)) => {
            Some((millionths(value), *unit))
        }
        (Dose::Of(value, unit), Some(Measure::Piece(noun, _))) => {
            Some((pieces_of(product?, *value, *unit)?, Unit::Count(noun)))
        }
        (Dose::Of(value, unit), Some(Measure::Vial)) => {
            let vials = pieces_of(product?, *value, *unit)?.div_ceil(ONE) * ONE;
            Some((vials, Unit::Count(Noun::Vial)))
        }
        (Dose::Of(value, unit), Some(Measure::Volume)) => {
            let content = product?.strength.as_ref()?.only()?;
            let (volume, _) = content.per?;
            let doses = pieces_of(product?, *value, *unit)?;
            Some((doses.checked_mul(millionths(&volume))?.div_ceil(ONE), Unit::Millilitre))
        }
        _ => None,
    }
}
