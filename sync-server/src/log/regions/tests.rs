//! What is kept where.

use std::sync::atomic::{AtomicBool, Ordering};

use sync::fixtures::{clinic, run};

use super::*;
use crate::log::MemoryShelf;
use crate::log::suite::{self, CLINICS, Operated, entry};
use crate::quota::Usage;

/// A region in memory, which can be placed in and be cut off.
#[derive(Debug, Default)]
struct One {
    shelf: MemoryShelf,
    placed: Mutex<Vec<ClinicId>>,
    gone: AtomicBool,
}

suite::shelf_in!(One);

impl Region for One {
    fn home(&self, clinic: ClinicId) -> Result<Home, LogError> {
        if self.gone.load(Ordering::SeqCst) {
            return Err(LogError::Read("gone".into()));
        }
        match self.shelf.floor(clinic) {
            Ok(_) => Ok(Home::Founded),
            Err(_) if self.placed.lock().unwrap().contains(&clinic) => Ok(Home::Placed),
            Err(_) => Ok(Home::Elsewhere),
        }
    }

    fn has_invite(&self, id: InviteId, now_ms: i64) -> Result<bool, LogError> {
        Ok(self.shelf.has_invite(id, now_ms))
    }
}

/// East is the default, and first in the order of the names.
fn regions() -> Regions<One> {
    let shelves = ["east", "west"].map(|name| (name.to_owned(), One::default()));
    Regions::new(BTreeMap::from(shelves), "east").unwrap()
}

fn place(regions: &Regions<One>, region: usize, number: u8) {
    regions.shelves[region].placed.lock().unwrap().push(clinic(number));
}

fn found(regions: &Regions<One>, number: u8) -> Result<bool, LogError> {
    regions.found(clinic(number), LogEpoch([number; 16]), &[entry(number, 0)])
}

fn held_by(regions: &Regions<One>, number: u8) -> [bool; 2] {
    [0, 1].map(|region: usize| regions.shelves[region].shelf.floor(clinic(number)).is_ok())
}

fn make(clinics: &[(ClinicId, LogEpoch)]) -> Regions<One> {
    let regions = regions();
    place(&regions, 1, 2);
    for (clinic, log_epoch) in clinics {
        assert!(regions.found(*clinic, *log_epoch, &[]).unwrap());
    }
    regions
}

impl Operated for Regions<One> {
    fn set_quota(&self, clinic: ClinicId, quota: Option<Quota>) {
        self.home_of(clinic).unwrap().shelf.set_quota(clinic, quota);
    }

    fn usage(&self, clinic: ClinicId) -> Usage {
        self.home_of(clinic).unwrap().shelf.usage(clinic)
    }
}

sync::envelope_log_suite!(make);
sync::floor_suite!(make);
sync::key_table_suite!(make);
sync::erasing_suite!(make);
suite::shelf_suite!(make);

#[test]
fn a_clinic_is_where_it_was_placed_and_nowhere_else() {
    let regions = make(&CLINICS);
    assert_eq!(held_by(&regions, 1), [true, false], "by default");
    assert_eq!(held_by(&regions, 2), [false, true], "as it was placed");
    regions.append(clinic(2), &run(1, 1, 2)).unwrap();
    assert_eq!(regions.shelves[1].shelf.floor(clinic(2)).unwrap().head.seq, 2);
    // Placed elsewhere when it is there already, it stays.
    place(&regions, 1, 1);
    assert!(!found(&regions, 1).unwrap());
    assert_eq!(held_by(&regions, 1), [true, false]);
}

#[test]
fn a_region_that_is_gone_holds_up_its_own_clinics_and_unknown_ones() {
    let regions = make(&CLINICS);
    regions.lock().clear();
    regions.shelves[1].gone.store(true, Ordering::SeqCst);
    regions.append(clinic(1), &run(1, 1, 1)).unwrap();
    for refused in [regions.floor(clinic(2)).map(drop), found(&regions, 7).map(drop)] {
        assert!(matches!(refused, Err(LogError::Read(_))), "{refused:?}");
    }
    assert_eq!(held_by(&regions, 7), [false, false], "it may be the other's");
    regions.shelves[1].gone.store(false, Ordering::SeqCst);
    assert!(found(&regions, 7).unwrap());
    assert_eq!(held_by(&regions, 7), [true, false]);
}

#[test]
fn a_shelf_that_is_not_there_is_no_default() {
    assert!(Regions::<One>::new(BTreeMap::new(), "east").is_none());
}
