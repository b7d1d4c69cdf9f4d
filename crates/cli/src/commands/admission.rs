//! Admitting a computer by a number that both show, as whoever sits before it sees it.
//!
//! What happens is told as it happens, a line each: the room, the number, the end.

use super::{
    Desk,
    chart::{by_the_clock, tell_joined},
    clinic::tell_who_joined,
    peers::Serving,
    show,
};
use crate::{arguments::HoldWord, failure::Failure, password};
use api::{ApiError, ErrorCode, Stage};
use app::{Admission, Host as _, Number, Waited};
use clinical::Instant;
use serde::Serialize;
use std::{
    io::{self, Write as _},
    net::SocketAddr,
    thread,
    time::{Duration, Instant as Clock},
};

/// Between two looks into a room.
const PAUSE: Duration = Duration::from_millis(500);
/// A room ends at the server; where that cannot be asked any more, so much later here.
const GRACE: Duration = Duration::from_secs(30);
/// No room lives longer.
const LIFE_MAX: Duration = Duration::from_secs(600);

/// Where the other computer comes to this one, so long it is served once it may join: somebody chooses a
/// password there. In milliseconds.
const JOINS_WITHIN_MS: i64 = 60 * 60 * 1000;

/// In which who waits in a room of this computer hears that nothing comes of it: it looks twice a second.
const HEARD_WITHIN: Duration = Duration::from_secs(3);

/// A room, as whoever goes to the other computer needs it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Opened {
    room: String,
    server: String,
    ends_at: Instant,
}

/// Opens a room for so many seconds, and admits the computer that comes in and shows the same
/// number.
pub(super) fn admit(desk: &Desk, life_s: u32, listen: SocketAddr) -> Result<(), Failure> {
    desk.sign_in()?;
    let open = || desk.app.open_room(life_s);
    let (admission, serving) = Serving::where_needed(desk, listen, open)?;
    let before = desk.call(api::ListDevices {})?;
    let admitted = admit_in(desk, admission);
    let Some(serving) = serving else { return admitted };
    if admitted.is_err() {
        // The room goes with this program, and who waits in it looks for what was said there.
        thread::sleep(HEARD_WITHIN);
    }
    admitted?;
    let until = desk.app.host().now().unix_ms().saturating_add(JOINS_WITHIN_MS);
    tell_who_joined(desk, &serving, (&before, Instant::from_unix_ms(until)))
}

fn admit_in(desk: &Desk, admission: Admission) -> Result<(), Failure> {
    let failed = |error| desk.failed(error);
    let opened = Opened {
        room: admission.code.clone(),
        server: admission.server.clone(),
        ends_at: admission.ends_at,
    };
    by_the_clock(desk, |clock| {
        desk.output.answer(&opened, |opened| {
            format!(
                "On the other computer:\n\n    fieldchart clinic join --room {} --server {}\n\n\
                 The room ends at {}.",
                opened.room,
                opened.server,
                clock.moment(opened.ends_at)
            )
        });
    });
    let met = wait(desk, admission, |admission| desk.app.meet_joiner(admission))?;
    if let Some(name) = met.name() {
        desk.output.warn(&format!("a computer has come that calls itself {name}"));
    }
    let same = compare(desk, met.number())?;
    let admitted = desk.app.compared_here(met, same).map_err(failed)?;
    desk.output.warn("waiting for the answer at the other computer");
    wait(desk, admitted, |admitted| desk.app.hand_over(admitted))?;
    let done = serde_json::json!({ "admitted": true });
    desk.output.answer(&done, |_| "the other computer may join; it goes on there".to_owned());
    Ok(())
}

/// Goes into a room, and joins the clinic whose computer shows the same number there. Where a
/// joining was cut off after that, it is brought to its end.
pub(super) fn enter(
    desk: &Desk,
    (room, server): (&str, &str),
    device_name: String,
    hold: HoldWord,
) -> Result<(), Failure> {
    let told = |error| not_joined(error, server);
    let failed = |error| desk.failed(told(error));
    if let Stage::Joining { user_name } = desk.call(api::GetStatus {})?.stage {
        let password = password::current(&user_name)?;
        let joined = desk.call(api::ResumeJoining { password })?;
        desk.output.answer(&joined, |joined| show::joined(joined, true));
        return tell_joined(desk, hold);
    }
    let entrance = desk.app.enter_room(room, server, &device_name).map_err(failed)?;
    let met = wait(desk, entrance, |entrance| desk.app.meet_admitter(entrance).map_err(told))?;
    let same = compare(desk, met.number())?;
    let awaited = desk.app.compared_there(met, same).map_err(failed)?;
    desk.output.warn("waiting for the answer at the other computer");
    let code = wait(desk, awaited, |awaited| desk.app.receive_code(awaited).map_err(told))?;
    let password = password::first("whoever opened the room")?;
    let joined = desk.call(api::JoinClinic { code, device_name, password })?;
    desk.output.answer(&joined, |joined| show::joined(joined, false));
    tell_joined(desk, hold)
}

/// Who answers at an address is not who it should be: to who has no clinic yet no server is trusted.
fn not_joined(error: ApiError, server: &str) -> ApiError {
    if !matches!(error.code, ErrorCode::ServerNotTrusted | ErrorCode::ServerMisbehaves) {
        return error;
    }
    let server = server.trim();
    let what = "what answers there is no computer of a clinic that lets others in";
    let detail = if server.starts_with("https://") {
        format!(
            "The clinic was not joined: {server} is not the server it should be. Compare its pin."
        )
    } else {
        format!(
            "The clinic was not joined: {server} was asked as a computer of the clinic, and {what}. Where \
             it is a server, write https://{server}."
        )
    };
    ApiError::new(error.code, detail)
}

/// Looks again and again until something came.
fn wait<W, T>(
    desk: &Desk,
    mut waiting: W,
    look: impl Fn(W) -> Result<Waited<W, T>, ApiError>,
) -> Result<T, Failure> {
    let begun = Clock::now();
    while begun.elapsed() < LIFE_MAX + GRACE {
        match look(waiting).map_err(|error| desk.failed(error))? {
            Waited::Came(found) => return Ok(found),
            Waited::Still(still) => waiting = still,
        }
        thread::sleep(PAUSE);
    }
    let detail = "The room must have ended, and the server cannot be asked; nothing was changed.";
    Err(desk.failed(ApiError::new(ErrorCode::Unreachable, detail)))
}

/// Shows the number and asks whether the other computer shows the same: `yes`, `no`, or the number
/// that stands there.
fn compare(desk: &Desk, number: Number) -> Result<bool, Failure> {
    let shown = serde_json::json!({ "number": number.to_string() });
    desk.output.answer(&shown, |_| format!("\n    {number}\n"));
    loop {
        if !desk.output.json {
            let asked = write!(
                io::stderr(),
                "Does the other computer show the same number? yes, no, or type that number: "
            );
            asked.map_err(|_| unanswered())?;
        }
        let mut line = String::new();
        if io::stdin().read_line(&mut line).map_err(|_| unanswered())? == 0 {
            return Err(unanswered());
        }
        if let Some(same) = answer(line.trim(), number) {
            return Ok(same);
        }
    }
}

/// What somebody answered; `None` for what is no answer. Another number is one that differs.
fn answer(typed: &str, number: Number) -> Option<bool> {
    let digits = typed.chars().filter(|sign| !sign.is_whitespace());
    let is_number = digits.clone().count() == 7 && digits.clone().all(|sign| sign.is_ascii_digit());
    match typed.to_lowercase().as_str() {
        "yes" | "y" => Some(true),
        "no" | "n" => Some(false),
        _ if is_number => Some(number.is(typed)),
        _ => None,
    }
}

fn unanswered() -> Failure {
    Failure::Usage(
        "nobody said whether the numbers are the same; answer on the terminal or on standard input"
            .to_owned(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_has_no_clinic_yet_is_told_that_none_was_joined_and_how_a_server_is_written() {
        let check = |code, server: &str, want: &str| {
            let told = not_joined(ApiError::new(code, "as it came"), server);
            assert_eq!(told.code, code);
            assert!(told.detail.ends_with(want), "{told}");
            assert!(!told.detail.contains("trust"), "{told}");
        };
        let untrusted = ErrorCode::ServerNotTrusted;
        check(untrusted, "127.0.0.1:7464", "Where it is a server, write https://127.0.0.1:7464.");
        check(
            untrusted,
            " https://a.example:1 ",
            "https://a.example:1 is not the server it should be. Compare its pin.",
        );
        check(ErrorCode::ServerMisbehaves, "ward:7", "write https://ward:7.");
        check(ErrorCode::BadCode, "ward:7", "as it came");
    }
}
