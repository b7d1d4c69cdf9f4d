//! The people of the clinic.

use crate::{
    access::check_new_password,
    error::ToldResult,
    host::{Host, HostEntropy},
    open::Session,
    permit::Permit,
};
use api::{AddPerson, ApiError, ErrorCode, ListPeople, PersonView};
use chart::ClinicEdit;
use clinical::{Finding, Practitioner, PractitionerId};
use vault::{KeyslotsFile, keyslots::NewPassword, stretch::StretchParams};

/// Lists the people of the clinic, by name.
///
/// # Errors
/// The store's.
pub(crate) fn list_people<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<ListPeople>,
    _command: &ListPeople,
) -> Result<Vec<PersonView>, ApiError> {
    let keyslots = KeyslotsFile::at(session.host.directory()).read().told()?.keyslots;
    let here: Vec<String> = keyslots.user_names().map(str::to_lowercase).collect();
    let people = session.open.store.people().told()?;
    let mut people: Vec<PersonView> = people
        .into_iter()
        .map(|person| PersonView {
            id: person.id,
            here: here.contains(&person.user_name.to_lowercase()),
            user_name: person.user_name,
            name: person.name,
            role: person.role,
        })
        .collect();
    people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(people)
}

/// Adds a person who can sign in on this computer.
///
/// # Errors
/// `invalid`; `already-exists`; the keyring's; the store's.
pub(crate) fn add_person<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<AddPerson>,
    command: &AddPerson,
) -> Result<PractitionerId, ApiError> {
    if command.name.trim().is_empty() {
        let finding = Finding::error("name", "required", "Please fill this in.");
        return Err(ApiError::invalid(vec![finding]));
    }
    check_new_password(&command.password, &command.user_name)?;
    let people = session.open.store.people().told()?;
    let user_name = command.user_name.trim();
    if people.iter().any(|person| person.user_name.to_lowercase() == user_name.to_lowercase()) {
        let detail = "Someone of this user name works at the clinic already; nothing was changed.";
        return Err(ApiError::new(ErrorCode::AlreadyExists, detail));
    }
    let file = KeyslotsFile::at(session.host.directory());
    let mut keyslots = file.read().told()?.keyslots;
    let new = NewPassword {
        user: user_name,
        password: &command.password,
        params: StretchParams::STANDARD,
    };
    let key = &session.open.database_key;
    let entropy = &mut HostEntropy(session.host);
    let unlocked = keyslots.add_user(key, new, session.host.keyring(), entropy).told()?;
    let person = Practitioner {
        id: PractitionerId::from_uuid(session.make_uuid()),
        user_name: user_name.to_owned(),
        name: command.name.trim().to_owned(),
        role: command.role,
        public_keys: vec![crate::notes::hex(&unlocked.user_keys.public())],
        active: true,
    };
    let id = person.id;
    // The record first: a slot without a person opens nothing, a person without a slot is seen.
    session.edit_clinic("add-person", &[ClinicEdit::RecordPerson(person)])?;
    file.write(&mut keyslots).told()?;
    Ok(id)
}
