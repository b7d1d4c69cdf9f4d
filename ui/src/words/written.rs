//! Who wrote something, when and on which computer.

use super::{LocalTime, moment};
use crate::i18n::t;
use clinical::{DeviceId, Instant, PractitionerId, Stamp};
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

    /// A computer's name.
    pub(crate) fn device(&self, device: DeviceId) -> String {
        self.devices.get(&device).cloned().unwrap_or_else(|| t("written.device").to_owned())
    }

    /// A person's name.
    pub(crate) fn name(&self, person: PractitionerId) -> String {
        self.people.get(&person).cloned().unwrap_or_else(|| t("written.person").to_owned())
    }
}
