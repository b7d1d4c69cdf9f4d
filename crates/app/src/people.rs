//! The people of the clinic.

use crate::{
    access::check_new_password,
    error::{Told, ToldResult, not_found},
    hex::hex,
    host::{Host, HostEntropy},
    open::Session,
    permit::Permit,
};
use api::{AddPerson, ApiError, ErrorCode, ListPeople, PersonView, RemovePerson, Topic};
use chart::ClinicEdit;
use clinical::{Finding, Practitioner, PractitionerId, name_findings};
use vault::{
    KeyslotsFile,
    keyslots::{KeyslotsError, NewPassword, same_user},
};

/// The people who work at the clinic: the record says who they are, also where administrators
/// removed each other (`chart`).
pub(crate) fn at_work(people: Vec<Practitioner>) -> Vec<Practitioner> {
    people.into_iter().filter(|person| person.active).collect()
}

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
    let is_here = |name: &str| keyslots.user_names().any(|slot| same_user(slot, name));
    let people = session.open.store.people().told()?;
    let mut people: Vec<PersonView> = people
        .into_iter()
        .map(|person| PersonView {
            id: person.id,
            active: person.active,
            unconfirmed: person.unconfirmed,
            here: is_here(&person.user_name),
            user_name: person.user_name,
            name: person.name,
            role: person.role,
            credentials: person.credentials,
        })
        .collect();
    people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(people)
}

/// Adds a person who can sign in on this computer. Who works at the clinic already and signs in
/// on other computers is let in on this one too, with a password of its own and a key of their
/// own; who they are and what they may do stays. Whom somebody let in who had been removed is let
/// in anew, in the role that is given now.
///
/// # Errors
/// `invalid`, also for another role than the one the person has; `already-exists` for who signs in
/// here or has left; the keyring's; the store's.
pub(crate) fn add_person<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<AddPerson>,
    command: &AddPerson,
) -> Result<PractitionerId, ApiError> {
    let findings = name_findings(&[("name", &command.name), ("userName", &command.user_name)]);
    if !findings.is_empty() {
        return Err(ApiError::invalid(findings));
    }
    check_new_password(&command.password, &command.user_name)?;
    let people = session.open.store.people().told()?;
    let stays = stays(session, &people);
    let known = known(people, command)?;
    session.change_slots(|slots| {
        let new = NewPassword {
            user: &command.user_name,
            password: &command.password,
            params: session.host.stretching(),
        };
        let (key, keyring) = (&session.open.database_key, session.host.keyring());
        let entropy = &mut HostEntropy(session.host);
        let unlocked = slots.add_user(key, new, keyring, entropy).told()?;
        let mut person = known.unwrap_or_else(|| Practitioner {
            id: PractitionerId::from_uuid(session.make_uuid()),
            // As its slot bears it: one name is written in one way.
            user_name: unlocked.user_name.clone(),
            name: command.name.trim().to_owned(),
            role: command.role,
            public_keys: Vec::new(),
            active: true,
            removed_by: Vec::new(),
            unconfirmed: false,
            credentials: clinical::Credentials::default(),
        });
        person.public_keys.push(hex(&unlocked.user_keys.public()));
        let (id, person) = (person.id, in_use(person));
        // The record first: a slot without a person opens nothing, a person without one is seen.
        let edits: Vec<_> = stays.into_iter().chain([ClinicEdit::RecordPerson(person)]).collect();
        session.edit_clinic(permit, &edits)?;
        Ok(id)
    })
}

/// The person of that name who works at the clinic or waits for an administrator; the slots tell
/// whether they sign in here.
fn known(people: Vec<Practitioner>, command: &AddPerson) -> Result<Option<Practitioner>, ApiError> {
    let is_named = |person: &Practitioner| same_user(&person.user_name, &command.user_name);
    let (mut here, mut gone): (Vec<_>, Vec<_>) =
        people.into_iter().filter(is_named).partition(|person| person.active);
    if let Some(waits) = gone.iter().position(|person| person.unconfirmed) {
        let anew = Practitioner { role: command.role, ..gone.swap_remove(waits) };
        here.push(anew);
    }
    let Some(person) = here.into_iter().next() else {
        let detail = "Someone of this user name worked at the clinic; nothing was changed.";
        let taken = || ApiError::new(ErrorCode::AlreadyExists, detail);
        return if gone.is_empty() { Ok(None) } else { Err(taken()) };
    };
    if person.role == command.role {
        return Ok(Some(person));
    }
    let detail = "This person works at the clinic already, in another role.";
    Err(ApiError::invalid(vec![Finding::error("role", "other-role", detail)]))
}

/// Ends a person's work at the clinic: their slot goes here now, and on the other computers when
/// the change arrives there. What they wrote stays. Who waits for an administrator is removed
/// likewise, and waits no more.
///
/// # Errors
/// `invalid` for oneself; `not-found` for who neither works here nor waits; the store's.
pub(crate) fn remove_person<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RemovePerson>,
    command: &RemovePerson,
) -> Result<(), ApiError> {
    // Whoever is signed in is an admin and stays: the last one is never removed.
    if command.person == session.open.person.id {
        let detail = "Nobody removes themselves; another administrator can. Nothing was changed.";
        return Err(ApiError::new(ErrorCode::Invalid, detail));
    }
    let (me, people) = (session.open.person.id, session.open.store.people().told()?);
    let stays = stays(session, &people);
    let is_here = |person: &Practitioner| person.active || person.unconfirmed;
    let mut people = people.into_iter().filter(is_here);
    let person = people.find(|person| person.id == command.person);
    let person = person.ok_or_else(|| not_found("person"))?;
    let gone = Practitioner { active: false, removed_by: vec![me], unconfirmed: false, ..person };
    let edits: Vec<_> = stays.into_iter().chain([ClinicEdit::RecordPerson(gone)]).collect();
    // The record first: without it the slot would be missed and could be made again.
    session.edit_clinic(permit, &edits)?;
    part_with_removed(session)
}

/// Who was removed in a dispute and stays says so with what they decide next: without it the
/// dispute would begin anew with a removal, and with a new administrator it would shut them out.
fn stays<H: Host>(session: &Session<'_, H>, people: &[Practitioner]) -> Option<ClinicEdit> {
    let is_me = |person: &&Practitioner| person.id == session.open.person.id;
    let me = people.iter().find(is_me).filter(|me| !me.removed_by.is_empty())?;
    Some(ClinicEdit::RecordPerson(in_use(me.clone())))
}

fn in_use(person: Practitioner) -> Practitioner {
    Practitioner { active: true, removed_by: Vec::new(), unconfirmed: false, ..person }
}

/// Takes away the slots of people who work here no more, and ends the session of one of them.
///
/// # Errors
/// The store's.
pub(crate) fn part_with_removed<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    let all = session.open.store.people().told()?;
    let stays = at_work(all.clone());
    let named = |people: &[Practitioner], name: &str| {
        people.iter().any(|person| same_user(&person.user_name, name))
    };
    let slots = KeyslotsFile::at(session.host.directory()).read().told()?.keyslots;
    let gone = |name: &&str| named(&all, name) && !named(&stays, name);
    if slots.user_names().any(|name| gone(&name)) {
        session.change_slots(|slots| {
            let names: Vec<String> = slots.user_names().filter(gone).map(str::to_owned).collect();
            for name in names {
                match slots.remove_user(&name) {
                    // The last slot stays; the record refuses whoever opens it.
                    Ok(()) | Err(KeyslotsError::LastUser) => {}
                    Err(error) => return Err(error.told()),
                }
            }
            Ok(())
        })?;
    }
    let id = session.open.person.id;
    if all.iter().any(|person| person.id == id) && !stays.iter().any(|person| person.id == id) {
        session.open.end();
        session.tell(vec![Topic::Session]);
    }
    Ok(())
}
