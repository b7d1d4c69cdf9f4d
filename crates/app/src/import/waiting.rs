//! Entries of patients who have not come yet.

use super::coming::Coming;
use clinical::PatientId;
use std::collections::BTreeMap;

/// What waits for its patient, and how much that is.
#[derive(Debug, Default)]
pub(super) struct Waiting {
    patients: BTreeMap<PatientId, Coming>,
    bytes: usize,
}

impl Waiting {
    /// Lets entries wait.
    pub(super) fn put(&mut self, patient: PatientId, coming: Coming) {
        self.bytes += coming.len();
        self.patients.entry(patient).or_default().join(coming);
    }

    /// What waited for a patient who has come.
    pub(super) fn take(&mut self, patient: PatientId) -> Option<Coming> {
        let coming = self.patients.remove(&patient)?;
        self.bytes -= coming.len();
        Some(coming)
    }

    /// Everything, once there are more bytes of it than `max`: it waits no longer.
    pub(super) fn beyond(&mut self, max: usize) -> BTreeMap<PatientId, Coming> {
        if self.bytes <= max {
            return BTreeMap::new();
        }
        std::mem::take(self).patients
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chart::ChartEdit;
    use clinical::{Source, uuid_v7};

    #[test]
    fn what_waits_has_a_limit() {
        let patient = |n: u8| PatientId::from_uuid(uuid_v7(1, [n; 10]));
        let coming = |len: usize| {
            let source = Source {
                id: uuid_v7(1, [9; 10]),
                resource_type: "Basic".into(),
                full_url: None,
                body: "x".repeat(len),
            };
            Coming { edits: vec![ChartEdit::KeepSource(source)], came: Vec::new() }
        };
        let mut waiting = Waiting::default();
        waiting.put(patient(1), coming(40));
        waiting.put(patient(2), coming(40));
        waiting.put(patient(1), coming(20));
        assert!(waiting.beyond(100).is_empty(), "so much may wait");
        assert_eq!(waiting.take(patient(1)).unwrap().edits.len(), 2);
        assert!(waiting.take(patient(1)).is_none());
        waiting.put(patient(3), coming(60));
        assert!(waiting.beyond(100).is_empty(), "what has come waits no more");
        waiting.put(patient(3), coming(1));
        let gone = waiting.beyond(100);
        assert_eq!(gone.into_keys().collect::<Vec<_>>(), [patient(2), patient(3)]);
        assert!(waiting.beyond(0).is_empty(), "nothing waits");
    }
}
