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
use clinical::{Finding, Practitioner, PractitionerId, Role};
use std::collections::{BTreeMap, BTreeSet};
use vault::{
    KeyslotsFile,
    keyslots::{KeyslotsError, NewPassword},
    stretch::StretchParams,
};

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
    let at_work: BTreeSet<_> =
        at_work(people.clone()).into_iter().map(|person| person.id).collect();
    let mut people: Vec<PersonView> = people
        .into_iter()
        .map(|person| PersonView {
            id: person.id,
            active: at_work.contains(&person.id),
            here: here.contains(&person.user_name.to_lowercase()),
            user_name: person.user_name,
            name: person.name,
            role: person.role,
        })
        .collect();
    people.sort_by(|a, b| (&a.name, a.id).cmp(&(&b.name, b.id)));
    Ok(people)
}

/// Adds a person who can sign in on this computer. Who works at the clinic already and signs in
/// on other computers is let in on this one too, with a password of its own and a key of their
/// own; who they are and what they may do stays.
///
/// # Errors
/// `invalid`, also for another role than the one the person has; `already-exists` for who signs in
/// here or has left; the keyring's; the store's.
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
    let user_name = command.user_name.trim();
    let elsewhere = works_elsewhere(session.open.store.people().told()?, command)?;
    session.change_slots(|slots| {
        let new = NewPassword {
            user: user_name,
            password: &command.password,
            params: StretchParams::STANDARD,
        };
        let (key, keyring) = (&session.open.database_key, session.host.keyring());
        let entropy = &mut HostEntropy(session.host);
        let unlocked = slots.add_user(key, new, keyring, entropy).told()?;
        let mut person = elsewhere.unwrap_or_else(|| Practitioner {
            id: PractitionerId::from_uuid(session.make_uuid()),
            user_name: user_name.to_owned(),
            name: command.name.trim().to_owned(),
            role: command.role,
            public_keys: Vec::new(),
            active: true,
            removed_by: Vec::new(),
        });
        person.public_keys.push(hex(&unlocked.user_keys.public()));
        let id = person.id;
        // The record first: a slot without a person opens nothing, a person without one is seen.
        session.edit_clinic("add-person", &[ClinicEdit::RecordPerson(person)])?;
        Ok(id)
    })
}

/// The person of that name who works at the clinic; the slots tell whether they sign in here.
fn works_elsewhere(
    people: Vec<Practitioner>,
    command: &AddPerson,
) -> Result<Option<Practitioner>, ApiError> {
    let user_name = command.user_name.trim().to_lowercase();
    let is_named = |person: &Practitioner| person.user_name.to_lowercase() == user_name;
    let had_the_name = people.iter().any(is_named);
    let Some(person) = at_work(people).into_iter().find(is_named) else {
        let detail = "Someone of this user name worked at the clinic; nothing was changed.";
        let taken = || ApiError::new(ErrorCode::AlreadyExists, detail);
        return if had_the_name { Err(taken()) } else { Ok(None) };
    };
    if person.role == command.role {
        return Ok(Some(person));
    }
    let detail = "This person works at the clinic already, in another role.";
    Err(ApiError::invalid(vec![Finding::error("role", "other-role", detail)]))
}

/// Ends a person's work at the clinic: their slot goes here now, and on the other computers when
/// the change arrives there. What they wrote stays.
///
/// # Errors
/// `invalid` for oneself; `not-found` for who does not work here; the store's.
pub(crate) fn remove_person<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<RemovePerson>,
    command: &RemovePerson,
) -> Result<(), ApiError> {
    // Whoever is signed in is an admin and stays: the last one is never removed.
    if command.person == session.open.person.id {
        let detail = "Nobody removes themselves; another administrator can. Nothing was changed.";
        return Err(ApiError::new(ErrorCode::Invalid, detail));
    }
    let (me, people) = (session.open.person.id, at_work(session.open.store.people().told()?));
    let found = |id| people.iter().find(|person| person.id == id).cloned();
    let person = found(command.person).ok_or_else(|| not_found("person"))?;
    let gone = Practitioner { active: false, removed_by: vec![me], ..person };
    // Who was removed in a dispute and stays says so first: else it would begin anew with this.
    let stays = found(me).filter(|me| !me.active);
    let stays = stays.map(|me| Practitioner { active: true, removed_by: Vec::new(), ..me });
    let edits: Vec<_> = stays.into_iter().chain([gone]).map(ClinicEdit::RecordPerson).collect();
    // The record first: without it the slot would be missed and could be made again.
    session.edit_clinic("remove-person", &edits)?;
    part_with_removed(session)
}

/// Takes away the slots of people who work here no more, and ends the session of one of them.
///
/// # Errors
/// The store's.
pub(crate) fn part_with_removed<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    let all = session.open.store.people().told()?;
    let stays = at_work(all.clone());
    let named = |people: &[Practitioner], name: &str| {
        people.iter().any(|person| person.user_name.to_lowercase() == name.to_lowercase())
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

/// The people who work at the clinic. Where administrators removed each other without knowing,
/// these stay, and no one who was removed before: a clinic that nobody can run helps no one.
pub(crate) fn at_work(people: Vec<Practitioner>) -> Vec<Practitioner> {
    let runs = |person: &Practitioner| person.active && person.role == Role::Admin;
    if people.iter().any(runs) {
        return people.into_iter().filter(|person| person.active).collect();
    }
    let stay = in_dispute(&people);
    people.into_iter().filter(|person| person.active || stay.contains(&person.id)).collect()
}

/// The administrators who removed each other, where no other is left. Each was removed by one who
/// was removed too, so going from one to who removed them leads round in the end: who is on such
/// a round stays. Of who was removed before that was kept nothing is known; they all stay.
fn in_dispute(people: &[Practitioner]) -> BTreeSet<PractitionerId> {
    let admins = || people.iter().filter(|person| person.role == Role::Admin);
    let removers: BTreeMap<PractitionerId, &[PractitionerId]> =
        admins().map(|person| (person.id, person.removed_by.as_slice())).collect();
    let rounds: BTreeSet<_> =
        removers.keys().copied().filter(|id| leads_back(&removers, *id)).collect();
    if rounds.is_empty() { removers.into_keys().collect() } else { rounds }
}

fn leads_back(removers: &BTreeMap<PractitionerId, &[PractitionerId]>, to: PractitionerId) -> bool {
    let of = |id: &PractitionerId| removers.get(id).copied().unwrap_or_default();
    let (mut seen, mut next) = (BTreeSet::new(), of(&to).to_vec());
    while let Some(id) = next.pop() {
        if id == to {
            return true;
        }
        if seen.insert(id) {
            next.extend(of(&id));
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(at: usize) -> PractitionerId {
        PractitionerId::from_uuid(uuid::Uuid::from_u128(at.try_into().unwrap()))
    }

    /// Of people with a role, at work or removed by others, `want` work at the clinic.
    fn check(people: &[(Role, Option<&[usize]>)], want: &[usize]) {
        let person = |(at, (role, removed)): (usize, &(Role, Option<&[usize]>))| Practitioner {
            id: id(at),
            user_name: String::new(),
            name: String::new(),
            role: *role,
            public_keys: Vec::new(),
            active: removed.is_none(),
            removed_by: removed.unwrap_or_default().iter().map(|at| id(*at)).collect(),
        };
        let made: Vec<_> = people.iter().enumerate().map(person).collect();
        let left: Vec<_> = at_work(made).iter().map(|person| person.id).collect();
        assert_eq!(left, want.iter().map(|at| id(*at)).collect::<Vec<_>>(), "{people:?}");
    }

    #[test]
    fn who_works_at_the_clinic() {
        let (admin, clinician) = (Role::Admin, Role::Clinician);
        let unknown = Some(&[][..]);
        check(&[(admin, None), (clinician, unknown), (clinician, None)], &[0, 2]);
        check(&[(admin, None), (admin, unknown)], &[0]);
        check(&[(admin, None), (admin, Some(&[0])), (clinician, Some(&[1]))], &[0]);
        // Removed before it was kept who did it.
        check(&[(admin, unknown), (clinician, unknown), (admin, unknown)], &[0, 2]);
    }

    #[test]
    fn only_who_removed_each_other_stays() {
        let (admin, clinician) = (Role::Admin, Role::Clinician);
        let by = |who: &'static [usize]| Some(who);
        // 2 was removed by 0 long before, 3 by 2 before that.
        check(
            &[(admin, by(&[1])), (admin, by(&[0])), (admin, by(&[0])), (admin, by(&[2]))],
            &[0, 1],
        );
        // Round by three; and two at once removed the third, who removed one of them.
        check(&[(admin, by(&[1])), (admin, by(&[2])), (admin, by(&[0]))], &[0, 1, 2]);
        check(&[(admin, by(&[2])), (admin, by(&[0])), (admin, by(&[0, 1]))], &[0, 1, 2]);
        // A clinician who was removed stays removed, by whomever.
        check(&[(admin, by(&[1])), (admin, by(&[0])), (clinician, by(&[0]))], &[0, 1]);
    }
}
