//! Taking FHIR bundles in, and what others do with the same files in the same minutes.

use crate::{
    clock::{Took, time_all},
    desk::{Desk, call},
    outcome::Outcome,
    peers::{self, Peer},
    places::Places,
    row::{self, Row, real},
};
use api::{CreateClinic, ImportView, Lock};
use app::App;
use std::{fs, path::PathBuf};

/// What the two peers are asked to do no better than.
const ANCHOR_RATIO: f64 = 0.4;
const VALIDATOR_RATIO: f64 = 3.0;
/// The anchors take the best of several runs too.
const ROUNDS_EACH_SIDE: u32 = 2;

/// Imports before and after the peers run, and takes the best.
pub(crate) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let files = places.bundles();
    if files.is_empty() {
        let why = "not measured: no bundles in this place";
        return Ok(vec![Row::absent("FHIR import", why, "")]);
    }
    let mut runs = Vec::new();
    for _ in 0..ROUNDS_EACH_SIDE {
        runs.push(import(places, &files)?);
    }
    let peers = peers::run(places);
    for _ in 0..ROUNDS_EACH_SIDE {
        runs.push(import(places, &files)?);
    }
    let best = runs.into_iter().min_by_key(|(_, took)| took.cpu.max(took.wall / 1_000_000));
    let (view, took) = best.ok_or("nothing was imported")?;
    let bytes = bytes(&files)?;
    let mut rows = vec![ours(&files, bytes, &view, took)];
    let speed = per_second(bytes, took);
    rows.push(against(&peers.anchor, speed, ANCHOR_RATIO, "orjson + plain SQLite (Python)"));
    rows.push(against(&peers.validator, speed, VALIDATOR_RATIO, "Medplum validateResource (Node)"));
    Ok(rows)
}

/// Imports everything into a clinic made for it.
fn import(places: &Places, files: &[PathBuf]) -> Outcome<(ImportView, Took)> {
    let folder = places.own("import");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let app = App::new(Desk::at(&folder));
    call(&app, clinic())?;
    let (view, took) = time_all(|| app.import(files, |_, _| {}))?;
    call(&app, Lock {})?;
    fs::remove_dir_all(&folder)?;
    match &view.failed {
        Some(error) => Err(error.clone().into()),
        None => Ok((view, took)),
    }
}

/// The clinic that is made for measuring.
pub(crate) fn clinic() -> CreateClinic {
    CreateClinic {
        clinic_name: "Lakeside".to_owned(),
        user_name: "ana".to_owned(),
        name: "Dr Ana Reyes".to_owned(),
        password: "a quiet morning in the clinic".to_owned(),
        device_name: None,
        server: None,
    }
}

fn bytes(files: &[PathBuf]) -> Outcome<u64> {
    let mut bytes = 0;
    for file in files {
        bytes += fs::metadata(file)?.len();
    }
    Ok(bytes)
}

/// Megabytes for each second on the processor; on the wall where the system tells no other.
fn per_second(bytes: u64, took: Took) -> f64 {
    let seconds = if took.cpu.is_zero() { took.wall } else { took.cpu };
    real(bytes) / 1e6 / seconds.as_secs_f64()
}

fn ours(files: &[PathBuf], bytes: u64, view: &ImportView, took: Took) -> Row {
    let resources: u64 = view.resources.values().sum();
    let what = format!(
        "FHIR import of {} bundles, {:.1} MB, {resources} resources: encrypted, indexed, audited",
        files.len(),
        real(bytes) / 1e6,
    );
    let figure = format!(
        "{:.2} MB a processor second ({:.2} s of processor, {:.2} s)",
        per_second(bytes, took),
        took.cpu.as_secs_f64(),
        took.wall.as_secs_f64(),
    );
    Row::plain(what, figure)
}

fn against(peer: &Peer, ours: f64, least: f64, name: &str) -> Row {
    let what = format!("the same files, {name}");
    let target = format!("ours ≥ {least} x");
    match peer {
        Peer::Ran { mb_per_cpu_second } => {
            let ratio = ours / mb_per_cpu_second;
            let figure =
                format!("{mb_per_cpu_second:.2} MB a processor second; ours is {ratio:.2} x");
            Row::new(what, figure, &target, row::holds(ratio >= least))
        }
        Peer::Absent { why } => Row::absent(&what, &format!("peer absent: {why}"), &target),
    }
}
