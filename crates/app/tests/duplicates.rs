//! Whoever is registered twice is seen before it is done, and nobody is kept from it.

#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test stops at the first surprise"
)]

use crate::support::{Desk, PASSWORD, call, clinic, signed_in};
use app::App;
use clinical::{PatientDraft, PatientId, Role};

fn grace() -> PatientDraft {
    PatientDraft {
        family: "Okello".into(),
        given: "Grace Akinyi".into(),
        birth_date: "1988-03-14".into(),
        phone: "+254 712 345 678".into(),
        city: "Kisumu".into(),
        address_line: "12 Lake Road".into(),
        guardian: "Mary Atieno".into(),
        guardian_relationship: "sister".into(),
        guardian_phone: "0722 000 111".into(),
        ..PatientDraft::default()
    }
}

fn register(app: &App<Desk>, draft: PatientDraft) -> PatientId {
    call(app, api::RegisterPatient { draft })
}

/// Reception registers, and is told of whoever may be the same.
#[test]
fn reception_sees_who_may_be_the_same_and_registers_all_the_same() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let (user_name, name, password) = ("rose".into(), "Rose".into(), PASSWORD.into());
    call(&app, api::AddPerson { user_name, name, role: Role::Reception, password });
    drop(app);
    let app = signed_in(&desk, "rose");
    let first = register(&app, grace());
    let check = |draft: PatientDraft, want: &[(&[&str], bool)]| {
        let found = call(&app, api::FindDuplicates { draft: draft.clone() });
        let told: Vec<_> = found
            .iter()
            .map(|it| (it.reasons.iter().map(String::as_str).collect::<Vec<_>>(), it.strong))
            .collect();
        let want: Vec<_> = want.iter().map(|(why, strong)| (why.to_vec(), *strong)).collect();
        assert_eq!(told, want, "{draft:?}");
        for duplicate in &found {
            assert_eq!(duplicate.hit.patient, first);
            assert_eq!(duplicate.hit.matched, "duplicate");
            assert_eq!(duplicate.hit.city.as_deref(), Some("Kisumu"));
        }
    };
    check(grace(), &[(&["name", "phone", "birth-date", "city"], true)]);
    // While it is typed: what cannot be read yet is left out.
    let so_far = |given: &str, born: &str| PatientDraft {
        family: "Okelo".into(),
        given: given.into(),
        birth_date: born.into(),
        ..PatientDraft::default()
    };
    check(PatientDraft::default(), &[]);
    check(so_far("", ""), &[]);
    check(so_far("Grace", "14/3/"), &[]);
    check(so_far("Grace", "3/14/1988"), &[]);
    check(so_far("Grace", "14/3/1988"), &[(&["birth-date", "similar-name"], false)]);
    let again = register(&app, grace());
    assert_ne!(again, first);
    assert_eq!(call(&app, api::FindDuplicates { draft: grace() }).len(), 2);
}

/// What the form of a known patient does not change stays as it was, and what it empties goes.
#[test]
fn who_is_amended_keeps_what_the_form_does_not_show() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let patient = register(&app, grace());
    let now = || call(&app, api::OpenChart { patient }).chart.patient.unwrap();
    assert_eq!(PatientDraft::of(&now()), grace());
    let hit = || call(&app, api::FindPatients { query: "okello".into(), limit: 2 }).remove(0);
    assert_eq!(hit().address_line.as_deref(), Some("12 Lake Road"));
    assert_eq!(hit().contact, now().contact.into_iter().next());
    let amend = |draft: PatientDraft| {
        call(&app, api::AmendPatient { patient, seen: None, draft: draft.clone() });
        assert_eq!(PatientDraft::of(&now()), draft);
    };
    amend(PatientDraft { guardian_phone: "0733".into(), city: "Busia".into(), ..grace() });
    amend(PatientDraft { address_line: String::new(), ..grace() });
    let nobody = PatientDraft {
        guardian: String::new(),
        guardian_relationship: String::new(),
        guardian_phone: String::new(),
        ..grace()
    };
    amend(nobody);
    assert_eq!(now().contact, []);
}
