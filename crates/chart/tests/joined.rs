//! Two charts of one person on several computers that write, join and separate apart: once all has
//! come, all agree who is one with whom, and each entry stands where it was written.
//!
//! `FIELDCHART_SOAK=N` runs N times as many histories.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a test stops at the first surprise"
)]

use crate::common::{id, stamp};
use chart::{Actor, ChartDocument, ChartEdit};
use clinical::*;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Computers, and charts.
const DEVICES: usize = 3;
const CHARTS: usize = 4;
/// Histories in a plain run.
const HISTORIES: u32 = 200;

#[derive(Debug, Clone, Copy)]
enum Act {
    Write {
        at: usize,
        chart: usize,
    },
    Join {
        at: usize,
        one: usize,
        other: usize,
    },
    Separate {
        at: usize,
        one: usize,
        other: usize,
    },
    /// What a computer wrote in a chart comes to another.
    Come {
        from: usize,
        to: usize,
        chart: usize,
    },
}

fn act() -> impl Strategy<Value = Act> {
    let (at, chart) = (0..DEVICES, 0..CHARTS);
    let two = (at.clone(), chart.clone(), chart.clone());
    prop_oneof![
        2 => (at.clone(), chart.clone()).prop_map(|(at, chart)| Act::Write { at, chart }),
        3 => two.clone().prop_map(|(at, one, other)| Act::Join { at, one, other }),
        2 => two.prop_map(|(at, one, other)| Act::Separate { at, one, other }),
        5 => (at.clone(), at, chart).prop_map(|(from, to, chart)| Act::Come { from, to, chart }),
    ]
}

fn patient(chart: usize) -> PatientId {
    PatientId::from_uuid(id(u8::try_from(chart).unwrap() + 1))
}

/// What one computer holds, and what it wrote itself, by chart.
struct Device {
    number: u8,
    charts: Vec<ChartDocument>,
    wrote: Vec<Vec<Vec<u8>>>,
}

impl Device {
    fn new(number: usize) -> Self {
        let number = u8::try_from(number).unwrap() + 1;
        let document = |chart| {
            let actor = Actor::from_random([10 * number + u8::try_from(chart).unwrap(); 16]);
            ChartDocument::new(patient(chart), actor)
        };
        let charts = (0..CHARTS).map(document).collect();
        Self { number, charts, wrote: vec![Vec::new(); CHARTS] }
    }

    fn edit(&mut self, chart: usize, edit: ChartEdit, at: i64) {
        let change = self.charts[chart].apply(&[edit], stamp(self.number, at)).unwrap();
        self.wrote[chart].extend(change.changes.into_iter().map(|raw| raw.bytes));
    }

    fn take(&mut self, chart: usize, changes: &[Vec<u8>]) {
        let document = self.charts.remove(chart);
        let (document, _) = document.merge(changes.to_vec()).unwrap();
        self.charts.insert(chart, document);
    }

    fn links_of(&mut self, chart: usize) -> Vec<PatientLink> {
        self.charts[chart].read().links
    }

    fn group(&mut self, chart: usize) -> PatientGroup {
        let links: Vec<PatientLink> = (0..CHARTS).flat_map(|one| self.links_of(one)).collect();
        PatientGroup::of(patient(chart), &links)
    }

    fn allergies(&mut self, chart: usize) -> BTreeSet<AllergyIntoleranceId> {
        self.charts[chart].read().allergies.iter().map(|allergy| allergy.id).collect()
    }

    /// The charts of one person as one.
    fn union(&mut self, chart: usize) -> Chart {
        let mut union = Chart::default();
        for member in self.group(chart).members() {
            let member = (0..CHARTS).find(|chart| patient(*chart) == member).unwrap();
            union.unite(self.charts[member].read());
        }
        union
    }
}

/// What happened, whoever has heard of it.
#[derive(Default)]
struct Record {
    links: Vec<PatientLink>,
    ended: BTreeSet<PatientLinkId>,
    written: Vec<(usize, AllergyIntoleranceId)>,
}

impl Record {
    fn write(&mut self, device: &mut Device, chart: usize, at: u8) {
        let draft = AllergyDraft { substance: format!("dust {at}"), ..AllergyDraft::default() };
        let allergy = draft.complete(AllergyIntoleranceId::from_uuid(id(at))).unwrap();
        self.written.push((chart, allergy.id));
        device.edit(chart, ChartEdit::RecordAllergy(allergy), i64::from(at));
    }

    /// In both charts, under one id, unless they are one here already.
    fn join(&mut self, device: &mut Device, (one, other): (usize, usize), at: u8) {
        if device.group(one).has(patient(other)) {
            return;
        }
        let link = PatientLink {
            id: PatientLinkId::from_uuid(id(at)),
            shown: patient(one),
            replaced: patient(other),
            made: stamp(device.number, i64::from(at)),
            ended: None,
        };
        for chart in [one, other] {
            device.edit(chart, ChartEdit::RecordLink(link.clone()), i64::from(at));
        }
        self.links.push(link);
    }

    /// In every chart that tells of a link of the other.
    fn separate(&mut self, device: &mut Device, (one, other): (usize, usize), at: u8) {
        let group = device.group(one);
        if one == other || !group.has(patient(other)) {
            return;
        }
        let ended: Vec<_> = group.links.iter().filter(|link| link.is_of(patient(other))).collect();
        for chart in 0..CHARTS {
            let told: BTreeSet<_> = device.links_of(chart).iter().map(|link| link.id).collect();
            for link in ended.iter().filter(|link| told.contains(&link.id)) {
                device.edit(chart, ChartEdit::EndLink(link.id), i64::from(at));
            }
        }
        self.ended.extend(ended.iter().map(|link| link.id));
        assert!(!device.group(one).has(patient(other)));
    }

    fn group(&self, chart: usize) -> PatientGroup {
        let links: Vec<PatientLink> =
            self.links.iter().filter(|link| !self.ended.contains(&link.id)).cloned().collect();
        PatientGroup::of(patient(chart), &links)
    }
}

fn happen(devices: &mut [Device], record: &mut Record, act: Act, number: u8) {
    match act {
        Act::Write { at, chart } => record.write(&mut devices[at], chart, number),
        Act::Join { at, one, other } => record.join(&mut devices[at], (one, other), number),
        Act::Separate { at, one, other } => record.separate(&mut devices[at], (one, other), number),
        Act::Come { from, to, chart } => {
            let changes = devices[from].wrote[chart].clone();
            devices[to].take(chart, &changes);
        }
    }
}

fn cases() -> u32 {
    let times = std::env::var("FIELDCHART_SOAK").ok().and_then(|text| text.parse::<u32>().ok());
    let cases = HISTORIES * times.unwrap_or(1);
    println!("soak: {cases} histories of charts that are joined and separated");
    cases
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(cases()))]
    #[test]
    fn all_agree_who_is_one_with_whom_and_nothing_is_moved_soak(
        acts in proptest::collection::vec(act(), 1..24),
    ) {
        let mut devices: Vec<Device> = (0..DEVICES).map(Device::new).collect();
        let mut record = Record::default();
        for (number, act) in (10..).zip(acts) {
            happen(&mut devices, &mut record, act, number);
        }
        for (from, to) in (0..DEVICES).flat_map(|from| (0..DEVICES).map(move |to| (from, to))) {
            for chart in 0..CHARTS {
                let changes = devices[from].wrote[chart].clone();
                devices[to].take(chart, &changes);
            }
        }
        for chart in 0..CHARTS {
            let of_chart = record.written.iter().filter(|(of, _)| *of == chart);
            let written: BTreeSet<_> = of_chart.map(|(_, id)| *id).collect();
            let union = devices[0].union(chart);
            for device in &mut devices {
                let (group, expected) = (device.group(chart), record.group(chart));
                prop_assert_eq!((group.shown, group.others), (expected.shown, expected.others));
                prop_assert_eq!(device.allergies(chart), written.clone());
                prop_assert_eq!(device.union(chart), union.clone());
            }
        }
    }
}
