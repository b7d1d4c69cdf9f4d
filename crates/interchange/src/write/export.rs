//! What an export needs to know, and what it gives.

use super::practitioner;
use crate::resolve::Scope;
use clinical::{ClinicId, DeviceId, Instant, Practitioner, PractitionerId, Source};
use serde_json::Value;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Why an export cannot be made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The chart has no patient yet.
    #[error("the patient of this chart is not known on this device yet")]
    NoPatient,
    /// A resource could not be written.
    #[error("a resource could not be written as JSON: {0}")]
    Write(#[from] serde_json::Error),
}

/// One line of an NDJSON export; it belongs in the file of its type.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Line {
    /// The resource type: the name of the file.
    pub resource_type: String,
    /// The resource as one line of JSON, without the line's end.
    pub json: String,
}

/// The clinic a record goes out of.
#[derive(Debug)]
pub struct Sender<'a> {
    /// Which clinic.
    pub clinic: ClinicId,
    /// Originals that belong to no patient.
    pub sources: &'a [Source],
    /// Its people.
    pub people: &'a [Practitioner],
    /// What its computers are called.
    pub devices: BTreeMap<DeviceId, String>,
}

/// Everything an export needs besides the chart. Make one for a whole clinic.
#[derive(Debug)]
pub struct Export<'a> {
    pub(super) now: Instant,
    pub(super) sender: ClinicId,
    pub(super) people: &'a [Practitioner],
    devices: BTreeMap<DeviceId, String>,
    pub(super) clinic: BTreeMap<Uuid, &'a Source>,
    pub(super) clinic_scope: Scope,
}

impl<'a> Export<'a> {
    /// Prepares an export of a clinic that is made `now`.
    pub fn new(sender: Sender<'a>, now: Instant) -> Self {
        let Sender { clinic: id, sources, people, devices } = sender;
        let mut clinic_scope = Scope::default();
        sources.iter().for_each(|source| clinic_scope.learn(source));
        let clinic = sources.iter().map(|source| (source.id, source)).collect();
        Self { now, sender: id, people, devices, clinic, clinic_scope }
    }

    /// The name of a person of the clinic.
    pub(super) fn name_of(&self, id: PractitionerId) -> String {
        let author = practitioner::author(self.people, id);
        author.get("display").and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    /// The name of a device.
    pub(super) fn device_name(&self, id: DeviceId) -> String {
        self.devices.get(&id).cloned().unwrap_or_else(|| format!("device {id}"))
    }
}
