//! What is typed into forms and not recorded is there again, for whoever typed it.

#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::support::{Desk, PASSWORD, call, clinic, refused, signed_in};
use api::{ErrorCode, KeepForm, ListKeptForms};
use app::App;
use clinical::Role;

fn keep(app: &App<Desk>, form: &str, body: Option<&str>) {
    call(app, KeepForm { form: form.into(), body: body.map(str::to_owned) });
}

fn kept(app: &App<Desk>) -> Vec<(String, String)> {
    call(app, ListKeptForms {}).into_iter().map(|kept| (kept.form, kept.body)).collect()
}

#[test]
fn what_is_typed_waits_for_who_typed_it() {
    let desk = Desk::new();
    let app = clinic(&desk);
    let (user_name, name) = ("rose".into(), "Rose".into());
    let role = Role::Reception;
    call(&app, api::AddPerson { user_name, name, role, password: PASSWORD.into() });
    keep(&app, "allergy a", Some("{\"substance\":\"pen\"}"));
    keep(&app, "allergy a", Some("{\"substance\":\"penicillin\"}"));
    keep(&app, "visit a", Some("{}"));
    keep(&app, "visit a", None);
    // No goodbye: the program is gone.
    drop(app);
    let app = signed_in(&desk, "rose");
    assert_eq!(kept(&app), [], "of somebody else nothing is told");
    keep(&app, "allergy a", Some("{}"));
    call(&app, api::Lock {});
    assert_eq!(refused(&app, ListKeptForms {}), ErrorCode::SignedOut);
    drop(app);
    let app = signed_in(&desk, "ana");
    let mine = ("allergy a".to_owned(), "{\"substance\":\"penicillin\"}".to_owned());
    assert_eq!(kept(&app), std::slice::from_ref(&mine));
    let huge = KeepForm { form: "allergy a".into(), body: Some("x".repeat(65 << 10)) };
    assert_eq!(refused(&app, huge), ErrorCode::TooLarge);
    assert_eq!(kept(&app), [mine]);
}

#[test]
fn no_more_forms_are_kept_than_a_person_has_open() {
    let desk = Desk::new();
    let app = clinic(&desk);
    for n in 0..130_u32 {
        desk.later(1000);
        keep(&app, &format!("form {n:03}"), Some("{}"));
    }
    let kept = kept(&app);
    assert_eq!(kept.len(), 100);
    assert_eq!(kept.first().map(|(form, _)| form.as_str()), Some("form 030"), "the oldest go");
}
