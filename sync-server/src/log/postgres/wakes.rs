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
use tokio_postgres::{AsyncMessage, Client, Connection, Error, NoTls, Statement};

use super::DatabaseError;
use super::pool::{Address, config};

/// What is told within this time is told once.
const MOMENT: Duration = Duration::from_millis(50);
/// After so long without anything to tell, a sign of life is asked for.
const SIGN: Duration = Duration::from_secs(5);
/// So long an answer may take, as any statement may: a database that is slow is not left by everybody at
/// once.
const PATIENCE: Duration = Duration::from_secs(30);
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

/// The newest heads that have not been told: what a connection is telling stays here until it is told.
#[derive(Debug, Default)]
struct Untold {
    rung: BTreeMap<ClinicId, u64>,
    telling: BTreeMap<ClinicId, u64>,
}

impl Untold {
    fn ring(&mut self, clinic: ClinicId, head: u64) {
        let newest = self.rung.entry(clinic).or_default();
        *newest = head.max(*newest);
    }

    /// What is to be told now, with what a connection before was lost with.
    fn begin(&mut self) -> BTreeMap<ClinicId, u64> {
        for (clinic, head) in std::mem::take(&mut self.telling) {
            self.ring(clinic, head);
        }
        self.telling = std::mem::take(&mut self.rung);
        self.telling.clone()
    }

    /// It was told. What was rung meanwhile was not, also where the head is the same: its clinic's
    /// membership changed.
    fn told(&mut self) {
        self.telling.clear();
    }

    fn is_empty(&self) -> bool {
        self.rung.is_empty() && self.telling.is_empty()
    }
}

/// Tells the other servers of a database, and hears them.
#[derive(Debug)]
pub(crate) struct Bell {
    untold: Mutex<Untold>,
    rung: Notify,
    /// Whether the database could not be reached when it was last tried.
    lost: AtomicBool,
    /// [`SIGN`] and [`PATIENCE`], but in tests.
    waits: (Duration, Duration),
}

impl Default for Bell {
    fn default() -> Self {
        Self::that_waits((SIGN, PATIENCE))
    }
}

impl Bell {
    /// One that asks for a sign of life after so long, and waits so long for any answer.
    pub(super) fn that_waits(waits: (Duration, Duration)) -> Self {
        let (untold, rung) = (Mutex::default(), Notify::default());
        Self { untold, rung, lost: AtomicBool::default(), waits }
    }

    /// Says that the clinic's log holds `head` envelopes.
    pub(crate) fn ring(&self, clinic: ClinicId, head: u64) {
        self.lock().ring(clinic, head);
        self.rung.notify_one();
    }

    /// Whether the database cannot be reached, as far as whoever listens there can tell.
    pub(crate) fn is_lost(&self) -> bool {
        self.lost.load(Ordering::Relaxed)
    }

    /// Waits until everything is told that was rung.
    pub(crate) async fn silent(&self) {
        while !self.lock().is_empty() {
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
        let (_, patience) = self.waits;
        match config(address)? {
            (config, Some(tls)) => {
                let Ok(made) = timeout(patience, config.connect(tls)).await else { return Ok(()) };
                let (client, connection) = made?;
                Ok(self.exchange(&client, connection, ear).await?)
            }
            (config, None) => {
                let Ok(made) = timeout(patience, config.connect(NoTls)).await else {
                    return Ok(());
                };
                let (client, connection) = made?;
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

    /// Ends when the connection does, or the database does not answer.
    async fn tell(&self, client: &Client, ear: &impl Ear) -> Result<(), Error> {
        let (sign, patience) = self.waits;
        let Ok(listening) = timeout(patience, listen(client)).await else { return Ok(()) };
        let notify = listening?;
        self.lost.store(false, Ordering::Relaxed);
        ear.missed();
        loop {
            // What a lost connection did not tell waits for no ring. Whether anything was rung or not: to
            // tell nothing is to ask for a sign of life.
            let waits = !self.lock().is_empty();
            if waits || timeout(sign, self.rung.notified()).await.is_ok() {
                sleep(MOMENT).await;
            }
            let words: Vec<String> = self.lock().begin().iter().map(words).collect();
            let told = timeout(patience, client.execute(&notify, &[&words])).await;
            let Ok(told) = told else { return Ok(()) };
            told?;
            self.lock().told();
        }
    }

    fn lock(&self) -> MutexGuard<'_, Untold> {
        self.untold.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Listens, and answers with what tells.
async fn listen(client: &Client) -> Result<Statement, Error> {
    client.batch_execute("LISTEN fieldchart_wake").await?;
    let tell = "SELECT pg_notify('fieldchart_wake', told) FROM unnest($1::text[]) AS told";
    client.prepare(tell).await
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
    fn many_rings_of_one_clinic_are_one_and_what_is_rung_meanwhile_is_told_later() {
        let mut untold = Untold::default();
        let of = |heads: &[(u8, u64)]| -> BTreeMap<ClinicId, u64> {
            heads.iter().map(|(clinic, head)| (ClinicId([*clinic; 16]), *head)).collect()
        };
        let ring = |untold: &mut Untold, heads: &[(u8, u64)]| {
            heads.iter().for_each(|(clinic, head)| untold.ring(ClinicId([*clinic; 16]), *head));
        };
        ring(&mut untold, &[(1, 4), (1, 6), (1, 5), (2, 3)]);
        assert_eq!(untold.begin(), of(&[(1, 6), (2, 3)]));
        // The head is the same where the membership changed.
        ring(&mut untold, &[(2, 3)]);
        untold.told();
        assert_eq!(untold.begin(), of(&[(2, 3)]));
        // The connection is lost, and more is rung before the next.
        ring(&mut untold, &[(1, 7), (2, 2)]);
        assert_eq!(untold.begin(), of(&[(1, 7), (2, 3)]));
        assert!(!untold.is_empty());
        untold.told();
        assert!(untold.is_empty());
    }
}
