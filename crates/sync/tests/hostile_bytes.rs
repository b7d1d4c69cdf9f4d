//! Bytes from outside, near the golden forms and near a file from a stick, under bounds of time and
//! memory. The fuzz targets beside (`crates/sync/fuzz`) do the same without an end; what they find
//! becomes a case here.
//!
//! `FIELDCHART_SOAK=N` tries N times as many; `FIELDCHART_SEED=S` begins with another seed.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::as_conversions,
    clippy::print_stdout,
    reason = "this is a test"
)]

use std::time::{Duration, Instant};

use crate::forms::samples::samples;
use crate::network::random::Random;
use sync::bundle::{BundleHead, BundleWriter};
use sync::fixtures::{clinic, device, key, run};
use sync::forms::read_as_bundle;
use sync::have::Have;
use sync::membership::MembersHead;
use sync::session::Outgoing;

/// One input may take so long, on a machine that does much else.
const INPUT_MAX: Duration = Duration::from_secs(2);
/// All of them may take so much memory beyond what the test has: a frame is 1 MiB.
const MEMORY_KIB_MAX: u64 = 64 * 1024;
/// Inputs of each form in a plain run.
const INPUTS: u64 = 4000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().and_then(|text| text.parse().ok())
}

/// The most memory the process has had, in KiB, where the system tells.
fn peak_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").parse().ok()
}

/// Bytes with a few things done to them that a hostile sender would do.
fn spoilt(bytes: &[u8], other: &[u8], random: &mut Random) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(bytes.len() + 1);
        let end = (at + 4).min(bytes.len());
        match random.below(7) {
            0 if at < bytes.len() => bytes[at] ^= 1 << random.below(8),
            // A length or a number beyond all.
            1 => bytes[at..end].fill(0xff),
            2 => bytes[at..end].fill(0),
            3 => bytes.truncate(at),
            4 => bytes.splice(at..at, other.iter().copied()).for_each(drop),
            5 => bytes.extend_from_within(at..),
            _ => bytes.splice(at..end, (0..8).map(|_| random.next() as u8)).for_each(drop),
        }
    }
    bytes
}

/// A file with three envelopes.
pub(crate) fn file() -> Vec<u8> {
    let (clinic, device, members) = (clinic(1), device(1), MembersHead::EMPTY);
    let head = BundleHead { clinic, device, made_at_ms: 7, members, have: Have::new() };
    let mut writer = BundleWriter::begin(Vec::new(), &head).unwrap();
    writer.envelopes(Outgoing { envelopes: run(1, 1, 3), keys: Vec::new() }).unwrap();
    writer.end(&key(1)).unwrap().1
}

#[test]
fn hostile_bytes_take_little_time_and_memory_soak() {
    let seed = number("FIELDCHART_SEED").or_else(|| Some(8 + number("FIELDCHART_SOAK_AFTER")?));
    let seed = seed.unwrap_or(8);
    println!("FIELDCHART_SEED={seed}");
    let mut random = Random::new(seed);
    let (all, file) = (samples(), file());
    assert!(read_as_bundle(&file[..]));
    let before = peak_kib();
    let mut slowest = Duration::ZERO;
    let mut read = 0_u64;
    for _ in 0..INPUTS * number("FIELDCHART_SOAK").unwrap_or(1) {
        for sample in all {
            let other = &all[random.below(all.len())];
            let bytes = spoilt(&sample.bytes, &other.bytes, &mut random);
            let begun = Instant::now();
            // As what it was, and as something else.
            for reads in [sample, other] {
                if let Some(again) = reads.again(&bytes) {
                    assert_eq!(again, bytes, "seed {seed}: {}", reads.name);
                    read += 1;
                }
            }
            slowest = slowest.max(begun.elapsed());
        }
        let bytes = spoilt(&file, &all[random.below(all.len())].bytes, &mut random);
        let begun = Instant::now();
        // Every byte of it is under its hash, but for the signature, which its reader checks.
        let signed = file.len() - 64;
        assert!(
            !read_as_bundle(&bytes[..]) || bytes.get(..signed) == file.get(..signed),
            "seed {seed}"
        );
        slowest = slowest.max(begun.elapsed());
    }
    println!("soak: {read} hostile inputs were read as something, the slowest in {slowest:?}");
    assert!(read > 0, "nothing was near enough");
    assert!(slowest < INPUT_MAX, "seed {seed}: {slowest:?}");
    if let Some((before, after)) = before.zip(peak_kib()) {
        assert!(after - before < MEMORY_KIB_MAX, "seed {seed}: {before} to {after} KiB");
    }
}
