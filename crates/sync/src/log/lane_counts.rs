//! Which devices may begin another lane: what all of them have must fit a HAVE vector.

use std::collections::BTreeMap;

use crate::have::Have;
use crate::ids::DeviceId;
use crate::limits::{HAVE_ENTRIES_MAX, LANES_OF_DEVICE_MIN, OWN_GENERATIONS_MAX};

/// How many lanes of each device a log holds.
///
/// A vector names every lane for ever, and one with more than [`HAVE_ENTRIES_MAX`] can be read by
/// nobody. So a device has a share: half of the vector is divided among the devices of which the log
/// holds something, so that a device that begins lanes without end leaves the other half to the rest.
/// It is never less than [`LANES_OF_DEVICE_MIN`], nor more than a removal can name.
///
/// A computer that means well begins one lane when it is let in, another each time its store is put
/// back from a copy, and up to [`UNMET_LANES_MAX`](crate::limits::UNMET_LANES_MAX) for files and
/// other computers. It reaches its share where it was put back often in a clinic of many: after 7
/// times where 512 computers or more seal, after 72 times where 100 do, after 264 times where 30 do.
/// What it seals in a lane after that stays with it, and an alarm says so; it has to be let in anew.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LaneCounts {
    of_device: BTreeMap<DeviceId, usize>,
    total: usize,
}

impl LaneCounts {
    /// Those of a vector.
    pub fn of(have: &Have) -> Self {
        have.iter().map(|(lane, _)| (lane.device, 1)).collect()
    }

    /// Whether a device may begin another lane.
    pub fn may_begin(&self, device: DeviceId) -> bool {
        let own = self.of_device.get(&device).copied();
        let devices = self.of_device.len().saturating_add(usize::from(own.is_none()));
        self.total < HAVE_ENTRIES_MAX && own.unwrap_or_default() < share(devices)
    }

    /// Counts one more lane of a device.
    pub fn begin(&mut self, device: DeviceId) {
        self.extend([(device, 1)]);
    }
}

/// How many lanes one of so many devices may have.
fn share(devices: usize) -> usize {
    let half = HAVE_ENTRIES_MAX / 2;
    half.checked_div(devices).unwrap_or(half).clamp(LANES_OF_DEVICE_MIN, OWN_GENERATIONS_MAX)
}

impl Extend<(DeviceId, usize)> for LaneCounts {
    fn extend<I: IntoIterator<Item = (DeviceId, usize)>>(&mut self, lanes: I) {
        for (device, more) in lanes {
            let count = self.of_device.entry(device).or_default();
            *count = count.saturating_add(more);
            self.total = self.total.saturating_add(more);
        }
    }
}

impl FromIterator<(DeviceId, usize)> for LaneCounts {
    fn from_iter<I: IntoIterator<Item = (DeviceId, usize)>>(lanes: I) -> Self {
        let mut counts = Self::default();
        counts.extend(lanes);
        counts
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::limits::{DEVICES_MAX, UNMET_LANES_MAX};

    fn device(number: usize) -> DeviceId {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        DeviceId(id)
    }

    /// Begins lanes of a device while it may; answers how many.
    fn fill(counts: &mut LaneCounts, number: usize) -> usize {
        let mut begun = 0;
        while counts.may_begin(device(number)) {
            counts.begin(device(number));
            begun += 1;
        }
        begun
    }

    #[test]
    fn one_device_leaves_room_for_what_all_others_need() {
        for devices in [1, 2, 30, 512, DEVICES_MAX] {
            let others = (1..devices).map(|number| (device(number), 2 * UNMET_LANES_MAX - 1));
            let mut counts: LaneCounts = others.collect();
            let begun = fill(&mut counts, 0);
            assert!(begun >= 2 * UNMET_LANES_MAX, "{devices}: {begun}");
            assert!(begun <= OWN_GENERATIONS_MAX, "{devices}: {begun}");
            for number in 1..devices {
                assert!(counts.may_begin(device(number)), "{devices}");
                counts.begin(device(number));
            }
            assert!(counts.total <= HAVE_ENTRIES_MAX, "{devices}: {}", counts.total);
        }
    }

    #[test]
    fn a_vector_is_never_filled_beyond_what_can_be_read() {
        let mut counts = LaneCounts::default();
        (0..DEVICES_MAX).for_each(|number| {
            fill(&mut counts, number);
        });
        assert!(counts.total <= HAVE_ENTRIES_MAX);
        assert_eq!(fill(&mut counts, 0), 0);
    }
}
