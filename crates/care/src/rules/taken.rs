//! The medicines a patient is meant to take, all sides of a dispute included.

use crate::drug::{Named, name_of};
use clinical::{
    Chart, EntryKind, EntryRef, EntryValue, MedicationIntent, MedicationOrder, MedicationRequest,
};
use std::collections::BTreeMap;

/// One medicine of the list, or an order that is being written.
#[derive(Debug, Clone)]
pub(crate) struct Taken<'a> {
    /// Its entry; `None` while it is being written.
    pub(crate) entry: Option<EntryRef>,
    /// What is to be taken: one order, or every side of a dispute; with what its medicine names.
    pub(crate) orders: Vec<(&'a MedicationOrder, Named)>,
    /// It was reported and not ordered here.
    pub(crate) reported: bool,
}

impl<'a> Taken<'a> {
    /// An order that is being written.
    pub(crate) fn written(order: &'a MedicationOrder) -> Self {
        Self { entry: None, orders: read(vec![order]), reported: false }
    }
}

/// Every medicine that holds on at least one side, by entry.
pub(crate) fn taken(chart: &Chart) -> Vec<Taken<'_>> {
    let mut orders: BTreeMap<EntryRef, Vec<&MedicationOrder>> = BTreeMap::new();
    for medication in &chart.medications {
        orders.entry(entry_of(medication)).or_default().push(&medication.order);
    }
    for conflict in &chart.conflicts {
        let sides = conflict.versions.iter().filter_map(|version| match &version.value {
            EntryValue::Medication(order) => Some(order),
            EntryValue::Allergy(_)
            | EntryValue::Identity(_)
            | EntryValue::CodeStatus(_)
            | EntryValue::Unreadable => None,
        });
        for order in sides {
            orders.entry(conflict.entry).or_default().push(order);
        }
    }
    let reported = |entry: EntryRef| {
        chart.medications.iter().any(|medication| {
            entry_of(medication) == entry && medication.about.intent == MedicationIntent::Statement
        })
    };
    let in_force = orders.into_iter().map(|(entry, mut orders)| {
        orders.retain(|order| order.holds());
        Taken { entry: Some(entry), orders: read(orders), reported: reported(entry) }
    });
    in_force
        .filter(|taken| !taken.orders.is_empty())
        .filter(|taken| !taken.entry.is_some_and(|entry| chart.withdrawn.contains(&entry)))
        .collect()
}

fn read(orders: Vec<&MedicationOrder>) -> Vec<(&MedicationOrder, Named)> {
    orders.into_iter().map(|order| (order, name_of(&order.medication))).collect()
}

fn entry_of(medication: &MedicationRequest) -> EntryRef {
    EntryRef::new(EntryKind::Medication, medication.id.uuid())
}
