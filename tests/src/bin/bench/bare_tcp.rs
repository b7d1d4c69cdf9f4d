//! Bytes over a line by TCP alone, in one piece: what no program that uses TCP on it can beat.

use crate::outcome::Outcome;
use ::tests::line::{FAR, Line, NEAR};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::time::Instant;

/// The first word of an end of such a transfer, for which this program is started at that end of a line.
pub(crate) const WORD: &str = "bare-tcp";

/// Which way bytes go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// From the computers to the server.
    Up,
    /// From the server to the computers.
    Down,
}

impl Way {
    /// In a word.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Up => "up",
            Self::Down => "down",
        }
    }
}

/// How long so many bytes take, in seconds, until who sent them is told that all are there.
pub(crate) fn seconds(line: &Line, way: Way, bytes: u64) -> Outcome<f64> {
    let (taker, at, giver) = match way {
        Way::Up => (line.near(), NEAR, line.far()),
        Way::Down => (line.far(), FAR, line.near()),
    };
    let mut taker = started(&taker, &["take", &format!("{at}:0")])?.spawn()?;
    let mut address = String::new();
    BufReader::new(taker.stdout.take().ok_or("no output")?).read_line(&mut address)?;
    let told = started(&giver, &["give", address.trim(), &bytes.to_string()])?.output()?;
    if !told.status.success() {
        taker.kill()?;
    }
    taker.wait()?;
    Ok(String::from_utf8_lossy(&told.stdout).trim().parse()?)
}

fn started(end: &[String], words: &[&str]) -> Outcome<Command> {
    let (first, rest) = end.split_first().ok_or("no end of the line")?;
    let mut command = Command::new(first);
    command.args(rest).arg(std::env::current_exe()?).arg(WORD).args(words);
    command.stdout(Stdio::piped());
    Ok(command)
}

/// Does what an end is started for: `take ADDRESS` tells where it listens and takes one transfer,
/// `give ADDRESS BYTES` gives one and tells the seconds.
#[allow(clippy::print_stdout, reason = "the other end waits for it")]
pub(crate) fn end(words: &[String]) -> Outcome {
    match words {
        [take, address] if take == "take" => {
            let listener = TcpListener::bind(address)?;
            println!("{}", listener.local_addr()?);
            let (mut stream, _) = listener.accept()?;
            std::io::copy(&mut stream, &mut std::io::sink())?;
            Ok(stream.write_all(&[1])?)
        }
        [give, address, bytes] if give == "give" => {
            let begun = Instant::now();
            let mut stream = TcpStream::connect(address)?;
            let sent = std::io::copy(&mut std::io::repeat(0x5a).take(bytes.parse()?), &mut stream)?;
            stream.shutdown(Shutdown::Write)?;
            stream.read_exact(&mut [0])?;
            println!("{}", begun.elapsed().as_secs_f64());
            if sent.to_string() == *bytes { Ok(()) } else { Err("not all was sent".into()) }
        }
        _ => Err("an end of a transfer takes or gives".into()),
    }
}
