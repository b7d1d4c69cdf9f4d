//! One step of the measurement of sync against other engines: seeding, bootstrap, idle, push, pull.
//!
//! The contract is the measuring program's: each step is a process of its own and answers one JSON
//! line. Everything measured is the product's: store, signatures, lists, TLS and the challenge. What
//! prepares a step, and the check of every field after it, stand outside the clock.
//!
//! Two files in the folder that the devices' folders and the server's stand in carry what the
//! contract has no words for: the server's pin (`fieldchart-sync bench-serve` writes it) and the code
//! by which the second device joins.

mod usage;
mod workload;

use crate::{
    arguments::{BenchArguments, BenchStep},
    failure::Failure,
    output::Output,
};
use api::{AlarmKind, ApiError, Command, ErrorCode, Origin, SyncPhase, SyncView};
use app::App;
use clinical::AllergyDraft;
use host::{Computer, Tally};
use serde::Serialize;
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use workload::{AUTHOR, Workload};

/// The name of the file with the server's pin.
const PIN_FILE: &str = "bench-server.pin";
/// The name of the file with the code of the second device.
const CODE_FILE: &str = "bench-device.code";
/// People whose charts are samples.
const SAMPLED_PATIENTS: u64 = 400;
/// It protects nothing.
const PASSWORD: &str = "nobody here is real";

/// A day.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How a step went, in the words of the contract.
#[derive(Debug, Serialize)]
struct Answer {
    wall_s: f64,
    cpu_s: f64,
    peak_mib: u64,
    ok: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
}

/// What a step came to, before the process itself is looked at.
struct Done {
    wall_s: f64,
    ok: bool,
    note: Option<String>,
}

/// Does a step and answers how it went.
pub(super) fn run(bench: &BenchArguments) -> Result<(), Failure> {
    let tally = Tally::default();
    let computer = Computer::new(bench.folder.clone(), Box::new(|_| {})).counted(tally.clone());
    let behind = DAY.saturating_mul(bench.ago);
    let app = App::new(computer.behind(behind).without_keyring());
    let done = match bench.step {
        BenchStep::Seed => seed(&app, bench),
        BenchStep::Bootstrap => bootstrap(&app, bench),
        BenchStep::Idle => idle(&app, &tally),
        BenchStep::EditPush => edit_push(&app, bench),
        BenchStep::EditAway => edit_away(&app, bench),
        BenchStep::Pull => pull(&app, bench),
    };
    let Done { wall_s, ok, note } = done.map_err(Failure::Failed)?;
    let (cpu_s, peak_mib) = (usage::cpu_s(), usage::peak_mib());
    let wall_s = (wall_s * 1000.0).round() / 1000.0;
    let answer = Answer { wall_s, cpu_s, peak_mib, ok, note };
    Output { json: true }.answer(&answer, |_| String::new());
    Ok(())
}

/// Writes samples of what goes out: a clinic in the folder `clinic` of this one, and a file for each
/// envelope beside it.
pub(super) fn write_samples(folder: &Path) -> Result<(), Failure> {
    let computer = Computer::new(folder.join("clinic"), Box::new(|_| {}));
    let app = App::new(computer.without_keyring());
    let payloads = app.sampled_payloads(SAMPLED_PATIENTS).map_err(Failure::Failed)?;
    for (number, payload) in payloads.iter().enumerate() {
        let path = folder.join(format!("{number:06}.payload"));
        fs::write(&path, payload).map_err(|error| Failure::Failed(refused(&path, &error)))?;
    }
    Ok(())
}

/// The first device has every chart and gives them all to an empty server.
fn seed(app: &App<Computer>, bench: &BenchArguments) -> Result<Done, ApiError> {
    app.begin_measured(AUTHOR, PASSWORD)?;
    let workload = Workload::of(bench);
    app.record_measured((0..bench.charts).map(|patient| workload.chart(patient)))?;
    let pin = read(&beside(&bench.folder, PIN_FILE))?;
    call(
        app,
        api::SetServer {
            server: format!("https://{}#{}", bench.server, pin.trim()),
            keeper_lost: false,
        },
    )?;
    let done = exchanged(app, |view| view.sent > 0 && view.to_send == 0)?;
    // For the second device; a round of its own, outside the clock.
    let code = call(app, api::MakeDeviceCode {})?;
    write(&beside(&bench.folder, CODE_FILE), &code.code)?;
    Ok(done)
}

/// An empty device joins the clinic and has every chart.
fn bootstrap(app: &App<Computer>, bench: &BenchArguments) -> Result<Done, ApiError> {
    let code = read(&beside(&bench.folder, CODE_FILE))?;
    let join = api::JoinClinic {
        code: code.trim().to_owned(),
        device_name: "B".to_owned(),
        password: PASSWORD.to_owned(),
    };
    let began = Instant::now();
    call(app, join)?;
    let wall_s = began.elapsed().as_secs_f64();
    went_well(&call(app, api::GetSyncState {})?)?;
    let ok = hold(app, bench, 0)?;
    let note = "joining the clinic and stretching its password are in the time".to_owned();
    Ok(Done { wall_s, ok, note: Some(note) })
}

/// A device that has everything learns that nothing changed, with the challenge of who signs in
/// anew.
fn idle(app: &App<Computer>, tally: &Tally) -> Result<Done, ApiError> {
    sign_in(app)?;
    app.forget_token_measured()?;
    let done = exchanged(app, |view| (view.sent, view.received) == (0, 0))?;
    let (bytes, trips) = (tally.hello_bytes(), tally.round_trips());
    Ok(Done { note: Some(format!("hello bodies {bytes} bytes, round trips {trips}")), ..done })
}

/// The first device gives what was recorded on it while it was away.
fn edit_push(app: &App<Computer>, bench: &BenchArguments) -> Result<Done, ApiError> {
    sign_in(app)?;
    let began = Instant::now();
    app.amend_measured(Workload::of(bench).edits_now(bench))?;
    let local_s = began.elapsed().as_secs_f64();
    let done = exchanged(app, |view| view.sent > 0 && view.to_send == 0)?;
    Ok(Done { note: Some(format!("local edits {local_s:.2} s")), ..done })
}

/// The second device records something of its own: as people do, for what is measured goes in
/// at the first one alone, which knows that its clinic is invented.
fn edit_away(app: &App<Computer>, bench: &BenchArguments) -> Result<Done, ApiError> {
    sign_in(app)?;
    let began = Instant::now();
    for patient in Workload::seen_now(bench) {
        let draft = AllergyDraft { substance: "Pollen".to_owned(), ..AllergyDraft::default() };
        call(app, api::RecordAllergy { patient, draft })?;
    }
    Ok(Done { wall_s: began.elapsed().as_secs_f64(), ok: true, note: None })
}

/// The second device gets what was recorded on the first, and gives what it has.
fn pull(app: &App<Computer>, bench: &BenchArguments) -> Result<Done, ApiError> {
    sign_in(app)?;
    let mut went = (0, 0);
    let done = exchanged(app, |view| {
        went = (view.received, view.sent);
        view.to_send == 0 && (view.received > 0 || bench.edited == 0)
    })?;
    let ok = done.ok && hold(app, bench, workload::EDITS)?;
    let note = format!("batches received {}, sent {}", went.0, went.1);
    Ok(Done { ok, note: Some(note), ..done })
}

fn sign_in(app: &App<Computer>) -> Result<(), ApiError> {
    let door = api::SignIn { user_name: AUTHOR.to_owned(), password: PASSWORD.to_owned() };
    call(app, door).map(drop)
}

/// Exchanges with the server on the clock; `is_ok` judges what it came to.
fn exchanged(app: &App<Computer>, is_ok: impl FnOnce(&SyncView) -> bool) -> Result<Done, ApiError> {
    let began = Instant::now();
    let view = call(app, api::SyncNow {})?;
    let wall_s = began.elapsed().as_secs_f64();
    went_well(&view)?;
    Ok(Done { wall_s, ok: is_ok(&view), note: None })
}

/// Refuses what no measurement may rest on: an exchange that failed, an alarm, something set aside.
/// A clock that is behind is no such thing: `--ago` sets it back.
fn went_well(view: &SyncView) -> Result<(), ApiError> {
    if let SyncPhase::Failed(error) = &view.phase {
        return Err(error.clone());
    }
    let grave = view.alarms.iter().filter(|it| !matches!(it.alarm, AlarmKind::ClockBehind { .. }));
    let alarms = grave.map(|raised| raised.detail.as_str()).collect::<Vec<_>>();
    if alarms.is_empty() && view.quarantined == 0 {
        return Ok(());
    }
    let detail = format!("{} set aside; {}", view.quarantined, alarms.join(" "));
    Err(ApiError::new(ErrorCode::ServerMisbehaves, detail))
}

/// Whether every field of every chart is what the workload says, the edited ones with `edits` edits.
fn hold(app: &App<Computer>, bench: &BenchArguments, edits: u32) -> Result<bool, ApiError> {
    let edited: std::collections::BTreeSet<u32> =
        workload::edited(bench.charts, bench.edited).collect();
    let workload = Workload::of(bench);
    let mut number = 0..bench.charts;
    let mut ok = true;
    let patients = (0..bench.charts).map(workload::patient_id);
    app.read_measured(patients, |_, chart, names| {
        let patient = number.next().unwrap_or_default();
        let edits = if edited.contains(&patient) { edits } else { 0 };
        ok &= workload.holds((patient, chart), names, edits);
        Ok(())
    })?;
    Ok(ok)
}

fn call<C: Command>(app: &App<Computer>, command: C) -> Result<C::Reply, ApiError> {
    app.call(command, Origin::Host)
}

/// A file in the folder that the device's stands in.
fn beside(folder: &Path, name: &str) -> PathBuf {
    folder.parent().unwrap_or(Path::new("")).join(name)
}

fn read(path: &Path) -> Result<String, ApiError> {
    fs::read_to_string(path).map_err(|error| refused(path, &error))
}

fn write(path: &Path, text: &str) -> Result<(), ApiError> {
    fs::write(path, text).map_err(|error| refused(path, &error))
}

fn refused(path: &Path, error: &std::io::Error) -> ApiError {
    ApiError::new(ErrorCode::NotFound, format!("{}: {error}", path.display()))
}
