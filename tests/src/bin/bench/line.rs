//! Sync on lines that are slow, far and lose packets: what a rural clinic waits for.
//!
//! The line is laid by hand (`tests::line`), the programs at its ends are those that are given to
//! users, the charts those of `cargo xtask bench sync`.

use crate::{
    outcome::Outcome,
    places::Places,
    row::{Row, Verdict, holds},
};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use tests::line::{Line, NEAR, Quality};
use tests::{computer::Computer, programs};

/// Who records, and the password of nobody, as `fieldchart bench-sync` has them.
const AUTHOR: &str = "dr-07";
const PASSWORD: &str = "nobody here is real";

/// Charts, each edited ten times.
const CHARTS: u32 = 1000;
/// The same for a computer that was away for 90 days.
const CHARTS_AWAY: u32 = 5000;

/// 256 kbit/s over a satellite, without a loss.
const AWAY: Quality =
    Quality { bits_a_second: 256_000, delay: Duration::from_millis(300), lost_of_1000: 0 };

const TARGET: &str = "≤ 1.3 x bytes ÷ bandwidth";
const TARGET_KILLED: &str = "ends";
const TARGET_AWAY: &str = "≤ 2 min";
/// So long a session lives where it is killed again and again.
const LIFE: Duration = Duration::from_secs(20);
/// Lives after which it will never end.
const LIVES_MAX: u32 = 200;

/// Measures pushing and pulling on bad lines.
pub(crate) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let Some(line) = Line::lay(Quality::GOOD) else {
        let why = "not measured: a line is laid by root alone, with `ip` and TUN";
        return Ok(vec![Row::absent("a line of 64 kbit/s", why, TARGET)]);
    };
    let mut rows = once_over(&line, &places.own("line"))?;
    rows.push(killed(&line, &places.own("line-killed"))?);
    rows.push(away(&line, &places.own("line-away"))?);
    Ok(rows)
}

/// Ten edits of each chart go up, and come down at the other computer.
fn once_over(line: &Line, folder: &Path) -> Outcome<Vec<Row>> {
    let clinic = Clinic::begin(line, folder, CHARTS, "0")?;
    clinic.step("seed", "a")?;
    clinic.step("bootstrap", "b")?;
    line.become_like(Quality::BAD);
    let mut rows = Vec::new();
    for (step, store, what) in [("edit-push", "a", "up"), ("pull", "b", "down")] {
        let (before, lost) = (line.sent(), line.lost());
        let seconds = clinic.step(step, store)?;
        let after = line.sent();
        let bytes = (after.0 - before.0).max(after.1 - before.1);
        let lost = line.lost() - lost;
        let what = format!(
            "{} edits {what} a line of 64 kbit/s, 600 ms there and back, one packet of 20 lost",
            CHARTS * 10
        );
        rows.push(row(what, (seconds, bytes, Quality::BAD), &format!("{lost} packets lost")));
    }
    Ok(rows)
}

/// The same edits go up while the program is killed every twenty seconds.
fn killed(line: &Line, folder: &Path) -> Outcome<Row> {
    line.become_like(Quality::GOOD);
    let clinic = Clinic::begin(line, folder, CHARTS, "0")?;
    clinic.step("seed", "a")?;
    let port = clinic.port.clone();
    drop(clinic);
    // With no server there the edits are recorded, and wait.
    let alone = Clinic { server: None, folder: folder.to_path_buf(), line, charts: CHARTS, port };
    if alone.step("edit-push", "a").is_ok() {
        return Err("the edits went out with no server there".into());
    }
    let clinic = Clinic::begin(line, folder, CHARTS, &alone.port)?;
    line.become_like(Quality::BAD);
    let computer = Computer::new("a", folder.join("a")).used_by(AUTHOR).with_password(PASSWORD);
    let computer = computer.through(line.far());
    let (begun, before) = (Instant::now(), line.sent().0);
    let mut lives = 1;
    while !lived(computer.command(), LIFE)? {
        lives += 1;
        if lives > LIVES_MAX {
            return Err("a push that is killed again and again never ends".into());
        }
    }
    let figure = (begun.elapsed().as_secs_f64(), line.sent().0 - before, Quality::BAD);
    drop(clinic);
    let what = format!("{} edits up the same line, the program killed every 20 s", CHARTS * 10);
    let (figure, _) = told(figure, &format!("{} times killed", lives - 1));
    Ok(Row::new(what, figure, TARGET_KILLED, Verdict::Holds))
}

/// Lets an exchange live for so long; whether it came to its end.
fn lived(mut command: Command, life: Duration) -> Outcome<bool> {
    let mut child = command.arg("sync").stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let begun = Instant::now();
    while begun.elapsed() < life {
        if let Some(status) = child.try_wait()? {
            return Ok(status.success());
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill()?;
    child.wait()?;
    Ok(false)
}

/// Ninety days of a clinic come to a computer that was away.
fn away(line: &Line, folder: &Path) -> Outcome<Row> {
    line.become_like(Quality::GOOD);
    let clinic = Clinic::begin(line, folder, CHARTS_AWAY, "0")?;
    clinic.step("seed", "a")?;
    clinic.step("bootstrap", "b")?;
    clinic.step("edit-push", "a")?;
    line.become_like(AWAY);
    let before = line.sent().1;
    let seconds = clinic.step("pull", "b")?;
    let what = format!(
        "{} edits of others, of {CHARTS_AWAY} charts, come to a computer that was away, at 256 kbit/s and \
         600 ms there and back",
        CHARTS_AWAY * 10
    );
    let (figure, _) = told((seconds, line.sent().1 - before, AWAY), "");
    Ok(Row::new(what, figure, TARGET_AWAY, holds(seconds <= 120.0)))
}

fn row(what: String, figure: (f64, u64, Quality), also: &str) -> Row {
    let (figure, ratio) = told(figure, also);
    Row::new(what, figure, TARGET, holds(ratio <= 1.3))
}

/// Seconds and bytes in words, and how many times longer it took than the bytes take on the line.
fn told((seconds, bytes, line): (f64, u64, Quality), also: &str) -> (String, f64) {
    let takes = Duration::from_millis(bytes.saturating_mul(8000) / line.bits_a_second);
    let ratio = seconds / takes.as_secs_f64();
    let kib = bytes.div_ceil(1024);
    let also = if also.is_empty() { String::new() } else { format!("; {also}") };
    (format!("{seconds:.0} s for {kib} KiB, {ratio:.2} x bytes ÷ bandwidth{also}"), ratio)
}

/// A server at the near end, and the folders of the computers at the far one.
struct Clinic<'a> {
    server: Option<Child>,
    folder: PathBuf,
    line: &'a Line,
    charts: u32,
    port: String,
}

impl<'a> Clinic<'a> {
    /// Starts a server; with the port of an earlier one, on the same log.
    fn begin(line: &'a Line, folder: &Path, charts: u32, port: &str) -> Outcome<Self> {
        if port == "0" {
            drop(std::fs::remove_dir_all(folder));
            for name in ["server", "a", "b"] {
                std::fs::create_dir_all(folder.join(name))?;
            }
        }
        let mut command = through(&line.near(), &programs::sync_server())?;
        command.arg("bench-serve").arg(folder.join("server")).arg(format!("{NEAR}:{port}"));
        let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn()?;
        let mut told = String::new();
        BufReader::new(server.stdout.take().ok_or("no output of the server")?)
            .read_line(&mut told)?;
        let port = serde_json::from_str::<Value>(&told)?.get("port").map(Value::to_string);
        let port = port.ok_or("the server told no port")?;
        Ok(Self { server: Some(server), folder: folder.to_path_buf(), line, charts, port })
    }

    /// Does a step of the measurement of sync; its seconds.
    fn step(&self, step: &str, store: &str) -> Outcome<f64> {
        let mut command = through(&self.line.far(), &programs::cli())?;
        let (server, charts) = (format!("{NEAR}:{}", self.port), self.charts.to_string());
        command.args(["bench-sync", step]).arg(self.folder.join(store));
        let output = command.args([&server, &charts, &charts]).output()?;
        let answer = String::from_utf8_lossy(&output.stdout).into_owned();
        let answer: Value = serde_json::from_str(&answer)
            .map_err(|_| format!("{step}: {}", String::from_utf8_lossy(&output.stderr)))?;
        if answer.get("ok") != Some(&Value::Bool(true)) {
            return Err(format!("{step} did not come to its end: {answer}").into());
        }
        answer
            .get("wall_s")
            .and_then(Value::as_f64)
            .ok_or_else(|| format!("{step}: {answer}").into())
    }
}

impl Drop for Clinic<'_> {
    fn drop(&mut self) {
        if let Some(mut server) = self.server.take() {
            drop(server.kill());
            drop(server.wait());
        }
    }
}

fn through(words: &[String], program: &Path) -> Outcome<Command> {
    let (first, rest) = words.split_first().ok_or("no end of the line")?;
    let mut command = Command::new(first);
    command.args(rest).arg(program);
    Ok(command)
}
