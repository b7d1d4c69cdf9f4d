//! What changes the meaning of a resource in a way that is not understood here.

use super::Reader;
use crate::json::Json;
use clinical::Finding;

/// Whether the resource must not be read as plain fact. It says so in a finding.
///
/// FHIR R4 §2.4.0.1 (modifier extensions), §2.27.3.3 (implicit rules) and the modifier
/// elements whose meaning is a negation: such a resource is kept as it came and shown as that.
pub(super) fn forbids(reader: &mut Reader<'_>) -> bool {
    let found = [
        reader.resource.first("implicitRules").map(|rules| {
            (rules, "implicit-rules", "Its meaning follows rules that are not known here")
        }),
        modifier_extension(reader.resource).map(|extension| {
            (extension, "modifier-extension", "An extension that is not known changes its meaning")
        }),
        do_not_perform(reader)
            .map(|order| (order, "do-not-perform", "It says that the medicine must not be given")),
    ];
    let Some((element, code, why)) = found.into_iter().flatten().next() else { return false };
    let detail = format!("{why}. It is kept as it came and never shown as plain fact.");
    reader.findings.push(Finding::warning(&element.path(), code, detail));
    true
}

/// A modifier extension anywhere but in a contained resource, which is not read by itself.
fn modifier_extension(resource: Json<'_>) -> Option<Json<'_>> {
    let mut below: Vec<Json<'_>> = vec![resource];
    while let Some(element) = below.pop() {
        if let Some(extension) = element.first("modifierExtension") {
            return Some(extension);
        }
        let members = element.members().filter(|(name, _)| *name != "contained");
        let values = members.flat_map(|(_, value)| value.items());
        below.extend(values.filter(|value| value.is_object()));
    }
    None
}

fn do_not_perform<'a>(reader: &mut Reader<'a>) -> Option<Json<'a>> {
    let element = reader.resource.first("doNotPerform")?;
    if reader.resource.is_twice("doNotPerform") {
        return Some(element);
    }
    reader.boolean(reader.resource, "doNotPerform")?.then_some(element)
}
