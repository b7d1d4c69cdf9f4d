//! Class 12. Where a merge moves entries from one record to another, what is written meanwhile to the
//! one that goes is lost, or hangs on nobody; here nothing is moved.

use api::{MergePatients, ProposedOrder, ReviewMedication, SeparatePatients};
use clinical::PatientId;
use std::collections::BTreeSet;
use tests::scene::Scene;

use crate::station::{Station, medicine, settle};

fn set(substances: &[&str]) -> BTreeSet<String> {
    substances.iter().map(|it| (*it).to_owned()).collect()
}

fn merge(on: &Station, patient: PatientId, other: PatientId) {
    on.call(MergePatients { patient, other });
}

/// The chart that is gone on with, and the others of the same person.
fn shown(on: &Station, patient: PatientId) -> (PatientId, Vec<PatientId>) {
    let view = on.call(api::OpenChart { patient });
    (view.patient, view.also.iter().map(|it| it.patient).collect())
}

#[test]
fn what_is_written_to_the_loser_meanwhile_is_seen_and_stays_its_own() {
    let scene = Scene::new("class-two-charts");
    let server = scene.server();
    let [mut a, b] = Station::two(&scene, server.address());
    let c = a.joined(&scene, "Ward");
    let [kept, loser] = ["Okello", "Okelo"].map(|family| a.register(family));
    a.allergy(kept, "latex");
    settle([&a, &b, &c]);
    // B does not know, and nobody can tell it.
    let away = server.stop();
    merge(&a, kept, loser);
    b.allergy(loser, "penicillin");
    let _server = away.start_again();
    // What the rules find in both is written by whoever meets it first.
    settle([&a, &b, &c, &a, &b, &c, &a]);
    a.close();
    a.open();
    for on in [&a, &b, &c] {
        for patient in [kept, loser] {
            assert_eq!(on.substances(patient), set(&["latex", "penicillin"]));
            assert_eq!(shown(on, patient), (kept, vec![loser]));
        }
        let found = on.call(api::FindPatients { query: "grace".into(), limit: 9 });
        assert_eq!(found.iter().map(|hit| hit.patient).collect::<Vec<_>>(), [kept]);
        let order = ProposedOrder::New(medicine("Amoxicillin", "500", "3"));
        let review = on.call(ReviewMedication { patient: kept, order });
        assert!(review.advice.iter().any(|issue| issue.rule == "drug-allergy"), "{review:?}");
        on.must_be_sound();
    }
    // Separated by the third: each has what was written to it, and nothing else.
    c.call(SeparatePatients { patient: kept, other: loser });
    settle([&c, &a, &b]);
    for on in [&a, &b, &c] {
        assert_eq!(on.substances(kept), set(&["latex"]));
        assert_eq!(on.substances(loser), set(&["penicillin"]));
        on.must_be_sound();
    }
}

#[test]
fn opposite_merges_and_a_separation_that_did_not_know_settle_alike_everywhere() {
    let scene = Scene::new("class-two-charts-opposite");
    let server = scene.server();
    let [a, b] = Station::two(&scene, server.address());
    let [one, other] = ["Okello", "Okelo"].map(|family| a.register(family));
    settle([&a, &b]);
    merge(&a, one, other);
    merge(&b, other, one);
    settle([&a, &b, &a]);
    let oldest = one.min(other);
    for on in [&a, &b] {
        assert_eq!(shown(on, other).0, oldest);
    }
    // A separates what it knows of; what B says anew meanwhile holds.
    a.call(SeparatePatients { patient: one, other });
    b.call(SeparatePatients { patient: one, other });
    merge(&b, other, one);
    settle([&a, &b, &a]);
    for on in [&a, &b] {
        assert_eq!(shown(on, one), (other, vec![one]));
        on.must_be_sound();
    }
}
