//! The window: the size of its module, and the release app's start and memory against a bare page
//! of Tauri and Leptos, started by turns.

use crate::{
    clock::Usage,
    desk::{Desk, call},
    import,
    launch::{self, Start, Subject},
    outcome::Outcome,
    places::Places,
    row::{self, Row, real},
    screen::{Picture, Screen},
};
use api::Lock;
use app::App;
use std::{
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// Bytes of the window's module at most.
const WASM_MAX: u64 = 1_800_000;
/// A start takes at most so many times the bare page's.
const START_MAX: f64 = 1.5;
/// Memory is at most so many times the bare page's.
const MEMORY_MAX: f64 = 1.3;
/// Starts of each.
const ROUNDS: usize = 7;

/// All rows about the window.
pub(crate) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let mut rows = vec![wasm()?];
    match Stage::find(places)? {
        Some(stage) => rows.extend(stage.measure()?),
        None => rows.extend(absent()),
    }
    Ok(rows)
}

fn wasm() -> Outcome<Row> {
    let what = "the window's wasm, built for release, as it is packed";
    let target = "≤ 1.8 MB";
    let Ok(bytes) = std::env::var("FIELDCHART_WASM_BYTES") else {
        return Ok(Row::absent(what, "not measured in this run", target));
    };
    let bytes = bytes.parse::<u64>()?;
    let figure = format!("{:.2} MB", real(bytes) / 1e6);
    Ok(Row::new(what, figure, target, row::holds(bytes <= WASM_MAX)))
}

/// What is started, and the display it is watched on.
struct Stage {
    screen: PathBuf,
    folder: PathBuf,
    bare: Subject,
    screens: [(&'static str, Subject); 2],
}

impl Stage {
    /// None where there is no display to watch.
    fn find(places: &Places) -> Outcome<Option<Self>> {
        let path = |name| std::env::var_os(name).map(PathBuf::from);
        let (Some(screen), Some(app), Some(bare)) =
            (path("FIELDCHART_SCREEN"), path("FIELDCHART_APP"), path("FIELDCHART_BARE"))
        else {
            return Ok(None);
        };
        let folder = places.own("window");
        let on = |store: &Path| Subject {
            name: "fieldchart-desktop",
            program: app.clone(),
            arguments: vec!["--store".into(), store.to_path_buf()],
        };
        let (none, clinic) = (folder.join("no-clinic"), folder.join("clinic"));
        found_clinic(&clinic)?;
        Ok(Some(Self {
            screen,
            bare: Subject { name: "bare-app", program: bare, arguments: Vec::new() },
            screens: [("first run", on(&none)), ("sign-in", on(&clinic))],
            folder,
        }))
    }

    /// Starts each in turn, and again.
    fn measure(&self) -> Outcome<Vec<Row>> {
        let mut screen = Screen::open(&self.screen)?;
        let mut bare = Starts::default();
        let mut ours = [Starts::default(), Starts::default()];
        let before = Usage::now();
        let mut start = |subject| launch::start(subject, &mut screen, &self.folder);
        for _ in 0..ROUNDS {
            bare.0.push(start(&self.bare)?);
            for (starts, (_, subject)) in ours.iter_mut().zip(&self.screens) {
                starts.0.push(start(subject)?);
            }
        }
        let all: Vec<&Starts> = ours.iter().chain([&bare]).collect();
        must_differ(&all)?;
        let watched = all.iter().flat_map(|starts| &starts.0).map(|start| start.cpu).sum();
        let others = Usage::now().and(watched).others_percent_since(&before);
        let named = || ours.iter().zip(&self.screens).map(|(starts, (name, _))| (starts, *name));
        let first = named().map(|(starts, name)| {
            let what = format!("release app, cold start to first paint: {name}");
            time(what, starts, &bare, |start| start.first_seen)
        });
        let painted = named().map(|(starts, name)| {
            let what = format!("release app, cold start to painted: {name}");
            time(what, starts, &bare, |start| start.painted)
        });
        let memory = named().map(|(starts, name)| memory(name, starts, &bare));
        Ok(first.chain(painted).chain(memory).map(|row| row.beside(others)).collect())
    }
}

/// A clinic somebody can sign in to.
fn found_clinic(folder: &Path) -> Outcome {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    let app = App::new(Desk::at(folder));
    call(&app, import::clinic())?;
    call(&app, Lock {})?;
    Ok(())
}

/// Several starts of one program.
#[derive(Debug, Default)]
struct Starts(Vec<Start>);

impl Starts {
    /// The smallest, the middle and the largest of something.
    fn spread<T: Ord + Copy + Default>(&self, of: impl Fn(&Start) -> T) -> [T; 3] {
        let mut all: Vec<T> = self.0.iter().map(of).collect();
        all.sort_unstable();
        let pick = |at: usize| all.get(at).copied().unwrap_or_default();
        [pick(0), pick(all.len() / 2), pick(all.len().saturating_sub(1))]
    }
}

/// Each showed a page of its own: two that look alike both show that something is wrong.
fn must_differ(all: &[&Starts]) -> Outcome {
    let shown = all.iter().filter_map(|starts| starts.0.last()).map(|start| &start.shown);
    let mut seen: Vec<&Picture> = Vec::new();
    for picture in shown {
        if seen.iter().any(|other| other.is_like(picture)) {
            return Err("two of the windows show the same: is the window's wasm built?".into());
        }
        seen.push(picture);
    }
    Ok(())
}

fn time(what: String, ours: &Starts, bare: &Starts, of: fn(&Start) -> Duration) -> Row {
    let [ours, theirs] = [ours.spread(of), bare.spread(of)];
    let [_, mine, _] = ours;
    let [_, other, _] = theirs;
    let ratio = mine.as_secs_f64() / other.as_secs_f64();
    Row::new(
        what,
        format!("{}; a bare page {}; {ratio:.2} x", seconds(ours), seconds(theirs)),
        &format!("≤ {START_MAX} x a bare Tauri + Leptos page"),
        row::holds(ratio <= START_MAX),
    )
}

fn memory(name: &str, ours: &Starts, bare: &Starts) -> Row {
    let of = |start: &Start| start.memory_bytes;
    let [ours, theirs] = [ours.spread(of), bare.spread(of)];
    let [_, mine, _] = ours;
    let [_, other, _] = theirs;
    let ratio = real(mine) / real(other);
    Row::new(
        format!("release app, memory of app and webview together (PSS): {name}"),
        format!("{}; a bare page {}; {ratio:.2} x", megabytes(ours), megabytes(theirs)),
        &format!("≤ {MEMORY_MAX} x a bare Tauri + Leptos page"),
        row::holds(ratio <= MEMORY_MAX),
    )
}

/// `0.61 s (0.58 to 0.70)`.
fn seconds([least, middle, most]: [Duration; 3]) -> String {
    let [least, middle, most] = [least, middle, most].map(|time| time.as_secs_f64());
    format!("{middle:.2} s ({least:.2} to {most:.2})")
}

/// `211 MB (209 to 215)`.
fn megabytes([least, middle, most]: [u64; 3]) -> String {
    let [least, middle, most] = [least, middle, most].map(|bytes| real(bytes) / 1e6);
    format!("{middle:.0} MB ({least:.0} to {most:.0})")
}

fn absent() -> [Row; 3] {
    let why = "not measured: only on Linux, by cargo xtask bench, on a display of its own";
    [
        Row::absent(
            "release app, cold start to first paint",
            why,
            &format!("≤ {START_MAX} x a bare Tauri + Leptos page"),
        ),
        Row::absent(
            "release app, cold start to painted",
            why,
            &format!("≤ {START_MAX} x a bare Tauri + Leptos page"),
        ),
        Row::absent(
            "release app, memory of app and webview together (PSS)",
            why,
            &format!("≤ {MEMORY_MAX} x a bare Tauri + Leptos page"),
        ),
    ]
}
