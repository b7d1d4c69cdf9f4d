//! Clinical cases from outside, answered by the code the application uses.

use crate::arguments::Suite;
use crate::failure::Failure;
use api::{ApiError, ErrorCode};
use app::diagnosis;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::io::{self, Read as _, Write as _};
use std::{fs::File, path::Path, time::Instant};

/// No more than this is read.
const INPUT_MAX: u64 = 256 << 20;
/// So many codes answer a query.
const CODES_MAX: usize = 10;

/// A query to find codes for.
#[derive(Debug, Deserialize)]
struct Query {
    case: Value,
    #[serde(default)]
    query: Option<String>,
}

/// The codes that were found, best first; `null` where nothing was asked.
#[derive(Debug, Serialize)]
struct Codes {
    case: Value,
    codes: Option<Vec<String>>,
    micros: Option<u64>,
}

/// Answers every case, one a line, in the order of the input.
pub(super) fn run(suite: Suite, input: &Path) -> Result<(), Failure> {
    let Suite::IcdSearch = suite;
    let text = read(input)?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let parsed = lines.map(|(at, line)| {
        serde_json::from_str(line)
            .map_err(|_| Failure::Usage(format!("line {} of the input is no case", at + 1)))
    });
    let cases: Vec<Query> = parsed.collect::<Result<_, _>>()?;
    diagnosis::warm();
    let mut answers = String::new();
    for case in cases {
        answers.push_str(&serde_json::to_string(&found(case)).unwrap_or_default());
        answers.push('\n');
    }
    let mut out = io::stdout().lock();
    out.write_all(answers.as_bytes()).and_then(|()| out.flush()).map_err(|_| {
        Failure::Failed(ApiError::new(ErrorCode::DiskFull, "The answers could not be written."))
    })
}

fn found(Query { case, query }: Query) -> Codes {
    let Some(query) = query else { return Codes { case, codes: None, micros: None } };
    let began = Instant::now();
    let found = diagnosis::find(&query, CODES_MAX);
    let micros = u64::try_from(began.elapsed().as_micros()).ok();
    Codes { case, codes: Some(found.into_iter().map(|found| found.code).collect()), micros }
}

fn read(input: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = match input.to_str() {
        Some("-") => io::stdin().lock().take(INPUT_MAX).read_to_string(&mut text),
        _ => File::open(input).and_then(|file| file.take(INPUT_MAX).read_to_string(&mut text)),
    };
    let unread = |_| Failure::Usage(format!("{} cannot be read", input.display()));
    read.map_err(unread)?;
    Ok(text)
}
