//! The number a chart goes by where it must not be mistaken for another.

use crate::{Identity, PatientId};

/// The number of a chart: the first that the patient has, as on labels; else the last group of the
/// chart's own id.
pub fn chart_number(identity: &Identity, patient: PatientId) -> String {
    let given = identity.identifier.iter().map(|number| number.value.trim());
    let given = given.into_iter().find(|number| !number.is_empty()).map(str::to_owned);
    given.unwrap_or_else(|| {
        let id = patient.to_string();
        id.rsplit('-').next().unwrap_or_default().to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{AdministrativeGender, Identifier, uuid_v7};

    #[test]
    fn a_chart_goes_by_its_first_number_or_by_its_id() {
        let patient = PatientId::from_uuid(uuid_v7(1, [7; 10]));
        let check = |values: &[&str], want: &str| {
            let number = |value: &&str| Identifier {
                system: String::new(),
                value: (*value).to_owned(),
                label: None,
            };
            let identifier = values.iter().map(number).collect();
            let identity = Identity {
                name: Vec::new(),
                gender: AdministrativeGender::Unknown,
                birth_date: None,
                birth_date_estimated: false,
                identifier,
            };
            assert_eq!(chart_number(&identity, patient), want);
        };
        check(&["MRN-1", "2"], "MRN-1");
        check(&[" ", " 2 "], "2");
        check(&[], "070707070707");
    }
}
