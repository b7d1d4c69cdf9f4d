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
use std::collections::{HashMap, HashSet};
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
    /// Whether it is several resources': then it has no id to go by.
    pub(crate) several: bool,
}

/// Whose a name is.
#[derive(Debug)]
enum Named {
    /// One resource's: its id and type.
    One(Uuid, String),
    /// Several resources', all of that type.
    Several(String),
}

/// Names of resources that came together (a Bundle, or all sources of an export) and, for
/// references by identifier, of everything read so far.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    /// Where names that are not global belong.
    pub(crate) namespace: String,
    names: HashMap<String, Named>,
    medications: HashMap<Uuid, CodeableConcept>,
}

impl Scope {
    /// An empty scope.
    pub(crate) fn new(namespace: &str) -> Self {
        Self { namespace: namespace.to_owned(), ..Self::default() }
    }

    /// Adds a resource under its full URL and its type and id. A name two have is neither's.
    pub(crate) fn add(&mut self, id: Uuid, resource_type: &str, full_url: &str, fhir_id: &str) {
        if !full_url.is_empty() {
            self.name(full_url.to_owned(), id, resource_type);
        }
        if !fhir_id.is_empty() {
            self.name(format!("{resource_type}/{fhir_id}"), id, resource_type);
        }
    }

    /// Adds the identifiers of a resource. One that two patients have names neither; of others,
    /// which do not decide whose a chart is, the first.
    pub(crate) fn add_identifiers(&mut self, id: Uuid, resource_type: &str, tokens: &[String]) {
        for token in tokens {
            let name = format!("{resource_type}?{token}");
            if resource_type == "Patient" {
                self.name(name, id, resource_type);
            } else {
                self.name_first(name, id, resource_type);
            }
        }
    }

    fn name(&mut self, name: String, id: Uuid, resource_type: &str) {
        let one = || Named::One(id, resource_type.to_owned());
        let named = self.names.entry(name).or_insert_with(one);
        if matches!(named, Named::One(first, _) if *first != id) {
            *named = Named::Several(resource_type.to_owned());
        }
    }

    fn name_first(&mut self, name: String, id: Uuid, resource_type: &str) {
        self.names.entry(name).or_insert_with(|| Named::One(id, resource_type.to_owned()));
    }

    /// Adds what a `Medication` is.
    pub(crate) fn add_medication(&mut self, id: Uuid, code: CodeableConcept) {
        self.medications.insert(id, code);
    }

    /// Adds a kept original: its names, its identifiers and, of a `Medication`, what it is. What
    /// is kept together came from several senders: of two under one name, the first has it.
    pub(crate) fn learn(&mut self, source: &Source) {
        let Ok(scanned) = scan(&source.body, 0, &Limits::default()) else { return };
        let root = scanned.document.root();
        let id = root.get("id").and_then(Json::text).unwrap_or_default();
        let url = source.full_url.as_deref().unwrap_or_default();
        let resource_type = source.resource_type.as_str();
        let by_id = format!("{resource_type}/{id}");
        let by_identifier = identifiers(root);
        let by_identifier = by_identifier.iter().map(|token| format!("{resource_type}?{token}"));
        let names = [(!url.is_empty()).then(|| url.to_owned()), (!id.is_empty()).then_some(by_id)];
        for name in names.into_iter().flatten().chain(by_identifier) {
            self.name_first(name, source.id, resource_type);
        }
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
        Some(Target { id, resource_type, present: false, several: false })
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
        let (id, resource_type, several) = match found? {
            Named::One(id, resource_type) => (*id, resource_type, false),
            Named::Several(resource_type) => (Uuid::nil(), resource_type, true),
        };
        Some(Target { id, resource_type: Some(resource_type.clone()), present: true, several })
    }
}

/// How a resource with a full URL sees a scope.
pub(crate) struct Seen<'a> {
    /// The scope.
    pub(crate) scope: &'a Scope,
    /// What else is known: everything read before.
    pub(crate) before: Option<&'a Scope>,
    /// Ids that are several resources'.
    pub(crate) several: &'a HashSet<Uuid>,
    /// The full URL of the resource that refers.
    pub(crate) full_url: Option<&'a str>,
}

impl Seen<'_> {
    /// What a reference means.
    pub(crate) fn target(&self, text: &str) -> Option<Target> {
        let found = self.scope.resolve(text, self.full_url);
        let found = match found {
            Some(target) if target.present => Some(target),
            found => self.before.and_then(|scope| scope.by_identifier(text)).or(found),
        };
        found.map(|target| Target { several: self.is_several(&target), ..target })
    }

    fn is_several(&self, target: &Target) -> bool {
        target.several || (!self.several.is_empty() && self.several.contains(&target.id))
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
        self.target(reference).filter(|target| !target.several).map(|target| target.id)
    }

    fn is_here(&self, reference: &str) -> bool {
        self.target(reference).is_some_and(|target| target.present && !target.several)
    }

    fn medication(&self, reference: &str) -> Option<CodeableConcept> {
        let id = self.entry(reference)?;
        let known = self.scope.medication(id);
        known.or_else(|| self.before.and_then(|scope| scope.medication(id))).cloned()
    }
}
