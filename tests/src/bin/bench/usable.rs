//! How soon a computer that joins can be worked at, of the time until all of the clinic is on it.

use crate::{
    desk::{Desk, call},
    outcome::Outcome,
    places::Places,
    population::{self, PASSWORD, USER},
    row::{Row, holds},
    save,
};
use api::{Lock, SignIn};
use app::App;
use serde_json::Value;
use std::path::Path;
use std::time::{Duration, Instant};
use tests::{
    computer::{Computer, text},
    pictures::Pictures,
    server::SyncServer,
};

/// Patients of the clinic.
const PATIENTS: u32 = 5000;
/// Those who came in the last 90 days.
const RECENT: u64 = 500;
/// So long ago the others came last.
const AGO: Duration = Duration::from_secs(100 * 24 * 60 * 60);

/// In percent of the whole time.
const PERCENT_MAX: f64 = 20.0;
const TARGET: &str = "≤ 20 % of the whole time";

/// Joins a clinic of which a tenth of the charts is in use.
pub(crate) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let folder = places.own("usable");
    drop(std::fs::remove_dir_all(&folder));
    let computer = |name: &str| {
        let computer = Computer::new(name, folder.join(name)).used_by(USER).with_password(PASSWORD);
        computer.with_keyring([
            ("FIELDCHART_KEYRING", "none".to_owned()),
            ("FIELDCHART_USER", USER.to_owned()),
        ])
    };
    let [a, b, c] = ["a", "b", "c"].map(computer);
    populate(a.store())?;
    let server = SyncServer::start(&folder.join("server"), Pictures::of_test("bench-usable"));
    a.json(&["sync", "--server", server.address()]);
    a.json(&["sync"]);
    b.join(&text(&a.json(&["device", "code"]), "/code"));
    b.json(&["sync"]);
    a.json(&["sync", "--make-floor"]);
    // What one says of the whole, another vouches for.
    b.json(&["sync"]);
    a.json(&["sync"]);
    let code = text(&a.json(&["device", "code"]), "/code");
    let begun = Instant::now();
    c.join(&code);
    let usable = begun.elapsed().as_secs_f64();
    let first = c.json(&["sync", "--status"]);
    let begun = Instant::now();
    let mut rest = c.json(&["sync"]);
    while rest.pointer("/coming").is_some_and(|coming| !coming.is_null()) {
        rest = c.json(&["sync"]);
    }
    let whole = usable + begun.elapsed().as_secs_f64();
    Ok(vec![row(usable, whole, &first)?])
}

/// A clinic whose people came long ago, but for some of them.
fn populate(store: &Path) -> Outcome {
    let long_ago = App::new(Desk::at(store).ago(AGO));
    long_ago.demonstrate(PATIENTS, |_, _| {})?;
    call(&long_ago, Lock {})?;
    drop(long_ago);
    let now = App::new(Desk::at(store));
    call(&now, SignIn { user_name: USER.to_owned(), password: PASSWORD.to_owned() })?;
    let every = u64::from(PATIENTS) / RECENT;
    let recent = (0..RECENT).map(|at| app::demo::generate(population::SEED, at * every));
    save::save_all(&now, recent.map(|person| person.patient.id))?;
    call(&now, Lock {})?;
    Ok(())
}

fn row(usable: f64, whole: f64, first: &Value) -> Outcome<Row> {
    let count = |name: &str| first.pointer(&format!("/coming/{name}")).and_then(Value::as_u64);
    let (Some(charts), Some(charts_of)) = (count("charts"), count("chartsOf")) else {
        return Err(format!("nothing was left when the clinic could be worked at: {first}").into());
    };
    let percent = 100.0 * usable / whole;
    let share = count("bytes").zip(count("bytesOf")).map_or_else(String::new, |(some, all)| {
        format!(", {} % of the bytes", some.saturating_mul(100) / all.max(1))
    });
    let what = format!(
        "a computer joins a clinic of {PATIENTS} patients, a tenth of whom came in the last 90 days: \
         those can be worked with"
    );
    let figure = format!(
        "{usable:.2} s of {whole:.2} s, {percent:.0} %; {charts} of {charts_of} charts{share}"
    );
    Ok(Row::new(what, figure, TARGET, holds(percent <= PERCENT_MAX)))
}
