//! What has come under which name, over all documents and files of one import.

use super::pending::Resource;
use crate::{
    json::Json,
    resolve::{belongs_to_clinic, hashed},
};
use clinical::Instant;
use std::collections::HashMap;
use uuid::Uuid;

/// The resources of an import by their ids and whose they are. Of each no more is held than tells
/// it from another.
#[derive(Debug, Default)]
pub(super) struct Named {
    first: HashMap<(Uuid, Uuid), Body>,
    beyond: u64,
}

/// What is remembered of a resource.
#[derive(Debug, Clone, Copy)]
struct Body {
    /// What it says.
    digest: Uuid,
    /// What it is about, where it says that: versions of one resource are about the same.
    about: Option<Uuid>,
    /// When it was last changed, as it says itself.
    updated: Option<Instant>,
}

/// What a resource is to those that came before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Name {
    /// The first under its name.
    Own,
    /// There already, word for word.
    Repeated,
    /// A newer version of the one that is there.
    Newer,
    /// An older version of the one that is there.
    Older,
    /// Another one under a used name.
    Others,
}

impl Named {
    /// A resource comes under an id. The first `limit` of them are remembered.
    pub(super) fn claim(
        &mut self,
        (id, owner): (Uuid, Uuid),
        resource: Json<'_>,
        body: &str,
        limit: usize,
    ) -> Name {
        let body = Body::of(resource, body);
        match self.first.get_mut(&(id, owner)) {
            Some(first) => {
                let name = first.name(&body);
                if name == Name::Newer {
                    *first = body;
                }
                name
            }
            None => {
                if self.first.len() < limit {
                    self.first.insert((id, owner), body);
                } else {
                    self.beyond += 1;
                }
                Name::Own
            }
        }
    }

    /// How many were not remembered.
    pub(super) fn beyond(&self) -> u64 {
        self.beyond
    }
}

/// What a resource is to another of the same name in its document.
pub(super) fn version(first: &Resource, coming: &Resource) -> Name {
    let of = |one: &Resource| Body::of(one.document.root(), one.document.text());
    let name = of(first).name(&of(coming));
    let is_version = matches!(name, Name::Newer | Name::Older);
    if is_version && first.resource_type != coming.resource_type { Name::Others } else { name }
}

impl Body {
    fn of(resource: Json<'_>, body: &str) -> Self {
        let about = ABOUT.map(|name| resource.get(name).map(Json::raw).unwrap_or_default());
        // An entry of the clinic's directory is about itself.
        let is_directory = resource.resource_type().is_some_and(|kind| belongs_to_clinic(&kind));
        let is_said = is_directory || about.iter().any(|part| !part.is_empty());
        let about = if is_directory { Default::default() } else { about };
        Self {
            digest: hashed("", body),
            about: is_said.then(|| hashed("", &about.join("\u{1f}"))),
            updated: last_updated(resource),
        }
    }

    /// What another one is that comes under the same name. Without a day that tells which is newer
    /// they are two: an allergy must not give way to another that only bears its number.
    fn name(&self, other: &Self) -> Name {
        if self.digest == other.digest {
            return Name::Repeated;
        }
        if self.about.is_none() || self.about != other.about {
            return Name::Others;
        }
        match self.updated.zip(other.updated) {
            Some((before, now)) if before < now => Name::Newer,
            Some((before, now)) if now < before => Name::Older,
            Some(_) | None => Name::Others,
        }
    }
}

/// When a resource was last changed, as it says itself.
pub(super) fn last_updated(resource: Json<'_>) -> Option<Instant> {
    let updated = resource.get("meta").and_then(|meta| meta.get("lastUpdated"));
    updated.and_then(Json::text).and_then(|text| text.parse().ok())
}

/// The members that say what a resource is about.
const ABOUT: [&str; 6] =
    ["code", "medicationCodeableConcept", "medicationReference", "vaccineCode", "class", "type"];
