//! The computer the figures are taken on, as the use-cases see it: no keyring, no windows.

use api::{Command, Event, Origin};
use app::{App, Host};
use clinical::Instant;
use std::{
    path::{Path, PathBuf},
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use vault::{KeyringPort, keyring::NoKeyring};

/// A computer with its store in a folder.
pub(crate) struct Desk {
    folder: PathBuf,
    /// How far its clock is behind.
    ago: Duration,
}

impl Desk {
    /// A computer with its store in `folder`.
    pub(crate) fn at(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf(), ago: Duration::ZERO }
    }

    /// The same computer so long ago.
    pub(crate) fn ago(self, ago: Duration) -> Self {
        Self { ago, ..self }
    }
}

impl Host for Desk {
    #[allow(clippy::disallowed_methods, reason = "a host reads the clock")]
    fn now(&self) -> Instant {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let since = since.saturating_sub(self.ago);
        Instant::from_unix_ms(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        if getrandom::fill(bytes).is_err() {
            std::process::abort();
        }
    }

    fn keyring(&self) -> &dyn KeyringPort {
        &NoKeyring
    }

    fn directory(&self) -> &Path {
        &self.folder
    }

    fn device_name(&self) -> String {
        "Bench".to_owned()
    }

    fn emit(&self, _event: Event) {}
}

/// Carries a command out as a window does: dispatched by its name, as JSON, there and back.
///
/// # Errors
/// The command's.
pub(crate) fn call<C: Command>(app: &App<Desk>, command: C) -> Result<C::Reply, api::ApiError> {
    app.call(command, Origin::Host)
}
