//! What is told of names that are used twice.

use clinical::Finding;

/// A reference that several resources could be meant by.
pub(super) fn reference_ambiguous(path: &str) -> Finding {
    let detail = "Several resources have the name it refers to. It refers to none of them here; \
                  the original is kept.";
    Finding::warning(path, "reference-ambiguous", detail)
}

/// A resource of which it is not known whose it is.
pub(super) fn patient_ambiguous(resource_type: &str) -> Finding {
    let detail = "It does not say for certain whose it is: several patients could be meant. It is \
                  kept as it came and in no chart.";
    Finding::warning(resource_type, "patient-ambiguous", detail)
}

/// Another person under an id; so many entries were held for it.
pub(super) fn id_of_several(held: usize) -> Finding {
    let detail = format!(
        "Another person has come under the same id. Both are taken in, each alone: the {held} \
         entries that came for that id just before, and all that come after, are kept as they \
         came and in no chart. What earlier files brought is in the other person's chart; please \
         check it."
    );
    Finding::error("Patient.id", "id-of-several", detail)
}

/// A resource under a name that is used already; whether it is the same.
pub(super) fn repeated(same: bool) -> Finding {
    if same {
        let detail = "The same resource is there twice. It was taken in once.";
        return Finding::information("Bundle.entry", "entry-repeated", detail);
    }
    let detail = "Another resource has the same name. It was taken in beside the first.";
    Finding::warning("Bundle.entry", "name-repeated", detail)
}

/// A newer version of a resource that came before it in the same import.
pub(super) fn newer() -> Finding {
    let detail = "A version of this resource came before it, and this one is newer by its \
                  lastUpdated. It took the other's place.";
    Finding::information("meta.lastUpdated", "version-newer", detail)
}

/// An older version of a resource that came before it in the same import.
pub(super) fn older() -> Finding {
    let detail = "A newer version of this resource, by its lastUpdated, came before it. This one \
                  was not taken in.";
    Finding::warning("meta.lastUpdated", "version-older", detail)
}

/// Somebody who came with another birth date or sex before, and is one by an identifier.
pub(super) fn identity_corrected() -> Finding {
    let detail = "This patient came before with another birth date or sex. An identifier of both \
                  says that it is one person, so it was taken as a correction; please compare.";
    Finding::warning("Patient", "identity-corrected", detail)
}

/// More came than is remembered; `None` while all is.
pub(super) fn beyond(references: u64, names: u64, limit: usize) -> Option<Finding> {
    if references == 0 && names == 0 {
        return None;
    }
    let detail = format!(
        "More came than the {limit} of which each is remembered: of {references} references and \
         targets beyond them it was not looked at whether they lead anywhere, and {names} resources were not \
         held against others of the same name. All were taken in as written; import in parts to \
         have each looked at."
    );
    Some(Finding::warning("reference", "limit-reached", detail))
}
