//! What a medicine comes as, how strong, and what is handed out of it.

use super::{Reader, value};
use crate::json::Json;
use clinical::{DispenseRequest, MedicationOrder, Quantity, possible};

/// Forms as HL7 v3 codes them: one of them is what a strength is told of.
const DRUG_FORMS: &str = "http://terminology.hl7.org/CodeSystem/v3-orderableDrugForm";

/// The order with the form and the strengths that its `Medication` has. Of substances of which one
/// has no strength that can be read none is taken in: half of two would pass for the whole.
pub(super) fn product(
    reader: &mut Reader<'_>,
    medication: Json<'_>,
    order: MedicationOrder,
) -> MedicationOrder {
    let form = medication.get("form").map(|form| super::concept(reader, form));
    let form = form.filter(|form| !form.is_empty());
    let label = form.as_ref().map(|form| form.label().to_owned()).unwrap_or_default();
    let ingredients = medication.get("ingredient").into_iter().flat_map(Json::items);
    let active = ingredients.filter(|one| one.get("isActive").is_none_or(|it| it.raw() != "false"));
    let strength: Option<Vec<Quantity>> =
        active.map(|one| strength(reader, one.get("strength")?, &label)).collect();
    MedicationOrder { form, strength: strength.unwrap_or_default(), ..order }
}

/// What is handed out. A number that cannot be is left out, and told.
pub(super) fn dispense(reader: &mut Reader<'_>) -> Option<DispenseRequest> {
    let element = reader.resource.get("dispenseRequest").filter(|it| it.is_object())?;
    let quantity = element.get("quantity").and_then(|quantity| {
        let read = value::quantity(reader, quantity)?;
        kept(reader, quantity, read, possible::dose)
    });
    let repeats = element.get("numberOfRepeatsAllowed").and_then(|repeats| {
        let read = reader.own_decimal(repeats)?;
        let times = read.as_str().parse::<u32>().unwrap_or(u32::MAX);
        kept(reader, repeats, times, |times| possible::repeats(*times))
    });
    let dispense = DispenseRequest { quantity, repeats };
    (dispense != DispenseRequest::default()).then_some(dispense)
}

/// A ratio as one quantity: what it is told of goes into its unit, but for one of the form.
fn strength(reader: &mut Reader<'_>, ratio: Json<'_>, form: &str) -> Option<Quantity> {
    if ratio.has_twice() {
        return None;
    }
    let numerator = value::quantity(reader, ratio.get("numerator")?)?;
    let numerator = kept(reader, ratio, numerator, possible::dose)?;
    let Some(element) = ratio.get("denominator") else { return Some(numerator) };
    let of = value::quantity(reader, element)?;
    let is_one = of.value.to_f64() == 1.0;
    let counted = |unit: &str| {
        unit.is_empty() || unit == "1" || unit.starts_with('{') || unit.eq_ignore_ascii_case(form)
    };
    let coded = element.get("system").and_then(Json::text).as_deref() == Some(DRUG_FORMS);
    if is_one && (coded || counted(&of.unit)) {
        return Some(numerator);
    }
    let number = if is_one { String::new() } else { format!("{} ", of.value) };
    let unit = format!("{}/{number}{}", numerator.unit, of.unit);
    let ucum = numerator.ucum.filter(|_| is_one).zip(of.ucum);
    Some(Quantity { unit, ucum: ucum.map(|(one, of)| format!("{one}/{of}")), ..numerator })
}

fn kept<T>(
    reader: &mut Reader<'_>,
    element: Json<'_>,
    value: T,
    is_possible: impl Fn(&T) -> bool,
) -> Option<T> {
    if is_possible(&value) {
        return Some(value);
    }
    let detail = "This amount is impossible. It is left out; the original is kept.";
    reader.warn(element, "amount-impossible", detail);
    None
}
