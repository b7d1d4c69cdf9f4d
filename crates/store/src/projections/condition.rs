//! Rows of problems: the current ones hold.

use super::entry::{Entry, Statements, sort_of, statements};
use clinical::{Chart, Condition, EntryKind};
use uuid::Uuid;

impl Entry for Condition {
    const KIND: EntryKind = EntryKind::Condition;
    const SQL: Statements = statements!("condition");

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
        &chart.conditions
    }

    fn all_mut(chart: &mut Chart) -> &mut Vec<Self> {
        &mut chart.conditions
    }
}
