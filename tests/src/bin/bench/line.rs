//! Sync on lines that are slow, far and lose packets: what a rural clinic waits for.
//!
//! The line is laid by hand (`tests::line`), the programs at its ends are those that are given to
//! users, the charts those of `cargo xtask bench sync`.

use crate::{
    bare_tcp::{self, Way},
    outcome::Outcome,
    places::Places,
    row::{Row, Verdict, holds},
};
use ::tests::line::{Line, NEAR, Quality};
use ::tests::{computer::Computer, programs};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// Who records, and the password of nobody, as `fieldchart bench-sync` has them.
const AUTHOR: &str = "dr-07";
const PASSWORD: &str = "nobody here is real";

/// Charts, each edited ten times.
const CHARTS: u32 = 1000;
/// They go up and come down so often, for the median.
const RUNS: u32 = 5;
/// So many where the program is killed: it takes minutes.
const CHARTS_KILLED: u32 = 4000;
/// The same for a computer that was away for 90 days.
const CHARTS_AWAY: u32 = 5000;
const DAYS_AWAY: u32 = 90;
/// The others exchange so often meanwhile, a few days apart.
const EXCHANGES: u32 = 30;
/// So many edits of a chart are made at one time, and go out together.
const TOGETHER: u32 = 5;
/// Charts in which the computer that is away records something itself.
const OWN: u32 = 500;
/// It records at so many times.
const OWN_TIMES: u32 = 10;

/// 256 kbit/s over a satellite, without a loss.
const AWAY: Quality =
    Quality { bits_a_second: 256_000, delay: Duration::from_millis(300), lost_of_1000: 0 };

const TARGET: &str = "≤ 1.3 x bytes ÷ bandwidth";
const TARGET_KILLED: &str = "ends, killed 3 times and more";
/// A push that was killed less often says nothing of pushes that are.
const KILLS_MIN: u32 = 3;
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

/// Ten edits of each chart go up, and come down at the other computer; several times, of which the
/// median is told.
fn once_over(line: &Line, folder: &Path) -> Outcome<Vec<Row>> {
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        runs.push(up_and_down(line, folder)?);
    }
    let ups = runs.iter().map(|(up, _)| *up).collect();
    let downs = runs.iter().map(|(_, down)| *down).collect();
    let mut rows = Vec::new();
    for (way, of) in [(Way::Up, ups), (Way::Down, downs)] {
        let (went, spread) = median(of).ok_or("no run")?;
        let what = format!(
            "{} edits {} a line of 64 kbit/s, 600 ms there and back, one packet of 20 lost",
            CHARTS * 10,
            way.word()
        );
        let also = format!("{} packets lost; median of {RUNS} runs, {spread}", went.lost);
        rows.push(row(what, (went.seconds, went.bytes, Quality::BAD), &also));
        rows.push(bare(line, way, went.bytes)?);
    }
    Ok(rows)
}

/// What went over the line in a step.
#[derive(Clone, Copy)]
struct Went {
    seconds: f64,
    bytes: u64,
    lost: u64,
}

impl Went {
    /// How many times longer it took than the bytes take on the line.
    fn ratio(&self) -> f64 {
        ratio(self.seconds, self.bytes, Quality::BAD)
    }
}

/// Up, and down.
fn up_and_down(line: &Line, folder: &Path) -> Outcome<(Went, Went)> {
    line.become_like(Quality::GOOD);
    let clinic = Clinic::begin(line, folder, CHARTS, "0")?;
    clinic.step("seed", "a")?;
    clinic.step("bootstrap", "b")?;
    line.become_like(Quality::BAD);
    let step = |step, store| -> Outcome<Went> {
        let (before, lost) = (line.sent(), line.lost());
        let seconds = clinic.step(step, store)?;
        let after = line.sent();
        let bytes = (after.0 - before.0).max(after.1 - before.1);
        Ok(Went { seconds, bytes, lost: line.lost() - lost })
    };
    Ok((step("edit-push", "a")?, step("pull", "b")?))
}

/// The run in the middle, and the least and the most in words.
fn median(mut runs: Vec<Went>) -> Option<(Went, String)> {
    runs.sort_by(|a, b| a.ratio().total_cmp(&b.ratio()));
    let (least, most) = (runs.first()?.ratio(), runs.last()?.ratio());
    let spread = format!("{least:.2} to {most:.2} x");
    Some((*runs.get(runs.len() / 2)?, spread))
}

/// As many bytes by TCP alone.
fn bare(line: &Line, way: Way, bytes: u64) -> Outcome<Row> {
    let before = line.lost();
    let seconds = bare_tcp::seconds(line, way, bytes)?;
    let (figure, _) =
        told((seconds, bytes, Quality::BAD), &format!("{} packets lost", line.lost() - before));
    let what = format!("as many bytes {} the same line by TCP alone, in one piece", way.word());
    Ok(Row::plain(what, figure))
}

/// Edits go up while the program is killed every twenty seconds.
fn killed(line: &Line, folder: &Path) -> Outcome<Row> {
    line.become_like(Quality::GOOD);
    let clinic = Clinic::begin(line, folder, CHARTS_KILLED, "0")?;
    clinic.step("seed", "a")?;
    let port = clinic.port.clone();
    drop(clinic);
    // With no server there the edits are recorded, and wait.
    let (charts, folder) = (CHARTS_KILLED, folder.to_path_buf());
    let alone = Clinic { server: None, folder, line, charts, port };
    if alone.step("edit-push", "a").is_ok() {
        return Err("the edits went out with no server there".into());
    }
    let clinic = Clinic::begin(line, &alone.folder, charts, &alone.port)?;
    line.become_like(Quality::BAD);
    let computer =
        Computer::new("a", alone.folder.join("a")).used_by(AUTHOR).with_password(PASSWORD);
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
    let what = format!("{} edits up the same line, the program killed every 20 s", charts * 10);
    Ok(killed_row(&what, figure, lives - 1))
}

/// It came to its end; whether it was killed often enough for that to say something.
fn killed_row(what: &str, figure: (f64, u64, Quality), kills: u32) -> Row {
    let (figure, _) = told(figure, &format!("{kills} times killed"));
    if kills < KILLS_MIN {
        let why = format!("not measured: {figure}, which is too seldom");
        return Row::absent(what, &why, TARGET_KILLED);
    }
    Row::new(what, figure, TARGET_KILLED, Verdict::Holds)
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

/// Ninety days of a clinic come to a computer that was away, and what it recorded meanwhile goes up.
fn away(line: &Line, folder: &Path) -> Outcome<Row> {
    line.become_like(Quality::GOOD);
    let clinic = Clinic::begin(line, folder, CHARTS_AWAY, "0")?;
    clinic.step("seed", "a")?;
    clinic.step("bootstrap", "b")?;
    for exchange in 0..EXCHANGES {
        let now = turn(exchange, EXCHANGES);
        clinic.do_step("edit-push", "a", CHARTS_AWAY, &now)?;
        if exchange % (EXCHANGES / OWN_TIMES) == 0 {
            let now = turn(exchange / (EXCHANGES / OWN_TIMES), OWN_TIMES);
            clinic.do_step("edit-away", "b", OWN, &now)?;
        }
    }
    line.become_like(AWAY);
    let before = line.sent();
    let done = clinic.do_step("pull", "b", CHARTS_AWAY, &["--drawn".to_owned()])?;
    let after = line.sent();
    let went = batches(&done.note).ok_or_else(|| format!("pull: {}", done.note))?;
    if went.0 == 0 || went.1 == 0 {
        return Err(format!("not both ways were gone: {}", done.note).into());
    }
    let what = format!(
        "{} edits of others in {CHARTS_AWAY} charts, {TOGETHER} of a chart at a time, made within \
         {DAYS_AWAY} days and {EXCHANGES} exchanges, come to a computer that was away, and {OWN} of its \
         own go up, at 256 kbit/s and 600 ms there and back",
        CHARTS_AWAY * 10
    );
    let bytes = (after.1 - before.1).max(after.0 - before.0);
    let also = format!("{} envelopes down, {} up", went.0, went.1);
    let (figure, _) = told((done.seconds, bytes, AWAY), &also);
    Ok(Row::new(what, figure, TARGET_AWAY, holds(done.seconds <= 120.0)))
}

/// How a computer is told which of the exchanges it is at, and what day that was.
fn turn(exchange: u32, exchanges: u32) -> Vec<String> {
    let ago = DAYS_AWAY - exchange * DAYS_AWAY / exchanges;
    let words = [
        ("--ago", ago),
        ("--exchanges", exchanges),
        ("--exchange", exchange),
        ("--together", TOGETHER),
    ];
    let words = words.iter().flat_map(|(word, number)| [(*word).to_owned(), number.to_string()]);
    words.chain(["--drawn".to_owned()]).collect()
}

/// The batches that came and went, as `pull` tells them.
fn batches(note: &str) -> Option<(u32, u32)> {
    let (received, sent) = note.strip_prefix("batches received ")?.split_once(", sent ")?;
    Some((received.parse().ok()?, sent.parse().ok()?))
}

fn row(what: String, figure: (f64, u64, Quality), also: &str) -> Row {
    let (figure, ratio) = told(figure, also);
    Row::new(what, figure, TARGET, holds(ratio <= 1.3))
}

/// Seconds and bytes in words, and how many times longer it took than the bytes take on the line.
fn told((seconds, bytes, line): (f64, u64, Quality), also: &str) -> (String, f64) {
    let ratio = ratio(seconds, bytes, line);
    let kib = bytes.div_ceil(1024);
    let also = if also.is_empty() { String::new() } else { format!("; {also}") };
    (format!("{seconds:.0} s for {kib} KiB, {ratio:.2} x bytes ÷ bandwidth{also}"), ratio)
}

fn ratio(seconds: f64, bytes: u64, line: Quality) -> f64 {
    let takes = Duration::from_millis(bytes.saturating_mul(8000) / line.bits_a_second);
    seconds / takes.as_secs_f64()
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

    /// Does a step of the measurement of sync, in which all charts are edited; its seconds.
    fn step(&self, step: &str, store: &str) -> Outcome<f64> {
        Ok(self.do_step(step, store, self.charts, &[])?.seconds)
    }

    /// Does a step of the measurement of sync.
    fn do_step(&self, step: &str, store: &str, edited: u32, words: &[String]) -> Outcome<Done> {
        let mut command = through(&self.line.far(), &programs::cli())?;
        let (server, charts) = (format!("{NEAR}:{}", self.port), self.charts.to_string());
        command.args(["bench-sync", step]).arg(self.folder.join(store));
        let output = command.args([server, charts, edited.to_string()]).args(words).output()?;
        let answer = String::from_utf8_lossy(&output.stdout).into_owned();
        let answer: Value = serde_json::from_str(&answer)
            .map_err(|_| format!("{step}: {}", String::from_utf8_lossy(&output.stderr)))?;
        if answer.get("ok") != Some(&Value::Bool(true)) {
            return Err(format!("{step} did not come to its end: {answer}").into());
        }
        let seconds = answer.get("wall_s").and_then(Value::as_f64);
        let seconds = seconds.ok_or_else(|| format!("{step}: {answer}"))?;
        let note = answer.get("note").and_then(Value::as_str).unwrap_or_default().to_owned();
        Ok(Done { seconds, note })
    }
}

/// What came of a step.
struct Done {
    seconds: f64,
    note: String,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_push_that_was_hardly_killed_says_nothing() {
        let row = |kills| killed_row("a push", (100.0, 800_000, Quality::BAD), kills).to_markdown();
        assert!(row(3).contains("3 times killed") && row(3).contains("| holds |"), "{}", row(3));
        assert!(
            row(2).contains("| not measured: 100 s") && !row(2).contains("holds"),
            "{}",
            row(2)
        );
    }

    #[test]
    fn the_run_in_the_middle_is_told() {
        let went = |seconds| Went { seconds, bytes: 8000, lost: 0 };
        let (middle, spread) = median([1.3, 1.1, 2.0].map(went).into()).unwrap();
        assert_eq!((middle.seconds, spread.as_str()), (1.3, "1.10 to 2.00 x"));
        assert!(median(Vec::new()).is_none());
    }

    #[test]
    fn the_days_and_the_batches_are_told() {
        let ago = |exchange, of| turn(exchange, of)[1].clone();
        assert_eq!([ago(0, 30), ago(1, 30), ago(29, 30), ago(9, 10)], ["90", "87", "3", "9"]);
        assert_eq!(batches("batches received 10000, sent 500"), Some((10_000, 500)));
        assert_eq!(batches("local edits 1 s"), None);
    }
}
