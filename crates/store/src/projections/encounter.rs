//! Rows of visits: those under way hold.

use super::entry::{Entry, Statements, sort_of, statements};
use clinical::{Chart, Encounter, EncounterStatus, EntryKind};
use uuid::Uuid;

impl Entry for Encounter {
    const KIND: EntryKind = EntryKind::Encounter;
    const SQL: Statements = statements!("encounter");

    fn id(&self) -> Uuid {
        self.id.uuid()
    }

    fn sort(&self) -> i64 {
        sort_of(self.start.as_ref())
    }

    fn holds(&self) -> bool {
        matches!(
            self.status,
            EncounterStatus::Arrived
                | EncounterStatus::Triaged
                | EncounterStatus::InProgress
                | EncounterStatus::OnLeave
        )
    }

    fn all(chart: &Chart) -> &[Self] {
        &chart.encounters
    }

    fn all_mut(chart: &mut Chart) -> &mut Vec<Self> {
        &mut chart.encounters
    }
}
