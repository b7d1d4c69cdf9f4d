//! What of a device that was removed counts: what its cut follows from. The rest waits for a person,
//! but for what was merged before the removal was known here.

use sync::check::QuarantineReason;
use sync::envelope::Envelope;
use sync::fixtures::device;
use sync::have::Lane;
use sync::membership::Members;

use super::Disk;

impl Disk {
    /// Whether an envelope that stands before the cut of its device is another than those that the cut
    /// follows from, as far as is known here. What stands behind it the list itself says.
    pub(super) fn is_cut_off(&self, envelope: &Envelope) -> bool {
        let header = envelope.header();
        let cut = self.members.cut(header.lane());
        cut.is_some_and(|cut| header.counter <= cut.counter)
            && !follows(&self.members, envelope, |lane, counter| self.at(lane, counter))
    }

    fn at(&self, lane: Lane, counter: u64) -> &[Envelope] {
        let counters = self.envelopes.get(&lane);
        counters.and_then(|counters| counters.get(&counter)).map_or(&[], Vec::as_slice)
    }

    /// Remembers what was merged of devices that were not known to be removed before.
    pub(super) fn note_early(&mut self, before: &Members) {
        let is_out = |members: &Members, lane: Lane| {
            members.device(lane.device).is_some_and(|member| member.revoked.is_some())
        };
        let is_news = |lane| is_out(&self.members, lane) && !is_out(before, lane);
        let is_early = |envelope: &&Envelope| {
            is_news(envelope.header().lane())
                && !self.quarantine.contains_key(&envelope.id())
                && !follows(&self.members, envelope, |lane, counter| self.at(lane, counter))
        };
        let all = self.all();
        let early: Vec<_> = all.iter().filter(is_early).map(Envelope::id).collect();
        self.early.extend(early);
    }

    /// Looks again at what was cut off: what the cut follows from may have come since.
    pub(super) fn recheck_cut(&mut self) {
        self.recheck_those(|reason| reason == QuarantineReason::AfterCut);
    }

    /// Whether a device was removed, as far as is known here.
    pub(crate) fn knows_to_be_out(&self, number: u8) -> bool {
        self.members.device(device(number)).is_some_and(|member| member.revoked.is_some())
    }
}

/// Whether the cut of a device follows from an envelope of its, among those that are found at the
/// places of a lane.
pub(crate) fn follows<'e>(
    members: &Members,
    envelope: &Envelope,
    at: impl Fn(Lane, u64) -> &'e [Envelope],
) -> bool {
    let header = envelope.header();
    let Some(mut next) = members.cut(header.lane()) else { return false };
    while next.counter > header.counter {
        let Some(found) = at(header.lane(), next.counter).iter().find(|it| it.id() == next.id)
        else {
            return false;
        };
        next.counter -= 1;
        next.id = found.header().prev_id;
    }
    next == envelope.position()
}
