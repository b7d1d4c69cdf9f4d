//! A program and everything it started: the webview works in processes of its own.

use std::{collections::BTreeMap, fs, path::Path, time::Duration};

/// What the processes of a program take.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tree {
    ids: Vec<u32>,
}

impl Tree {
    /// The process `root` and all that come from it, as they are now.
    pub(crate) fn of(root: u32) -> Self {
        let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
        let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let parents = ids.filter_map(|id| Some((id, parent(&status(id)?)?))).collect();
        Self { ids: family(root, &parents) }
    }

    /// How many processes they are.
    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Bytes of memory; what several processes share is counted once (PSS).
    pub(crate) fn memory_bytes(&self) -> u64 {
        let rollups = self.ids.iter().map(|id| format!("/proc/{id}/smaps_rollup"));
        let kib = rollups.filter_map(|path| pss_kib(&fs::read_to_string(path).ok()?));
        kib.sum::<u64>() * 1024
    }

    /// The processor's time they have had so far.
    pub(crate) fn cpu(&self) -> Duration {
        let stats = self.ids.iter().map(|id| format!("/proc/{id}/stat"));
        stats.filter_map(|path| cpu(&fs::read_to_string(path).ok()?)).sum()
    }

    /// Whether none of them runs any more.
    pub(crate) fn is_gone(&self) -> bool {
        let lives = |id: &u32| status(*id).is_some_and(|status| !status.contains("State:\tZ"));
        !self.ids.iter().any(lives)
    }
}

fn status(id: u32) -> Option<String> {
    fs::read_to_string(Path::new("/proc").join(id.to_string()).join("status")).ok()
}

fn parent(status: &str) -> Option<u32> {
    status.lines().find_map(|line| line.strip_prefix("PPid:"))?.trim().parse().ok()
}

/// `root` and all below it.
fn family(root: u32, parents: &BTreeMap<u32, u32>) -> Vec<u32> {
    let mut found = vec![root];
    let mut at = 0;
    while let Some(elder) = found.get(at).copied() {
        found.extend(parents.iter().filter(|(_, parent)| **parent == elder).map(|(id, _)| *id));
        at += 1;
    }
    found
}

/// The line `Pss:  1234 kB`.
fn pss_kib(rollup: &str) -> Option<u64> {
    let line = rollup.lines().find_map(|line| line.strip_prefix("Pss:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Fields 14 and 15, counted behind the name, which may hold anything; hundredths of a second.
fn cpu(stat: &str) -> Option<Duration> {
    let (_, rest) = stat.rsplit_once(')')?;
    let mut ticks = rest.split_whitespace().skip(11).map(str::parse::<u64>);
    let (user, system) = (ticks.next()?.ok()?, ticks.next()?.ok()?);
    Some(Duration::from_millis((user + system) * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_descendants_are_of_the_family() {
        let parents = BTreeMap::from([(2, 1), (3, 2), (4, 3), (5, 1), (6, 2)]);
        assert_eq!(family(2, &parents), [2, 3, 6, 4]);
        assert_eq!(family(9, &parents), [9]);
    }

    #[test]
    fn what_the_system_tells_is_read() {
        assert_eq!(parent("Name:\tx\nPPid:\t41\n"), Some(41));
        assert_eq!(pss_kib("Rss:  9 kB\nPss:     123 kB\nPss_Dirty: 4 kB\n"), Some(123));
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194304 100 0 0 0 25 17 0 0 20 0";
        assert_eq!(cpu(stat), Some(Duration::from_millis(420)));
        assert_eq!((parent(""), pss_kib(""), cpu("")), (None, None, None));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_is_found_with_its_memory() {
        let tree = Tree::of(std::process::id());
        assert!(tree.memory_bytes() > 100_000 && !tree.is_gone(), "{tree:?}");
    }
}
