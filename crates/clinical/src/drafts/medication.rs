//! The form of a prescription line.

use super::{
    check,
    product::{number, possible_or_told, strength, ucum},
};
use crate::{
    CodeableConcept, Decimal, DispenseRequest, Dosage, DosageDuration, DurationUnit, EncounterId,
    Finding, MedicationAbout, MedicationId, MedicationIntent, MedicationOrder, MedicationRequest,
    MedicationStatus, PartialDate, Quantity, Timing, possible,
};
use serde::{Deserialize, Serialize};

/// What was typed about a medicine. Numbers are texts, so that a half-typed one is no loss.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct MedicationDraft {
    /// The medicine, in words.
    pub medication: String,
    /// What it comes as: `tablet`.
    pub form: String,
    /// How strong: `5 mg`, `250 mg/5 mL`, of two substances `500 mg + 125 mg`.
    pub strength: String,
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
    /// How much is handed out: `30`.
    pub quantity: String,
    /// Of what: `tablets`; the form when left out.
    pub quantity_unit: String,
    /// How often it may be handed out again.
    pub repeats: String,
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
        let order = self.order(&mut findings);
        let about = MedicationAbout {
            encounter: self.encounter,
            authored_on: Some(today),
            reason: check::line("reason", &self.reason, &mut findings)
                .map(CodeableConcept::from_text)
                .into_iter()
                .collect(),
            note: check::text("note", &self.note, &mut findings),
            ..MedicationAbout::new(self.intent())
        };
        check::finish(MedicationRequest { id, order, about }, findings)
    }

    /// What of it is an order, as far as it was typed.
    pub fn order(&self, findings: &mut Vec<Finding>) -> MedicationOrder {
        let medication = check::required("medication", &self.medication, findings);
        let dosage = self.dosage(findings).into_iter().collect();
        let medication = CodeableConcept::from_text(medication);
        let order = MedicationOrder::new(medication, dosage, MedicationStatus::Active);
        self.product(order, self.intent(), findings)
    }

    fn intent(&self) -> MedicationIntent {
        if self.reported { MedicationIntent::Statement } else { MedicationIntent::Order }
    }

    /// The dosage alone, for a change of dose. `None` when nothing of it was typed.
    pub fn dosage(&self, findings: &mut Vec<Finding>) -> Option<Dosage> {
        let dosage = Dosage {
            dose: self.quantity(findings),
            route: check::line("route", &self.route, findings).map(CodeableConcept::from_text),
            timing: self.timing(findings),
            duration: amount("durationDays", &self.duration_days, findings)
                .map(|value| DosageDuration { value, unit: DurationUnit::Day }),
            as_needed: self.as_needed,
            text: check::text("instruction", &self.instruction, findings),
        };
        (dosage != Dosage::default()).then_some(dosage)
    }

    /// The order with another dosage, product and supply in the place of its own: all of them, for a
    /// quantity was counted for the dose that stood there. It says how much is given, as a dose or in
    /// words: a number of times alone would take away the dose. A length that came in a unit in which it
    /// cannot be typed (months, hours) stays where no days are typed: a course keeps its end.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn changed(&self, was: &MedicationRequest) -> Result<MedicationOrder, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut dosage = self.dosage(&mut findings).unwrap_or_default();
        dosage.duration = dosage.duration.or_else(|| Self::untyped_length(was).cloned());
        if findings.is_empty() && dosage.dose.is_none() && dosage.text.is_none() {
            let detail = "Please give the dose, or say in words how it is taken.";
            findings.push(Finding::error("dose", "required", detail));
        }
        let order = MedicationOrder { dosage: vec![dosage], ..was.order.clone() };
        let order = self.product(order, was.about.intent, &mut findings);
        check::finish(order, findings)
    }

    /// How long a medicine is taken, where it cannot be said in whole days.
    pub fn untyped_length(of: &MedicationRequest) -> Option<&DosageDuration> {
        let length = of.order.dosage.first()?.duration.as_ref()?;
        length.whole_days().is_none().then_some(length)
    }

    /// The order with the product and the supply that were typed.
    fn product(
        &self,
        order: MedicationOrder,
        intent: MedicationIntent,
        findings: &mut Vec<Finding>,
    ) -> MedicationOrder {
        let form = check::line("form", &self.form, findings).map(CodeableConcept::from_text);
        let strength = strength(&self.strength, findings);
        let dispense = DispenseRequest {
            quantity: self.handed_out(findings),
            repeats: repeats(&self.repeats, findings),
        };
        let dispense = (dispense != DispenseRequest::default()).then_some(dispense);
        if dispense.is_some() && intent == MedicationIntent::Statement {
            let detail = "What the patient takes already is not handed out here. Leave this empty.";
            findings.push(Finding::error("quantity", "not-prescribed", detail));
        }
        MedicationOrder { form, strength, dispense, ..order }
    }

    /// How much is handed out; of the form, where nothing else is said.
    fn handed_out(&self, findings: &mut Vec<Finding>) -> Option<Quantity> {
        let of_what =
            [&self.quantity_unit, &self.form].into_iter().find_map(|it| check::optional(it));
        if check::optional(&self.quantity).is_none()
            && check::optional(&self.quantity_unit).is_some()
        {
            check::required("quantity", &self.quantity, findings);
        }
        let value = number("quantity", &self.quantity, findings)?;
        let unit = check::required("quantityUnit", &of_what.unwrap_or_default(), findings);
        let quantity = Quantity { value, comparator: None, ucum: ucum(&unit), unit };
        possible_or_told("quantity", quantity, possible::dose, findings)
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

/// How often again: none is a number too.
fn repeats(text: &str, findings: &mut Vec<Finding>) -> Option<u32> {
    let text = check::optional(text)?;
    let Ok(times) = text.parse::<u32>() else {
        let detail = "Please give a whole number of repeats, or 0 for none.";
        findings.push(Finding::error("repeats", "whole-number", detail));
        return None;
    };
    possible_or_told("repeats", times, |times| possible::repeats(*times), findings)
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
        let was = prescribed(&product("tablet", "5 mg", "30", "", "2")).unwrap();
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
            let got = draft.changed(&was);
            if let Ok(order) = &got {
                assert_eq!(order.dosage, [draft.dosage(&mut Vec::new()).unwrap()]);
                assert_eq!(order.medication, was.order.medication);
            }
            let words = |order: MedicationOrder| order.dosage.into_iter().find_map(|it| it.text);
            let got = got.map(|order| words(order).unwrap_or_default()).map_err(|findings| {
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
        let nothing = MedicationDraft::default().changed(&was).unwrap_err();
        assert_eq!(nothing.len(), 1, "{nothing:?}");
    }

    /// A quantity was counted for the dose that stood there.
    #[test]
    fn another_dosage_takes_the_place_of_product_and_supply_too() {
        let was = prescribed(&product("tablet", "5 mg", "30", "", "2")).unwrap();
        let of = |draft: MedicationDraft| {
            let order = MedicationDraft { dose: "10".into(), unit: "mg".into(), ..draft };
            let order = order.changed(&was).unwrap();
            let (name, parts) = crate::display::medication_line(&order);
            format!("{name} — {}", parts.join(" — ")).replace('\u{a0}', " ")
        };
        assert_eq!(
            of(MedicationDraft::default()),
            "Amlodipine — DOSE 10 mg — how often is not recorded"
        );
        let other = product("tablet", "10 mg", "28", "", "");
        let missing = "how often is not recorded";
        assert_eq!(
            of(other),
            format!("Amlodipine — 10 mg tablet — DOSE 10 mg — {missing} — QUANTITY 28 tablets")
        );
        let mut reported = was.clone();
        reported.about.intent = MedicationIntent::Statement;
        let draft = MedicationDraft { instruction: "one".into(), ..product("", "", "5", "x", "") };
        let told = draft.changed(&reported).unwrap_err();
        assert_eq!((told[0].path.as_str(), told[0].code.as_str()), ("quantity", "not-prescribed"));
    }

    fn product(
        form: &str,
        strength: &str,
        quantity: &str,
        of: &str,
        again: &str,
    ) -> MedicationDraft {
        MedicationDraft {
            medication: "Amlodipine".into(),
            form: form.into(),
            strength: strength.into(),
            quantity: quantity.into(),
            quantity_unit: of.into(),
            repeats: again.into(),
            ..MedicationDraft::default()
        }
    }

    fn prescribed(draft: &MedicationDraft) -> Result<MedicationRequest, Vec<Finding>> {
        let id = MedicationId::from_uuid(crate::ids::uuid_v7(1, [1; 10]));
        draft.complete(id, "2026-11-24".parse().unwrap())
    }

    #[test]
    fn what_is_handed_out_is_whole_or_tells_what_to_mend() {
        let check = |typed: [&str; 5], want: Result<&str, &[(&str, &str)]>| {
            let [form, strength, quantity, of, again] = typed;
            let got = prescribed(&product(form, strength, quantity, of, again));
            let line = |it: MedicationRequest| crate::display::medication_line(&it.order).1;
            let got = got.map(|it| line(it).join(" — ").replace("no dose recorded", "…"));
            let got = got.map(|line| line.replace('\u{a0}', " "));
            let got = got.map_err(|findings| {
                findings.into_iter().map(|f| (f.path, f.code)).collect::<Vec<_>>()
            });
            let want = want.map(str::to_owned).map_err(|list| {
                list.iter().map(|(p, c)| ((*p).to_owned(), (*c).to_owned())).collect()
            });
            assert_eq!(got, want, "{typed:?}");
        };
        check(["", "", "", "", ""], Ok("…"));
        check(["tablet", "5 mg", "30", "tablets", "0"], {
            Ok("5 mg tablet — … — QUANTITY 30 tablets — no repeats")
        });
        check(["tablet", "", "30", "", ""], Ok("tablet — … — QUANTITY 30 tablets"));
        check(["", "", "30", "", ""], Err(&[("quantityUnit", "required")]));
        check(["", "", "", "tablets", ""], Err(&[("quantity", "required")]));
        check(["", "", "thirty", "tablets", ""], Err(&[("quantity", "number")]));
        check(["", "", "-30", "tablets", ""], Err(&[("quantity", "amount-impossible")]));
        check(["", "", "0", "tablets", ""], Err(&[("quantity", "amount-impossible")]));
        check(["", "", "", "", "1.5"], Err(&[("repeats", "whole-number")]));
        check(["", "", "", "", "-1"], Err(&[("repeats", "whole-number")]));
        check(["", "", "", "", "100"], Err(&[("repeats", "amount-impossible")]));
        check(["", "strong", "", "", ""], Err(&[("strength", "strength")]));
        let reported = MedicationDraft { reported: true, ..product("tablet", "5 mg", "", "", "") };
        assert!(prescribed(&reported).is_ok());
        let reported = MedicationDraft { repeats: "1".into(), ..reported };
        assert_eq!(prescribed(&reported).unwrap_err()[0].code, "not-prescribed");
    }
}
