//! The handful of things a use-case needs from whatever runs it.

use api::{Event, PrintOutcome};
use clinical::{Instant, SheetPaper, UtcOffset};
use std::{
    path::{Path, PathBuf},
    sync::Arc,
};
use sync::{
    carrier::Carrier,
    ids::{ServerPin, VerifyKey},
    session::Failure,
    signing::Signer,
};
use vault::{Entropy, KeyringPort, stretch::StretchParams};

/// A file for the computer's printer.
#[derive(Debug, Clone, Copy)]
pub struct PrintJob<'a> {
    /// The file.
    pub pdf: &'a [u8],
    /// What it is called where others see what waits to be printed: nothing of a patient.
    pub name: &'a str,
    /// On what.
    pub paper: SheetPaper,
    /// How many.
    pub copies: u32,
    /// Whoever has it has a key of the clinic: no viewer shows it, as its file would lie about.
    pub is_secret: bool,
}

/// A stick or drive that is plugged in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drive {
    /// Its name, as the system shows it.
    pub name: String,
    /// Its uppermost folder.
    pub path: PathBuf,
}

/// What runs the use-cases: the desktop or the command line.
pub trait Host: Send + Sync + 'static {
    /// The time now, by this computer's clock.
    fn now(&self) -> Instant;

    /// How this computer's wall clock stands to UTC at a moment. A host without a zone keeps this
    /// answer.
    fn utc_offset(&self, at: Instant) -> UtcOffset {
        let _ = at;
        UtcOffset::UTC
    }

    /// Cryptographically secure random bytes. A host whose source fails ends the process.
    fn fill_random(&self, bytes: &mut [u8]);

    /// Where the device secret is kept.
    fn keyring(&self) -> &dyn KeyringPort;

    /// How much work one guess of a new password costs. A host whose computer has room keeps this
    /// answer; none can ask for less than [`StretchParams::FLOOR`].
    fn stretching(&self) -> StretchParams {
        StretchParams::STANDARD
    }

    /// The folder of this computer's store.
    fn directory(&self) -> &Path;

    /// The name of this computer, to propose where one is asked for.
    fn device_name(&self) -> String;

    /// A way to the sync server at `url` that holds the key with this pin; nothing is sent yet.
    /// A host without a network keeps this answer.
    ///
    /// # Errors
    /// [`Failure`] when there is no way.
    fn connect(&self, url: &str, pin: ServerPin) -> Result<Box<dyn Carrier>, Failure> {
        let _ = (url, pin);
        Err(Failure::Unreachable)
    }

    /// The pin of the key that whoever answers at `url` shows; it proves nothing by itself. A host
    /// without a network keeps this answer.
    ///
    /// # Errors
    /// [`Failure`] when nobody answers there.
    fn pin_shown_at(&self, url: &str) -> Result<ServerPin, Failure> {
        let _ = url;
        Err(Failure::Unreachable)
    }

    /// A way to the computer of the clinic that answers at `address`, and the key it proved to
    /// hold, one of `known`. This computer proves itself by `signer`. A host without a network keeps
    /// this answer.
    ///
    /// # Errors
    /// [`Failure`] when there is no way, or somebody else answers.
    fn connect_peer(
        &self,
        address: &str,
        signer: Arc<dyn Signer + Send + Sync>,
        known: Vec<VerifyKey>,
    ) -> Result<(VerifyKey, Box<dyn Carrier>), Failure> {
        drop((address, signer, known));
        Err(Failure::Unreachable)
    }

    /// The way in at the computer of a clinic that answers at `address`, for one that is of no clinic:
    /// nothing is sent yet. It is the one whose own key has this pin; without a pin, whichever answers
    /// there first. This side shows the key of `signer` until it is said who asks. A host without a
    /// network keeps this answer.
    ///
    /// # Errors
    /// [`Failure`] when there is no way.
    fn connect_door(
        &self,
        address: &str,
        pin: Option<ServerPin>,
        signer: Arc<dyn Signer + Send + Sync>,
    ) -> Result<Box<dyn Carrier>, Failure> {
        drop((address, pin, signer));
        Err(Failure::Unreachable)
    }

    /// Whether this program exchanges with others over the local network where its user lets it. A
    /// host without a network keeps this answer.
    fn has_lan(&self) -> bool {
        false
    }

    /// The sticks and drives that are plugged in. A host that knows of none keeps this answer.
    fn drives(&self) -> Vec<Drive> {
        Vec::new()
    }

    /// Hands a file to the computer's printer, or where none takes it to a viewer. A host that has
    /// neither keeps this answer.
    fn print(&self, job: &PrintJob<'_>) -> PrintOutcome {
        let _ = job;
        PrintOutcome::Nowhere
    }

    /// Tells every window.
    fn emit(&self, event: Event);
}

/// A host's randomness in the shape the vault asks for.
pub(crate) struct HostEntropy<'a, H>(pub(crate) &'a H);

impl<H: Host> Entropy for HostEntropy<'_, H> {
    fn fill(&mut self, bytes: &mut [u8]) {
        self.0.fill_random(bytes);
    }
}

/// A new version 7 UUID.
pub(crate) fn make_uuid(host: &impl Host) -> uuid::Uuid {
    let mut random = [0; 10];
    host.fill_random(&mut random);
    clinical::uuid_v7(host.now().unix_ms(), random)
}
