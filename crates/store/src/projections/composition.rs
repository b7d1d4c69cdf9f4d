//! Rows of signed notes. Each stands.

use super::entry::{Entry, Statements, statements};
use clinical::{Chart, Composition, EntryKind};
use uuid::Uuid;

impl Entry for Composition {
    const KIND: EntryKind = EntryKind::Composition;
    const SQL: Statements = statements!("composition");

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn sort(&self) -> i64 {
        self.signed_at.unix_ms()
    }

    fn holds(&self) -> bool {
        true
    }

    fn all(chart: &Chart) -> &[Self] {
        &chart.compositions
    }

    fn all_mut(chart: &mut Chart) -> &mut Vec<Self> {
        &mut chart.compositions
    }
}
