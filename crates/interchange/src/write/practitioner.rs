//! `Practitioner`: a person who works at the clinic, by name alone.

use super::overlay::Members;
use clinical::{Practitioner, PractitionerId};
use serde_json::{Value, json};

/// Writes a person. Account and role are the clinic's own affair.
pub(super) fn write(resource: &mut Members, person: &Practitioner) {
    resource.insert("active".to_owned(), json!(person.active));
    resource.insert("name".to_owned(), json!([{ "text": person.name }]));
}

/// A reference to a person with the name to show.
pub(super) fn author(people: &[Practitioner], id: PractitionerId) -> Value {
    match people.iter().find(|person| person.id == id) {
        Some(person) => {
            json!({ "reference": format!("urn:uuid:{id}"), "display": person.name })
        }
        None => json!({ "display": "A person of the clinic" }),
    }
}
