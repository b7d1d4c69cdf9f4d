//! Wakes across servers: after a commit one tells the others, and they tell who listens to them.
//!
//! Never inside the transaction that appends: a notification there holds a lock of the whole
//! database until it commits. What is told within a moment is told once, and what gets lost costs
//! a little time: devices ask now and then without being woken. A database to which there is nothing to
//! tell is asked for a sign of life instead: one that hangs holds its connections open.

use std::collections::BTreeMap;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sync::ids::ClinicId;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Notify;
use tokio::time::{Instant, sleep, timeout};
use tokio_postgres::{AsyncMessage, Client, Connection, Error, NoTls};

use super::DatabaseError;
use super::pool::{Address, config};

/// What is told within this time is told once.
const MOMENT: Duration = Duration::from_millis(50);
/// After so long without anything to tell, a sign of life is asked for; so long may it take.
const SIGN: Duration = Duration::from_secs(5);
/// Before another try to reach the database, at first and at most.
const PAUSE_MIN: Duration = Duration::from_secs(1);
const PAUSE_MAX: Duration = Duration::from_secs(5);

/// Who is told what other servers say.
pub(crate) trait Ear {
    /// A clinic's log holds `head` envelopes, or its membership changed.
    fn heard(&self, clinic: ClinicId, head: u64);

    /// Others may have said anything while nobody listened.
    fn missed(&self);
}

/// Tells the other servers of a database, and hears them.
#[derive(Debug)]
pub(crate) struct Bell {
    /// The newest head of each clinic that has not been told yet.
    untold: Mutex<BTreeMap<ClinicId, u64>>,
    rung: Notify,
    /// Whether something was taken to be told and is not told yet.
    telling: AtomicBool,
    /// Whether the database could not be reached when it was last tried.
    lost: AtomicBool,
    /// [`SIGN`], but in tests.
    sign: Duration,
}

impl Default for Bell {
    fn default() -> Self {
        Self::with_sign_after(SIGN)
    }
}

impl Bell {
    /// One that gives a silent database so long, twice.
    pub(super) fn with_sign_after(sign: Duration) -> Self {
        let (untold, rung) = (Mutex::default(), Notify::default());
        let (telling, lost) = (AtomicBool::default(), AtomicBool::default());
        Self { untold, rung, telling, lost, sign }
    }

    /// Says that the clinic's log holds `head` envelopes.
    pub(crate) fn ring(&self, clinic: ClinicId, head: u64) {
        let mut untold = self.lock();
        let newest = untold.entry(clinic).or_default();
        *newest = head.max(*newest);
        drop(untold);
        self.rung.notify_one();
    }

    /// Whether the database cannot be reached, as far as whoever listens there can tell.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Waits until everything is told that was rung.
    pub(crate) async fn silent(&self) {
        while self.telling.load(Ordering::SeqCst) || !self.lock().is_empty() {
            sleep(MOMENT / 5).await;
        }
    }

    /// Rings and hears until it is dropped; a database that goes away is tried again. Whenever it is
    /// connected `ear` is told that it may have missed something.
    pub(crate) async fn run(&self, address: &Address, ear: &impl Ear) {
        let mut pause = PAUSE_MIN;
        loop {
            let began = Instant::now();
            let ended = self.connected(address, ear).await;
            self.lost.store(true, Ordering::Relaxed);
            match ended {
                Ok(()) => tracing::warn!("wakes between servers are interrupted"),
                Err(error) => tracing::warn!(%error, "wakes between servers are interrupted"),
            }
            if began.elapsed() > PAUSE_MAX {
                pause = PAUSE_MIN;
            }
            sleep(pause).await;
            pause = PAUSE_MAX.min(pause * 2);
        }
    }

    /// Until the connection ends.
    async fn connected(&self, address: &Address, ear: &impl Ear) -> Result<(), DatabaseError> {
        match config(address)? {
            (config, Some(tls)) => {
                let (client, connection) = config.connect(tls).await?;
                Ok(self.exchange(&client, connection, ear).await?)
            }
            (config, None) => {
                let (client, connection) = config.connect(NoTls).await?;
                Ok(self.exchange(&client, connection, ear).await?)
            }
        }
    }

    async fn exchange<S, T>(
        &self,
        client: &Client,
        connection: Connection<S, T>,
        ear: &impl Ear,
    ) -> Result<(), Error>
    where
        S: AsyncRead + AsyncWrite + Unpin,
        T: AsyncRead + AsyncWrite + Unpin,
    {
        tokio::select! {
            ended = hear(connection, ear) => ended,
            ended = self.tell(client, ear) => ended,
        }
    }

    /// Ends when the connection does, or the database gives no sign of life.
    async fn tell(&self, client: &Client, ear: &impl Ear) -> Result<(), Error> {
        client.batch_execute("LISTEN fieldchart_wake").await?;
        self.lost.store(false, Ordering::Relaxed);
        ear.missed();
        let notify = client
            .prepare("SELECT pg_notify('fieldchart_wake', told) FROM unnest($1::text[]) AS told")
            .await?;
        loop {
            // Whether anything was rung or not: to tell nothing is to ask for a sign of life.
            if timeout(self.sign, self.rung.notified()).await.is_ok() {
                sleep(MOMENT).await;
            }
            let untold = self.take();
            let told: Vec<String> = untold.iter().map(words).collect();
            let done = timeout(self.sign, client.execute(&notify, &[&told])).await;
            if !matches!(done, Ok(Ok(_))) {
                untold.into_iter().for_each(|(clinic, head)| self.ring(clinic, head));
                return done.map_or(Ok(()), |told| told.map(drop));
            }
            self.telling.store(false, Ordering::SeqCst);
        }
    }

    fn take(&self) -> BTreeMap<ClinicId, u64> {
        let mut untold = self.lock();
        self.telling.store(true, Ordering::SeqCst);
        std::mem::take(&mut untold)
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<ClinicId, u64>> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn hear<S, T>(mut connection: Connection<S, T>, ear: &impl Ear) -> Result<(), Error>
where
    S: AsyncRead + AsyncWrite + Unpin,
    T: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
        if let AsyncMessage::Notification(said) = message?
            && let Some((clinic, head)) = read(said.payload())
        {
            ear.heard(clinic, head);
        }
    }
    Ok(())
}

fn words((clinic, head): (&ClinicId, &u64)) -> String {
    format!("{clinic} {head}")
}

/// `None` for what no server of this release said.
fn read(words: &str) -> Option<(ClinicId, u64)> {
    let (clinic, head) = words.split_once(' ')?;
    let number = u128::from_str_radix(clinic, 16).ok().filter(|_| clinic.len() == 32)?;
    Some((ClinicId(number.to_be_bytes()), head.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_read_and_nothing_else() {
        let clinic = ClinicId([0xa1; 16]);
        assert_eq!(read(&words((&clinic, &7))), Some((clinic, 7)));
        for odd in ["", "a1 7", "zz", &format!("{clinic} -1"), &format!("{clinic}")] {
            assert_eq!(read(odd), None, "{odd}");
        }
    }

    #[test]
    fn many_rings_of_one_clinic_are_one() {
        let bell = Bell::default();
        for head in [4, 6, 5] {
            bell.ring(ClinicId([1; 16]), head);
        }
        assert_eq!(bell.take(), BTreeMap::from([(ClinicId([1; 16]), 6)]));
        assert!(bell.take().is_empty());
    }
}
