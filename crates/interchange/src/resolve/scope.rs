//! The resources that came together, and what their references mean among them.

use super::{
    Links,
    id::{by_reference, namespace_of},
    reference::{Reference, identifier_token, identifiers},
};
use crate::{
    Limits,
    json::{Json, scan},
    map::medication_code,
};
use clinical::{CodeableConcept, Source};
use std::collections::HashMap;
use uuid::Uuid;

/// What a reference means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Target {
    /// Its id with us.
    pub(crate) id: Uuid,
    /// Its type, where known.
    pub(crate) resource_type: Option<String>,
    /// Whether it came along.
    pub(crate) present: bool,
}

/// Names of resources that came together (a Bundle, or all sources of an export) and, for
/// references by identifier, of everything read so far.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// Where names that are not global belong.
    pub(crate) namespace: String,
    names: HashMap<String, (Uuid, String)>,
    medications: HashMap<Uuid, CodeableConcept>,
}

impl Scope {
    /// An empty scope.
    pub(crate) fn new(namespace: &str) -> Self {
        Self { namespace: namespace.to_owned(), ..Self::default() }
    }

    /// Adds a resource under its full URL and its type and id. The first of two keeps the name.
    pub(crate) fn add(&mut self, id: Uuid, resource_type: &str, full_url: &str, fhir_id: &str) {
        let mut name = |name: String| {
            self.names.entry(name).or_insert_with(|| (id, resource_type.to_owned()));
        };
        if !full_url.is_empty() {
            name(full_url.to_owned());
        }
        if !fhir_id.is_empty() {
            name(format!("{resource_type}/{fhir_id}"));
        }
    }

    /// Adds the identifiers of a resource.
    pub(crate) fn add_identifiers(&mut self, id: Uuid, resource_type: &str, tokens: &[String]) {
        for token in tokens {
            let name = format!("{resource_type}?{token}");
            self.names.entry(name).or_insert_with(|| (id, resource_type.to_owned()));
        }
    }

    /// Adds what a `Medication` is.
    pub(crate) fn add_medication(&mut self, id: Uuid, code: CodeableConcept) {
        self.medications.insert(id, code);
    }

    /// Adds a kept original: its names, its identifiers and, of a `Medication`, what it is.
    pub(crate) fn learn(&mut self, source: &Source) {
        let Ok(scanned) = scan(&source.body, 0, &Limits::default()) else { return };
        let root = scanned.document.root();
        let id = root.get("id").and_then(Json::text).unwrap_or_default();
        let url = source.full_url.as_deref().unwrap_or_default();
        self.add(source.id, &source.resource_type, url, &id);
        self.add_identifiers(source.id, &source.resource_type, &identifiers(root));
        if source.resource_type == "Medication"
            && let Some(code) = medication_code(root)
        {
            self.add_medication(source.id, code);
        }
    }

    /// What a `Medication` is.
    pub(crate) fn medication(&self, id: Uuid) -> Option<&CodeableConcept> {
        self.medications.get(&id)
    }

    /// What a reference means that stands in a resource with this full URL. `None`: nothing that
    /// has an id (contained, conditional on something unknown).
    pub(crate) fn resolve(&self, text: &str, full_url: Option<&str>) -> Option<Target> {
        let reference = Reference::parse(text);
        let namespace = namespace_of(full_url, &self.namespace);
        if let Some(target) = self.present(reference, text, namespace) {
            return Some(target);
        }
        let id = by_reference(text, namespace)?;
        let resource_type = reference.resource_type().map(str::to_owned);
        Some(Target { id, resource_type, present: false })
    }

    fn present(&self, reference: Reference<'_>, text: &str, namespace: &str) -> Option<Target> {
        if self.names.is_empty() {
            return None;
        }
        let found = match reference {
            Reference::Contained(_) => None,
            Reference::Conditional { resource_type, query } => {
                let token = identifier_token(query)?;
                self.names.get(&format!("{resource_type}?{token}"))
            }
            Reference::Relative { resource_type, id } => {
                let global = self.names.get(&format!("{namespace}{resource_type}/{id}"));
                global.or_else(|| self.names.get(&format!("{resource_type}/{id}")))
            }
            Reference::Absolute { base, resource_type, id } => {
                self.names.get(&format!("{base}{resource_type}/{id}"))
            }
            Reference::Urn(urn) => {
                self.names.get(urn).or_else(|| self.names.get(&urn.to_ascii_lowercase()))
            }
            Reference::Other(other) => self.names.get(text).or_else(|| self.names.get(other)),
        };
        let (id, resource_type) = found?;
        Some(Target { id: *id, resource_type: Some(resource_type.clone()), present: true })
    }
}

/// How a resource with a full URL sees a scope.
pub(crate) struct Seen<'a> {
    /// The scope.
    pub(crate) scope: &'a Scope,
    /// What else is known: everything read before.
    pub(crate) before: Option<&'a Scope>,
    /// The full URL of the resource that refers.
    pub(crate) full_url: Option<&'a str>,
}

impl Seen<'_> {
    /// What a reference means.
    pub(crate) fn target(&self, text: &str) -> Option<Target> {
        let found = self.scope.resolve(text, self.full_url);
        match found {
            Some(target) if target.present => Some(target),
            found => self.before.and_then(|scope| scope.by_identifier(text)).or(found),
        }
    }
}

impl Scope {
    fn by_identifier(&self, text: &str) -> Option<Target> {
        let reference = Reference::parse(text);
        let conditional = matches!(reference, Reference::Conditional { .. });
        conditional.then(|| self.present(reference, text, ""))?
    }
}

impl Links for Seen<'_> {
    fn entry(&self, reference: &str) -> Option<Uuid> {
        self.target(reference).map(|target| target.id)
    }

    fn medication(&self, reference: &str) -> Option<CodeableConcept> {
        let id = self.entry(reference)?;
        let known = self.scope.medication(id);
        known.or_else(|| self.before.and_then(|scope| scope.medication(id))).cloned()
    }
}
