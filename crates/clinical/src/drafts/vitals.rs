//! The one line of vital signs.

use super::check;
use crate::{
    CodeableConcept, Decimal, EncounterId, Finding, LOINC, Observation, ObservationComponent,
    ObservationId, ObservationStatus, ObservationValue, PartialDate, Quantity, VITAL_SIGNS,
    possible, resources::BLOOD_PRESSURE,
};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A vital sign of one number: its form field, LOINC code (FHIR R4 vital signs profile), name,
/// UCUM unit and the range beyond which no living body is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct VitalSign {
    /// The field's name.
    pub field: &'static str,
    /// LOINC code.
    pub loinc: &'static str,
    /// LOINC name.
    pub name: &'static str,
    /// UCUM unit.
    pub ucum: &'static str,
    /// The lowest possible value.
    pub min: f64,
    /// The highest possible value.
    pub max: f64,
}

const fn sign(
    field: &'static str,
    loinc: &'static str,
    name: &'static str,
    ucum: &'static str,
    range: (f64, f64),
) -> VitalSign {
    VitalSign { field, loinc, name, ucum, min: range.0, max: range.1 }
}

/// Every vital sign of the line, in the order they are typed. Codes: FHIR R4 vital signs
/// profiles; the ranges are ours and only keep out slips of the finger.
pub const VITALS: [VitalSign; 8] = [
    sign("systolic", "8480-6", "Systolic blood pressure", "mm[Hg]", (20.0, 350.0)),
    sign("diastolic", "8462-4", "Diastolic blood pressure", "mm[Hg]", (5.0, 250.0)),
    sign("heartRate", "8867-4", "Heart rate", "/min", (10.0, 350.0)),
    sign("respiratoryRate", "9279-1", "Respiratory rate", "/min", (3.0, 150.0)),
    sign("temperature", "8310-5", "Body temperature", "Cel", (20.0, 46.0)),
    sign("oxygenSaturation", "2708-6", "Oxygen saturation", "%", (20.0, 100.0)),
    sign("weight", "29463-7", "Body weight", "kg", (0.2, 500.0)),
    sign("height", "8302-2", "Body height", "cm", (15.0, 260.0)),
];

/// What was typed on the line: a text for each field of [`VITALS`].
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct VitalsDraft {
    /// The number typed for each field name of [`VITALS`].
    pub values: BTreeMap<String, String>,
    /// The visit they were taken in.
    pub encounter: Option<EncounterId>,
}

impl VitalsDraft {
    /// The findings of the line, blood pressure as one, or what is wrong. `make_id` hands out an
    /// id for each, `taken` is when.
    ///
    /// # Errors
    /// One finding for each field to mend; `required` on `values` when nothing was typed.
    pub fn complete(
        &self,
        mut make_id: impl FnMut() -> ObservationId,
        taken: &PartialDate,
    ) -> Result<Vec<Observation>, Vec<Finding>> {
        let mut findings = self.unknown_fields();
        let read: Vec<(&VitalSign, Decimal)> = VITALS
            .iter()
            .filter_map(|sign| Some((sign, self.value(sign, &mut findings)?)))
            .collect();
        findings.extend(self.half_pressure(&read));
        if read.is_empty() && findings.is_empty() {
            findings.push(Finding::error("values", "required", "Please fill in at least one."));
        }
        let base = |id, code| Observation {
            id,
            status: ObservationStatus::Final,
            category: vec![VITAL_SIGNS.to_owned()],
            code,
            value: None,
            component: Vec::new(),
            effective: Some(taken.clone()),
            encounter: self.encounter,
            interpretation: Vec::new(),
            reference_range: None,
            note: None,
            replaces: None,
        };
        let (pressure, single): (Vec<_>, Vec<_>) =
            read.into_iter().partition(|(sign, _)| is_pressure(sign));
        let mut observations = Vec::new();
        if !pressure.is_empty() {
            let code = CodeableConcept::from_coding(LOINC, BLOOD_PRESSURE, "Blood pressure");
            let component = pressure.into_iter().map(component).collect();
            observations.push(Observation { component, ..base(make_id(), code) });
        }
        for (sign, value) in single {
            let code = CodeableConcept::from_coding(LOINC, sign.loinc, sign.name);
            let value = Some(ObservationValue::Quantity(quantity(sign, value)));
            observations.push(Observation { value, ..base(make_id(), code) });
        }
        check::finish(observations, findings)
    }

    fn value(&self, sign: &VitalSign, findings: &mut Vec<Finding>) -> Option<Decimal> {
        let text = check::optional(self.values.get(sign.field)?)?;
        let Ok(value) = text.parse::<Decimal>() else {
            let detail = "Please write the number with digits and a point, such as 37.2.";
            findings.push(Finding::error(sign.field, "number", detail));
            return None;
        };
        if possible::sign(sign, &quantity(sign, value.clone())) {
            return Some(value);
        }
        let detail = format!(
            "{} of {value} is impossible (possible: {} to {}). Nothing was saved; please check it.",
            sign.name, sign.min, sign.max
        );
        findings.push(Finding::error(sign.field, "amount-impossible", detail));
        None
    }

    fn half_pressure(&self, read: &[(&VitalSign, Decimal)]) -> Option<Finding> {
        let mut pressures = read.iter().filter(|(sign, _)| is_pressure(sign));
        let (first, second) = (pressures.next()?, pressures.next());
        match second {
            None => {
                let missing = if first.0.field == "systolic" { "diastolic" } else { "systolic" };
                // What was typed and is wrong has its own finding.
                let typed = self.values.get(missing).and_then(|text| check::optional(text));
                let detail = "A blood pressure needs both numbers.";
                typed.is_none().then(|| Finding::error(missing, "required", detail))
            }
            Some(second) if !possible::pressure(&first.1, &second.1) => Some(Finding::error(
                "diastolic",
                "amount-impossible",
                "The diastolic pressure must be below the systolic. Nothing was saved.",
            )),
            Some(_) => None,
        }
    }

    fn unknown_fields(&self) -> Vec<Finding> {
        let known = |field: &&String| VITALS.iter().all(|sign| sign.field != field.as_str());
        let unknown = self.values.keys().filter(known);
        unknown
            .map(|field| Finding::error(field, "unknown-field", "There is no such sign."))
            .collect()
    }
}

fn is_pressure(sign: &VitalSign) -> bool {
    sign.ucum == "mm[Hg]"
}

fn component((sign, value): (&VitalSign, Decimal)) -> ObservationComponent {
    ObservationComponent {
        code: CodeableConcept::from_coding(LOINC, sign.loinc, sign.name),
        value: Some(ObservationValue::Quantity(quantity(sign, value))),
    }
}

fn quantity(sign: &VitalSign, value: Decimal) -> Quantity {
    let unit = match sign.ucum {
        "mm[Hg]" => "mmHg",
        "Cel" => "°C",
        other => other,
    };
    Quantity { value, comparator: None, unit: unit.to_owned(), ucum: Some(sign.ucum.to_owned()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_vitals_becomes_findings() {
        let check = |typed: &[(&str, &str)], want: Result<&[&str], &[(&str, &str)]>| {
            let values = typed.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
            let draft = VitalsDraft { values, encounter: None };
            let mut count = 0;
            let make_id = || {
                count += 1;
                ObservationId::from_uuid(crate::ids::uuid_v7(count, [1; 10]))
            };
            let got = draft.complete(make_id, &"2026-11-24".parse().unwrap());
            match (got, want) {
                (Ok(got), Ok(want)) => {
                    let got: Vec<_> = got.iter().map(Observation::value_label).collect();
                    assert_eq!(got, want);
                }
                (Err(got), Err(want)) => {
                    let got: Vec<_> =
                        got.iter().map(|f| (f.path.as_str(), f.code.as_str())).collect();
                    assert_eq!(got, want);
                }
                (got, want) => panic!("{got:?} is not {want:?}"),
            }
        };
        let pressure = [("systolic", "120"), ("diastolic", "80")];
        check(&pressure, Ok(&["120/80\u{a0}mmHg"]));
        check(&[("temperature", "37.0")], Ok(&["37.0\u{a0}°C"]));
        check(&[("oxygenSaturation", "98"), ("weight", "70.5")], Ok(&["98%", "70.5\u{a0}kg"]));
        check(&[], Err(&[("values", "required")]));
        check(&[("systolic", "120")], Err(&[("diastolic", "required")]));
        check(
            &[("systolic", "-5"), ("diastolic", "80")],
            Err(&[("systolic", "amount-impossible")]),
        );
        check(
            &[("systolic", "80"), ("diastolic", "120")],
            Err(&[("diastolic", "amount-impossible")]),
        );
        check(&[("temperature", "372")], Err(&[("temperature", "amount-impossible")]));
        check(&[("weight", "seventy")], Err(&[("weight", "number")]));
        check(&[("mood", "5")], Err(&[("mood", "unknown-field")]));
    }
}
