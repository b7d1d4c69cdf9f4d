//! A process that ends when its value goes.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Outcome};
use crate::program::Program;

/// How long anything here may take to be ready, in seconds: a busy machine is slow.
const LIMIT_S: u64 = 60;

/// A child process, killed and waited for on drop.
#[derive(Debug)]
pub(crate) struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// Starts a program that says on its first line of standard output that it is ready.
pub(crate) fn start_and_read_line(
    program: Program,
    what: &'static str,
) -> Outcome<(Running, String)> {
    let (mut running, _) = start(program, what, "")?;
    let Some(out) = running.0.stdout.take() else {
        return Err(Failure::Late { what, limit_s: LIMIT_S });
    };
    let (send, receive) = mpsc::channel();
    // The thread ends with the process's output.
    std::thread::spawn(move || {
        let mut lines = BufReader::new(out);
        let mut line = String::new();
        if lines.read_line(&mut line).is_ok() {
            drop(send.send(line.trim().to_owned()));
        }
        drop(lines.read_to_end(&mut Vec::new()));
    });
    let line = receive.recv_timeout(Duration::from_secs(LIMIT_S));
    match line {
        Ok(line) if !line.is_empty() => Ok((running, line)),
        Ok(_) | Err(_) => Err(Failure::Late { what, limit_s: LIMIT_S }),
    }
}

/// Starts a program, gives it a line to read, and waits until `ready` says so.
pub(crate) fn start_and_wait(
    program: Program,
    what: &'static str,
    line: &str,
    ready: impl Fn() -> bool,
) -> Outcome<Running> {
    let (running, started) = start(program, what, line)?;
    while started.elapsed().as_secs() < LIMIT_S {
        if ready() {
            return Ok(running);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    Err(Failure::Late { what, limit_s: LIMIT_S })
}

fn start(program: Program, what: &'static str, line: &str) -> Outcome<(Running, Instant)> {
    let mut command = program.into_command();
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let started = command.spawn();
    let mut child =
        started.map_err(|source| Failure::Start { program: what.to_owned(), source })?;
    if let Some(mut input) = child.stdin.take() {
        // One that does not read is not ready later either, and is reported then.
        drop(input.write_all(line.as_bytes()));
    }
    Ok((Running(child), Instant::now()))
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_is_read_while_the_program_goes_on() {
        let program = Program::new("sh").args(["-c", "echo :7; exec sleep 600"]);
        let (running, line) = start_and_read_line(program, "a shell").unwrap();
        assert_eq!(line, ":7");
        let id = running.0.id();
        drop(running);
        assert!(!Program::new("kill").args(["-0", &id.to_string()]).works(), "{id} lives on");
    }

    #[test]
    fn a_program_that_says_nothing_and_ends_is_not_ready() {
        let failure = start_and_read_line(Program::new("true"), "nothing").unwrap_err();
        assert!(failure.to_string().starts_with("nothing was not ready"), "{failure}");
    }
}
