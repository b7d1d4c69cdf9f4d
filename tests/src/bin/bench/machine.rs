//! What the figures were taken on.

use std::{path::Path, process::Command};

/// How busy the machine is: what is running or waits to run, over 1, 5 and 15 minutes.
pub(crate) struct Load(Option<String>);

impl Load {
    /// As the system tells it now.
    pub(crate) fn now() -> Self {
        let text = std::fs::read_to_string("/proc/loadavg").ok();
        let words = text.map(|text| text.split_whitespace().take(3).collect::<Vec<_>>().join(" "));
        Self(words)
    }
}

impl std::fmt::Display for Load {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.as_deref().unwrap_or("not told"))
    }
}

/// Processor, cores, memory and kernel in a line.
pub(crate) fn describe() -> String {
    let cores = std::thread::available_parallelism().map_or(0, std::num::NonZero::get);
    let processor = field("/proc/cpuinfo", "model name");
    let memory = field("/proc/meminfo", "MemTotal");
    let kernel = answer(Path::new("/"), "uname", &["-sr"]);
    let unknown = || "unknown".to_owned();
    let gib = |kib: u64| format!("{} GiB", kib.div_ceil(1 << 20));
    let memory = memory.and_then(|text| text.split_whitespace().next()?.parse().ok()).map(gib);
    format!(
        "{cores} cores of {}, {} of memory, {}",
        processor.unwrap_or_else(unknown),
        memory.unwrap_or_else(unknown),
        kernel.unwrap_or_else(|| std::env::consts::OS.to_owned()),
    )
}

/// The commit that was measured, and whether the files differ from it.
pub(crate) fn commit(repository: &Path) -> String {
    let named = answer(repository, "git", &["rev-parse", "--short=10", "HEAD"]);
    let Some(named) = named else { return "unknown".to_owned() };
    let changed = answer(repository, "git", &["status", "--porcelain", "-uno"]);
    let changed = changed.is_none_or(|changed| !changed.is_empty());
    if changed { format!("{named}, with changes not in it") } else { named }
}

/// Now, in UTC, as `2026-11-24 03:10`.
pub(crate) fn now() -> String {
    use app::Host;
    let text = crate::desk::Desk::at(Path::new("")).now().to_string();
    text.chars().take(16).map(|c| if c == 'T' { ' ' } else { c }).collect()
}

fn field(file: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn answer(folder: &Path, program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).current_dir(folder).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    output.status.success().then_some(text)
}
