//! What stands on one line wherever it is told.

use clinical::{
    AdministrativeGender, AlertTier, AllergyCriticality, Identity, MedicationOrder,
    MedicationStatus, PartialDate, display,
};

use crate::output::on_one_line;

fn order(order: &MedicationOrder) -> String {
    let (name, parts) = display::medication_line(order);
    on_one_line(&std::iter::once(name).chain(parts).collect::<Vec<_>>().join(" — "))
}

pub(super) fn status_line(order: &MedicationOrder) -> String {
    let unknown = order.status == MedicationStatus::Unknown;
    let status = if unknown { "status not known" } else { order.status.code() };
    format!("{} [{status}]", self::order(order))
}

pub(crate) fn identity(identity: &Identity) -> String {
    identity_on(identity, None)
}

/// Who somebody is, with the age on a day.
pub(super) fn identity_on(identity: &Identity, today: Option<&PartialDate>) -> String {
    let birth = identity.birth_date.as_ref();
    let about = if identity.birth_date_estimated { "about " } else { "" };
    let born = birth.map(|birth| format!("{about}{}", display::date(birth)));
    let age = birth.zip(today.and_then(PartialDate::date));
    let age = age.and_then(|(birth, today)| display::age(birth, today));
    let age = age.map(|age| format!(" ({age})")).unwrap_or_default();
    let numbers: Vec<&str> = identity.identifier.iter().map(|id| id.value.as_str()).collect();
    let born = born.unwrap_or_else(|| "Not known".to_owned());
    let sex = match identity.gender {
        AdministrativeGender::Unknown => "sex not known",
        known @ (AdministrativeGender::Male
        | AdministrativeGender::Female
        | AdministrativeGender::Other) => known.code(),
    };
    let name = display::banner_name(identity);
    on_one_line(format!("{name}  Born {born}{age}  {sex}  {}", numbers.join(", ")).trim_end())
}

/// How loudly a rule speaks, in the words of the window: the loudest in capitals, for it has no
/// colour here.
pub(super) const fn loudness(tier: AlertTier) -> &'static str {
    match tier {
        AlertTier::Block => "STOP AND LOOK",
        AlertTier::Interrupt => "Please look",
        AlertTier::Inline => "Advice",
        AlertTier::Info => "For information",
    }
}

/// How dangerous an allergy is, in the words of the window.
pub(super) const fn risk(criticality: AllergyCriticality) -> &'static str {
    match criticality {
        AllergyCriticality::Low => "low risk",
        AllergyCriticality::High => "high risk",
        AllergyCriticality::UnableToAssess => "risk not known",
    }
}

/// `1 patient`, `2 patients`.
pub(crate) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{CodeableConcept, Dosage, HumanName, Quantity};

    #[test]
    fn a_half_line_says_what_it_does_not_know() {
        let check = |dosage: Vec<Dosage>, want: &str| {
            let medication = CodeableConcept::from_text("warfarin");
            let order = MedicationOrder::new(medication, dosage, MedicationStatus::Active);
            assert_eq!(status_line(&order).replace('\u{a0}', " "), want);
        };
        check(Vec::new(), "warfarin — no dose recorded [active]");
        let dose = Some(Quantity::ucum("5".parse().unwrap(), "mg"));
        let dosage = Dosage { dose, ..Dosage::default() };
        check(vec![dosage], "warfarin — DOSE 5 mg — how often is not recorded [active]");
    }

    #[test]
    fn who_somebody_is_says_how_old_and_what_is_not_known() {
        let check = |gender, birth: &str, estimated, today: Option<&str>, want: &str| {
            let identity = Identity {
                name: vec![HumanName::new("Okello", "Grace")],
                gender,
                birth_date: birth.parse().ok(),
                birth_date_estimated: estimated,
                identifier: Vec::new(),
            };
            let today: Option<PartialDate> = today.map(|day| day.parse().unwrap());
            assert_eq!(identity_on(&identity, today.as_ref()), format!("OKELLO, Grace  {want}"));
        };
        let (female, unknown) = (AdministrativeGender::Female, AdministrativeGender::Unknown);
        let today = Some("2026-11-27");
        check(female, "1980-03-14", false, today, "Born 14-Mar-1980 (46y)  female");
        check(female, "1980-03-14", false, None, "Born 14-Mar-1980  female");
        check(female, "1980", true, today, "Born about 1980 (about 46y)  female");
        check(unknown, "", false, today, "Born Not known  sex not known");
    }

    #[test]
    fn a_rule_and_an_allergy_are_as_loud_as_in_the_window() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../assets/locales/en.json");
        let window: serde_json::Value =
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
        let said = |tier: AlertTier| window[format!("advice.tier.{}", tier.code())].as_str();
        for tier in [AlertTier::Interrupt, AlertTier::Inline, AlertTier::Info] {
            assert_eq!(said(tier), Some(loudness(tier)));
        }
        for (code, risk) in [
            ("low", risk(AllergyCriticality::Low)),
            ("high", risk(AllergyCriticality::High)),
            ("unable", risk(AllergyCriticality::UnableToAssess)),
        ] {
            assert_eq!(window[format!("allergy.criticality.{code}")].as_str(), Some(risk));
        }
        let loudest = said(AlertTier::Block).map(str::to_uppercase);
        assert_eq!(loudest.as_deref(), Some(loudness(AlertTier::Block)));
    }

    #[test]
    fn one_is_no_many() {
        let patients = |number| counted(number, "patient", "patients");
        assert_eq!(
            [patients(0), patients(1), patients(2)],
            ["0 patients", "1 patient", "2 patients"]
        );
    }
}
