//! What a resource is to those of the same name: in its document, and in all that came before.

use super::{
    bundle::Entry,
    import::{Import, Sink},
    named::{Name, version},
    pending::Resource,
    remarks::{newer, older, repeated},
};
use crate::{
    json::Json,
    resolve::{Owner, Scope, belongs_to_clinic, hashed, identity_of, is_one_by_its_id},
};
use clinical::Finding;
use std::{borrow::Cow, collections::BTreeMap, ops::ControlFlow};
use uuid::Uuid;

/// Types that are referred to by identifier.
pub(super) const IDENTIFIED: [&str; 8] = [
    "Device",
    "HealthcareService",
    "Location",
    "Medication",
    "Organization",
    "Patient",
    "Practitioner",
    "PractitionerRole",
];

impl Import {
    /// Gives every resource its id. Of two versions under one name, the newer counts; of two others
    /// the second gets an id of its own.
    pub(super) fn name(
        &mut self,
        file: &str,
        line: Option<u64>,
        entries: Vec<Entry>,
        scope: &mut Scope,
        sink: Sink<'_>,
    ) -> ControlFlow<(), Vec<Resource>> {
        let mut named: BTreeMap<Uuid, usize> = BTreeMap::new();
        let mut resources: Vec<Resource> = Vec::with_capacity(entries.len());
        for entry in entries {
            let Entry { place, full_url, document, resource_type, findings } = entry;
            let place = line.or(place);
            let fhir_id = document.root().get("id").and_then(Json::text).map(Cow::into_owned);
            let (url, id) = (full_url.as_deref(), fhir_id.as_deref());
            let uuid = identity_of(&resource_type, url, id, document.text(), &scope.namespace);
            let mut resource =
                Resource { id: uuid, place, full_url, resource_type, document, findings };
            let first = named.get(&uuid).and_then(|index| resources.get_mut(*index));
            if let Some(first) = first {
                let name = version(first, &resource);
                // Whether two patients are two people is seen when they are read.
                let is_person = resource.resource_type == "Patient" && name != Name::Repeated;
                if let Some(finding) = remark(name).filter(|_| !is_person) {
                    self.tell(file, place, finding, sink)?;
                }
                match name {
                    Name::Newer if !is_person => {
                        *first = resource;
                        continue;
                    }
                    Name::Repeated => continue,
                    Name::Older if !is_person => continue,
                    Name::Own | Name::Newer | Name::Older | Name::Others => {}
                }
                if !is_person {
                    self.people.are_several(uuid);
                    resource.id = hashed(&resource.resource_type, resource.document.text());
                    if named.contains_key(&resource.id) {
                        continue;
                    }
                }
            }
            named.insert(resource.id, resources.len());
            let (url, id) = (resource.full_url.as_deref(), fhir_id.as_deref());
            let (url, id) = (url.unwrap_or_default(), id.unwrap_or_default());
            scope.add(resource.id, &resource.resource_type, url, id);
            resources.push(resource);
        }
        ControlFlow::Continue(resources)
    }

    /// What a resource is to those that came before it, whatever document or file they stood in.
    /// Another one under a used name gets an id of its own. People, medicines and what else is
    /// named by identifier are told apart by their own rules, and the clinic's own directory holds
    /// what came last.
    pub(super) fn claim(&mut self, resource: &mut Resource, owner: Owner) -> Name {
        let kind = resource.resource_type.as_str();
        if IDENTIFIED.contains(&kind) || belongs_to_clinic(kind) {
            return Name::Own;
        }
        let whose = match owner {
            Owner::Patient(patient) => patient.uuid(),
            Owner::Clinic | Owner::Unclear => Uuid::nil(),
        };
        let (root, body) = (resource.document.root(), resource.document.text());
        // What is in no chart goes along with the Bundle of everyone who refers to it, each time
        // with references as that Bundle writes them.
        if whose.is_nil() && is_one_by_its_id(root) {
            return Name::Own;
        }
        let limit = self.options.limits.references;
        let name = self.named.claim((resource.id, whose), root, body, limit);
        if name != Name::Others {
            return name;
        }
        let own = hashed(kind, body);
        // It may have come before, and got this id then.
        let name = match self.named.claim((own, whose), root, body, limit) {
            Name::Repeated => Name::Repeated,
            Name::Own | Name::Newer | Name::Older | Name::Others => Name::Others,
        };
        self.people.are_several(resource.id);
        resource.id = own;
        name
    }
}

/// What is told of a name that is used already.
pub(super) fn remark(name: Name) -> Option<Finding> {
    match name {
        Name::Own => None,
        Name::Repeated => Some(repeated(true)),
        Name::Others => Some(repeated(false)),
        Name::Newer => Some(newer()),
        Name::Older => Some(older()),
    }
}
