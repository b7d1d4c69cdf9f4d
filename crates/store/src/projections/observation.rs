//! Rows of findings: those that can be relied on hold.

use super::entry::{Entry, Statements, sort_of, statements};
use clinical::{Chart, EntryKind, Observation, ObservationStatus};
use uuid::Uuid;

impl Entry for Observation {
    const KIND: EntryKind = EntryKind::Observation;
    const SQL: Statements = statements!("observation");

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn sort(&self) -> i64 {
        sort_of(self.effective.as_ref())
    }

    fn holds(&self) -> bool {
        !matches!(self.status, ObservationStatus::Cancelled | ObservationStatus::EnteredInError)
    }

    fn all(chart: &Chart) -> &[Self] {
        &chart.observations
    }

    fn all_mut(chart: &mut Chart) -> &mut Vec<Self> {
        &mut chart.observations
    }
}
