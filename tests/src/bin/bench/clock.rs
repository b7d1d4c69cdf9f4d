//! Times: by the clock on the wall, and by the processor, which other programs do not lengthen.

use std::time::{Duration, Instant};

/// How long one thing took.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Took {
    /// By the clock on the wall.
    pub(crate) wall: Duration,
    /// On the processor; nothing where this system does not tell.
    pub(crate) cpu: Duration,
}

/// How long each of many things took.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spread {
    wall: Vec<Duration>,
    cpu: Vec<Duration>,
}

impl FromIterator<Took> for Spread {
    fn from_iter<I: IntoIterator<Item = Took>>(took: I) -> Self {
        let (mut wall, mut cpu): (Vec<_>, Vec<_>) =
            took.into_iter().map(|took| (took.wall, took.cpu)).unzip();
        wall.sort_unstable();
        cpu.sort_unstable();
        Self { wall, cpu }
    }
}

impl Spread {
    /// How long the quickest `percent` of a hundred took at most, each clock for itself.
    pub(crate) fn at(&self, percent: usize) -> Took {
        let pick = |times: &[Duration]| {
            let last = times.len().saturating_sub(1);
            times.get(last * percent / 100).copied().unwrap_or_default()
        };
        Took { wall: pick(&self.wall), cpu: pick(&self.cpu) }
    }

    /// How many there were.
    pub(crate) fn len(&self) -> usize {
        self.wall.len()
    }
}

/// Takes the time of something this thread does.
pub(crate) fn time<T, E>(act: impl FnOnce() -> Result<T, E>) -> Result<(T, Took), E> {
    let (cpu, begun) = (thread_cpu(), Instant::now());
    let done = act()?;
    let wall = begun.elapsed();
    Ok((done, Took { wall, cpu: thread_cpu().saturating_sub(cpu) }))
}

/// Takes the time of something all threads of this program do.
pub(crate) fn time_all<T, E>(act: impl FnOnce() -> Result<T, E>) -> Result<(T, Took), E> {
    let (cpu, begun) = (process_cpu(), Instant::now());
    let done = act()?;
    let wall = begun.elapsed();
    Ok((done, Took { wall, cpu: process_cpu().saturating_sub(cpu) }))
}

/// The processor's time of this thread so far.
#[cfg(unix)]
fn thread_cpu() -> Duration {
    of_clock(rustix::time::ClockId::ThreadCPUTime)
}

/// The processor's time of this program so far.
#[cfg(unix)]
fn process_cpu() -> Duration {
    of_clock(rustix::time::ClockId::ProcessCPUTime)
}

#[cfg(unix)]
fn of_clock(clock: rustix::time::ClockId) -> Duration {
    rustix::time::clock_gettime(clock).try_into().unwrap_or_default()
}

#[cfg(not(unix))]
fn thread_cpu() -> Duration {
    Duration::ZERO
}

#[cfg(not(unix))]
fn process_cpu() -> Duration {
    Duration::ZERO
}

/// What the machine has done so far, and what of it was ours.
pub(crate) struct Usage {
    at: Instant,
    busy: Duration,
    own: Duration,
}

impl Usage {
    /// As it is now.
    pub(crate) fn now() -> Self {
        Self { at: Instant::now(), busy: busy().unwrap_or_default(), own: process_cpu() }
    }

    /// The same, with what programs that were started and watched have had as ours too.
    pub(crate) fn and(self, watched: Duration) -> Self {
        Self { own: self.own + watched, ..self }
    }

    /// How much of the machine, in hundredths, others had since `before`; the peers we start are
    /// others too.
    pub(crate) fn others_percent_since(&self, before: &Self) -> Option<u32> {
        busy()?;
        let cores = std::thread::available_parallelism().ok()?.get();
        let all = self.at.duration_since(before.at) * u32::try_from(cores).ok()?;
        let others = self.busy.saturating_sub(before.busy);
        let others = others.saturating_sub(self.own.saturating_sub(before.own));
        let percent = (others * 100).as_millis().checked_div(all.as_millis())?;
        u32::try_from(percent).ok()
    }
}

/// The processors' time that was not idle, where the system tells (Linux, in hundredths of a
/// second).
fn busy() -> Option<Duration> {
    let text = std::fs::read_to_string("/proc/stat").ok()?;
    let line = text.lines().next()?;
    let ticks: Vec<u64> = line.split_whitespace().skip(1).flat_map(str::parse).collect();
    // user, nice, system, idle, iowait, irq, softirq
    let working = ticks.iter().enumerate().filter(|(at, _)| matches!(at, 0 | 1 | 2 | 5 | 6));
    Some(Duration::from_millis(working.map(|(_, ticks)| ticks * 10).sum()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_tells_the_slow_ones() {
        let one = |ms| Took { wall: Duration::from_millis(ms), cpu: Duration::from_millis(ms / 2) };
        let spread: Spread = (1..=100).rev().map(one).collect();
        let check = |percent, wall, cpu| {
            let took = spread.at(percent);
            assert_eq!((took.wall.as_millis(), took.cpu.as_millis()), (wall, cpu), "{percent}");
        };
        check(50, 50, 25);
        check(99, 99, 49);
        check(100, 100, 50);
        assert_eq!(Spread::default().at(95).wall, Duration::ZERO);
    }
}
