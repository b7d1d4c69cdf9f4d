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
        let mut ticks = 0;
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let name = entry.file_name();
            let Some(number) = name.to_str().and_then(|it| it.parse::<u32>().ok()) else {
                continue;
            };
            // It may have ended since.
            let Ok(stat) = fs::read_to_string(entry.path().join("stat")) else { continue };
            let Some((head, rest)) = stat.rsplit_once(')') else { continue };
            if number == pid || head.ends_with("(postgres") {
                let words: Vec<&str> = rest.split_whitespace().collect();
                // User and system time, the 14th and 15th of the line.
                ticks +=
                    [11, 12].map(|at: usize| words[at].parse::<u32>().unwrap()).iter().sum::<u32>();
            }
        }
        Self(TICK * ticks)
    }

    /// What was taken since.
    pub(crate) fn since(self, before: Self) -> Duration {
        self.0.saturating_sub(before.0)
    }
}
