//! One start of a program with a window, watched from outside until nothing moves.

use crate::{
    outcome::Outcome,
    screen::{self, Picture, Screen},
    tree::Tree,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};
use tests::process::Running;

/// Between two looks at the screen.
const LOOK: Duration = Duration::from_millis(8);
/// A window that has not changed for so long is finished; its memory is taken then.
const STILL: Duration = Duration::from_secs(4);
/// How long a start may take.
const LIMIT: Duration = Duration::from_secs(90);

/// What one start came to.
#[derive(Debug, Clone)]
pub(crate) struct Start {
    /// From the start of the process to the first thing that is to be read in the window.
    pub(crate) first_seen: Duration,
    /// From the start of the process to the finished picture on the screen.
    pub(crate) painted: Duration,
    /// Memory of all its processes, when nothing moved any more.
    pub(crate) memory_bytes: u64,
    /// The processor's time they had until then.
    pub(crate) cpu: Duration,
    /// What was on the screen then.
    pub(crate) shown: Picture,
}

/// A program to start again and again.
#[derive(Debug)]
pub(crate) struct Subject {
    /// Its name in the log.
    pub(crate) name: &'static str,
    /// The program.
    pub(crate) program: PathBuf,
    /// Its arguments.
    pub(crate) arguments: Vec<PathBuf>,
}

/// Starts it with a new, empty profile, and ends it.
pub(crate) fn start(subject: &Subject, screen: &mut Screen, folder: &Path) -> Outcome<Start> {
    let home = folder.join("profile");
    if home.exists() {
        fs::remove_dir_all(&home)?;
    }
    fs::create_dir_all(&home)?;
    let mut command = command(subject, &home)?;
    let blank = still(screen, Instant::now())?;
    let begun = Instant::now();
    let mut running = Running::start(subject.name, &mut command);
    let pictures = watch(screen, &blank, begun, || running.must_run())?;
    let tree = Tree::of(running.id());
    let first_seen = screen::first_seen(&blank, &pictures).ok_or("nothing is to be read")?;
    let painted = screen::painted(&pictures).zip(pictures.into_iter().next_back());
    let (painted, (_, shown)) = painted.ok_or("nothing was painted")?;
    let (memory_bytes, cpu) = (tree.memory_bytes(), tree.cpu());
    let start = Start { first_seen, painted, shown, memory_bytes, cpu };
    if tree.len() < 2 {
        return Err(format!("{} has no webview beside it", subject.name).into());
    }
    running.kill();
    while !tree.is_gone() && begun.elapsed() < LIMIT {
        thread::sleep(LOOK);
    }
    Ok(start)
}

fn command(subject: &Subject, home: &Path) -> Outcome<Command> {
    let log = fs::File::create(home.join("log"))?;
    let mut command = Command::new(&subject.program);
    command.args(&subject.arguments).stdin(Stdio::null());
    command.stdout(log.try_clone()?).stderr(log);
    command.env("LANG", "C.UTF-8").env("LANGUAGE", "en").env("TZ", "UTC");
    command.env_remove("TAURI_WEBVIEW_AUTOMATION");
    for (variable, name) in
        [("XDG_DATA_HOME", "data"), ("XDG_CACHE_HOME", "cache"), ("XDG_CONFIG_HOME", "config")]
    {
        command.env(variable, home.join(name));
    }
    Ok(command)
}

/// The picture of a screen on which nothing has moved for a moment.
fn still(screen: &mut Screen, since: Instant) -> Outcome<Picture> {
    let mut last = screen.picture()?;
    loop {
        thread::sleep(Duration::from_millis(300));
        let picture = screen.picture()?;
        if picture == last {
            return Ok(picture);
        }
        if since.elapsed() > LIMIT {
            return Err("the screen does not come to rest".into());
        }
        last = picture;
    }
}

/// Every picture that differs from the one before, from the first that is not blank until the
/// screen has been still for long.
fn watch(
    screen: &mut Screen,
    blank: &Picture,
    begun: Instant,
    mut must_run: impl FnMut(),
) -> Outcome<Vec<(Duration, Picture)>> {
    let mut pictures: Vec<(Duration, Picture)> = Vec::new();
    // The last change that a reader sees: a caret blinks for ever.
    let mut changed = begun;
    // An empty window is no page that stands still.
    let mut lit = false;
    loop {
        let (at, picture) = (begun.elapsed(), screen.picture()?);
        let last = pictures.last().map_or(blank, |(_, last)| last);
        if picture != *last {
            if !picture.is_like(last) {
                changed = Instant::now();
            }
            lit = lit || picture.shows_something_since(blank);
            pictures.push((at, picture));
        }
        if lit && changed.elapsed() > STILL {
            return Ok(pictures);
        }
        if begun.elapsed() > LIMIT {
            return Err("the window is not finished in its time".into());
        }
        must_run();
        thread::sleep(LOOK);
    }
}
