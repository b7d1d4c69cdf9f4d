//! What this process has used, where the system tells (Linux).

use std::fs;

/// Of the clock in `/proc/self/stat`, in hundredths of a second.
const TICKS_A_SECOND: f64 = 100.0;

/// Processor seconds of all its threads so far; 0 where the system does not tell.
pub(super) fn cpu_s() -> f64 {
    fs::read_to_string("/proc/self/stat").ok().and_then(|text| cpu_of(&text)).unwrap_or_default()
}

/// The most memory it had resident, in MiB; 0 where the system does not tell.
pub(super) fn peak_mib() -> u64 {
    fs::read_to_string("/proc/self/status").ok().and_then(|text| peak_of(&text)).unwrap_or_default()
}

fn cpu_of(stat: &str) -> Option<f64> {
    // The name of the program may hold anything; it ends with the last bracket.
    let (_, rest) = stat.rsplit_once(')')?;
    let fields: Vec<&str> = rest.split_whitespace().collect();
    let (user, system): (u32, u32) = (fields.get(11)?.parse().ok()?, fields.get(12)?.parse().ok()?);
    Some(f64::from(user.saturating_add(system)) / TICKS_A_SECOND)
}

fn peak_of(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kib: u64 = line.split_whitespace().next()?.parse().ok()?;
    Some(kib.div_ceil(1024))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_system_tells_is_read() {
        let stat = "7 (field) chart) S 1 7 7 0 -1 4194304 100 0 0 0 150 50 0 0 20 0 1 0 1 1 1";
        assert_eq!(cpu_of(stat), Some(2.0));
        assert_eq!(cpu_of("nothing"), None);
        assert_eq!(peak_of("Name:\tx\nVmHWM:\t   2049 kB\n"), Some(3));
        assert_eq!(peak_of("VmHWM:\tmuch"), None);
    }
}
