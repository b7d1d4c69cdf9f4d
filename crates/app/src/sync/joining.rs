//! The person who joined: their new key goes into the record once the record is here.

use crate::{audit::OtherDeed, error::ToldResult, host::Host, open::Session};
use api::ApiError;
use chart::ClinicEdit;
use clinical::Practitioner;
use store::{NamedRow, Store, StoreError};

use super::{keys::internal, names};

/// Where the person is kept until then.
///
/// # Errors
/// `internal` when the person cannot be written.
pub(super) fn joining_row(person: &Practitioner) -> Result<NamedRow, ApiError> {
    let bytes = serde_json::to_vec(person).map_err(|error| internal(&error))?;
    Ok(NamedRow { name: names::JOINING.to_owned(), bytes })
}

/// The person of a join whose key is not in the record yet.
///
/// # Errors
/// The store's.
pub(crate) fn joining_person(store: &Store) -> Result<Option<Practitioner>, StoreError> {
    let kept = store.named(names::JOINING)?;
    Ok(kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()))
}

/// Records the key with which a person who joined signs on this computer; `true` when there is
/// something to send. It is seen in the record once more before it is forgotten.
pub(super) fn finish_joining<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    let Some(joining) = joining_person(&session.open.store).told()? else { return Ok(false) };
    let people = session.open.store.people().told()?;
    let Some(mut person) = people.into_iter().find(|person| person.id == joining.id) else {
        return Ok(false);
    };
    let missing: Vec<_> =
        joining.public_keys.into_iter().filter(|key| !person.public_keys.contains(key)).collect();
    if missing.is_empty() {
        session.open.store.remove_named(names::JOINING).told()?;
        return Ok(false);
    }
    person.public_keys.extend(missing);
    // Their own key, as far as the role goes.
    let permit = session.permit_other(OtherDeed::RecordKey)?;
    session.edit_clinic(&permit, &[ClinicEdit::RecordPerson(person)])?;
    Ok(true)
}
