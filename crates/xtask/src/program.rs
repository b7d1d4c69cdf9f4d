//! Running other programs: shown, silently, or for their answer.

use std::ffi::{OsStr, OsString};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::failure::{Failure, Outcome};

/// A program to run, with its arguments and surroundings.
#[derive(Debug)]
pub(crate) struct Program {
    name: String,
    command: Command,
}

/// What a program that was listened to said.
#[derive(Debug, Default)]
pub(crate) struct Heard {
    /// Whether it ended well.
    pub(crate) succeeded: bool,
    /// Every line of both its outputs, each output in its own order.
    pub(crate) lines: Vec<String>,
}

impl Program {
    /// A program by name or path.
    pub(crate) fn new(name: impl AsRef<OsStr>) -> Self {
        let name = name.as_ref();
        let shown = Path::new(name).file_name().unwrap_or(name).to_string_lossy().into_owned();
        Self { name: shown, command: Command::new(name) }
    }

    /// The cargo that runs us. It is not told of the package it runs us from: what heeds these
    /// variables (ring's build script) would be built anew whenever a task and a plain `cargo build`,
    /// or two clones, take turns.
    pub(crate) fn cargo() -> Self {
        let mut cargo = Self::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
        let names = std::env::vars_os().filter_map(|(name, _)| name.into_string().ok());
        for name in names.filter(|name| is_of_package(name)) {
            cargo.command.env_remove(name);
        }
        cargo
    }

    pub(crate) fn args<I, S>(mut self, args: I) -> Self
    where
        I: IntoIterator<Item = S>,
        S: AsRef<OsStr>,
    {
        self.command.args(args);
        self
    }

    pub(crate) fn directory(mut self, directory: &Path) -> Self {
        self.command.current_dir(directory);
        self
    }

    pub(crate) fn set(mut self, variable: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(variable, value);
        self
    }

    pub(crate) fn set_all<'a>(
        mut self,
        variables: impl IntoIterator<Item = &'a (String, OsString)>,
    ) -> Self {
        self.command.envs(variables.into_iter().map(|(name, value)| (name, value)));
        self
    }

    pub(crate) fn unset(mut self, variables: &[&str]) -> Self {
        for variable in variables {
            self.command.env_remove(variable);
        }
        self
    }

    /// Runs it in sight of the user; an unsuccessful end is a failure.
    pub(crate) fn show(mut self) -> Outcome {
        let status = self.command.status();
        match status.map(|status| status.success()) {
            Ok(true) => Ok(()),
            Ok(false) => Err(Failure::Ended { program: self.words() }),
            Err(source) => Err(Failure::Start { program: self.name, source }),
        }
    }

    /// Runs it unseen and tells whether it ended well; false also where it is not there.
    pub(crate) fn works(mut self) -> bool {
        self.command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        self.command.status().is_ok_and(|status| status.success())
    }

    /// Runs it unseen and gives what it printed.
    pub(crate) fn answer(mut self) -> Outcome<String> {
        match self.command.stdin(Stdio::null()).stderr(Stdio::inherit()).output() {
            Ok(out) if out.status.success() => {
                Ok(String::from_utf8_lossy(&out.stdout).into_owned())
            }
            Ok(_) => Err(Failure::Ended { program: self.words() }),
            Err(source) => Err(Failure::Start { program: self.name, source }),
        }
    }

    /// Runs it unseen and keeps what it says, however it ends.
    pub(crate) fn overhear(mut self) -> Outcome<Heard> {
        match self.command.stdin(Stdio::null()).output() {
            Ok(out) => {
                let said = [out.stdout, out.stderr].concat();
                let lines = String::from_utf8_lossy(&said).lines().map(str::to_owned).collect();
                Ok(Heard { succeeded: out.status.success(), lines })
            }
            Err(source) => Err(Failure::Start { program: self.name, source }),
        }
    }

    /// Runs it in sight of the user and keeps what it says.
    pub(crate) fn listen(mut self) -> Outcome<Heard> {
        self.command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let started = self.command.spawn();
        let mut child =
            started.map_err(|source| Failure::Start { program: self.name.clone(), source })?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let lines = std::thread::scope(|scope| {
            let errors = scope.spawn(|| pass_on(err, &mut std::io::stderr()));
            let mut lines = pass_on(out, &mut std::io::stdout());
            lines.extend(errors.join().unwrap_or_default());
            lines
        });
        let succeeded = child.wait().is_ok_and(|status| status.success());
        Ok(Heard { succeeded, lines })
    }

    /// The command itself, for those who keep the process.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    fn words(&self) -> String {
        let args = self.command.get_args().map(OsStr::to_string_lossy);
        std::iter::once(self.name.as_str().into()).chain(args).collect::<Vec<_>>().join(" ")
    }
}

/// Copies `from` to `to` line by line, and keeps the lines.
fn pass_on(from: Option<impl Read>, to: &mut impl Write) -> Vec<String> {
    let Some(from) = from else { return Vec::new() };
    let mut lines = Vec::new();
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line).into_owned();
        drop(writeln!(to, "{line}"));
        lines.push(line);
    }
    lines
}

/// Whether cargo says with this variable which package it runs.
fn is_of_package(variable: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|start| variable.starts_with(start))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn both_outputs_are_heard_and_the_end_is_known() {
        for hear in [Program::listen, Program::overhear] {
            let program = Program::new("sh").args(["-c", "echo out; echo err >&2; exit 3"]);
            let heard = hear(program).unwrap();
            assert_eq!(heard.lines, ["out", "err"]);
            assert!(!heard.succeeded);
        }
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = Program::new("fieldchart-no-such-program").show().unwrap_err();
        assert!(failure.to_string().starts_with("`fieldchart-no-such-program` could not"));
        assert!(!Program::new("fieldchart-no-such-program").works());
    }

    #[test]
    fn an_unsuccessful_end_names_the_words() {
        let failure = Program::new("sh").args(["-c", "exit 1"]).show().unwrap_err();
        assert_eq!(failure.to_string(), "`sh -c exit 1` did not succeed");
    }
}
