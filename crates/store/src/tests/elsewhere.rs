//! Whose charts are elsewhere: lists of several places, and what outlives the list.

use super::fixtures::*;
use crate::*;

fn listed(n: u64, partly: bool) -> ElsewhereRow {
    let identity = grace(n).identity;
    ElsewhereRow { patient: patient_id(n), first: 1, last: 2, partly, identity }
}

fn place_of(store: &Store, patient: u64) -> Option<u64> {
    store.elsewhere(patient_id(patient)).unwrap().map(|at| at.place)
}

#[test]
fn a_list_that_is_gone_hides_nobody_and_shows_no_part_for_a_chart() {
    let kept = new_store();
    let store = &kept.store;
    store.list_elsewhere(9, &[listed(1, false), listed(2, true), listed(3, true)]).unwrap();
    store.list_elsewhere(20, &[listed(3, false)]).unwrap();
    store.forget_elsewhere(|place| place == 20).unwrap();
    assert_eq!(place_of(store, 1), None, "nothing tells where it is");
    assert!(
        store.elsewhere(patient_id(2)).unwrap().unwrap().is_unplaced(),
        "a part counts as none"
    );
    assert_eq!(place_of(store, 3), Some(20), "it is partly here, by the list there is");

    // Neither list is of this floor: what was begun stays begun, once for each.
    store.forget_elsewhere(|_| false).unwrap();
    let unplaced = |n| store.elsewhere(patient_id(n)).unwrap().is_some_and(|at| at.is_unplaced());
    assert!(unplaced(2) && unplaced(3));
    store.forget_elsewhere(|_| false).unwrap();
    assert_eq!(store.partly_elsewhere().unwrap().len(), 2);

    // A new list says where it is, and that it is partly here goes over to it.
    store.list_elsewhere(30, &[listed(2, false)]).unwrap();
    assert_eq!(place_of(store, 2), Some(30));
    assert!(unplaced(3), "it is not hidden behind the list of others");
    assert_eq!(store.elsewhere_counts().unwrap().0, 1, "only lists that there are count");
    // A list that came after another says less, and what the other said of the chart is not forgotten.
    store.list_elsewhere(40, &[listed(4, false)]).unwrap();
    store.list_elsewhere(35, &[listed(4, true)]).unwrap();
    store.forget_elsewhere(|place| place == 40 || place == 30).unwrap();
    assert!(store.partly_elsewhere().unwrap().iter().any(|(_, at)| at.place == 40));
    store.settle_elsewhere(patient_id(4)).unwrap();
    store.forget_elsewhere(|place| place == 30).unwrap();
    for n in [2, 3] {
        store.settle_elsewhere(patient_id(n)).unwrap();
    }
    assert_eq!(store.partly_elsewhere().unwrap(), []);
    assert_eq!((place_of(store, 2), place_of(store, 3)), (Some(30), None));
    store.settle_all_elsewhere().unwrap();
    assert_eq!(store.elsewhere_counts().unwrap(), (0, 0));
}
