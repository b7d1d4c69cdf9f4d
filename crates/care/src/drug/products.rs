//! Products of several substances, and the neighbours whose names mislead.

use super::{
    DrugClass::{Alone, SulfonamideOther},
    Product, Substance, substance,
};

/// Combinations known by one name.
pub(super) const PRODUCTS: &[Product] = &[
    product(
        &["co-amoxiclav", "coamoxiclav", "amoxiclav", "amoxi-clav", "amox clav", "augmentin"],
        &["amoxicillin", "clavulanic acid"],
    ),
    product(&["sultamicillin", "unasyn"], &["ampicillin", "sulbactam"]),
    product(&["co-fluampicil", "ampiclox"], &["ampicillin", "cloxacillin"]),
    product(&["tazocin", "zosyn", "pip taz", "pip tazo"], &["piperacillin", "tazobactam"]),
    product(
        &["co-trimoxazole", "cotrimoxazole", "bactrim", "septrin", "septra", "бисептол"],
        &["sulfamethoxazole", "trimethoprim"],
    ),
    product(&["fansidar"], &["sulfadoxine"]),
    product(&["co-codamol", "cocodamol"], &["paracetamol", "codeine"]),
    product(&["co-dydramol"], &["paracetamol", "dihydrocodeine"]),
    product(&["vicodin", "norco"], &["paracetamol", "hydrocodone"]),
    product(&["percocet"], &["paracetamol", "oxycodone"]),
];

/// Substances that only look or sound like those above: recognised, so that they are not
/// mistaken. A sulfonamide without an arylamine shares no allergy with the antibiotics (Strom et
/// al., N Engl J Med 2003;349:1628-1635).
pub(super) const NEIGHBOURS: &[Substance] = &[
    substance("penicillamine", Alone, &[]),
    substance("mesalazine", Alone, &["5 asa", "mesalamine"]),
    substance("apomorphine", Alone, &[]),
    substance("furosemide", SulfonamideOther, &["frusemide"]),
    substance("hydrochlorothiazide", SulfonamideOther, &["hctz"]),
    substance("chlortalidone", SulfonamideOther, &["chlorthalidone"]),
    substance("indapamide", SulfonamideOther, &[]),
    substance("bumetanide", SulfonamideOther, &[]),
    substance("torasemide", SulfonamideOther, &["torsemide"]),
    substance("acetazolamide", SulfonamideOther, &[]),
    substance("glibenclamide", SulfonamideOther, &["glyburide"]),
    substance("gliclazide", SulfonamideOther, &[]),
    substance("glipizide", SulfonamideOther, &[]),
    substance("glimepiride", SulfonamideOther, &[]),
    substance("sumatriptan", SulfonamideOther, &[]),
    substance("tamsulosin", SulfonamideOther, &[]),
];

const fn product(names: &'static [&'static str], substances: &'static [&'static str]) -> Product {
    Product { names, substances }
}
