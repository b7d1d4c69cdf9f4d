//! A host for tests: a clock that is set, a folder of its own, no keyring.

#![allow(dead_code, reason = "each test file uses what it needs")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops at the first surprise")]

pub(crate) mod files;
pub(crate) mod random;

use api::{Command, Event, Origin, PrintOutcome};
use app::{App, Host, PrintJob};
use clinical::{Instant, UtcOffset};
use random::Random;
use std::{
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicI32, AtomicI64, Ordering},
    },
};
use tempfile::TempDir;
use vault::{KeyringPort, keyring::NoKeyring, stretch::StretchParams};

/// The password of everyone in these tests.
pub(crate) const PASSWORD: &str = "a quiet morning in the clinic";

/// One computer.
#[derive(Clone)]
pub(crate) struct Desk {
    folder: Arc<TempDir>,
    clock: Arc<AtomicI64>,
    offset_minutes: Arc<AtomicI32>,
    keyring: Arc<dyn KeyringPort>,
    pub(crate) events: Arc<Mutex<Vec<Event>>>,
    /// What it draws from, where that is to be the same each time.
    drawn: Arc<Mutex<Option<Random>>>,
    /// What the printer was given.
    pub(crate) printed: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with_keyring(Arc::new(NoKeyring))
    }

    pub(crate) fn with_keyring(keyring: Arc<dyn KeyringPort>) -> Self {
        Self {
            keyring,
            folder: Arc::new(tempfile::tempdir().unwrap()),
            clock: Arc::new(AtomicI64::new(1_795_500_000_000)),
            offset_minutes: Arc::default(),
            events: Arc::default(),
            drawn: Arc::default(),
            printed: Arc::default(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Sets the clock, and how far its wall clock is ahead of UTC.
    pub(crate) fn set(&self, utc: &str, offset_minutes: i32) {
        let now: Instant = utc.parse().unwrap();
        self.clock.store(now.unix_ms(), Ordering::SeqCst);
        self.offset_minutes.store(offset_minutes, Ordering::SeqCst);
    }

    /// Draws from a seed from now on.
    pub(crate) fn draw_from(&self, seed: u64) {
        *self.drawn.lock().unwrap() = Some(Random::new(seed));
    }

    /// Sets the clock on.
    pub(crate) fn later(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }
}

impl Host for Desk {
    fn now(&self) -> Instant {
        Instant::from_unix_ms(self.clock.fetch_add(1, Ordering::SeqCst))
    }

    fn utc_offset(&self, _: Instant) -> UtcOffset {
        UtcOffset::from_seconds(self.offset_minutes.load(Ordering::SeqCst) * 60)
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        match self.drawn.lock().unwrap().as_mut() {
            Some(drawn) => drawn.fill(bytes),
            None => getrandom::fill(bytes).unwrap(),
        }
    }

    fn stretching(&self) -> StretchParams {
        StretchParams::FLOOR
    }

    fn keyring(&self) -> &dyn KeyringPort {
        self.keyring.as_ref()
    }

    fn directory(&self) -> &Path {
        self.folder.path()
    }

    fn device_name(&self) -> String {
        "Desk".to_owned()
    }

    fn print(&self, job: &PrintJob<'_>) -> PrintOutcome {
        let copies = (0..job.copies).map(|_| job.pdf.to_vec());
        self.printed.lock().unwrap().extend(copies);
        PrintOutcome::Printer
    }

    fn emit(&self, event: Event) {
        self.events.lock().unwrap().push(event);
    }
}

/// Carries out a command that must succeed.
pub(crate) fn call<H: Host, C: Command>(app: &App<H>, command: C) -> C::Reply {
    match app.call(command, Origin::Host) {
        Ok(reply) => reply,
        Err(error) => panic!("{}: {error}", C::NAME),
    }
}

/// Carries out a command that must be refused.
pub(crate) fn refused<H: Host, C: Command>(app: &App<H>, command: C) -> api::ErrorCode {
    match app.call(command, Origin::Host) {
        Ok(_) => panic!("{} was not refused", C::NAME),
        Err(error) => error.code,
    }
}

/// Makes the clinic of these tests; its admin is signed in.
pub(crate) fn create<H: Host>(app: &App<H>, server: Option<String>) -> api::ClinicOpened {
    let command = api::CreateClinic {
        clinic_name: "Lakeside".into(),
        user_name: "ana".into(),
        name: "Dr Ana Reyes".into(),
        password: PASSWORD.into(),
        device_name: None,
        server,
    };
    call(app, command)
}

/// A clinic with its admin signed in.
pub(crate) fn clinic(desk: &Desk) -> App<Desk> {
    let app = App::new(desk.clone());
    create(&app, None);
    app
}

/// Signs in again, as after a start of the program.
pub(crate) fn signed_in(desk: &Desk, user: &str) -> App<Desk> {
    let app = App::new(desk.clone());
    call(&app, api::SignIn { user_name: user.into(), password: PASSWORD.into() });
    app
}
