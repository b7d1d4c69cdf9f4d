//! The people everything is measured among: made once, kept for the next run.

use crate::{
    clock::{Usage, time_all},
    desk::{Desk, call},
    machine,
    outcome::Outcome,
    places::Places,
    row::{self, Row},
};
use api::{Lock, SignIn};
use app::App;
use serde_json::{Value, json};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// The seed of every demonstration.
pub(crate) const SEED: u64 = 1;
/// Who signs in.
pub(crate) const USER: &str = "demo";
/// The password of the demonstration: it protects nobody.
pub(crate) const PASSWORD: &str = "nobody here is real";
/// Seconds a hundred thousand patients may take.
const SECONDS_MAX: u64 = 20 * 60;
/// Bytes of store a patient of 30 entries may take.
const PATIENT_BYTES_MAX: u64 = 20_000;
/// What is known of a finished population.
const NOTE: &str = "population.json";

/// Makes the population, or tells of the one that is there.
pub(crate) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let folder = folder(places);
    let note = match fs::read(folder.join(NOTE)) {
        Ok(bytes) => serde_json::from_slice(&bytes)?,
        Err(_) => make(places, &folder)?,
    };
    Ok(rows(&note))
}

/// The folder of the population's store.
pub(crate) fn folder(places: &Places) -> PathBuf {
    places.own(&format!("population-{}", places.patients))
}

/// The program with the population's store open.
pub(crate) fn open(places: &Places) -> Outcome<App<Desk>> {
    let app = App::new(Desk::at(&folder(places)));
    call(&app, SignIn { user_name: USER.to_owned(), password: PASSWORD.to_owned() })?;
    Ok(app)
}

fn make(places: &Places, folder: &Path) -> Outcome<Value> {
    if folder.exists() {
        // It was never finished.
        fs::remove_dir_all(folder)?;
    }
    let before = Usage::now();
    let app = App::new(Desk::at(folder));
    let mut told = 0;
    let progress = |done: u64, all: u64| {
        if done * 20 / all > told {
            told = done * 20 / all;
            eprintln!("  {done} of {all} patients");
        }
    };
    let (_, took) = time_all(|| app.demonstrate(places.patients, progress))?;
    call(&app, Lock {})?;
    let note = json!({
        "patients": places.patients,
        "entries": app::demo::generate(SEED, 0).entries(),
        "seconds": took.wall.as_secs(),
        "cpuSeconds": took.cpu.as_secs(),
        "bytes": bytes(folder)?,
        "othersPercent": Usage::now().others_percent_since(&before),
        "made": machine::now(),
        "commit": machine::commit(places.repository()),
    });
    fs::write(folder.join(NOTE), note.to_string())?;
    Ok(note)
}

fn bytes(folder: &Path) -> Outcome<u64> {
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        bytes += entry?.metadata()?.len();
    }
    Ok(bytes)
}

fn rows(note: &Value) -> Vec<Row> {
    let number = |key: &str| note.get(key).and_then(Value::as_u64).unwrap_or_default();
    let text = |key: &str| note.get(key).and_then(Value::as_str).unwrap_or_default();
    let (patients, seconds) = (number("patients"), number("seconds"));
    let what = format!(
        "inventing {patients} patients of {} entries in batched commits (on {}, commit {})",
        number("entries"),
        text("made"),
        text("commit"),
    );
    let figure = format!("{seconds} s ({} s of processor)", number("cpuSeconds"));
    let within = seconds * 100_000 <= SECONDS_MAX * patients;
    let each = number("bytes").checked_div(patients).unwrap_or_default();
    let size = format!("{each} bytes");
    let others = note.get("othersPercent").and_then(Value::as_u64);
    let others = others.and_then(|others| u32::try_from(others).ok());
    let rows = [
        Row::new(what, figure, "100,000 in ≤ 20 min", row::holds(within)),
        Row::new(
            "store, a patient of 30 entries, history, index and audit included",
            size,
            "≤ 20,000 bytes",
            row::holds(each <= PATIENT_BYTES_MAX),
        ),
    ];
    // How busy the machine was when they were made.
    rows.map(|row| row.beside(others)).to_vec()
}
