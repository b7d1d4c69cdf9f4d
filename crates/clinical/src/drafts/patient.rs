//! The form of a patient.

use super::check;
use crate::{
    Address, AdministrativeGender, ContactPoint, ContactSystem, Finding, HumanName, Identifier,
    Identity, PartialDate, Patient, PatientId, possible,
};
use serde::{Deserialize, Serialize};

/// What was typed about a patient.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PatientDraft {
    /// Family name.
    pub family: String,
    /// Given names, parted by spaces.
    pub given: String,
    /// Sex; unknown when not told.
    pub gender: Option<AdministrativeGender>,
    /// Born: a year, a month or a day, as people type it, or an age.
    pub birth_date: String,
    /// The birth date is a guess from an age.
    pub birth_date_estimated: bool,
    /// Telephone.
    pub phone: String,
    /// Village, town or city.
    pub city: String,
    /// A number the patient is known by.
    pub identifier: String,
}

impl PatientDraft {
    /// The patient, or what is missing or wrong. `today` bounds the birth date.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn complete(&self, id: PatientId, today: &PartialDate) -> Result<Patient, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut line = |path, text| check::line(path, text, &mut findings);
        let family = line("family", &self.family).unwrap_or_default();
        let given = line("given", &self.given).unwrap_or_default();
        let identifier = line("identifier", &self.identifier);
        let phone = line("phone", &self.phone);
        let city = line("city", &self.city);
        let name = HumanName::new(&family, &given);
        if name.is_empty() {
            findings.push(Finding::error("family", "required", "Please give at least one name."));
        }
        let born = check::typed_date("birthDate", &self.birth_date, Some(today), &mut findings);
        let of_age = born.as_ref().is_some_and(|born| born.is_of_age);
        let birth_date = born.map(|born| born.date);
        findings.extend(birth_date.as_ref().and_then(|born| future(born, today)));
        let patient = Patient {
            id,
            identity: Identity {
                name: vec![name],
                gender: self.gender.unwrap_or(AdministrativeGender::Unknown),
                birth_date,
                birth_date_estimated: self.birth_date_estimated || of_age,
                identifier: identifier
                    .map(|value| Identifier { value, ..Identifier::default() })
                    .into_iter()
                    .collect(),
            },
            telecom: phone
                .map(|value| ContactPoint { system: ContactSystem::Phone, value })
                .into_iter()
                .collect(),
            address: city
                .map(|city| Address { city: Some(city), ..Address::default() })
                .into_iter()
                .collect(),
            deceased: None,
            code_status: None,
        };
        check::finish(patient, findings)
    }
}

fn future(born: &PartialDate, today: &PartialDate) -> Option<Finding> {
    possible::is_ahead(born, today).then(|| {
        let detail = "The birth date is in the future. Nothing was saved; please check it.";
        Finding::error("birthDate", "date-future", detail)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_patient_needs_a_name_and_a_possible_birth_date() {
        let check = |family: &str, born: &str, want: &[(&str, &str)]| {
            let draft = PatientDraft {
                family: family.into(),
                birth_date: born.into(),
                ..Default::default()
            };
            let id = PatientId::from_uuid(crate::ids::uuid_v7(1, [1; 10]));
            let got = draft.complete(id, &"2026-11-24".parse().unwrap()).err().unwrap_or_default();
            let got: Vec<_> = got.iter().map(|f| (f.path.as_str(), f.code.as_str())).collect();
            assert_eq!(got, want, "{family} {born}");
        };
        check("Okello", "1980", &[]);
        check("Нгуен", "2026-11-24", &[]);
        check("", "", &[("family", "required")]);
        check("Okello", "2026-11-25", &[]);
        check("Okello", "2026-11-26", &[("birthDate", "date-future")]);
        check("Okello", "1981-02-29", &[("birthDate", "date-impossible")]);
        check("Okello", "24/11/80", &[("birthDate", "date-short-year")]);
        check("Okello", "24/11/1980", &[]);
        check(&"O".repeat(501), "1980", &[("family", "too-long")]);
        check("Okello\u{1b}[2J", "1980", &[("family", "unprintable")]);
        check("\u{202e}Okello", "1980", &[("family", "unprintable")]);
        check("Okel\u{200b}lo", "1980", &[("family", "unprintable")]);
        check("علی\u{200c}رضا", "1980", &[]);
    }
}
