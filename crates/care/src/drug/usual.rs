//! The usual single dose of common medicines for an adult, and the greatest that is usual, in
//! milligrams: a dose ten times the first is a slip of a point or of a zero more often than meant.
//!
//! Facts, by mouth or injected; no text of their sources is taken over. Every row was checked in
//! November 2026 against stored copies of the publications it names: MSF's Essential drugs (pages
//! of up to October 2024), the NHS's pages on medicines, product information (summaries of product
//! characteristics, "SmPC", with their number in the electronic medicines compendium or by product;
//! leaflets; labels), guidelines. Some were read only as other pages repeat them: MSF on
//! azithromycin and doxycycline, the NHS on simvastatin, the labels of the FDA. The WHO Model
//! Formulary of 2008 and the BNF for adults could not be read. Of a range the usual dose is the
//! commonest start or from the lower half; the greatest is the most that is given at once, or the
//! greatest share of a daily maximum.
//!
//! Asked about on purpose although it is given: morphine from 100 mg (no greatest dose exists in
//! cancer) and furosemide from 400 mg (kidneys that fail). Left out: what is dosed by weight
//! (phenobarbital is loaded with more than ten times what is taken daily), what has a depot under
//! the same name (haloperidol), and what is given once a week (methotrexate: its slip is the day,
//! which no dose shows).

/// The usual doses of one medicine.
pub(crate) struct Usual {
    /// The substance, by its international name.
    pub(crate) name: &'static str,
    /// The usual single dose.
    pub(crate) usual_mg: f64,
    /// The greatest usual single dose.
    pub(crate) greatest_mg: f64,
    /// Who says so.
    pub(crate) source: &'static str,
}

const fn row(name: &'static str, usual_mg: f64, greatest_mg: f64, source: &'static str) -> Usual {
    Usual { name, usual_mg, greatest_mg, source }
}

const MSF: &str = "MSF Essential drugs";
const NHS: &str = "NHS, Medicines A to Z";

/// All of them, sorted by name.
pub(crate) const USUAL: &[Usual] = &[
    row("aciclovir", 400.0, 800.0, "SmPC emc 76"),
    row("albendazole", 400.0, 400.0, MSF),
    row("allopurinol", 100.0, 300.0, "SmPC and UK leaflet, allopurinol 300 mg"),
    row("amitriptyline", 25.0, 150.0, MSF),
    row("amlodipine", 5.0, 10.0, "Product information, Amalvex"),
    row("amoxicillin", 500.0, 3000.0, "UK leaflet, amoxicillin 250 mg"),
    row("atenolol", 50.0, 100.0, "SmPC emc 100827"),
    row("atorvastatin", 20.0, 80.0, "NICE CG181; NHS"),
    row("azithromycin", 500.0, 2000.0, MSF),
    row("bisoprolol", 5.0, 20.0, "SmPC Emcor 2020"),
    row("carbamazepine", 200.0, 800.0, "MSF Essential drugs; BNF for Children 2018"),
    row("carvedilol", 12.5, 50.0, "Product information, Dilatrend"),
    row("cefalexin", 500.0, 1000.0, "FDA label; KEMH monograph 2019"),
    row("ceftriaxone", 1000.0, 4000.0, MSF),
    row("chlorphenamine", 4.0, 20.0, "NHS; SmPC emc 1986"),
    row("ciprofloxacin", 500.0, 750.0, MSF),
    row("diazepam", 5.0, 20.0, "MSF Essential drugs; product information, Replek"),
    row("diclofenac", 50.0, 100.0, "MSF Essential drugs; product information, Voltalin"),
    row("digoxin", 0.25, 1.5, "MSF Essential drugs; SmPC Accord 2019"),
    row("doxycycline", 100.0, 300.0, "MSF Essential drugs; 300 mg once in cholera"),
    row("enalapril", 10.0, 40.0, MSF),
    row("fluconazole", 150.0, 1200.0, "NHS; WHO on cryptococcal disease 2022"),
    row("fluoxetine", 20.0, 60.0, "MSF Essential drugs; FDA label"),
    row("folic acid", 5.0, 15.0, "SmPC Accord 2019"),
    row("furosemide", 40.0, 250.0, "SmPC furosemide 40 mg; product information, Furose"),
    row("glibenclamide", 5.0, 10.0, "MSF Essential drugs; SmPC glibenclamide"),
    row("hydrochlorothiazide", 25.0, 100.0, "SmPC Didralin 2021"),
    row("ibuprofen", 400.0, 800.0, "MSF Essential drugs; NHS"),
    row("ivermectin", 12.0, 24.0, "SmPC Substipharm 2018"),
    row("levothyroxine", 0.1, 0.2, "SmPC levothyroxine 25 micrograms"),
    row("lisinopril", 10.0, 80.0, "FDA label"),
    row("loratadine", 10.0, 10.0, NHS),
    row("losartan", 50.0, 150.0, "SmPC losartan, Replek"),
    row("metformin", 500.0, 2000.0, "Product information, Metfor XR"),
    row("metoclopramide", 10.0, 10.0, "EMA 2013"),
    row("metronidazole", 500.0, 2000.0, "FDA label; CDC on trichomoniasis"),
    row("morphine", 10.0, 60.0, MSF),
    row("nifedipine", 20.0, 90.0, "SmPC emc 6180 and 7801"),
    row("omeprazole", 20.0, 80.0, "Product information, Gastrimut"),
    row("paracetamol", 500.0, 1000.0, NHS),
    row("prednisolone", 20.0, 80.0, "Leaflet Hovid 5 mg; NHS"),
    row("simvastatin", 20.0, 80.0, NHS),
    row("spironolactone", 25.0, 400.0, MSF),
    row("tramadol", 50.0, 100.0, MSF),
    row("warfarin", 5.0, 12.0, "NHS; SmPC warfarin 3 mg"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_greatest_is_no_less_than_the_usual_and_each_stands_once() {
        assert!(USUAL.is_sorted_by(|a, b| a.name < b.name));
        for row in USUAL {
            let (name, usual) = (row.name, row.usual_mg);
            assert!(usual > 0.0 && row.greatest_mg >= usual && !row.source.is_empty(), "{name}");
        }
    }
}
