//! The medicines of a small clinic and what they come as: `assets/formulary/medicines.tsv`.

use super::{
    form::Form,
    strength::Strength,
    token::{Kind, tokens},
};
use crate::drug::names_of;
use std::sync::LazyLock;

/// A medicine by its generic name.
#[derive(Debug)]
pub(super) struct Medicine {
    /// The generic name, the substances of several parted by ` + `.
    pub(super) name: &'static str,
    /// What it comes as.
    pub(super) products: Vec<Product>,
    /// The ways its injections are given.
    pub(super) routes: Vec<&'static str>,
    /// Abbreviations, brands and older names; first those of the list, then those of the allergy
    /// tables.
    pub(super) other_names: Vec<&'static str>,
    /// How many of them are of the list.
    listed: usize,
}

impl Medicine {
    /// The other names that the list has for it.
    pub(super) fn names_of_the_list(&self) -> &[&'static str] {
        self.other_names.get(..self.listed).unwrap_or_default()
    }
}

/// A form of one strength.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Product {
    /// What it is.
    pub(super) form: &'static Form,
    /// How strong; nothing where it is of one kind only, as a vitamin of many substances.
    pub(super) strength: Option<Strength>,
}

/// Every medicine, by name.
pub(super) fn medicines() -> &'static [Medicine] {
    static MEDICINES: LazyLock<Vec<Medicine>> =
        LazyLock::new(|| lines().filter_map(medicine).collect());
    &MEDICINES
}

const LIST: &str = include_str!("../../../../assets/formulary/medicines.tsv");

fn lines() -> impl Iterator<Item = &'static str> {
    LIST.lines().filter(|line| !line.starts_with('#') && !line.trim().is_empty())
}

/// A line of the list; a product that cannot be read is left out, which a test does not let pass.
fn medicine(line: &'static str) -> Option<Medicine> {
    let mut columns = line.split('\t');
    let name = columns.next()?;
    let products = columns.next()?.split("; ").flat_map(products).collect();
    let routes = listed(columns.next()?, ",").collect();
    let mut other_names: Vec<&'static str> = listed(columns.next()?, ", ").collect();
    let listed = other_names.len();
    let substances: Vec<&str> = name.split(" + ").collect();
    other_names.extend(names_of(&substances));
    Some(Medicine { name, products, routes, other_names, listed })
}

fn listed(text: &'static str, parted_by: &'static str) -> impl Iterator<Item = &'static str> {
    text.split(parted_by).filter(|one| !one.is_empty())
}

/// The products of one form: `tablet 5 mg, 10 mg`.
fn products(text: &'static str) -> Vec<Product> {
    let ends = text.find(|sign: char| sign.is_ascii_digit()).unwrap_or(text.len());
    let (form, strengths) = text.split_at(ends);
    let Some(form) = Form::named(form.trim()) else { return Vec::new() };
    if strengths.is_empty() {
        return vec![Product { form, strength: None }];
    }
    let read = |text| {
        let tokens = tokens(text);
        let (length, strength) = Strength::read(&tokens)?;
        let is_plain = tokens.iter().all(|it| it.kind != Kind::Unclear) && length == tokens.len();
        is_plain.then_some(Product { form, strength: Some(strength) })
    };
    strengths.split(", ").filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recognise;
    use clinical::CodeableConcept;
    use std::collections::BTreeSet;

    /// Every line is whole: what could not be read would be missing here.
    #[test]
    fn the_list_is_read_as_it_is_written() {
        assert_eq!(lines().count(), medicines().len());
        assert!(medicines().len() >= 350);
        for (line, medicine) in lines().zip(medicines()) {
            let columns: Vec<&str> = line.split('\t').collect();
            assert_eq!(columns.len(), 4, "{line}");
            let mut written = Vec::new();
            for of_form in columns[1].split("; ") {
                let ends = of_form.find(|it: char| it.is_ascii_digit()).unwrap_or(of_form.len());
                let (form, strengths) = of_form.split_at(ends);
                let form = form.trim();
                written.extend(
                    strengths.split(", ").map(|it| format!("{form} {it}").trim().to_owned()),
                );
            }
            let read: Vec<String> = medicine.products.iter().map(told).collect();
            // The strengths come out exactly as they are written: units in ISMP's form.
            assert_eq!(read, written, "{}", medicine.name);
            let once: BTreeSet<&String> = read.iter().collect();
            assert_eq!(once.len(), read.len(), "{}", medicine.name);
        }
    }

    fn told(product: &Product) -> String {
        let strength = product.strength.as_ref().map(|it| format!(" {it}")).unwrap_or_default();
        format!("{}{strength}", product.form.name)
    }

    #[test]
    fn names_are_small_sorted_and_each_once() {
        let names: Vec<&str> = medicines().iter().map(|medicine| medicine.name).collect();
        assert!(names.is_sorted() && names.iter().collect::<BTreeSet<_>>().len() == names.len());
        for name in names {
            assert_eq!(name, name.to_lowercase());
            assert_eq!(clinical::error_prone(name), [], "{name}");
        }
    }

    #[test]
    fn every_injection_says_how_it_is_given() {
        let known =
            ["intravenous", "intramuscular", "subcutaneous", "epidural", "infiltration", "oral"];
        for medicine in medicines() {
            assert!(medicine.routes.iter().all(|route| known.contains(route)), "{}", medicine.name);
            let is_open = |product: &&Product| product.form.route.is_empty();
            let open = medicine.products.iter().find(is_open);
            assert!(open.is_none() || !medicine.routes.is_empty(), "{}", medicine.name);
        }
    }

    /// What patients are allergic to as a class is known to the tables of allergies.
    #[test]
    fn members_of_classes_are_known_to_the_allergy_tables() {
        let ends = [
            "cillin", "penem", "floxacin", "cycline", "profen", "coxib", "oxicam", "fenac",
            "mycin", "micin", "nidazole", "codeine", "morphine",
        ];
        for medicine in medicines() {
            for substance in medicine.name.split(" + ") {
                let word = substance.split(' ').next_back().unwrap();
                let is_of_class = word.starts_with("cef")
                    || word.starts_with("sulfa")
                    || ends.iter().any(|end| word.ends_with(end));
                let found = recognise(&CodeableConcept::from_text(substance));
                let exempt = ["capreomycin", "natamycin", "spectinomycin"].contains(&substance)
                    || word == "sulfate";
                assert!(!is_of_class || !found.is_empty() || exempt, "{substance}");
            }
        }
    }

    /// One truth: what the allergy tables call a substance is not typed again beside it.
    #[test]
    fn names_of_the_allergy_tables_are_not_repeated() {
        for (line, medicine) in lines().zip(medicines()) {
            let substances: Vec<&str> = medicine.name.split(" + ").collect();
            let known: BTreeSet<&str> = names_of(&substances).into_iter().collect();
            let own = listed(line.split('\t').nth(3).unwrap(), ", ");
            let again: Vec<&str> = own.filter(|name| known.contains(name)).collect();
            assert!(again.is_empty(), "{}: {again:?}", medicine.name);
        }
    }
}
