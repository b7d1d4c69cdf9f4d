//! Clinic, computers, people.

use super::{
    Desk, admission,
    chart::{by_the_clock, tell_joined},
    parse,
    peers::Serving,
    record::tell_removed,
    show, square,
    whom::one_person,
};
use crate::{
    arguments::{ClinicCommand, CopyWord, DeviceCommand, JoinFrom, RoleWord, UserCommand},
    failure::Failure,
    output::on_one_line,
    password,
};
use api::{ApiError, CopyIs, ErrorCode, KeysRotated, Origin, Stage};
use app::Host;
use clinical::{Instant, Role};
use std::net::SocketAddr;

/// What is added where the clinic's list of computers could not be reached.
const LATER: &str = "; the clinic's list of computers cannot be reached now, and does not say it yet: the \
                     first computer that hears of it and reaches the list enters it";
/// What is added where no kit was made because the server is away.
const NO_KIT: &str = "No kit was made; the one before still counts. Where the server went away in the midst \
                      of it, that one may be void: make a kit once the server is there.";
/// Nobody asks whether this computer has a copy.
const NOBODY_ASKS: &str = "This computer does not ask whether it has a copy, and nothing was changed. Where \
                           it says that it was restored, and was not put back from a copy, another works \
                           with its keys: record something and sync on both once more, and one of the two \
                           will ask.";

/// Makes or joins a clinic, or changes its key.
pub(super) fn run(desk: &Desk, command: &ClinicCommand) -> Result<(), Failure> {
    match command {
        ClinicCommand::Create { name, admin, full_name, device_name, server } => {
            let created = desk.call(api::CreateClinic {
                clinic_name: name.clone(),
                user_name: admin.clone(),
                name: full_name.clone().unwrap_or_else(|| admin.clone()),
                password: password::first(admin)?,
                device_name: device_name.clone(),
                server: server.clone(),
            })?;
            desk.output.answer(&created, show::created);
        }
        ClinicCommand::Join {
            from: JoinFrom { room: Some(room), server, .. },
            device_name,
            hold,
        } => {
            let server = server.as_deref().unwrap_or_default();
            let name = named(desk, device_name.as_deref());
            return admission::enter(desk, (room, server), name, *hold);
        }
        ClinicCommand::Join { from: JoinFrom { code, .. }, device_name, hold } => {
            let before = was_begun(desk)?;
            let joined = desk.call(api::JoinClinic {
                code: code.clone().unwrap_or_default(),
                device_name: named(desk, device_name.as_deref()),
                password: password::first("whoever made the code")?,
            })?;
            desk.output.answer(&joined, |joined| show::joined(joined, before));
            tell_joined(desk, *hold)?;
        }
        ClinicCommand::RecoveryKit => {
            let (_, password) = desk.sign_in_keeping()?;
            let kit = desk.app.call(api::MakeRecoveryKit { password }, Origin::Host);
            let kit = kit.map_err(|error| desk.failed(no_kit(error)))?;
            desk.output.answer(&kit, show::kit);
        }
        ClinicCommand::Recover { clinic, server, user_name, device_name } => {
            let before = was_begun(desk)?;
            let recovered = desk.call(api::RecoverClinic {
                code: password::kit_code()?,
                clinic: parse(clinic)?,
                server: server.clone(),
                user_name: user_name.clone(),
                device_name: named(desk, device_name.as_deref()),
                password: password::first(user_name.as_deref().unwrap_or("whoever made the kit"))?,
            })?;
            desk.output.answer(&recovered, |recovered| show::recovered(recovered, before));
        }
        ClinicCommand::RotateKeys => {
            desk.sign_in()?;
            let rotated = desk.call(api::RotateKeys {})?;
            desk.output.answer(&rotated, told_rotated);
        }
    }
    Ok(())
}

/// Whether a joining was begun here: what brings it to its end tells another recovery code.
fn was_begun(desk: &Desk) -> Result<bool, Failure> {
    Ok(!matches!(desk.call(api::GetStatus {})?.stage, Stage::FirstRun))
}

fn told_rotated(rotated: &KeysRotated) -> String {
    let epoch = rotated.epoch;
    if rotated.entered {
        return format!("what is sealed from now on is sealed under key {epoch}");
    }
    format!(
        "key {epoch} is not made yet, as the clinic's list of computers cannot be reached now: the first \
         computer that hears of it and reaches the list makes it. Until then the key before it is used."
    )
}

/// What became of a kit that was not made, where the server is away.
fn no_kit(mut error: ApiError) -> ApiError {
    if matches!(error.code, ErrorCode::Unreachable | ErrorCode::ServerSilent) {
        error.detail = format!("{} {NO_KIT}", error.detail);
    }
    error
}

/// The name that was given to this computer; its own where none was.
fn named(desk: &Desk, device_name: Option<&str>) -> String {
    let given = device_name.filter(|name| !name.trim().is_empty());
    given.map_or_else(|| desk.app.host().device_name(), str::to_owned)
}

/// The clinic's computers.
pub(super) fn devices(desk: &Desk, command: &DeviceCommand) -> Result<(), Failure> {
    if let DeviceCommand::Admit { seconds, at } = command {
        return admission::admit(desk, *seconds, at.listen);
    }
    desk.sign_in()?;
    match command {
        DeviceCommand::Admit { .. } => {}
        DeviceCommand::Code { qr, at } => return make_code(desk, *qr, at.listen),
        DeviceCommand::List => {
            let devices = desk.call(api::ListDevices {})?;
            by_the_clock(desk, |clock| {
                desk.output.answer(&devices, |devices| show::devices(devices, clock));
            });
            // The list does not say it: who was removed is not given what came after.
            tell_removed(desk)?;
        }
        DeviceCommand::Copied { answer, device_name } => {
            let answer = match answer {
                CopyWord::SecondComputer => CopyIs::SecondComputer,
                CopyWord::Stolen => CopyIs::Stolen,
                CopyWord::PutBack => CopyIs::PutBack,
            };
            let device_name = named(desk, device_name.as_deref());
            let settled = desk.app.call(api::SettleCopy { answer, device_name }, Origin::Host);
            settled.map_err(|error| desk.failed(or_sync_again(error)))?;
            let settled = match answer {
                CopyIs::SecondComputer => "this computer is one of its own now; the other goes on",
                CopyIs::Stolen => "this computer is one of its own now; the other is shut out",
                CopyIs::PutBack => "this computer goes on as it was",
            };
            desk.output.answer(&serde_json::json!({ "settled": answer }), |_| settled.to_owned());
        }
        DeviceCommand::Revoke { id } => {
            let device = parse(id)?;
            desk.call(api::RevokeDevice { device })?;
            let devices = desk.call(api::ListDevices {})?;
            let entered = !devices.iter().any(|one| one.id == device && one.leaving);
            let later = if entered { "" } else { LATER };
            let answer = serde_json::json!({ "revoked": id, "entered": entered });
            let gone = devices.iter().find(|one| one.id == device);
            desk.output.answer(&answer, |_| {
                gone.map_or_else(|| format!("removed {id}{later}"), |it| show::revoked(it, later))
            });
        }
    }
    Ok(())
}

/// Nobody asks: what to do where somebody should.
fn or_sync_again(error: ApiError) -> ApiError {
    if error.code == ErrorCode::NotFound {
        return ApiError::new(ErrorCode::NotFound, NOBODY_ASKS);
    }
    error
}

/// Makes a code; where the clinic has no server, who comes with it is waited for.
fn make_code(desk: &Desk, qr: bool, listen: SocketAddr) -> Result<(), Failure> {
    let make = || desk.app.call(api::MakeDeviceCode {}, Origin::Host);
    let (made, serving) = Serving::where_needed(desk, listen, make)?;
    let devices = desk.call(api::ListDevices {})?;
    // A terminal draws the code by itself.
    let code = api::DeviceCode { square: None, ..made };
    by_the_clock(desk, |clock| {
        desk.output.answer(&code, |code| {
            let square = if qr { square::of(&code.code) } else { None };
            let square = square.map(|square| format!("\n{square}")).unwrap_or_default();
            let until = clock.moment(code.expires_at);
            format!("{}{square}\nworks once, until {until}", code.code)
        });
    });
    let Some(serving) = serving else { return Ok(()) };
    desk.output
        .warn("the other computer comes to this one: leave this running until it has joined");
    tell_who_joined(desk, &serving, (&devices, code.expires_at))
}

/// Serves until a computer that was let in has the record, and tells which.
pub(super) fn tell_who_joined(
    desk: &Desk,
    serving: &Serving,
    (before, ends_at): (&[api::DeviceView], Instant),
) -> Result<(), Failure> {
    let Some(joined) = serving.until_joined(desk, before, ends_at)? else {
        let detail = "No computer has joined. Nothing was lost; let it in again.";
        return Err(desk.failed(ApiError::new(ErrorCode::NotFound, detail)));
    };
    let told = serde_json::json!({ "joined": joined.id, "name": joined.name });
    let line = on_one_line(&format!("{} has joined", joined.name));
    desk.output.answer(&told, |_| line);
    Ok(())
}

/// The clinic's people.
pub(super) fn people(desk: &Desk, command: &UserCommand) -> Result<(), Failure> {
    let (user, password) = desk.sign_in_keeping()?;
    match command {
        UserCommand::Add { user_name, name, role } => {
            let id = desk.call(api::AddPerson {
                user_name: user_name.clone(),
                name: name.clone().unwrap_or_else(|| user_name.clone()),
                role: match role {
                    RoleWord::Admin => Role::Admin,
                    RoleWord::Clinician => Role::Clinician,
                    RoleWord::Reception => Role::Reception,
                },
                password: password::next(user_name)?,
            })?;
            desk.output.answer(&serde_json::json!({ "person": id }), |_| id.to_string());
        }
        UserCommand::List => {
            let people = desk.call(api::ListPeople {})?;
            desk.output.answer(&people, |people| show::people(people));
        }
        UserCommand::Remove { who } => {
            let people = desk.call(api::ListPeople {})?;
            let person = one_person(&people, who).map_err(|error| desk.failed(error))?;
            desk.call(api::RemovePerson { person: person.id })?;
            let gone = on_one_line(&format!("{} signs in nowhere any more", person.user_name));
            desk.output.answer(&serde_json::json!({ "removed": person.id }), |_| gone);
        }
        UserCommand::Password => {
            let new_password = password::next(&user)?;
            desk.call(api::ChangePassword { password, new_password })?;
            let changed = serde_json::json!({ "changed": true });
            desk.output.answer(&changed, |_| "the password is changed on this computer".to_owned());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_and_a_kit_that_were_not_made_are_told_as_such() {
        let rotated = |entered| told_rotated(&KeysRotated { epoch: 3, entered });
        assert_eq!(rotated(true), "what is sealed from now on is sealed under key 3");
        let later = rotated(false);
        assert!(
            later.starts_with("key 3 is not made yet")
                && later.contains("Until then the key before"),
            "{later}"
        );
        let check = |code, is_told: bool| {
            let told = no_kit(ApiError::new(code, "It is away.")).detail;
            assert_eq!(
                told.contains("It is away. No kit was made; the one before"),
                is_told,
                "{told}"
            );
        };
        check(ErrorCode::Unreachable, true);
        check(ErrorCode::ServerSilent, true);
        check(ErrorCode::WrongPassword, false);
    }
}
