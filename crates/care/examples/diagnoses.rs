//! Measures the search of diagnoses: how long the index takes to make and to ask, and what it
//! finds. Queries come from standard input, one a line; `--tell` prints what each finds.
#![allow(clippy::print_stdout, clippy::expect_used, reason = "a tool run by hand")]

use care::diagnosis;
use std::time::Instant;

fn main() {
    let tell = std::env::args().any(|argument| argument == "--tell");
    let began = Instant::now();
    diagnosis::warm();
    println!("index made in {:?}", began.elapsed());
    let mut times = Vec::new();
    for query in std::io::stdin().lines() {
        let query = query.expect("queries are read from standard input");
        let began = Instant::now();
        let found = diagnosis::find(&query, 10);
        times.push(began.elapsed());
        if tell {
            println!("{query}");
            for it in found {
                println!("    {:9} {:?}  {}", it.code, it.matched, it.display);
            }
        }
    }
    times.sort_unstable();
    let at = |part: usize| times.get(times.len() * part / 100).copied().unwrap_or_default();
    println!("{} queries: p50 {:?}, p95 {:?}, p99 {:?}", times.len(), at(50), at(95), at(99));
}
