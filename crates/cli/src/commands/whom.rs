//! Which person of the clinic is meant: by the name they sign in with, or by their id.

use api::{ApiError, ErrorCode, PersonView};
use app::same_user;
use clinical::PractitionerId;

/// The one person who goes by a name or an id and works at the clinic, or waits for an
/// administrator. Of several nobody is taken: two computers may have let in two people under one
/// name without knowing of each other.
///
/// # Errors
/// `not-found` where nobody is meant; `invalid` where several are, with the id of each.
pub(super) fn one_person<'a>(
    people: &'a [PersonView],
    who: &str,
) -> Result<&'a PersonView, ApiError> {
    let id = who.trim().parse::<PractitionerId>().ok();
    let is_meant = |person: &&PersonView| {
        let is_here = person.active || person.unconfirmed;
        is_here && (same_user(&person.user_name, who) || Some(person.id) == id)
    };
    let meant: Vec<&PersonView> = people.iter().filter(is_meant).collect();
    match meant.as_slice() {
        [person] => Ok(person),
        [] => {
            let detail = "Nobody of that name or id works at the clinic or waits to; nothing was \
                          changed.";
            Err(ApiError::new(ErrorCode::NotFound, detail))
        }
        several => {
            let each: Vec<String> = several.iter().map(|person| told(person)).collect();
            let detail = format!(
                "Several people go by that name; nothing was changed. Give the id of the one you \
                 mean: {}.",
                each.join("; ")
            );
            Err(ApiError::new(ErrorCode::Invalid, detail))
        }
    }
}

fn told(person: &PersonView) -> String {
    let state = if person.active { "works at the clinic" } else { "waits for an administrator" };
    format!("{} ({}, {state})", person.id, person.role.code())
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::Role;
    use uuid::Uuid;

    #[test]
    fn of_two_of_one_name_nobody_is_taken_and_each_goes_by_their_id() {
        let id = |number| PractitionerId::from_uuid(Uuid::from_u128(number));
        let person = |number, user_name: &str, active, unconfirmed| PersonView {
            id: id(number),
            user_name: user_name.to_owned(),
            name: user_name.to_owned(),
            role: Role::Clinician,
            here: false,
            active,
            unconfirmed,
            credentials: clinical::Credentials::default(),
        };
        let people = [
            person(1, "eve", true, false),
            person(2, "Eve", false, true),
            person(3, "dan", false, false),
            person(4, "dan", true, false),
            person(5, "rose", false, true),
            person(6, "Jos\u{e9}", true, false),
        ];
        let check = |who: &str, want: Result<u128, ErrorCode>| {
            let found = one_person(&people, who);
            let found = found.map(|person| person.id).map_err(|error| error.code);
            assert_eq!(found, want.map(id), "{who}");
        };
        check(" EVE ", Err(ErrorCode::Invalid));
        check(&id(1).to_string(), Ok(1));
        check(&id(2).to_string().to_uppercase(), Ok(2));
        check("jose\u{301}", Ok(6));
        check("dan", Ok(4));
        check(&id(3).to_string(), Err(ErrorCode::NotFound));
        check("rose", Ok(5));
        check("nobody", Err(ErrorCode::NotFound));
        let detail = one_person(&people, "eve").unwrap_err().detail;
        for told in [
            format!("{} (clinician, works at the clinic)", id(1)),
            format!("{} (clinician, waits for an administrator)", id(2)),
        ] {
            assert!(detail.contains(&told), "{detail}");
        }
    }
}
