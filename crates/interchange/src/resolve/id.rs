//! Ids derived from what the sender called a resource.

use super::reference::{Reference, base_of};
use crate::json::Json;
use clinical::ids::uuid_v8;
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// What names a resource: a namespace (the sender's base URL, or what the caller calls the
/// sender), a type and an id.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Key<'a> {
    pub(crate) namespace: &'a str,
    pub(crate) resource_type: &'a str,
    pub(crate) id: &'a str,
}

/// The id a resource of that name has with us. A UUID of version 7 or 8 is one this product
/// made, or as good as one, and is taken as it is: what we export comes back as itself.
pub(crate) fn entry_id(key: Key<'_>) -> Uuid {
    own(key.id).unwrap_or_else(|| derived(key))
}

/// The id of a source that stands for itself, such as a second resource under a used name.
pub(crate) fn hashed(resource_type: &str, text: &str) -> Uuid {
    derived(Key { namespace: "", resource_type, id: text })
}

/// The id of a resource, by full URL, else by its FHIR id, else by its text, within a namespace
/// for names that are not global.
pub(crate) fn identity_of(
    resource_type: &str,
    full_url: Option<&str>,
    id: Option<&str>,
    body: &str,
    namespace: &str,
) -> Uuid {
    let by_url =
        full_url.filter(|url| !url.is_empty()).and_then(|url| by_reference(url, namespace));
    by_url.unwrap_or_else(|| match id {
        Some(id) => entry_id(Key { namespace, resource_type, id }),
        None => hashed(resource_type, body),
    })
}

/// The id of what a full URL or a literal reference names; `None` for what names nothing by
/// itself (contained, conditional).
pub(crate) fn by_reference(text: &str, namespace: &str) -> Option<Uuid> {
    match Reference::parse(text) {
        Reference::Contained(_) | Reference::Conditional { .. } => None,
        Reference::Urn(urn) => {
            let lower = urn.to_ascii_lowercase();
            let uuid = lower.strip_prefix("urn:uuid:").and_then(own);
            Some(uuid.unwrap_or_else(|| hashed("", &lower)))
        }
        Reference::Relative { resource_type, id } => {
            Some(entry_id(Key { namespace, resource_type, id }))
        }
        Reference::Absolute { base, resource_type, id } => {
            Some(derived(Key { namespace: base, resource_type, id }))
        }
        Reference::Other(other) => Some(hashed("", other)),
    }
}

/// Whether the id of a resource says that it is one thing wherever it comes: a UUID, which no two
/// senders make alike.
pub(crate) fn is_one_by_its_id(resource: Json<'_>) -> bool {
    let id = resource.get("id").and_then(Json::text);
    id.is_some_and(|id| Uuid::try_parse(&id).is_ok())
}

/// The namespace relative references of a resource with this full URL are in.
pub(super) fn namespace_of<'a>(full_url: Option<&'a str>, otherwise: &'a str) -> &'a str {
    full_url.and_then(base_of).unwrap_or(otherwise)
}

fn own(id: &str) -> Option<Uuid> {
    let uuid = (id.len() == 36).then(|| Uuid::try_parse(id).ok())??;
    matches!(uuid.get_version_num(), 7 | 8).then_some(uuid)
}

fn derived(key: Key<'_>) -> Uuid {
    let mut hash = Sha256::new();
    hash.update("fieldchart fhir id");
    for part in [key.namespace, key.resource_type, key.id] {
        hash.update([0x1f]);
        hash.update(part);
    }
    let digest: [u8; 32] = hash.finalize().into();
    let mut first = [0; 16];
    for (to, from) in first.iter_mut().zip(digest) {
        *to = from;
    }
    uuid_v8(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_gives_the_same_id_for_ever() {
        let check = |text: &str, want: &str| {
            assert_eq!(by_reference(text, "").map(|id| id.to_string()).as_deref(), Some(want));
        };
        // Golden: a change here would make a second chart of everyone imported before.
        check("Patient/1", GOLDEN[0]);
        check("http://example.org/fhir/Patient/1", GOLDEN[1]);
        check("urn:uuid:43B6AE50-2cca-4934-ad38-282f8934b770", GOLDEN[2]);
        check("urn:uuid:43b6ae50-2cca-4934-ad38-282f8934b770", GOLDEN[2]);
        check("urn:oid:1.2.3", GOLDEN[3]);
        check("Patient/1/_history/3", GOLDEN[0]);
    }

    const GOLDEN: [&str; 4] = [
        "5bae7bad-90dc-8c53-ac5c-a1ec20df65a0",
        "96138534-f09a-8e8c-ab11-660a12f70c0a",
        "ffe3510b-fb82-8149-b05a-bae718ecd2b4",
        "f39b9521-17b1-8128-9391-75a6b6f0a1cf",
    ];

    #[test]
    fn our_own_ids_come_back_as_themselves() {
        let own = "01890a5d-ac96-774b-bcce-b302099a8057";
        for text in [format!("urn:uuid:{own}"), format!("Patient/{own}")] {
            assert_eq!(by_reference(&text, "").map(|id| id.to_string()).as_deref(), Some(own));
        }
        let elsewhere = by_reference(&format!("http://example.org/Patient/{own}"), "");
        assert_ne!(elsewhere.map(|id| id.to_string()).as_deref(), Some(own));
    }

    #[test]
    fn names_of_other_types_senders_and_numbers_differ() {
        let mut ids: Vec<Uuid> = ["Patient/1", "Group/1", "Patient/2", "http://a.org/Patient/1"]
            .iter()
            .filter_map(|text| by_reference(text, ""))
            .chain(by_reference("Patient/1", "clinic b"))
            .collect();
        ids.sort();
        ids.dedup();
        assert_eq!(ids.len(), 5);
        assert_eq!(by_reference("#p", ""), None);
        assert_eq!(by_reference("Patient?identifier=a|b", ""), None);
    }
}
