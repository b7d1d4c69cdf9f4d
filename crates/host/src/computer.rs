//! One computer, as the use-cases see it.

use crate::{keyring::SystemKeyring, printing::Printer};
use api::{Event, PrintOutcome};
use app::{Drive, Host, PrintJob};
use clinical::{Instant, UtcOffset};
use link::{BlockingCarrier, LanCarrier, Patience, ServerAddress, Tally};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use sync::{
    carrier::Carrier,
    ids::{ServerPin, VerifyKey},
    session::Failure,
    signing::Signer,
};
use vault::{
    KeyringPort,
    keyring::{NoKeyring, TimeLimited},
    stretch::StretchParams,
};

/// Where events go.
pub type Listener = Box<dyn Fn(Event) + Send + Sync>;

/// This computer with one store.
pub struct Computer {
    directory: PathBuf,
    keyring: Box<dyn KeyringPort>,
    listener: Listener,
    patience: Patience,
    printer: Printer,
    lan: bool,
    tally: Tally,
    behind: Duration,
}

impl Computer {
    /// This computer with the store in `directory`; `listener` hears what changes.
    pub fn new(directory: PathBuf, listener: Listener) -> Self {
        let printer = Printer::of_store(&directory, now());
        let (keyring, patience) = (keyring(), Patience::default());
        let (tally, behind) = (Tally::default(), Duration::ZERO);
        Self { directory, keyring, listener, patience, printer, lan: false, tally, behind }
    }

    /// The same, holding no secret in any keyring: passwords alone must do.
    #[must_use]
    pub fn without_keyring(self) -> Self {
        Self { keyring: Box::new(NoKeyring), ..self }
    }

    /// The same, printing into a new file.
    #[must_use]
    pub fn printing_to(self, path: PathBuf) -> Self {
        Self { printer: Printer::File(path), ..self }
    }

    /// The same, in a program that exchanges with others over the local network.
    #[must_use]
    pub fn with_lan(self, lan: bool) -> Self {
        Self { lan, ..self }
    }

    /// The same, waiting for servers as long as `patience` says.
    #[must_use]
    pub fn with_patience(self, patience: Patience) -> Self {
        Self { patience, ..self }
    }

    /// The same, whose exchanges with servers `tally` counts.
    #[must_use]
    pub fn counted(self, tally: Tally) -> Self {
        Self { tally, ..self }
    }

    /// The same, its clock so far behind: a measurement of what happened long ago does not wait.
    #[must_use]
    pub fn behind(self, behind: Duration) -> Self {
        Self { behind, ..self }
    }
}

/// The system's keyring, given ten seconds for each answer. `FIELDCHART_KEYRING=none` is for
/// computers that have none and say so only by hanging.
fn keyring() -> Box<dyn KeyringPort> {
    match std::env::var("FIELDCHART_KEYRING").as_deref() {
        Ok("none") => Box::new(NoKeyring),
        Ok(_) | Err(_) => Box::new(TimeLimited::new(SystemKeyring)),
    }
}

/// `FIELDCHART_STRETCHING=floor` is for computers with so little memory that 64 MiB for a moment are
/// too much; anything else is the standard.
fn stretching(asked: Option<&str>) -> StretchParams {
    match asked {
        Some("floor") => StretchParams::FLOOR,
        Some(_) | None => StretchParams::STANDARD,
    }
}

#[allow(clippy::disallowed_methods, reason = "a host reads the clock, here and nowhere else")]
fn now() -> Instant {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Instant::from_unix_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

impl Host for Computer {
    fn now(&self) -> Instant {
        let behind_ms = i64::try_from(self.behind.as_millis()).unwrap_or(i64::MAX);
        Instant::from_unix_ms(now().unix_ms().saturating_sub(behind_ms))
    }

    fn utc_offset(&self, at: Instant) -> UtcOffset {
        crate::zone::utc_offset(at)
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            // A key of zeros is worse than no program.
            std::process::abort();
        }
    }

    fn stretching(&self) -> StretchParams {
        stretching(std::env::var("FIELDCHART_STRETCHING").ok().as_deref())
    }

    fn keyring(&self) -> &dyn KeyringPort {
        self.keyring.as_ref()
    }

    fn has_lan(&self) -> bool {
        self.lan
    }

    fn directory(&self) -> &Path {
        &self.directory
    }

    fn device_name(&self) -> String {
        let named = ["HOSTNAME", "COMPUTERNAME"].iter().find_map(|name| std::env::var(name).ok());
        let file = || std::fs::read_to_string("/etc/hostname").ok();
        let name = named.or_else(file).unwrap_or_default();
        let name = name.trim();
        if name.is_empty() { "This computer".to_owned() } else { name.to_owned() }
    }

    fn connect(&self, url: &str, pin: ServerPin) -> Result<Box<dyn Carrier>, Failure> {
        let address = ServerAddress::new(url, pin).map_err(|_| Failure::Unreachable)?;
        let carrier = BlockingCarrier::counted(address, self.patience, self.tally.clone());
        Ok(Box::new(carrier.map_err(|_| Failure::Unreachable)?))
    }

    fn pin_shown_at(&self, url: &str) -> Result<ServerPin, Failure> {
        link::pin_shown_at(url, self.patience)
    }

    fn connect_peer(
        &self,
        address: &str,
        signer: Arc<dyn Signer + Send + Sync>,
        known: Vec<VerifyKey>,
    ) -> Result<(VerifyKey, Box<dyn Carrier>), Failure> {
        let is_known = Arc::new(move |key: &VerifyKey| known.contains(key));
        let mut carrier = LanCarrier::new(address, signer, is_known, self.patience)
            .map_err(|_| Failure::Unreachable)?;
        let key = carrier.meet()?;
        Ok((key, Box::new(carrier)))
    }

    fn connect_door(
        &self,
        address: &str,
        pin: Option<ServerPin>,
        signer: Arc<dyn Signer + Send + Sync>,
    ) -> Result<Box<dyn Carrier>, Failure> {
        let carrier = LanCarrier::at_door(address, pin, signer, self.patience);
        Ok(Box::new(carrier.map_err(|_| Failure::Unreachable)?))
    }

    fn drives(&self) -> Vec<Drive> {
        crate::drives::plugged_in()
    }

    fn print(&self, job: &PrintJob<'_>) -> PrintOutcome {
        self.printer.print(job, now())
    }

    fn emit(&self, event: Event) {
        (self.listener)(event);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_makes_a_guess_cheaper_than_the_floor() {
        for asked in [None, Some(""), Some("none"), Some("8"), Some("FLOOR")] {
            assert_eq!(stretching(asked), StretchParams::STANDARD, "{asked:?}");
        }
        assert_eq!(stretching(Some("floor")), StretchParams::FLOOR);
    }
}
