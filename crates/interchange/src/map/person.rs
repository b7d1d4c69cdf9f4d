//! Names, numbers and addresses of people.

use super::Reader;
use crate::json::Json;
use clinical::{Address, ContactPoint, ContactSystem, HumanName, Identifier};

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
