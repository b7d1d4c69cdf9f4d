//! Who wrote something, when and on which computer.

use super::{
    LocalTime, moment,
    time::{by_wall_clock, day},
};
use crate::i18n::{t, tf};
use clinical::{DeviceId, Instant, PartialDate, PractitionerId, Stamp};
use jiff::civil::Date;
use std::collections::BTreeMap;

/// The names behind the ids in stamps, and the clock to read their times by.
#[derive(Clone, Copy)]
pub(crate) struct People<'a> {
    /// Names of people.
    pub people: &'a BTreeMap<PractitionerId, String>,
    /// Names of computers.
    pub devices: &'a BTreeMap<DeviceId, String>,
    /// Today.
    pub today: Date,
    /// The wall clock at a moment.
    pub local: fn(Instant) -> LocalTime,
}

/// A stamp in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Written {
    /// The person.
    pub who: String,
    /// `24-Nov-2026 09:05`.
    pub when: String,
    /// The computer.
    pub device: String,
}

impl People<'_> {
    /// A stamp in words.
    pub(crate) fn written(&self, stamp: Stamp) -> Written {
        Written {
            who: self.name(stamp.author),
            when: moment((self.local)(stamp.at), self.today),
            device: self.device(stamp.device),
        }
    }

    /// A date of the record, with its time of day where that was told.
    pub(crate) fn dated(&self, date: &PartialDate) -> String {
        by_wall_clock(date, self.today, self.local)
    }

    /// A moment by the wall clock.
    pub(crate) fn at(&self, moment: Instant) -> String {
        super::moment((self.local)(moment), self.today)
    }

    /// The day a date of the record belongs to.
    pub(crate) fn day(&self, date: &PartialDate) -> String {
        day(date, self.local)
    }

    /// A computer's name.
    pub(crate) fn device(&self, device: DeviceId) -> String {
        self.devices.get(&device).cloned().unwrap_or_else(|| t("written.device").to_owned())
    }

    /// The names of several people, joined.
    pub(crate) fn names(&self, people: impl IntoIterator<Item = PractitionerId>) -> String {
        joined(people.into_iter().map(|person| self.name(person)).collect())
    }

    /// A person's name.
    pub(crate) fn name(&self, person: PractitionerId) -> String {
        self.people.get(&person).cloned().unwrap_or_else(|| t("written.person").to_owned())
    }
}

/// `Dr Amina, Nurse Ben and Ana`.
pub(crate) fn joined(mut names: Vec<String>) -> String {
    match (names.pop(), names.join(", ")) {
        (None, _) => String::new(),
        (Some(last), rest) if rest.is_empty() => last,
        (Some(last), rest) => tf("written.and", &[("rest", &rest), ("last", &last)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_joined_as_one_says_them() {
        let check = |names: &[&str], want: &str| {
            assert_eq!(joined(names.iter().map(|name| (*name).to_owned()).collect()), want);
        };
        check(&[], "");
        check(&["Amina"], "Amina");
        check(&["Amina", "Ben"], "Amina and Ben");
        check(&["Amina", "Ben", "Ana"], "Amina, Ben and Ana");
    }
}
