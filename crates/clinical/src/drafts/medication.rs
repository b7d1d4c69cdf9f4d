//! The form of a prescription line.

use super::check;
use crate::{
    CodeableConcept, Decimal, Dosage, DosageDuration, DurationUnit, EncounterId, Finding,
    MedicationAbout, MedicationId, MedicationIntent, MedicationOrder, MedicationRequest,
    MedicationStatus, PartialDate, Quantity, Timing, possible,
};
use serde::{Deserialize, Serialize};

/// What was typed about a medicine. Numbers are texts, so that a half-typed one is no loss.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct MedicationDraft {
    /// The medicine, in words.
    pub medication: String,
    /// The amount of one intake: `500`.
    pub dose: String,
    /// Its unit: `mg`, `tablet`.
    pub unit: String,
    /// The way it is given: `oral`.
    pub route: String,
    /// Intakes in one period: `2`.
    pub frequency: String,
    /// Length of the period; 1 when left out.
    pub period: String,
    /// Unit of the period; a day where no length is told either. A length alone says nothing: one
    /// every 8 hours is no one every 8 days.
    pub period_unit: Option<DurationUnit>,
    /// Length of treatment in days.
    pub duration_days: String,
    /// Only when needed.
    pub as_needed: bool,
    /// The instruction in words.
    pub instruction: String,
    /// Reported by the patient and not ordered here.
    pub reported: bool,
    /// Why, in words.
    pub reason: String,
    /// Anything else.
    pub note: String,
    /// The visit it is written in.
    pub encounter: Option<EncounterId>,
}

impl MedicationDraft {
    /// The medicine as an active line, or what is missing or wrong. `today` is the day it is
    /// written.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn complete(
        &self,
        id: MedicationId,
        today: PartialDate,
    ) -> Result<MedicationRequest, Vec<Finding>> {
        let mut findings = Vec::new();
        let order = MedicationOrder {
            medication: CodeableConcept::from_text(check::required(
                "medication",
                &self.medication,
                &mut findings,
            )),
            dosage: self.dosage(&mut findings).into_iter().collect(),
            status: MedicationStatus::Active,
        };
        let intent =
            if self.reported { MedicationIntent::Statement } else { MedicationIntent::Order };
        let about = MedicationAbout {
            intent,
            encounter: self.encounter,
            authored_on: Some(today),
            reason: check::optional(&self.reason)
                .map(CodeableConcept::from_text)
                .into_iter()
                .collect(),
            note: check::optional(&self.note),
        };
        check::finish(MedicationRequest { id, order, about }, findings)
    }

    /// The dosage alone, for a change of dose. `None` when nothing of it was typed.
    pub fn dosage(&self, findings: &mut Vec<Finding>) -> Option<Dosage> {
        let dosage = Dosage {
            dose: self.quantity(findings),
            route: check::optional(&self.route).map(CodeableConcept::from_text),
            timing: self.timing(findings),
            duration: amount("durationDays", &self.duration_days, findings)
                .map(|value| DosageDuration { value, unit: DurationUnit::Day }),
            as_needed: self.as_needed,
            text: check::optional(&self.instruction),
        };
        (dosage != Dosage::default()).then_some(dosage)
    }

    /// The dosage that takes the place of a medicine's whole dosage. It says how much is given, as
    /// a dose or in words: a number of times alone would take away the dose that stands there.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn new_dosage(&self) -> Result<Dosage, Vec<Finding>> {
        let mut findings = Vec::new();
        let dosage = self.dosage(&mut findings).unwrap_or_default();
        if findings.is_empty() && dosage.dose.is_none() && dosage.text.is_none() {
            let detail = "Please give the dose, or say in words how it is taken.";
            findings.push(Finding::error("dose", "required", detail));
        }
        check::finish(dosage, findings)
    }

    fn quantity(&self, findings: &mut Vec<Finding>) -> Option<Quantity> {
        // A unit without a dose, like a period without a number of times, would be dropped unseen.
        if check::optional(&self.dose).is_none() && check::optional(&self.unit).is_some() {
            check::required("dose", &self.dose, findings);
        }
        let value = number("dose", &self.dose, findings)?;
        let unit = check::required("unit", &self.unit, findings);
        let dose = Quantity { value, comparator: None, ucum: ucum(&unit), unit };
        possible_or_told("dose", dose, possible::dose, findings)
    }

    fn timing(&self, findings: &mut Vec<Finding>) -> Option<Timing> {
        if check::optional(&self.frequency).is_none() && check::optional(&self.period).is_some() {
            check::required("frequency", &self.frequency, findings);
        }
        let frequency = amount("frequency", &self.frequency, findings)?;
        let Ok(frequency) = frequency.as_str().parse::<u32>() else {
            let detail = "Please give a whole number of intakes.";
            findings.push(Finding::error("frequency", "whole-number", detail));
            return None;
        };
        let length = amount("period", &self.period, findings);
        let period_unit = self.period_unit.or(length.is_none().then_some(DurationUnit::Day));
        let Some(period_unit) = period_unit else {
            let detail = "Choose hours or days: a number alone does not say which.";
            findings.push(Finding::error("periodUnit", "period-unit", detail));
            return None;
        };
        Some(Timing { frequency, period: length.unwrap_or_else(|| Decimal::from(1)), period_unit })
    }
}

/// A number above zero and within reason; `None` when nothing was typed.
fn amount(path: &str, text: &str, findings: &mut Vec<Finding>) -> Option<Decimal> {
    let number = number(path, text, findings)?;
    possible_or_told(path, number, possible::amount, findings)
}

fn number(path: &str, text: &str, findings: &mut Vec<Finding>) -> Option<Decimal> {
    let text = check::optional(text)?;
    // A bare point is typed and never kept: ".5" is read as 5 (ISMP).
    let text = if text.starts_with('.') { format!("0{text}") } else { text };
    let number = text.parse().ok();
    if number.is_none() {
        let detail = "Please write the number with digits and a point, such as 2.5.";
        findings.push(Finding::error(path, "number", detail));
    }
    number
}

fn possible_or_told<T>(
    path: &str,
    value: T,
    is_possible: impl Fn(&T) -> bool,
    findings: &mut Vec<Finding>,
) -> Option<T> {
    if is_possible(&value) {
        return Some(value);
    }
    let detail = "This amount is impossible. Nothing was saved; please check it.";
    findings.push(Finding::error(path, "amount-impossible", detail));
    None
}

/// The UCUM code of units that are their own code.
fn ucum(unit: &str) -> Option<String> {
    let own = ["mg", "g", "mL", "L", "ug", "[iU]", "mmol", "mg/kg", "mg/mL"];
    own.contains(&unit).then(|| unit.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_whole_or_tells_what_to_mend() {
        let id = MedicationId::from_uuid(crate::ids::uuid_v7(1, [1; 10]));
        let check = |draft: MedicationDraft, want: Result<&str, &[(&str, &str)]>| {
            let got = draft.complete(id, "2026-11-24".parse().unwrap());
            let got = got.map(|m| m.order.dosage.iter().map(Dosage::label).collect::<String>());
            let got = got.map_err(|findings| {
                findings.into_iter().map(|f| (f.path, f.code)).collect::<Vec<_>>()
            });
            let want = want.map(str::to_owned).map_err(|list| {
                list.iter().map(|(p, c)| ((*p).to_owned(), (*c).to_owned())).collect()
            });
            assert_eq!(got, want);
        };
        let line = |dose: &str, unit: &str, frequency: &str| MedicationDraft {
            medication: "Amlodipine".into(),
            dose: dose.into(),
            unit: unit.into(),
            frequency: frequency.into(),
            ..Default::default()
        };
        check(line("5", "mg", "1"), Ok("5\u{a0}mg — once daily"));
        check(line("", "mg", "1"), Err(&[("dose", "required")]));
        let every_eight = MedicationDraft { period: "8".into(), ..line("5", "mg", "") };
        check(every_eight, Err(&[("frequency", "required")]));
        // Hours or days: a number alone does not say, and nobody guesses.
        let every = |period: &str, period_unit| MedicationDraft {
            period: period.into(),
            period_unit,
            ..line("5", "mg", "1")
        };
        let unsaid: Result<&str, &[(&str, &str)]> = Err(&[("periodUnit", "period-unit")]);
        check(every("8", None), unsaid);
        check(every("1", None), unsaid);
        check(every("8", Some(DurationUnit::Hour)), Ok("5\u{a0}mg — every 8\u{a0}hours"));
        check(every("8", Some(DurationUnit::Day)), Ok("5\u{a0}mg — every 8\u{a0}days"));
        check(every("", None), Ok("5\u{a0}mg — once daily"));
        check(every("", Some(DurationUnit::Week)), Ok("5\u{a0}mg — every week"));
        check(line("2.50", "mg", ""), Ok("2.50\u{a0}mg"));
        check(line(".5", "mg", ""), Ok("0.5\u{a0}mg"));
        check(line(".", "mg", ""), Err(&[("dose", "number")]));
        check(line("", "", ""), Ok(""));
        check(line("five", "mg", "1"), Err(&[("dose", "number")]));
        check(line("5", "", "1"), Err(&[("unit", "required")]));
        check(line("0", "mg", "1"), Err(&[("dose", "amount-impossible")]));
        check(line("-5", "mg", "1"), Err(&[("dose", "amount-impossible")]));
        check(line("1e9", "mg", "1"), Err(&[("dose", "amount-impossible")]));
        check(line("1200000", "[iU]", ""), Ok("1200000\u{a0}[iU]"));
        check(line("5", "mg", "0"), Err(&[("frequency", "amount-impossible")]));
        check(line("5", "mg", "1.5"), Err(&[("frequency", "whole-number")]));
        check(MedicationDraft::default(), Err(&[("medication", "required")]));
    }

    #[test]
    fn a_new_dosage_says_how_much_is_given() {
        let check = |dose: &str, words: &str, times: &str, want: Result<&str, &[(&str, &str)]>| {
            let draft = MedicationDraft {
                dose: dose.into(),
                unit: if dose.is_empty() { "" } else { "mg" }.into(),
                instruction: words.into(),
                frequency: times.into(),
                route: "oral".into(),
                as_needed: true,
                ..MedicationDraft::default()
            };
            let got = draft.new_dosage();
            if let Ok(dosage) = &got {
                assert_eq!(Some(dosage), draft.dosage(&mut Vec::new()).as_ref());
            }
            let got = got.map(|dosage| dosage.text.unwrap_or_default()).map_err(|findings| {
                findings.into_iter().map(|f| (f.path, f.code)).collect::<Vec<_>>()
            });
            let want = want.map(str::to_owned).map_err(|list| {
                list.iter().map(|(p, c)| ((*p).to_owned(), (*c).to_owned())).collect()
            });
            assert_eq!(got, want, "{draft:?}");
        };
        check("500", "", "3", Ok(""));
        check("500", "", "", Ok(""));
        check("", "one in the evening", "", Ok("one in the evening"));
        check("", " ", "3", Err(&[("dose", "required")]));
        check("", "", "", Err(&[("dose", "required")]));
        check("x", "", "3", Err(&[("dose", "number")]));
        check("500", "with food", "0", Err(&[("frequency", "amount-impossible")]));
        let nothing = MedicationDraft::default().new_dosage().unwrap_err();
        assert_eq!(nothing.len(), 1, "{nothing:?}");
    }
}
