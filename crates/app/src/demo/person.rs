//! Who a demonstration patient is.

use super::{
    peoples::{PEOPLES, People},
    random::Random,
};
use clinical::{
    Address, AdministrativeGender, ContactPoint, ContactSystem, HumanName, Identifier, Identity,
    PartialDate, Patient, PatientId, uuid_v7,
};
use jiff::{ToSpan, civil::Date};

/// The system of the invented clinic numbers.
pub(super) const CLINIC_NUMBER: &str = "https://fieldchart.example/clinic-number";

/// A patient and what the rest of the chart needs to know of the body.
pub(super) struct Person {
    pub(super) patient: Patient,
    pub(super) born: Date,
    pub(super) female: bool,
}

/// Makes the person `index` is. Peoples take turns, so that any twenty patients write in every
/// script.
pub(super) fn person(
    random: &mut Random,
    index: u64,
    age_years: (i64, i64),
    today: Date,
) -> Person {
    let born = birth(random, age_years, today);
    let female = random.percent(52);
    let gender = match (random.percent(1), female) {
        (true, _) => AdministrativeGender::Other,
        (false, true) => AdministrativeGender::Female,
        (false, false) => AdministrativeGender::Male,
    };
    let turn = u64::try_from(PEOPLES.len()).ok().and_then(|peoples| index.checked_rem(peoples));
    let people = turn.and_then(|turn| PEOPLES.get(usize::try_from(turn).ok()?));
    let estimated = random.percent(8);
    let written = if estimated { format!("{:04}", born.year()) } else { born.to_string() };
    let registered = super::noon(today) - random.within(0, 3_000) * super::DAY_MS;
    let identity = Identity {
        name: people.map(|people| name(random, people, female)).into_iter().collect(),
        gender,
        birth_date: written.parse().ok().or_else(|| Some(PartialDate::from_date(born))),
        birth_date_estimated: estimated,
        identifier: identifiers(random, index),
    };
    let patient = Patient {
        id: PatientId::from_uuid(uuid_v7(registered, random.ten_bytes())),
        identity,
        telecom: people.and_then(|people| phone(random, people)).into_iter().collect(),
        address: people.map(|people| address(random, people)).into_iter().collect(),
        contact: Vec::new(),
        deceased: None,
        code_status: None,
    };
    Person { patient, born, female }
}

fn birth(random: &mut Random, (youngest, oldest): (i64, i64), today: Date) -> Date {
    let age = match random.within(1, 100) {
        1..=18 => random.within(0, 4),
        19..=38 => random.within(5, 14),
        39..=78 => random.within(15, 49),
        _ => random.within(50, 89),
    };
    let days = age.clamp(youngest, oldest) * 365 + random.within(3, 360);
    today.checked_sub(days.days()).unwrap_or(today)
}

fn name(random: &mut Random, people: &People, female: bool) -> HumanName {
    let given = if female { people.female } else { people.male };
    let mut name = HumanName::new(random.word(people.family), random.word(given));
    // A second given name, as most registers have for some: it also parts people of one name.
    let second = random.word(given);
    if people.script == "Latn" && random.percent(40) && !name.given.iter().any(|g| g == second) {
        name.given.push(second.to_owned());
    }
    name
}

fn identifiers(random: &mut Random, index: u64) -> Vec<Identifier> {
    let number = format!("{:07}", index.saturating_add(100_000));
    let clinic = Identifier {
        system: CLINIC_NUMBER.to_owned(),
        value: format!("FC-{number}-{}", check_digit(&number)),
        label: Some("Clinic number".to_owned()),
    };
    let national = random.percent(60).then(|| {
        let number = format!("{:09}", random.within(100_000_000, 999_999_999));
        Identifier {
            system: "https://fieldchart.example/national-id".to_owned(),
            value: format!("{number}{}", check_digit(&number)),
            label: Some("National ID".to_owned()),
        }
    });
    [clinic].into_iter().chain(national).collect()
}

/// The check digit of a number (ISO/IEC 7812-1 annex B, Luhn).
pub(super) fn check_digit(number: &str) -> u32 {
    let digits = number.chars().rev().filter_map(|digit| digit.to_digit(10));
    let doubled = digits.enumerate().map(|(place, digit)| match (place % 2, digit * 2) {
        (0, twice @ ..=9) => twice,
        (0, twice) => twice - 9,
        (_, _) => digit,
    });
    (10 - doubled.sum::<u32>() % 10) % 10
}

/// A number nobody has: no country gives out numbers that begin with 000.
fn phone(random: &mut Random, people: &People) -> Option<ContactPoint> {
    random.percent(80).then(|| {
        let (first, last) = (random.within(0, 999), random.within(0, 999));
        let value = format!("{} 000 {first:03} {last:03}", people.dial);
        ContactPoint { system: ContactSystem::Phone, value }
    })
}

fn address(random: &mut Random, people: &People) -> Address {
    Address {
        city: Some(random.word(people.village).to_owned()),
        country: Some(people.country.to_owned()),
        ..Address::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_luhns() {
        // The worked example of ISO/IEC 7812-1 annex B.
        assert_eq!(check_digit("7992739871"), 3);
        assert_eq!(check_digit("0"), 0);
    }
}
