//! Computers that are copied and removed, and keys that are renewed.

use super::happened::Deed;
use super::world::{Place, World, files_under, station};
use crate::exchange::Station;
use crate::support::{call, refused};
use api::{AlarmKind, CopyIs, ErrorCode, SyncPhase};
use app::App;
use clinical::DeviceId;

/// Two that work as one are asked about after so many exchanges of each.
const NOTICED_AFTER: usize = 4;

/// Two that work with the same keys, by their names.
pub(super) struct Twins([String; 2]);

impl World {
    /// What is sealed from now on is sealed under a new key.
    pub(super) fn rotate(&mut self, at: usize) {
        let rotated = call(self.app(at), api::RotateKeys {});
        assert!(rotated.entered, "place {at}: {rotated:?}");
        self.happened.note(Deed::Rotated);
    }

    /// A computer is removed by another that has all of it: that stays, and it is heard of no more.
    pub(super) fn remove(&mut self, at: usize, other: usize) {
        // The first stays.
        let leaves = 1 + other % (self.places.len() - 1);
        let at = if at == leaves || self.places[at].is_part() { 0 } else { at };
        let is_twin = self.twins.as_ref().is_some_and(|twins| twins.has(&self.places[leaves]));
        if is_twin || self.places.len() < 3 {
            return;
        }
        self.exchange(leaves);
        self.exchange(at);
        let device = here(self.app(leaves));
        println!("place {leaves} is removed by {at}");
        call(self.app(at), api::RevokeDevice { device });
        let again = refused(self.app(at), api::RevokeDevice { device });
        assert_eq!(again, ErrorCode::NotFound);
        let SyncPhase::Failed(error) = call(self.app(leaves), api::SyncNow {}).phase else {
            panic!("place {leaves} is let in")
        };
        assert_eq!(error.code, ErrorCode::DeviceRefused);
        self.close(leaves);
        self.places.remove(leaves);
        self.happened.note(Deed::Removed);
    }

    /// What a computer has on its disk is copied to another, and both go on.
    pub(super) fn copy(&mut self, at: usize) {
        if !self.has_room() || self.twins.is_some() {
            return;
        }
        self.close(at);
        let from = self.places[at].station.desk.path().to_owned();
        let files = files_under(&from);
        let program = self.places[at].station.sign_in();
        self.open(at, program);
        let station = station(&self.server, &self.lan, &mut self.random);
        station.desk.later(self.later_ms);
        for (path, bytes) in files {
            let path = station.desk.path().join(path.strip_prefix(&from).unwrap());
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        let program = station.sign_in();
        let (held, read) = (self.places[at].held.clone(), self.places[at].read.clone());
        self.settle(station, program);
        let copy = self.places.last_mut().unwrap();
        (copy.held, copy.read) = (held, read);
        let names = [&self.places[at].name, &self.places[self.places.len() - 1].name];
        println!("place {at} is copied");
        self.twins = Some(Twins(names.map(Clone::clone)));
        self.happened.note(Deed::Copied);
    }

    /// One of two that work as one may be asked about; then it has keys and numbers of its own.
    pub(super) fn answer_about_a_copy(&mut self, at: usize) {
        let place = &self.places[at];
        let alarms = call(place.app(), api::GetSyncState {}).alarms;
        let is_asked = alarms.iter().any(|raised| raised.alarm == AlarmKind::Copied);
        if !is_asked || !self.twins.as_ref().is_some_and(|twins| twins.has(place)) {
            return;
        }
        let before = here(place.app());
        let (answer, device_name) = (CopyIs::SecondComputer, place.name.clone());
        call(place.app(), api::SettleCopy { answer, device_name });
        self.restart(at);
        println!("place {at} has numbers of its own");
        assert_ne!(here(self.app(at)), before);
        // What was copied before is of the one it was.
        self.places[at].forget_copy();
        self.twins = None;
        self.exchange(at);
    }

    /// Two that work as one come to be asked about.
    pub(super) fn part_the_twins(&mut self) {
        for _ in 0..NOTICED_AFTER {
            for at in 0..self.places.len() {
                let Some(twins) = &self.twins else { return };
                if twins.has(&self.places[at]) {
                    self.register(at);
                    self.exchange(at);
                }
            }
        }
        assert!(self.twins.is_none(), "two work as one, and nobody is asked");
    }

    /// No two computers are one.
    pub(super) fn check_computers(&self) {
        let mut devices: Vec<_> = self.places.iter().map(|place| here(place.app())).collect();
        devices.sort();
        devices.dedup();
        assert_eq!(devices.len(), self.places.len());
        for place in &self.places {
            let known = call(place.app(), api::ListDevices {});
            let at_work = known.iter().filter(|device| !device.revoked && !device.leaving);
            let at_work: Vec<_> = at_work.map(|device| device.id).collect();
            assert!(devices.iter().all(|device| at_work.contains(device)), "{known:?}");
        }
    }
}

impl Twins {
    fn has(&self, place: &Place) -> bool {
        self.0.contains(&place.name)
    }
}

/// Which computer this is.
fn here(app: &App<Station>) -> DeviceId {
    let devices = call(app, api::ListDevices {});
    devices.into_iter().find(|device| device.here).unwrap().id
}
