//! A computer of a clinic, worked through `fieldchart` alone: one process for each command.

use std::ffi::OsStr;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

use crate::programs;
use crate::scene::Scene;

/// The password of everyone in these tests.
pub const PASSWORD: &str = "a quiet morning in the clinic";

/// A computer and the folder of its store.
#[derive(Debug, Clone)]
pub struct Computer {
    store: PathBuf,
    name: String,
    password: String,
    /// What else is in its programs' environment: by itself, what keeps them from any keyring and
    /// makes a guess of a password as cheap as it may be.
    variables: Vec<(&'static str, String)>,
    /// What its programs are started through; nothing by itself.
    through: Vec<String>,
}

/// What a command answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The exit code; `None` when a signal ended the process.
    pub code: Option<i32>,
    /// Standard output.
    pub out: String,
    /// Standard error.
    pub err: String,
}

impl Computer {
    /// A computer whose store is, or will be, in `store`; `name` is what others know it by.
    pub fn new(name: &str, store: impl Into<PathBuf>) -> Self {
        let variables = [("FIELDCHART_KEYRING", "none"), ("FIELDCHART_STRETCHING", "floor")];
        let variables = variables.map(|(name, value)| (name, value.to_owned())).to_vec();
        let (store, name) = (store.into(), name.to_owned());
        Self { store, name, password: PASSWORD.to_owned(), variables, through: Vec::new() }
    }

    /// The computer `name` of a scene, without a window.
    pub fn of(scene: &Scene, name: &str) -> Self {
        Self::new(name, scene.store(name))
    }

    /// The computer `name` of a scene, with the clinic `Lakeside` made on it; no server is set.
    pub fn founded(scene: &Scene, name: &str) -> Self {
        let computer = Self::of(scene, name);
        computer.found_clinic(None);
        computer
    }

    /// The same computer, whose programs are started through these words, as at the end of a line.
    pub fn through(&self, words: Vec<String>) -> Self {
        Self { through: words, ..self.clone() }
    }

    /// The same computer, set to a time zone as `TZ` writes it.
    pub fn in_zone(&self, zone: &str) -> Self {
        let mut there = self.clone();
        there.variables.push(("TZ", zone.to_owned()));
        there
    }

    /// The same computer, used by the person of this name.
    pub fn used_by(&self, user_name: &str) -> Self {
        let mut theirs = self.clone();
        theirs.variables.push(("FIELDCHART_USER", user_name.to_owned()));
        theirs
    }

    /// The same computer, used by someone with another password.
    pub fn with_password(&self, password: &str) -> Self {
        Self { password: password.to_owned(), ..self.clone() }
    }

    /// The same computer, where whoever sets a password sets this one.
    pub fn with_new_password(&self, password: &str) -> Self {
        let mut there = self.clone();
        there.variables.push(("FIELDCHART_NEW_PASSWORD", password.to_owned()));
        there
    }

    /// The same computer with a keyring: the one these variables lead to, else that of the session
    /// the tests run in.
    pub fn with_keyring(
        &self,
        variables: impl IntoIterator<Item = (&'static str, String)>,
    ) -> Self {
        Self { variables: variables.into_iter().collect(), ..self.clone() }
    }

    /// The folder of the store.
    pub fn store(&self) -> &Path {
        &self.store
    }

    /// Makes the clinic `Lakeside` with its admin `ana`; answers the whole reply.
    pub fn found_clinic(&self, server: Option<&str>) -> Value {
        let words = ["clinic", "create", "--name", "Lakeside"];
        let person = ["--admin", "ana", "--full-name", "Dr Ana Reyes"];
        let server = server.map(|server| ["--server", server]);
        let words: Vec<&str> =
            words.into_iter().chain(person).chain(server.into_iter().flatten()).collect();
        self.json(&words)
    }

    /// Joins a clinic by its code.
    pub fn join(&self, code: &str) -> Value {
        self.json(&["clinic", "join", "--code", code, "--device-name", &self.name])
    }

    /// Gives somebody a role and a first password.
    pub fn add_person(&self, user_name: &str, role: &str, name: &str, password: &str) {
        let words = ["user", "add", user_name, "--role", role, "--name", name];
        self.with_new_password(password).json(&words);
    }

    /// Registers a patient and answers the id.
    pub fn register(&self, draft: &Value) -> String {
        let reply = self.record("patient", None, draft);
        text(&reply, "/patient")
    }

    /// Records something, and answers the reply.
    pub fn record(&self, kind: &str, patient: Option<&str>, draft: &Value) -> Value {
        let answer = self.try_record(kind, patient, &draft.to_string());
        answer.value(&format!("record {kind}"))
    }

    /// Tries to record what stands on standard input.
    pub fn try_record(&self, kind: &str, patient: Option<&str>, input: &str) -> Answer {
        let patient = patient.map(|patient| ["--patient", patient]);
        let words = ["--json", "record", kind].into_iter().chain(patient.into_iter().flatten());
        self.run_with(&words.collect::<Vec<_>>(), input.as_bytes())
    }

    /// Runs a command that must succeed, and answers its JSON.
    pub fn json(&self, words: &[&str]) -> Value {
        let words: Vec<&str> = std::iter::once("--json").chain(words.iter().copied()).collect();
        self.run(&words).value(&words.join(" "))
    }

    /// Runs a command that must fail, checks how it says so, and answers the code of the error.
    pub fn refused(&self, words: &[&str]) -> String {
        let words: Vec<&str> = std::iter::once("--json").chain(words.iter().copied()).collect();
        self.run(&words).refusal(&words.join(" "))
    }

    /// Runs a command without input.
    pub fn run<W: AsRef<OsStr>>(&self, words: &[W]) -> Answer {
        self.run_with(words, b"")
    }

    /// Runs a command with its standard input.
    pub fn run_with<W: AsRef<OsStr>>(&self, words: &[W], input: &[u8]) -> Answer {
        let mut command = self.command();
        command.args(words).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Answer::of(feed(command.spawn().expect("fieldchart starts"), input))
    }

    /// The program, with the store and password of this computer and nothing else of ours.
    pub fn command(&self) -> Command {
        let Some((first, rest)) = self.through.split_first() else {
            return self.wrapped(Command::new(programs::cli()));
        };
        let mut command = Command::new(first);
        command.args(rest).arg(programs::cli());
        self.wrapped(command)
    }

    /// A command that ends in the program, such as `prlimit --fsize=1 fieldchart`, with the store
    /// and password of this computer.
    pub fn wrapped(&self, mut command: Command) -> Command {
        for ours in ["STORE", "USER", "NEW_PASSWORD", "KEYRING", "LAN", "PEERS", "DRIVES"] {
            command.env_remove(format!("FIELDCHART_{ours}"));
        }
        command.env("FIELDCHART_PASSWORD", &self.password);
        command.envs(self.variables.iter().map(|(name, value)| (*name, value)));
        command.env("HOSTNAME", &self.name).arg("--store").arg(&self.store);
        command
    }

    /// Checks the store to the end, and answers what the check counted.
    pub fn must_be_sound(&self) -> Value {
        let report = self.json(&["check"]);
        assert_eq!(report.pointer("/sound"), Some(&Value::Bool(true)), "{report}");
        report
    }

    /// A patient's chart as `chart` shows it.
    pub fn chart(&self, patient: &str) -> Value {
        self.json(&["chart", patient])
    }

    /// Copies the store to an empty or missing folder; its program must not run.
    pub fn copy_to(&self, folder: &Path) {
        copy_flat(&self.store, folder);
    }

    /// Puts a copy in the place of the store.
    pub fn put_back(&self, folder: &Path) {
        std::fs::remove_dir_all(&self.store).expect("the old store goes");
        copy_flat(folder, &self.store);
    }
}

impl Answer {
    /// What a process left behind.
    pub fn of(output: Output) -> Self {
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the program writes UTF-8");
        Self { code: output.status.code(), out: text(output.stdout), err: text(output.stderr) }
    }

    /// The JSON of a command that succeeded: one value on one line, and nothing on standard error.
    pub fn value(&self, what: &str) -> Value {
        assert_eq!((self.code, self.err.as_str()), (Some(0), ""), "{what}: {self:?}");
        assert_eq!(self.out.lines().count(), 1, "{what}: one line: {self:?}");
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{what}: {error}: {self:?}"))
    }

    /// The code of a command that failed: exit code 1 and one line of JSON on standard error,
    /// with a sentence for people in it.
    pub fn refusal(&self, what: &str) -> String {
        let error = self.error(what);
        let detail = text(&error, "/detail");
        assert!(detail.contains(' ') && detail.ends_with(['.', ')']), "{what}: {detail}");
        text(&error, "/code")
    }

    /// The error of a command that failed.
    pub fn error(&self, what: &str) -> Value {
        assert_eq!(self.code, Some(1), "{what}: {self:?}");
        assert_eq!(self.err.lines().count(), 1, "{what}: one line: {self:?}");
        serde_json::from_str(&self.err).unwrap_or_else(|error| panic!("{what}: {error}: {self:?}"))
    }
}

/// The text at a place of a JSON value.
pub fn text(value: &Value, at: &str) -> String {
    let found = value.pointer(at).and_then(Value::as_str);
    found.unwrap_or_else(|| panic!("no text at {at} of {value}")).to_owned()
}

/// The number at a place of a JSON value.
pub fn number(value: &Value, at: &str) -> u64 {
    let found = value.pointer(at).and_then(Value::as_u64);
    found.unwrap_or_else(|| panic!("no number at {at} of {value}"))
}

/// The list at a place of a JSON value; empty where there is none.
pub fn list(value: &Value, at: &str) -> Vec<Value> {
    value.pointer(at).and_then(Value::as_array).cloned().unwrap_or_default()
}

/// Writes a child's input and waits for its end. One that ends without reading is no fault.
fn feed(mut child: Child, input: &[u8]) -> Output {
    let mut pipe = child.stdin.take().expect("a pipe to the program");
    let input = input.to_vec();
    let writing = std::thread::spawn(move || drop(pipe.write_all(&input)));
    let output = child.wait_with_output().expect("the program ends");
    writing.join().expect("its input was written");
    output
}

fn copy_flat(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder for a copy");
    for entry in std::fs::read_dir(from).expect("a store").map(|entry| entry.expect("a file")) {
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("a file is copied");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(code: i32, out: &str, err: &str) -> Answer {
        Answer { code: Some(code), out: out.to_owned(), err: err.to_owned() }
    }

    #[test]
    fn answers_are_read_strictly() {
        assert_eq!(answer(0, "{\"a\":1}\n", "").value("x").pointer("/a"), Some(&Value::from(1)));
        let error = "{\"code\":\"invalid\",\"detail\":\"Not so.\"}\n";
        assert_eq!(answer(1, "", error).refusal("x"), "invalid");
        for bad in [answer(0, "{}\n{}\n", ""), answer(0, "{}\n", "warning\n"), answer(1, "", "")] {
            assert!(std::panic::catch_unwind(|| bad.value("x")).is_err(), "{bad:?}");
        }
        for bad in [answer(2, "", error), answer(1, "", "plain words\n")] {
            assert!(std::panic::catch_unwind(|| bad.refusal("x")).is_err(), "{bad:?}");
        }
    }
}
