//! An open store and who is signed in.

use crate::{
    error::ToldResult,
    host::{Host, HostEntropy},
    kept_chart::KeptChart,
    kept_store::KeptStore,
    sync::{ChartsByTag, own_device},
};
use api::{ApiError, ErrorCode, Event, Origin, SessionView, Topic};
use chart::Actor;
use clinical::{ClinicId, DeviceId, Instant, PartialDate, Practitioner, Stamp};
use std::sync::MutexGuard;
use uuid::Uuid;
use vault::{DatabaseKey, Keyslots, Unlocked, UserKeys, random::make_array};

/// The name of the value that marks the store of a demonstration.
pub(crate) const DEMONSTRATION: &str = "demonstration";

/// Everything that is there between signing in and locking. Dropping it closes the store and
/// wipes the keys.
pub(crate) struct Open {
    pub(crate) store: KeptStore,
    pub(crate) database_key: DatabaseKey,
    pub(crate) user_keys: UserKeys,
    pub(crate) person: Practitioner,
    pub(crate) clinic: ClinicId,
    pub(crate) clinic_name: String,
    pub(crate) device: DeviceId,
    pub(crate) demonstration: bool,
    /// The Automerge actor of this start of the program.
    pub(crate) actor: Actor,
    /// Whose charts are known by which tags.
    pub(crate) by_tag: ChartsByTag,
}

/// One command at work: the host, the open store and where the command came from.
pub(crate) struct Session<'a, H> {
    pub(crate) host: &'a H,
    pub(crate) open: &'a Open,
    pub(crate) origin: Origin,
}

impl Open {
    /// An open store with the person whose slot was opened. The clinic's name is empty until the
    /// record has one.
    ///
    /// # Errors
    /// The store's.
    pub(crate) fn new<H: Host>(
        host: &H,
        store: KeptStore,
        keyslots: &Keyslots,
        unlocked: Unlocked,
        person: Practitioner,
    ) -> Result<Self, ApiError> {
        // Whoever gets in works here, whatever was before.
        store.turns().over().remove(&person.id);
        // One that was a copy of another has an id of its own, and its slots the one before.
        let device = own_device(&store).told()?;
        Ok(Self {
            clinic_name: store.clinic_name().told()?.unwrap_or_default(),
            demonstration: store.named(DEMONSTRATION).told()?.is_some(),
            store,
            database_key: unlocked.database_key,
            user_keys: unlocked.user_keys,
            person,
            clinic: ClinicId::from_uuid(Uuid::from_bytes(keyslots.clinic())),
            device: device.unwrap_or(DeviceId::from_uuid(Uuid::from_bytes(keyslots.device()))),
            actor: Actor::from_random(make_array(&mut HostEntropy(host))),
            by_tag: ChartsByTag::default(),
        })
    }

    /// Ends the session of a person who was removed: the next command finds nobody signed in.
    pub(crate) fn end(&self) {
        self.store.turns().over().insert(self.person.id);
    }

    /// Whether the session was ended.
    pub(crate) fn is_over(&self) -> bool {
        self.store.turns().over().contains(&self.person.id)
    }

    /// Held from loading a document to committing its change, so that no two edits are made to
    /// the same state. Whoever holds it has the chart that was written to last.
    pub(crate) fn writing(&self) -> MutexGuard<'_, Option<KeptChart>> {
        self.store.turns().writing()
    }

    /// What the windows are told of the session.
    pub(crate) fn view(&self) -> SessionView {
        SessionView {
            person: self.person.id,
            name: self.person.name.clone(),
            role: self.person.role,
            clinic_name: self.clinic_name.clone(),
            device: self.device,
            demonstration: self.demonstration,
        }
    }
}

impl<'a, H: Host> Session<'a, H> {
    /// The session of the program itself.
    pub(crate) fn of_host(host: &'a H, open: &'a Open) -> Self {
        Self { host, open, origin: Origin::Host }
    }

    /// Who writes, on which device, now.
    pub(crate) fn stamp(&self) -> Stamp {
        Stamp { author: self.open.person.id, device: self.open.device, at: self.host.now() }
    }

    /// Tells every window what changed.
    pub(crate) fn tell(&self, mut topics: Vec<Topic>) {
        topics.sort_unstable();
        topics.dedup();
        if !topics.is_empty() {
            self.host.emit(Event::Changed { topics, origin: self.origin.clone() });
        }
    }

    /// A new version 7 UUID.
    pub(crate) fn make_uuid(&self) -> Uuid {
        crate::host::make_uuid(self.host)
    }

    /// Today by this computer's wall clock, as a date of the record.
    pub(crate) fn today(&self) -> Option<PartialDate> {
        let now = self.host.now();
        self.host.utc_offset(now).day_of(now).map(PartialDate::from_date)
    }

    /// Today by this computer's wall clock, where there is no going on without.
    ///
    /// # Errors
    /// `internal` when the clock is out of the calendar's range.
    pub(crate) fn today_or_told(&self) -> Result<PartialDate, ApiError> {
        self.today().ok_or_else(clock_out_of_range)
    }

    /// This moment by this computer's wall clock, with its offset from UTC.
    ///
    /// # Errors
    /// `internal` when the clock is out of the calendar's range.
    pub(crate) fn moment(&self) -> Result<PartialDate, ApiError> {
        self.moment_of(self.host.now())
    }

    /// A moment likewise: the offset is that of its day.
    ///
    /// # Errors
    /// As [`Self::moment`].
    pub(crate) fn moment_of(&self, at: Instant) -> Result<PartialDate, ApiError> {
        self.host.utc_offset(at).written(at).ok_or_else(clock_out_of_range)
    }
}

pub(crate) fn clock_out_of_range() -> ApiError {
    ApiError::new(ErrorCode::Internal, "This computer's clock is out of range.")
}
