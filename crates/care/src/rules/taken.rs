//! The medicines a patient is meant to take, all sides of a dispute included.

use crate::drug::{Named, name_of};
use clinical::{
    Chart, CourseEnd, EntryKind, EntryRef, EntryValue, MedicationIntent, MedicationOrder,
    MedicationRequest, PartialDate,
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
    /// When it was written down, as far as that is known.
    pub(crate) began: Option<&'a PartialDate>,
    /// When its course is over, where that is certain.
    pub(crate) end: Option<CourseEnd>,
}

impl<'a> Taken<'a> {
    /// An order that is being written on a day.
    pub(crate) fn written(order: &'a MedicationOrder, today: Option<&'a PartialDate>) -> Self {
        let orders = read(vec![order]);
        Self { entry: None, orders, reported: false, began: today, end: None }
    }

    /// Whether both may be taken on one day. By what the chart says and by no clock: every device
    /// finds the same, on every day.
    pub(crate) fn meets(&self, other: &Self) -> bool {
        let is_over = |one: &Self, other: &Self| {
            one.end.zip(other.began).is_some_and(|(end, began)| end.is_before(began))
        };
        !is_over(self, other) && !is_over(other, self)
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
            | EntryValue::EncounterAbout(_)
            | EntryValue::EncounterState(_)
            | EntryValue::Unreadable => None,
        });
        for order in sides {
            orders.entry(conflict.entry).or_default().push(order);
        }
    }
    let in_force = orders.into_iter().map(|(entry, mut orders)| {
        orders.retain(|order| order.holds());
        let listed = chart.medications.iter().find(|medication| entry_of(medication) == entry);
        let about = listed.map(|medication| &medication.about);
        Taken {
            entry: Some(entry),
            orders: read(orders),
            reported: about.is_some_and(|about| about.intent == MedicationIntent::Statement),
            began: about.and_then(|about| about.authored_on.as_ref()),
            end: listed.and_then(|medication| chart.course_end(medication)),
        }
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
