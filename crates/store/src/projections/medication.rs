//! Rows of medicines: those the patient is meant to take hold.

use super::entry::{Entry, Statements, sort_of, statements};
use clinical::{Chart, EntryKind, MedicationRequest};
use uuid::Uuid;

impl Entry for MedicationRequest {
    const KIND: EntryKind = EntryKind::Medication;
    const SQL: Statements = statements!("medication");

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn sort(&self) -> i64 {
        sort_of(self.about.authored_on.as_ref())
    }

    fn holds(&self) -> bool {
        self.order.holds()
    }

    fn all(chart: &Chart) -> &[Self] {
        &chart.medications
    }

    fn all_mut(chart: &mut Chart) -> &mut Vec<Self> {
        &mut chart.medications
    }
}
