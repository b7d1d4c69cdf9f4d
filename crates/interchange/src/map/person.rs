//! Names, numbers and addresses of people.

use super::{Reader, concept};
use crate::json::Json;
use clinical::{Address, ContactPoint, ContactSystem, HumanName, Identifier, PatientContact};

/// Reads a name; `None` when it names nobody.
pub(crate) fn human_name(reader: &mut Reader<'_>, element: Json<'_>) -> Option<HumanName> {
    let name = HumanName {
        family: reader.text(element, "family").unwrap_or_default(),
        given: texts(reader, element, "given"),
        prefix: texts(reader, element, "prefix"),
        text: reader.text(element, "text"),
    };
    (!name.is_empty()).then_some(name)
}

/// Reads an identifier; `None` without a value.
pub(crate) fn identifier(reader: &mut Reader<'_>, element: Json<'_>) -> Option<Identifier> {
    let kind = element.get("type");
    let coding = kind.and_then(|kind| kind.get("coding")?.items().next());
    Some(Identifier {
        system: reader.text(element, "system").unwrap_or_default(),
        value: reader.text(element, "value")?,
        label: kind
            .and_then(|kind| reader.text(kind, "text"))
            .or_else(|| reader.text(coding?, "display")),
    })
}

/// Reads a telephone number or the like; `None` without a value.
pub(crate) fn contact_point(reader: &mut Reader<'_>, element: Json<'_>) -> Option<ContactPoint> {
    let system = match reader.text(element, "system").as_deref() {
        Some("phone") | None => ContactSystem::Phone,
        Some("email") => ContactSystem::Email,
        Some(_) => ContactSystem::Other,
    };
    Some(ContactPoint { system, value: reader.text(element, "value")? })
}

/// Reads whom to reach about a patient, the first of what they are to them; `None` when it is
/// nobody.
pub(crate) fn contact(reader: &mut Reader<'_>, element: Json<'_>) -> Option<PatientContact> {
    let name = element.get("name").and_then(|name| human_name(reader, name));
    let telecom = element.get("telecom").into_iter().flat_map(Json::items);
    let telecom: Vec<_> = telecom.filter_map(|one| contact_point(reader, one)).collect();
    let said = element.get("relationship").into_iter().flat_map(Json::items);
    let mut said = said.map(|one| concept(reader, one)).filter(|words| !words.is_empty());
    let relationship = said.next();
    let is_somebody = name.is_some() || !telecom.is_empty();
    is_somebody.then_some(PatientContact { name, relationship, telecom })
}

/// Reads an address; `None` when it says nothing.
pub(crate) fn address(reader: &mut Reader<'_>, element: Json<'_>) -> Option<Address> {
    let mut address = Address {
        line: texts(reader, element, "line"),
        city: reader.text(element, "city"),
        state: reader.text(element, "state"),
        postal_code: reader.text(element, "postalCode"),
        country: reader.text(element, "country"),
    };
    if address == Address::default() {
        address.line.extend(reader.text(element, "text"));
    }
    (address != Address::default()).then_some(address)
}

fn texts(reader: &mut Reader<'_>, of: Json<'_>, name: &str) -> Vec<String> {
    let items = of.get(name).into_iter().flat_map(Json::items);
    let present = items.filter(|item| item.kind() != crate::json::Kind::Null);
    let texts = present.filter_map(|item| reader.own_text(item));
    texts.filter(|text| !text.trim().is_empty()).collect()
}
