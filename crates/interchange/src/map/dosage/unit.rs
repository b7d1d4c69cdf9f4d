//! Whether the unit of a dose and the code of that unit are one.

use crate::json::Json;

/// The code of a quantity's unit, where it is another unit than the one that is written. Units
/// outside the table are not judged.
pub(super) fn other(quantity: Json<'_>) -> Option<String> {
    let text = |name: &str| quantity.get(name).and_then(Json::text);
    let (unit, code) = (text("unit")?, text("code")?);
    let (written, coded) = (known(&unit)?, known(&code)?);
    (written != coded).then(|| code.into_owned())
}

/// The unit by its UCUM code; its case decides, but for what nobody writes otherwise.
fn known(unit: &str) -> Option<&'static str> {
    let spelt = |names: &&[&str]| names.contains(&unit.trim());
    UNITS.iter().find(|names| spelt(names)).and_then(|names| names.first()).copied()
}

/// Spellings of one unit, its UCUM code first.
const UNITS: [&[&str]; 13] = [
    &["kg"],
    &["g", "gm", "gram", "grams"],
    &["mg", "milligram", "milligrams"],
    &["ug", "mcg", "µg", "μg", "microgram", "micrograms"],
    &["ng", "nanogram", "nanograms"],
    &["L", "l", "litre", "liter", "litres", "liters"],
    &["dL", "dl"],
    &["mL", "ml", "ML", "cc", "millilitre", "milliliter", "millilitres", "milliliters"],
    &["uL", "ul"],
    &["[iU]", "[IU]", "IU", "iu", "U", "u", "[U]", "unit", "units"],
    &["mmol"],
    &["mol"],
    &["umol", "µmol"],
];
