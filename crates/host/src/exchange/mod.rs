//! Exchanging with the server unasked: soon after something was recorded here, as soon as the
//! server says that something was recorded elsewhere, and now and then in case it cannot say so.
//!
//! Three threads: one exchanges, one listens, and one carries files after an exchange: a large one on
//! a slow line is in the way of no record. They end with the [`Exchange`]; only a file that is on its
//! way is not waited for.

mod bell;
mod listen;
mod pace;
mod run;
#[cfg(test)]
mod tests;

pub use bell::Bell;
pub use pace::Pace;
pub(crate) use run::carry;

use api::{ApiError, Origin, SyncNow, SyncView};
use app::{App, Ended, Heard, Host};
use std::{
    io,
    ops::ControlFlow,
    sync::{Arc, mpsc::sync_channel},
    thread::{Builder, JoinHandle},
};

/// What the threads ask of the use-cases.
pub trait Exchanging: Send + Sync + 'static {
    /// Exchanges with the server now.
    ///
    /// # Errors
    /// The use-case's.
    fn sync_now(&self) -> Result<SyncView, ApiError>;

    /// Listens to the server until `heard` has enough, as [`App::listen`] does.
    ///
    /// # Errors
    /// The use-case's.
    fn listen(&self, heard: &mut dyn FnMut(Heard) -> ControlFlow<()>) -> Result<Ended, ApiError>;

    /// Sends and fetches files, for as long as that takes, as [`App::carry_files`] does.
    ///
    /// # Errors
    /// The use-case's.
    fn carry_files(&self) -> Result<(), ApiError>;

    /// A number drawn at random: it spreads what many computers would do in one moment.
    fn chance(&self) -> u32;
}

impl<H: Host> Exchanging for App<H> {
    fn sync_now(&self) -> Result<SyncView, ApiError> {
        self.call(SyncNow {}, Origin::Sync)
    }

    fn listen(&self, heard: &mut dyn FnMut(Heard) -> ControlFlow<()>) -> Result<Ended, ApiError> {
        Self::listen(self, heard)
    }

    fn carry_files(&self) -> Result<(), ApiError> {
        Self::carry_files(self)
    }

    fn chance(&self) -> u32 {
        let mut bytes = [0; 4];
        self.host().fill_random(&mut bytes);
        u32::from_le_bytes(bytes)
    }
}

/// The exchange as it goes on; it ends when this is dropped.
#[derive(Debug)]
pub struct Exchange {
    bell: Bell,
    threads: Vec<JoinHandle<()>>,
}

impl Exchange {
    /// Begins; `bell` is rung by what is recorded here.
    ///
    /// # Errors
    /// What the system says when it gives no thread.
    pub fn keep_going(app: Arc<dyn Exchanging>, bell: &Bell, pace: Pace) -> io::Result<Self> {
        let mut exchange = Self { bell: bell.clone(), threads: Vec::new() };
        let (went, exchanged) = sync_channel(1);
        let carries = Arc::clone(&app);
        // It ends with the one that exchanges, or with the file that is on its way then.
        Builder::new()
            .name("files".to_owned())
            .spawn(move || carry(|| carries.carry_files(), &exchanged))?;
        let (asked, rung) = (Arc::clone(&app), bell.clone());
        exchange.spawn("exchange", move || run::exchange(asked.as_ref(), &rung, &pace, &went))?;
        let rings = bell.clone();
        exchange.spawn("listen", move || listen::listen(app.as_ref(), &rings, &pace))?;
        Ok(exchange)
    }

    fn spawn(&mut self, name: &str, run: impl FnOnce() + Send + 'static) -> io::Result<()> {
        self.threads.push(Builder::new().name(name.to_owned()).spawn(run)?);
        Ok(())
    }

    /// Ends it and waits until it has.
    pub fn end(mut self) {
        self.bell.close();
        for thread in self.threads.drain(..) {
            // One that panicked has ended too.
            drop(thread.join());
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.bell.close();
    }
}
