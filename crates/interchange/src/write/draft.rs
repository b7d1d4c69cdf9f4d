//! A resource on its way out.

use super::{
    element::extension,
    overlay::{Members, add_extension},
};
use crate::{
    FIELDCHART_FHIR, Limits,
    canonical::{AS_WRITTEN, KEPT_ASIDE},
    json::{Document, scan},
    map::{Mapped, map, reason},
    resolve::{Links, NoLinks, belongs_to_clinic, names_owner},
};
use clinical::{EntryRef, MedicationRequest, PartialDate, Source};
use serde_json::{Value, json};
use uuid::Uuid;

/// A resource before its references are rewritten.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    /// Its id with us.
    pub(super) id: Uuid,
    /// The entry it stands for, when it stands for one.
    pub(super) entry: Option<EntryRef>,
    /// Why it ended, as its original says it.
    pub(super) reason: Option<String>,
    /// Its members.
    pub(super) members: Members,
    /// The full URL it came under: what its relative references are relative to.
    pub(super) full_url: Option<String>,
}

/// What was kept of an entry, read again.
pub(super) struct Kept<'a> {
    pub(super) source: &'a Source,
    pub(super) document: Document,
    pub(super) mapped: Mapped,
}

impl<'a> Kept<'a> {
    /// Reads a kept original again; `None` when it cannot be read.
    /// `received` is the day it was taken in.
    pub(super) fn read(
        source: &'a Source,
        links: &dyn Links,
        received: Option<&PartialDate>,
    ) -> Option<Self> {
        let document = scan(&source.body, 0, &Limits::default()).ok()?.document;
        let mapped = map(document.root(), source.id, links, received, &mut Vec::new());
        Some(Self { source, document, mapped })
    }

    /// Whether the medicine of an order is what the original says without the resource it refers
    /// to: so it was read when that had not come yet.
    pub(super) fn named_alone(&self, is: &MedicationRequest) -> bool {
        let root = self.document.root();
        let alone = map(root, self.source.id, &NoLinks, None, &mut Vec::new());
        matches!(alone, Mapped::Medication(was) if was.order.medication == is.order.medication)
    }
}

impl Draft {
    /// Begins a resource that has no original.
    pub(super) fn new(id: Uuid, resource_type: &str) -> Self {
        let mut members = Members::new();
        members.insert("resourceType".to_owned(), json!(resource_type));
        members.insert("id".to_owned(), json!(id.to_string()));
        Self { id, entry: None, reason: None, members, full_url: None }
    }

    /// Begins with a kept original; `None` when it cannot be read. One in which a name stands
    /// twice goes out without those members, and with the whole of it as a text.
    pub(super) fn of(source: &Source) -> Option<Self> {
        let document = scan(&source.body, 0, &Limits::default()).ok()?.document;
        let Value::Object(mut members) = document.root().to_value() else { return None };
        if document.has_twice() {
            add_extension(&mut members, extension(AS_WRITTEN, "valueString", json!(source.body)));
        }
        let (full_url, reason) = (source.full_url.clone(), reason(document.root()));
        Some(Self { id: source.id, entry: None, reason, members, full_url })
    }

    /// Begins with an original that the clinic keeps. One that says it is a patient's is in nobody's
    /// chart: it is marked, for where it goes somebody may have the id it refers to.
    pub(super) fn of_clinic(source: &Source) -> Option<Self> {
        let mut draft = Self::of(source)?;
        if !belongs_to_clinic(&source.resource_type) && names_owner(&draft.members) {
            let marked = draft.members.get("extension").is_some_and(is_kept_aside);
            if !marked {
                let mark = extension(KEPT_ASIDE, "valueBoolean", json!(true));
                add_extension(&mut draft.members, mark);
            }
        }
        Some(draft)
    }

    /// Its type.
    pub(super) fn resource_type(&self) -> &str {
        self.members.get("resourceType").and_then(Value::as_str).unwrap_or_default()
    }
}

fn is_kept_aside(extensions: &Value) -> bool {
    let ours = format!("{FIELDCHART_FHIR}/{KEPT_ASIDE}");
    let mut all = extensions.as_array().into_iter().flatten();
    all.any(|one| one.get("url").and_then(Value::as_str) == Some(&ours))
}
