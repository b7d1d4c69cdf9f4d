//! Projections of another form are found, and made again bit for bit.

use super::fixtures::*;
use crate::*;

#[test]
fn a_store_of_another_form_wants_its_projections_made_again() {
    let kept = new_store();
    for n in 1..40 {
        kept.store.commit(Commit::local(vec![begin(n, &thirty_entries(n)).1])).unwrap();
    }
    assert!(!kept.store.wants_rebuild().unwrap(), "a new store has today's form");
    let today = kept.store.projection_digest().unwrap();
    for form in [0, projections::FORM + 1] {
        // What another version made of it: rows are missing, and others are there.
        let other = format!(
            "UPDATE state SET projections = {form}; DELETE FROM allergy WHERE chart % 2 = 0;
             UPDATE patient SET sort_name = 'x' WHERE chart % 3 = 0; DELETE FROM entry_mark;"
        );
        kept.store.tamper(&other).unwrap();
        assert!(kept.store.wants_rebuild().unwrap());
        assert_ne!(kept.store.projection_digest().unwrap(), today);
        let mut told = Vec::new();
        let rebuilt = kept.store.rebuild(actor(9), &mut |done| told.push(done)).unwrap();
        assert_eq!((rebuilt.documents, rebuilt.unchanged), (39, false));
        assert_eq!(told, [39]);
        assert_eq!(kept.store.projection_digest().unwrap(), today);
        assert!(!kept.store.wants_rebuild().unwrap(), "once is enough");
    }
    assert_whole(&kept.store);
}
