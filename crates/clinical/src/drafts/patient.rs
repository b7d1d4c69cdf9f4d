//! The form of a patient.

use super::check;
use crate::{
    Address, AdministrativeGender, CodeableConcept, ContactPoint, Finding, HumanName, Identifier,
    Identity, PartialDate, Patient, PatientContact, PatientId, possible, read_typed,
};
use jiff::civil::Date;
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
    /// The line of the address before the town.
    pub address_line: String,
    /// Whom to reach about the patient: the guardian of a child.
    pub guardian: String,
    /// What the guardian is to the patient: `mother`.
    pub guardian_relationship: String,
    /// The guardian's telephone.
    pub guardian_phone: String,
}

/// Who is younger has a guardian, in years.
const MINOR_YEARS: i16 = 18;

impl PatientDraft {
    /// The patient, or what is missing or wrong. `today` bounds the birth date.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn complete(&self, id: PatientId, today: &PartialDate) -> Result<Patient, Vec<Finding>> {
        let mut findings = Vec::new();
        let patient = self.read(id, today, &mut findings);
        check::finish(patient, findings)
    }

    /// The patient as far as what was typed can be read: for looking whether they are known
    /// already.
    pub fn so_far(&self, id: PatientId, today: &PartialDate) -> Patient {
        self.read(id, today, &mut Vec::new())
    }

    fn read(&self, id: PatientId, today: &PartialDate, findings: &mut Vec<Finding>) -> Patient {
        let mut line = |path, text| check::line(path, text, findings);
        let family = line("family", &self.family).unwrap_or_default();
        let given = line("given", &self.given).unwrap_or_default();
        let identifier = line("identifier", &self.identifier);
        let phone = line("phone", &self.phone);
        let city = line("city", &self.city);
        let street = line("addressLine", &self.address_line);
        let name = HumanName::new(&family, &given);
        if name.is_empty() {
            findings.push(Finding::error("family", "required", "Please give at least one name."));
        }
        let born = check::typed_date("birthDate", &self.birth_date, Some(today), findings);
        let of_age = born.as_ref().is_some_and(|born| born.is_of_age);
        let birth_date = born.map(|born| born.date);
        findings.extend(birth_date.as_ref().and_then(|born| future(born, today)));
        Patient {
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
            telecom: phone.map(ContactPoint::phone).into_iter().collect(),
            address: address(street, city),
            contact: self.contact(findings).into_iter().collect(),
            deceased: None,
            code_status: None,
        }
    }

    /// The form of a known patient.
    pub fn of(patient: &Patient) -> Self {
        let identity = &patient.identity;
        let (name, address) = (identity.preferred_name(), patient.address.first());
        let number = |contact: &ContactPoint| contact.value.clone();
        let identifier = identity.identifier.first();
        let draft = Self {
            family: name.map(|name| name.family.clone()).unwrap_or_default(),
            given: name.map(|name| name.given.join(" ")).unwrap_or_default(),
            gender: Some(identity.gender).filter(|sex| *sex != AdministrativeGender::Unknown),
            birth_date: identity.birth_date.as_ref().map(ToString::to_string).unwrap_or_default(),
            birth_date_estimated: identity.birth_date_estimated,
            phone: patient.telecom.first().map(number).unwrap_or_default(),
            city: address.and_then(|address| address.city.clone()).unwrap_or_default(),
            identifier: identifier.map(|number| number.value.clone()).unwrap_or_default(),
            address_line: address.map(|address| address.line.join(", ")).unwrap_or_default(),
            ..Self::default()
        };
        let Some(guardian) = patient.contact.first() else { return draft };
        let relationship = guardian.relationship.as_ref().map(CodeableConcept::label);
        Self {
            guardian: guardian.name.as_ref().map(HumanName::spoken).unwrap_or_default(),
            guardian_relationship: relationship.unwrap_or_default().to_owned(),
            guardian_phone: guardian.telecom.first().map(number).unwrap_or_default(),
            ..draft
        }
    }

    /// Whether what was typed makes the patient a minor, or may: of a year alone the youngest
    /// counts.
    pub fn is_minor(&self, today: &PartialDate) -> bool {
        let typed = read_typed(&self.birth_date, today.date()).ok();
        let born = typed.and_then(|typed| youngest(&typed.date));
        let of_age = born
            .and_then(|born| born.checked_add(jiff::Span::new().try_years(MINOR_YEARS).ok()?).ok());
        of_age.zip(today.date()).is_some_and(|(of_age, today)| of_age > today)
    }

    fn contact(&self, findings: &mut Vec<Finding>) -> Option<PatientContact> {
        let name = check::line("guardian", &self.guardian, findings);
        let relationship =
            check::line("guardianRelationship", &self.guardian_relationship, findings);
        let phone = check::line("guardianPhone", &self.guardian_phone, findings);
        if name.is_none() && phone.is_none() {
            // A "mother" whom nobody can name or reach is nobody.
            let detail = "Please say who it is, or how to reach them.";
            let nobody = || Finding::error("guardian", "required", detail);
            findings.extend(relationship.map(|_| nobody()));
            return None;
        }
        Some(PatientContact {
            name: name.map(|text| HumanName { text: Some(text), ..HumanName::default() }),
            relationship: relationship.as_deref().map(CodeableConcept::from_text),
            telecom: phone.map(ContactPoint::phone).into_iter().collect(),
        })
    }
}

/// The last day a birth date can mean.
fn youngest(born: &PartialDate) -> Option<Date> {
    let first = Date::new(born.year(), born.month().unwrap_or(12), 1).ok()?;
    Some(born.date().unwrap_or_else(|| first.last_of_month()))
}

fn address(line: Option<String>, city: Option<String>) -> Vec<Address> {
    let address = Address { line: line.into_iter().collect(), city, ..Address::default() };
    Some(address).filter(|address| *address != Address::default()).into_iter().collect()
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

    fn id() -> PatientId {
        PatientId::from_uuid(crate::ids::uuid_v7(1, [1; 10]))
    }

    #[test]
    fn a_guardian_has_a_name_or_a_telephone() {
        let check = |[name, relationship, phone]: [&str; 3], want: Result<&str, &str>| {
            let draft = PatientDraft {
                family: "Okello".into(),
                guardian: name.into(),
                guardian_relationship: relationship.into(),
                guardian_phone: phone.into(),
                ..Default::default()
            };
            let got = draft.complete(id(), &"2026-11-24".parse().unwrap());
            let line = got.as_ref().map(|patient| {
                patient.contact.iter().map(PatientContact::one_line).collect::<Vec<_>>().join("; ")
            });
            let line = line.as_deref().map_err(|findings| findings[0].path.as_str());
            assert_eq!(line, want, "{name} {relationship} {phone}");
            if let Ok(patient) = got {
                assert_eq!(PatientDraft::of(&patient), draft);
            }
        };
        check(["", "", ""], Ok(""));
        check(["Mary Okello", "mother", "0700 1"], Ok("Mary Okello (mother), 0700 1"));
        check(["Mary Okello", "", ""], Ok("Mary Okello"));
        check(["", "mother", "0700 1"], Ok("mother, 0700 1"));
        check(["", "", "0700 1"], Ok("0700 1"));
        check(["", "mother", ""], Err("guardian"));
        check(["\u{202e}Mary", "", ""], Err("guardian"));
        check(["", "", "\u{7}0700"], Err("guardianPhone"));
    }

    #[test]
    fn a_known_patient_fills_the_form_as_it_was_typed() {
        let typed = PatientDraft {
            family: "Okello".into(),
            given: "Grace Akinyi".into(),
            gender: Some(AdministrativeGender::Female),
            birth_date: "1980-03".into(),
            birth_date_estimated: true,
            phone: "+254 700".into(),
            city: "Kisumu".into(),
            identifier: "A-7".into(),
            address_line: "12 Lake Road".into(),
            guardian: "Mary Atieno".into(),
            guardian_relationship: "sister".into(),
            guardian_phone: "0722".into(),
        };
        let patient = typed.complete(id(), &"2026-11-24".parse().unwrap()).unwrap();
        assert_eq!(PatientDraft::of(&patient), typed);
    }

    #[test]
    fn whoever_may_be_under_eighteen_is_a_minor() {
        let check = |born: &str, want: bool| {
            let draft = PatientDraft { birth_date: born.into(), ..Default::default() };
            assert_eq!(draft.is_minor(&"2026-11-26".parse().unwrap()), want, "{born}");
        };
        check("2008-11-27", true);
        check("2008-11-26", false);
        check("2008", true);
        check("2008-11", true);
        check("2008-10", false);
        check("2007", false);
        check("17", true);
        check("19", false);
        check("8 m", true);
        check("46", false);
        check("", false);
        check("14/03/08", false);
    }
}
