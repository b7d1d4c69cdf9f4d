//! Clinic, computers, people.

use super::{
    Desk, admission, chart::tell_joined, parse, peers::Serving, show, square, whom::one_person,
};
use crate::{
    arguments::{ClinicCommand, CopyWord, DeviceCommand, JoinFrom, RoleWord, UserCommand},
    failure::Failure,
    output::on_one_line,
    password,
};
use api::{ApiError, CopyIs, ErrorCode, Origin};
use app::Host;
use clinical::{Instant, Role};
use std::net::SocketAddr;

/// What is added where the server could not be reached.
const LATER: &str = "; the server could not be reached: whichever computer that hears of it meets it \
                     first enters it in the clinic's list";

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
            let joined = desk.call(api::JoinClinic {
                code: code.clone().unwrap_or_default(),
                device_name: named(desk, device_name.as_deref()),
                password: password::first("whoever made the code")?,
            })?;
            desk.output.answer(&joined, show::joined);
            tell_joined(desk, *hold)?;
        }
        ClinicCommand::RecoveryKit => {
            let (_, password) = desk.sign_in_keeping()?;
            let kit = desk.call(api::MakeRecoveryKit { password })?;
            desk.output.answer(&kit, show::kit);
        }
        ClinicCommand::Recover { clinic, server, user_name, device_name } => {
            let recovered = desk.call(api::RecoverClinic {
                code: password::kit_code()?,
                clinic: parse(clinic)?,
                server: server.clone(),
                user_name: user_name.clone(),
                device_name: named(desk, device_name.as_deref()),
                password: password::first(user_name.as_deref().unwrap_or("whoever made the kit"))?,
            })?;
            desk.output.answer(&recovered, show::joined);
        }
        ClinicCommand::RotateKeys => {
            desk.sign_in()?;
            let rotated = desk.call(api::RotateKeys {})?;
            desk.output.answer(&rotated, |rotated| {
                let from = if rotated.entered { "from now on" } else { "then" };
                let later = if rotated.entered { "" } else { LATER };
                format!("what is sealed {from} is sealed under key {}{later}", rotated.epoch)
            });
        }
    }
    Ok(())
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
            desk.output.answer(&devices, |devices| show::devices(devices));
        }
        DeviceCommand::Copied { answer, device_name } => {
            let answer = match answer {
                CopyWord::SecondComputer => CopyIs::SecondComputer,
                CopyWord::Stolen => CopyIs::Stolen,
                CopyWord::PutBack => CopyIs::PutBack,
            };
            let device_name = named(desk, device_name.as_deref());
            desk.call(api::SettleCopy { answer, device_name })?;
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
            desk.output.answer(&answer, |_| format!("revoked {id}{later}"));
        }
    }
    Ok(())
}

/// Makes a code; where the clinic has no server, who comes with it is waited for.
fn make_code(desk: &Desk, qr: bool, listen: SocketAddr) -> Result<(), Failure> {
    let make = || desk.app.call(api::MakeDeviceCode {}, Origin::Host);
    let (made, serving) = Serving::where_needed(desk, listen, make)?;
    let devices = desk.call(api::ListDevices {})?;
    // A terminal draws the code by itself.
    let code = api::DeviceCode { square: None, ..made };
    desk.output.answer(&code, |code| {
        let square = if qr { square::of(&code.code) } else { None };
        let square = square.map(|square| format!("\n{square}")).unwrap_or_default();
        format!("{}{square}\nworks once, until {}", code.code, code.expires_at)
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
