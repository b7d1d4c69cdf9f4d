//! How much of the processor something took, whatever else ran meanwhile.

use std::fs;
use std::time::Duration;

/// What one tick of `/proc` is, on every system it is on.
const TICK: Duration = Duration::from_millis(10);

/// The processor's time of a process and of every PostgreSQL of this machine until now.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken(Duration);

impl Taken {
    /// By the process `pid`, and by the database.
    pub(crate) fn by(pid: u32) -> Self {
        let mut took = Duration::ZERO;
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let name = entry.file_name();
            let Some(number) = name.to_str().and_then(|it| it.parse::<u32>().ok()) else {
                continue;
            };
            // It may have ended since.
            let Some(stat) = stat(number) else { continue };
            if number == pid || stat.name == "postgres" {
                took += stat.took;
            }
        }
        Self(took)
    }

    /// What was taken since.
    pub(crate) fn since(self, before: Self) -> Duration {
        self.0.saturating_sub(before.0)
    }
}

/// Of a process: its name, who started it, and what it took of the processor.
pub(crate) struct Stat {
    pub(crate) name: String,
    pub(crate) parent: u32,
    pub(crate) took: Duration,
}

/// `None` for a process that is gone.
pub(crate) fn stat(pid: u32) -> Option<Stat> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (head, rest) = stat.rsplit_once(')')?;
    let (_, name) = head.split_once('(')?;
    let words: Vec<&str> = rest.split_whitespace().collect();
    // User and system time, the 14th and 15th of the line.
    let ticks: u32 = [11, 12].map(|at: usize| words[at].parse::<u32>().unwrap()).iter().sum();
    let parent = words[1].parse().unwrap();
    Some(Stat { name: name.to_owned(), parent, took: TICK * ticks })
}
