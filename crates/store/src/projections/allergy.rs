//! Rows of allergies: those that must be heeded hold.

use super::entry::{Entry, Statements, sort_of, statements};
use clinical::{AllergyIntolerance, Chart, EntryKind};
use uuid::Uuid;

impl Entry for AllergyIntolerance {
    const KIND: EntryKind = EntryKind::Allergy;
    const SQL: Statements = statements!("allergy");

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn sort(&self) -> i64 {
        sort_of(self.onset.as_ref())
    }

    fn holds(&self) -> bool {
        Self::holds(self)
    }

    fn all(chart: &Chart) -> &[Self] {
        &chart.allergies
    }

    fn all_mut(chart: &mut Chart) -> &mut Vec<Self> {
        &mut chart.allergies
    }
}
