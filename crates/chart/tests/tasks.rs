//! What becomes of a task that computers settle, raise and cancel apart.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use crate::common::id;
use chart::{Actor, ChartDocument, ChartEdit, DocumentChange};
use clinical::*;
use proptest::prelude::*;

fn stamp(device: u8, at: i64) -> Stamp {
    Stamp {
        author: PractitionerId::from_uuid(id(100)),
        device: DeviceId::from_uuid(id(200 + device)),
        at: Instant::from_unix_ms(at),
    }
}

fn task(tier: AlertTier, status: TaskStatus) -> Task {
    Task {
        id: TaskId::from_uuid(uuid_v8([5; 16])),
        rule: "drug-allergy".into(),
        tier,
        subject: vec![],
        detail: "…".into(),
        status,
        outcome: None,
        settled_tier: None,
        said: None,
    }
}

/// What a computer does with the task.
#[derive(Debug, Clone, Copy)]
enum Deed {
    Raise(AlertTier),
    Cancel,
    Settle,
}

fn deeds() -> impl Strategy<Value = Vec<Deed>> {
    let one = prop_oneof![
        Just(Deed::Raise(AlertTier::Block)),
        Just(Deed::Raise(AlertTier::Interrupt)),
        Just(Deed::Cancel),
        Just(Deed::Settle),
    ];
    prop::collection::vec(one, 0..4)
}

/// What a computer holds of the task: the tier, the state, and whether it wrote the state itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Held {
    tier: AlertTier,
    state: (TaskStatus, Option<AlertTier>),
    wrote: bool,
}

impl Held {
    fn after(self, deed: Deed) -> Self {
        let (tier, state) = match deed {
            Deed::Raise(tier) => (tier, (TaskStatus::Requested, None)),
            Deed::Cancel => (self.tier, (TaskStatus::Cancelled, None)),
            Deed::Settle => (self.tier, (TaskStatus::Completed, Some(self.tier))),
        };
        Self { tier, state, wrote: self.wrote || state != self.state }
    }

    fn edit(self, deed: Deed) -> ChartEdit {
        match deed {
            Deed::Raise(tier) => ChartEdit::RaiseTask(task(tier, TaskStatus::Requested)),
            Deed::Cancel => ChartEdit::RaiseTask(task(self.tier, TaskStatus::Cancelled)),
            Deed::Settle => {
                let id = task(self.tier, TaskStatus::Requested).id;
                let (status, outcome) = (TaskStatus::Completed, "watched".into());
                ChartEdit::SettleTask { task: id, status, outcome }
            }
        }
    }
}

/// What stands when both have met: what one alone wrote, else what a person settled at the
/// loudest tier, else that it waits, else that it is over.
fn stands(a: Held, b: Held) -> (TaskStatus, Option<AlertTier>) {
    let rank = |state: &(TaskStatus, Option<AlertTier>)| match state.0 {
        TaskStatus::Completed => (0, state.1),
        TaskStatus::Requested => (1, None),
        TaskStatus::Cancelled => (2, None),
    };
    match (a.wrote, b.wrote) {
        (true, false) => a.state,
        (false, _) => b.state,
        (true, true) => [a.state, b.state].into_iter().min_by_key(rank).unwrap(),
    }
}

fn merge(chart: ChartDocument, changes: &[DocumentChange]) -> ChartDocument {
    let raw = changes.iter().flat_map(|change| &change.changes);
    chart.merge(raw.map(|raw| raw.bytes.clone()).collect()).unwrap().0
}

proptest! {
    #[test]
    fn the_order_in_which_computers_meet_does_not_matter(a in deeds(), b in deeds()) {
        let patient = PatientId::from_uuid(id(1));
        let open = |device| ChartDocument::new(patient, Actor::from_random([device; 16]));
        let first = ChartEdit::RaiseTask(task(AlertTier::Interrupt, TaskStatus::Requested));
        let mut charts = [open(1), open(2)];
        let shared = charts[0].apply(&[first], stamp(1, 10)).unwrap();
        let [one, two] = charts;
        let mut charts = [one, merge(two, std::slice::from_ref(&shared))];
        let begun = Held {
            tier: AlertTier::Interrupt,
            state: (TaskStatus::Requested, None),
            wrote: false,
        };
        let mut held = [begun; 2];
        let mut made: [Vec<DocumentChange>; 2] = Default::default();
        for (device, deeds) in [&a, &b].into_iter().enumerate() {
            for (at, deed) in (20..).zip(deeds) {
                let edit = held[device].edit(*deed);
                let device_number = u8::try_from(device).unwrap() + 1;
                let change = charts[device].apply(&[edit], stamp(device_number, at)).unwrap();
                made[device].push(change);
                held[device] = held[device].after(*deed);
            }
        }
        let [one, two] = charts;
        let (mut one, mut two) = (merge(one, &made[1]), merge(two, &made[0]));
        // A third hears of all in the other order.
        let mut third = merge(open(3), &[vec![shared], made[1].clone(), made[0].clone()].concat());
        prop_assert_eq!(one.read(), two.read());
        prop_assert_eq!(one.read(), third.read());
        let [read] = one.read().tasks.try_into().unwrap();
        let want = stands(held[0], held[1]);
        prop_assert_eq!((read.status, read.settled_tier), want);
    }
}
