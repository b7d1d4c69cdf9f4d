//! What comes in and goes out: import, export, sync.

use super::{
    Desk,
    chart::{by_the_clock, tell_to_decide},
    parse,
    places::unwritten,
    set_aside, show,
};
use crate::{
    arguments::{ExportFormat, HoldWord},
    failure::Failure,
    terminal::Progress,
};
use api::{ApiError, ErrorCode, ImportView};
use app::{Export, Format};
use host::{LanSettings, NoLan};
use std::{
    path::{Path, PathBuf},
    time::Duration,
};

/// No error names more files.
const NAMES_MAX: usize = 10;

/// Takes files and folders in. It fails when nothing was taken in of a file that was named, or of
/// any at all; what could be taken in is. A folder may hold files that are not ours, such as the
/// log of whoever wrote it.
pub(super) fn import(desk: &Desk, paths: &[PathBuf]) -> Result<(), Failure> {
    desk.sign_in()?;
    let progress = Progress::new("importing");
    let watch = |done, all| progress.at(done, all);
    let view = desk.app.import(paths, watch).map_err(|error| desk.failed(error))?;
    drop(progress);
    desk.output.answer(&view, show::import);
    if let Some(error) = view.failed {
        return Err(desk.failed(error));
    }
    nothing_of(&view).map_or(Ok(()), |error| Err(desk.failed(error)))
}

/// The files of which nothing was taken in, as the reason to fail.
fn nothing_of(view: &ImportView) -> Option<ApiError> {
    let empty = view.by_file.iter().filter(|file| file.resources == 0);
    let all_are = view.files_empty >= view.files.1;
    if !all_are && !empty.clone().any(|file| file.named) {
        return None;
    }
    let mut names: Vec<&str> = empty.map(|file| file.file.as_str()).take(NAMES_MAX).collect();
    let told = u64::try_from(names.len()).unwrap_or(u64::MAX);
    let more = format!("{} more", view.files_empty.saturating_sub(told));
    if view.files_empty > told {
        names.push(&more);
    }
    let rest = if view.files_empty < view.files.1 { " The others were taken in." } else { "" };
    let detail = format!(
        "Nothing was taken in of {} of {} files: {}.{rest} The report says why.",
        view.files_empty,
        view.files.1,
        names.join(", ")
    );
    Some(ApiError::new(ErrorCode::UnreadableFile, detail))
}

/// Writes the record.
pub(super) fn export(
    desk: &Desk,
    format: ExportFormat,
    patient: Option<&str>,
    out: &Path,
) -> Result<(), Failure> {
    desk.sign_in()?;
    let export = Export {
        format: match format {
            ExportFormat::Fhir => Format::Bundle,
            ExportFormat::Ndjson => Format::Ndjson,
        },
        patient: patient.map(parse).transpose()?,
        out: out.to_owned(),
    };
    let progress = Progress::new("exporting");
    let watch = |done, all| progress.at(done, all);
    let written = desk.app.export(&export, watch);
    let written = written.map_err(|error| desk.failed(unwritten(error, out)))?;
    drop(progress);
    desk.output.answer(&written, |written| show::exported(written, out));
    let Some(first) = written.left_out.first() else { return Ok(()) };
    let left_out = u64::try_from(written.left_out.len()).unwrap_or(u64::MAX);
    let detail = format!(
        "{} not in the files, which hold all the others and were kept.",
        show::counted(left_out, "patient is", "patients are")
    );
    Err(desk.failed(ApiError::new(first.error.code, detail)))
}

/// Items of the quarantine that are shown.
const SET_ASIDE_MAX: u32 = 500;

/// Lists what was set aside.
pub(super) fn quarantine(desk: &Desk) -> Result<(), Failure> {
    desk.sign_in()?;
    let view = desk.call(api::ListQuarantine { limit: SET_ASIDE_MAX })?;
    by_the_clock(desk, |clock| {
        desk.output.answer(&view, |view| set_aside::set_aside(view, clock));
    });
    Ok(())
}

/// Makes a floor.
pub(super) fn make_floor(desk: &Desk) -> Result<(), Failure> {
    desk.sign_in()?;
    let made = desk.app.make_floor().map_err(|error| desk.failed(error))?;
    desk.output.answer(&made, show::floor_made);
    Ok(())
}

/// How long other computers are looked for on the local network where no server is set.
const LOOKED_FOR: Duration = Duration::from_secs(3);

/// Exchanges with the clinic's other computers: with those that the environment names, and where no
/// server is set with those that are found. Answers whether any was met, where they were called.
fn meet_others(desk: &Desk) -> Result<Option<bool>, Failure> {
    let settings = LanSettings::of_environment();
    let not_set = |error: NoLan| {
        let detail = format!("Nothing was exchanged: {error}. Nothing was lost.");
        desk.failed(ApiError::new(ErrorCode::Invalid, detail))
    };
    let Some(mut settings) = settings.map_err(not_set)? else { return Ok(None) };
    settings.discovers &= desk.call(api::GetSyncState {})?.server.is_none();
    let may_be_met = settings.discovers || !settings.peers.is_empty();
    // Of one computer alone nobody is looked for.
    let calls = may_be_met && desk.app.is_on_lan() && desk.app.clinic_keys().len() > 1;
    Ok(calls.then(|| host::meet_nearby(desk.app.as_ref(), &settings, LOOKED_FOR)))
}

/// Exchanges with the others, and with the server until nothing is left of a record that came in
/// parts; then files go and come.
fn exchanged(desk: &Desk) -> Result<api::SyncView, Failure> {
    let met = meet_others(desk)?;
    let progress = Progress::new("fetching charts");
    let mut all = desk.call(api::SyncNow {})?;
    while let (api::SyncPhase::Idle, Some(comes)) = (&all.phase, all.coming.filter(|it| it.goes_on))
    {
        progress.at(comes.charts, comes.charts_of.unwrap_or(comes.charts));
        let next = desk.call(api::SyncNow {})?;
        let (sent, received) = (all.sent + next.sent, all.received + next.received);
        all = api::SyncView { sent, received, ..next };
    }
    let failed = matches!(all.phase, api::SyncPhase::Failed(_));
    if met == Some(false) && all.server.is_none() && !failed {
        // What was exchanged before is none of what was asked for now.
        let phase = api::SyncPhase::Failed(app::nobody_answers());
        return Ok(api::SyncView { sent: 0, received: 0, phase, ..all });
    }
    if all.phase == api::SyncPhase::Idle {
        desk.app.carry_files().map_err(|error| desk.failed(error))?;
        all.files_wait = desk.call(api::GetSyncState {})?.files_wait;
    }
    Ok(all)
}

/// Sets the server. A recovery kit on paper names the one that was set when it was made.
fn set_server(desk: &Desk, server: &str, keeper_lost: bool) -> Result<(), Failure> {
    let before = desk.call(api::GetSyncState {})?.server;
    desk.call(api::SetServer { server: server.to_owned(), keeper_lost })?;
    let is_another = before.is_some() && before != desk.call(api::GetSyncState {})?.server;
    let has_kit = |devices: &[api::DeviceView]| devices.iter().any(|it| it.kit && !it.revoked);
    if is_another && has_kit(&desk.call(api::ListDevices {})?) {
        desk.output.warn(
            "the recovery kit on paper names the server that was set before: make a new one, \
             `fieldchart clinic recovery-kit`",
        );
    }
    Ok(())
}

/// The way on where another server answers than the one that is set.
fn or_replaced(mut error: ApiError) -> ApiError {
    if error.code == ErrorCode::ServerNotTrusted {
        error.detail.push_str(
            " If the server was replaced on purpose: `fieldchart sync --server URL`, on each computer.",
        );
    }
    error
}

/// Exchanges with the server, or where none is set with the clinic's other computers. A server is set
/// first, with whether the computer is lost that keeps the list of computers.
pub(super) fn sync(
    desk: &Desk,
    server: Option<(&str, bool)>,
    hold: Option<HoldWord>,
    status: bool,
) -> Result<(), Failure> {
    desk.sign_in()?;
    if let Some(hold) = hold {
        desk.call(api::SetHold { hold: hold.into() })?;
    }
    if let Some((server, keeper_lost)) = server {
        set_server(desk, server, keeper_lost)?;
    }
    let view = if status { desk.call(api::GetSyncState {})? } else { exchanged(desk)? };
    by_the_clock(desk, |clock| {
        desk.output.answer(&view, |view| show::sync(view, status, clock));
    });
    tell_to_decide(desk);
    match view.phase {
        // How it stands could be told: that is what was asked for.
        api::SyncPhase::Failed(error) if !status => Err(desk.failed(or_replaced(error))),
        api::SyncPhase::Failed(_)
        | api::SyncPhase::Alone
        | api::SyncPhase::Idle
        | api::SyncPhase::Running => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_server_that_was_replaced_is_told_with_the_way_on() {
        let check = |code, want: &str| {
            let told = or_replaced(ApiError::new(code, "As it was.")).detail;
            assert!(told.ends_with(want), "{told}");
        };
        check(
            ErrorCode::ServerNotTrusted,
            "As it was. If the server was replaced on purpose: \
             `fieldchart sync --server URL`, on each computer.",
        );
        check(ErrorCode::Unreachable, "As it was.");
    }
}
