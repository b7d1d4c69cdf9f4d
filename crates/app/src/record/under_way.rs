//! Which visit something is recorded in, where nobody says so.

use crate::{error::not_found, host::Host, open::Session};
use api::{ApiError, ErrorCode};
use clinical::{Chart, Encounter, EncounterId, EncounterStatus, Instant, PartialDate};

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
                    && chart.goes_on(visit)
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

/// A visit that goes on, by its id.
///
/// # Errors
/// `not-found`; `invalid` when it is over or was a mistake.
pub(super) fn open_visit(chart: &Chart, id: EncounterId) -> Result<&Encounter, ApiError> {
    let visit = chart.encounters.iter().find(|visit| visit.id == id);
    let visit = visit.ok_or_else(|| not_found("visit"))?;
    if !chart.goes_on(visit) {
        let detail = "This visit is over already; nothing was changed.";
        return Err(ApiError::new(ErrorCode::Invalid, detail));
    }
    Ok(visit)
}
