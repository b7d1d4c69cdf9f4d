//! Which visit something is recorded in, where nobody says so.

use crate::{host::Host, open::Session};
use api::ApiError;
use clinical::{Chart, Encounter, EncounterId, EncounterStatus, EntryKind, Instant, PartialDate};

impl<H: Host> Session<'_, H> {
    /// Finds, in a chart, the visit of today in which whoever is signed in sees the patient: what
    /// they record without naming a visit is of that one. Of several the last.
    ///
    /// # Errors
    /// `internal` when the clock is out of the calendar's range.
    pub(crate) fn visit_finder(
        &self,
    ) -> Result<impl Fn(&Chart) -> Option<EncounterId> + use<H>, ApiError> {
        let (me, since) = (self.open.person.id, self.day_start()?);
        Ok(move |chart: &Chart| {
            let goes_on = |visit: &&Encounter| {
                visit.status == EncounterStatus::InProgress
                    && visit.participant.contains(&me)
                    && began_since(visit, since)
                    && !chart.is_withdrawn(EntryKind::Encounter, visit.id.uuid())
            };
            chart.encounters.iter().filter(goes_on).map(|visit| visit.id).max()
        })
    }

    /// When today began by this computer's wall clock.
    ///
    /// # Errors
    /// `internal` when the clock is out of the calendar's range.
    pub(crate) fn day_start(&self) -> Result<Instant, ApiError> {
        let now = self.host.now();
        self.host.utc_offset(now).day_start(now).ok_or_else(crate::open::clock_out_of_range)
    }
}

/// Whether a visit began at some moment or later.
pub(super) fn began_since(visit: &Encounter, since: Instant) -> bool {
    let start = visit.start.as_ref().and_then(PartialDate::unix_ms);
    start >= Some(since.unix_ms())
}
