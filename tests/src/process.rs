//! Child processes that end with their value, or earlier and harder.

use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A running program.
#[derive(Debug)]
pub struct Running {
    child: Child,
    name: &'static str,
}

impl Running {
    /// Starts a program that needs no input.
    pub fn start(name: &'static str, command: &mut Command) -> Self {
        let started = command.stdin(Stdio::null()).spawn();
        let child = started.unwrap_or_else(|error| panic!("{name} could not be started: {error}"));
        Self { child, name }
    }

    /// Starts a program and gives it `input` to read.
    pub fn start_with(name: &'static str, command: &mut Command, input: &str) -> Self {
        let started = command.stdin(Stdio::piped()).spawn();
        let mut child =
            started.unwrap_or_else(|error| panic!("{name} could not be started: {error}"));
        let mut pipe = child.stdin.take().expect("a pipe to the program");
        pipe.write_all(input.as_bytes()).expect("the program reads its input");
        Self { child, name }
    }

    /// Sends it a signal, such as `STOP`.
    #[cfg(unix)]
    pub fn signal(&self, signal: &str) {
        let id = self.child.id().to_string();
        let sent = Command::new("kill").args([&format!("-{signal}"), &id]).status();
        assert!(sent.is_ok_and(|status| status.success()), "{} takes no {signal}", self.name);
    }

    /// Its id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The child itself, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Ends it as a power cut would, and waits until it is gone.
    pub fn kill(&mut self) {
        // It may be gone already.
        drop(self.child.kill());
        drop(self.child.wait());
    }

    /// Fails the test when the program has ended by itself.
    pub fn must_run(&mut self) {
        if let Ok(Some(status)) = self.child.try_wait() {
            panic!("{} ended by itself: {status}", self.name);
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.kill();
    }
}

/// How long anything may take before a test gives up: generous, for busy machines.
pub fn patience() -> Duration {
    let seconds = std::env::var("FIELDCHART_PATIENCE_S").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(40))
}

/// Asks again and again until there is an answer, and gives it; `what` is said when there is none.
pub fn wait_for<T>(what: &str, mut ask: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(answer) = ask() {
            return answer;
        }
        let waited = started.elapsed();
        assert!(waited < patience(), "waited {} s for {what}", waited.as_secs());
        std::thread::sleep(Duration::from_millis(25));
    }
}

/// Ends a process that is not our child, as a power cut would, and waits until it is gone.
#[cfg(unix)]
pub fn kill_hard(id: u32) {
    let id = id.to_string();
    // It may be gone already.
    drop(Command::new("kill").args(["-9", &id]).stderr(Stdio::null()).status());
    wait_for("a killed process to be gone", || (!lives(&id)).then_some(()));
}

/// Ends the process of a program, where it does not end by itself already, and waits until it holds
/// nothing any more.
#[cfg(target_os = "linux")]
pub fn end(id: u32, program: &std::path::Path) {
    if runs(id, program) {
        return kill_hard(id);
    }
    // One that ends has given up its program before its files. Another may have its number by then.
    let is_other = || std::fs::read_link(format!("/proc/{id}/exe")).is_ok();
    wait_for("a program to end", || (is_other() || !lives(&id.to_string())).then_some(()));
}

/// Whether a process runs a program; also where the program's file was replaced meanwhile.
#[cfg(target_os = "linux")]
pub fn runs(id: u32, program: &std::path::Path) -> bool {
    let Ok(program) = std::fs::canonicalize(program) else { return false };
    let exe = std::fs::read_link(format!("/proc/{id}/exe"));
    exe.is_ok_and(|exe| exe.to_string_lossy().starts_with(&*program.to_string_lossy()))
}

/// The process of program `program` that process `parent` has started.
#[cfg(target_os = "linux")]
pub fn child_of(parent: u32, program: &std::path::Path) -> Option<u32> {
    let program = std::fs::canonicalize(program).ok()?;
    let folders = std::fs::read_dir("/proc").ok()?.filter_map(Result::ok);
    let mut ids = folders.filter_map(|folder| folder.file_name().to_str()?.parse::<u32>().ok());
    ids.find(|id| {
        let runs = std::fs::read_link(format!("/proc/{id}/exe")).is_ok_and(|exe| exe == program);
        runs && parent_of(*id) == Some(parent)
    })
}

#[cfg(target_os = "linux")]
fn parent_of(id: u32) -> Option<u32> {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
}

/// Whether a process runs, by any of its threads: the first may be over before the others. One that
/// only waits to be counted does not.
#[cfg(unix)]
fn lives(id: &str) -> bool {
    let runs = |folder: &std::path::Path| {
        let status = std::fs::read_to_string(folder.join("status"));
        status.is_ok_and(|status| !status.contains("State:\tZ") && !status.contains("State:\tX"))
    };
    let threads = std::fs::read_dir(format!("/proc/{id}/task")).into_iter().flatten().flatten();
    threads.into_iter().any(|thread| runs(&thread.path()))
}
