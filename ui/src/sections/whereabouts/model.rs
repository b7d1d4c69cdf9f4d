//! What is said of where things are.

use crate::i18n::{line, t, tn};
use api::{ChartView, Holder, WhereaboutsView};
use clinical::{EntryKind, EntryRef};
use std::collections::BTreeSet;

/// Whether an entry is on this computer alone, and could be elsewhere.
pub(super) fn only_here(view: &ChartView, places: &WhereaboutsView, entry: EntryRef) -> bool {
    places.is_only_here(entry, view.chart.stamp_of(entry).map(|stamp| stamp.device))
}

/// Where what is shown of a chart is, in one line; none where there is nowhere else, or where of
/// something nothing is known.
pub(super) fn of_chart(view: &ChartView, places: &WhereaboutsView) -> Option<String> {
    if !places.elsewhere {
        return None;
    }
    let is_shown = |entry: &EntryRef| match entry.kind {
        EntryKind::Task | EntryKind::Source => false,
        EntryKind::Patient
        | EntryKind::Allergy
        | EntryKind::Condition
        | EntryKind::Encounter
        | EntryKind::Medication
        | EntryKind::Observation
        | EntryKind::Composition
        | EntryKind::Document => true,
    };
    let shown = || view.chart.stamps.iter().map(|(entry, _)| *entry).filter(is_shown);
    let recent = places.recent.iter().map(|(entry, _)| *entry).filter(is_shown);
    let alone: BTreeSet<EntryRef> =
        shown().chain(recent).filter(|entry| only_here(view, places, *entry)).collect();
    if !alone.is_empty() {
        return Some(tn("where.chart.only-here", u64::try_from(alone.len()).unwrap_or_default()));
    }
    let holders = |entry: EntryRef| {
        places.holders_of(entry, view.chart.stamp_of(entry).map(|stamp| stamp.device))
    };
    if shown().any(|entry| holders(entry).is_empty()) {
        return None;
    }
    let all_there = shown().all(|entry| holders(entry).contains(&Holder::Server));
    Some(t(if all_there { "where.chart.server" } else { "where.chart.computer" }).to_owned())
}

/// Where something is, each by name: this computer first.
pub(crate) fn places_of(holders: &[Holder]) -> String {
    let name = |holder: &Holder| match holder {
        Holder::Server => t("where.server").to_owned(),
        Holder::Computer { name, .. } => {
            name.clone().unwrap_or_else(|| t("written.device").to_owned())
        }
    };
    let here = t("where.here").to_owned();
    let all: Vec<String> = [here].into_iter().chain(holders.iter().map(name)).collect();
    line(&all, " · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, stamp, uuid};
    use clinical::{DeviceId, Stamp};

    fn ward() -> Holder {
        Holder::Computer { device: DeviceId::from_uuid(uuid(7)), name: Some("Ward".into()) }
    }

    /// Two allergies written here, one written on the ward's computer.
    fn chart() -> ChartView {
        let mut view = chart_view();
        let other = Stamp { device: DeviceId::from_uuid(uuid(7)), ..stamp() };
        let of = |n| EntryRef::new(EntryKind::Allergy, uuid(n));
        view.chart.stamps = vec![(of(1), stamp()), (of(2), stamp()), (of(3), other)];
        view
    }

    fn places(recent: Vec<(EntryRef, Vec<Holder>)>) -> WhereaboutsView {
        WhereaboutsView {
            here: stamp().device,
            elsewhere: true,
            recent,
            own: vec![Holder::Server],
            others: vec![(DeviceId::from_uuid(uuid(7)), vec![Holder::Server, ward()])],
            set_aside: 0,
        }
    }

    #[test]
    fn a_chart_says_in_one_line_where_it_is() {
        let of = |n| EntryRef::new(EntryKind::Allergy, uuid(n));
        let task = EntryRef::new(EntryKind::Task, uuid(4));
        let check = |places: &WhereaboutsView, want: Option<&str>| {
            assert_eq!(of_chart(&chart(), places).as_deref(), want);
        };
        check(&places(Vec::new()), Some("What is shown here is on the server too."));
        let here = places(vec![(of(1), Vec::new()), (task, Vec::new())]);
        check(&here, Some("1 entry of this chart is on this computer only."));
        // An older one that is not shown counts too.
        let here = places(vec![(of(1), Vec::new()), (of(9), Vec::new())]);
        check(&here, Some("2 entries of this chart are on this computer only."));
        let ward_has = places(vec![(of(1), vec![ward()])]);
        check(&ward_has, Some("What is shown here is on another computer or the server too."));
        let alone = WhereaboutsView { elsewhere: false, ..here };
        check(&alone, None);
        let unknown = WhereaboutsView { others: Vec::new(), ..places(Vec::new()) };
        check(&unknown, None);
    }

    #[test]
    fn only_what_is_nowhere_else_is_marked() {
        let of = |n| EntryRef::new(EntryKind::Allergy, uuid(n));
        let places = places(vec![(of(1), Vec::new()), (of(2), vec![ward()])]);
        let marked = [1, 2, 3].map(|n| only_here(&chart(), &places, of(n)));
        assert_eq!(marked, [true, false, false]);
    }

    #[test]
    fn places_are_told_by_name() {
        let unnamed = Holder::Computer { device: DeviceId::from_uuid(uuid(8)), name: None };
        let told = places_of(&[Holder::Server, ward(), unnamed]);
        assert_eq!(told, "this computer · the server · Ward · another computer");
        assert_eq!(places_of(&[]), "this computer");
    }
}
