//! Exchanging with the server unasked: soon after something was recorded here, as soon as the
//! server says that something was recorded elsewhere, and now and then in case it cannot say so.
//!
//! Two threads: one exchanges, one listens. Both end with the [`Exchange`].

mod bell;
mod listen;
mod pace;
mod run;
#[cfg(test)]
mod tests;

pub use bell::Bell;
pub use pace::Pace;

use api::{ApiError, Origin, SyncNow, SyncView};
use app::{App, Ended, Heard, Host};
use std::{
    io,
    ops::ControlFlow,
    sync::Arc,
    thread::{Builder, JoinHandle},
};

/// What the two threads ask of the use-cases.
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
        let (asked, rung) = (Arc::clone(&app), bell.clone());
        exchange.spawn("exchange", move || run::exchange(asked.as_ref(), &rung, &pace))?;
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
