//! A desktop session of our own, where there is none: a virtual display, a session bus, and an
//! unlocked keyring that holds nothing of the user's. Everything ends with the value.

mod bus;
pub(crate) mod display;
mod keyring;
mod process;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use crate::failure::{At, Outcome};
use crate::say;

/// A running session.
#[derive(Debug)]
pub(crate) struct Session {
    variables: Vec<(String, OsString)>,
    // Dropped in this order: the keyring speaks over the bus.
    _keyring: process::Running,
    _bus: process::Running,
    _display: process::Running,
    home: PathBuf,
}

impl Session {
    /// Starts one; it keeps its files in `home`, which it clears before and after.
    pub(crate) fn start(home: &Path) -> Outcome<Self> {
        say::doing("starting a virtual display, a session bus and a keyring");
        clear(home)?;
        fs::create_dir_all(home).at(home)?;
        let runtime = private(&home.join("run"))?;
        let screen = private(&home.join("screen"))?;
        let (display, display_name) = display::start(&screen)?;
        let (bus, address) = bus::start(&runtime)?;
        let variables = vec![
            ("DISPLAY".to_owned(), display_name),
            ("DBUS_SESSION_BUS_ADDRESS".to_owned(), address),
            ("XDG_RUNTIME_DIR".to_owned(), runtime.into_os_string()),
            ("GDK_BACKEND".to_owned(), "x11".into()),
            ("NO_AT_BRIDGE".to_owned(), "1".into()),
        ];
        let keyring = keyring::start(&home.join("keyring"), &variables)?;
        let home = home.to_path_buf();
        Ok(Self { variables, _keyring: keyring, _bus: bus, _display: display, home })
    }

    /// What a program needs in its environment to live in this session.
    pub(crate) fn variables(&self) -> &[(String, OsString)] {
        &self.variables
    }

    /// The file in which the display keeps what it shows.
    pub(crate) fn screen(&self) -> PathBuf {
        display::shown(&self.home.join("screen"))
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        // What cannot be removed is cleared by the next session.
        drop(clear(&self.home));
    }
}

fn clear(folder: &Path) -> Outcome {
    if folder.exists() { fs::remove_dir_all(folder).at(folder) } else { Ok(()) }
}

/// A folder only its owner can enter, which a session bus insists on.
fn private(folder: &Path) -> Outcome<PathBuf> {
    fs::create_dir_all(folder).at(folder)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, fs::Permissions::from_mode(0o700)).at(folder)?;
    }
    Ok(folder.to_path_buf())
}
