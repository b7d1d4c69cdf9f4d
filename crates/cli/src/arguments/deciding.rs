//! What is decided about the exchange and exchanges nothing itself.

use clap::{Args, ValueEnum};

/// All that else stands with `sync`.
const OTHERS: [&str; 7] =
    ["server", "status", "peer", "quarantine", "make_floor", "bundle_in", "bundle_out"];

/// What is done about what was set aside and about alarms, and the switch for the local network; one at a
/// time.
#[derive(Debug, Args)]
#[group(multiple = false)]
pub(crate) struct DecidingArguments {
    /// Looks again at all that was set aside, as after an update of the program.
    #[arg(long, conflicts_with_all = OTHERS)]
    pub(crate) retry_set_aside: bool,
    /// Takes in what a computer sealed after it was removed: on every computer of the clinic. By
    /// `--quarantine`, each whole or as many digits as name one.
    #[arg(long, value_name = "BATCH", num_args = 1.., conflicts_with_all = OTHERS)]
    pub(crate) take_in: Vec<String>,
    /// Leaves what was set aside for good, on every computer of the clinic. It stays as it came, and
    /// can be taken in later.
    #[arg(long, value_name = "BATCH", num_args = 1.., conflicts_with_all = OTHERS)]
    pub(crate) leave: Vec<String>,
    /// Says that the alarms of this computer were looked into: they warn no more, unless they are raised
    /// again.
    #[arg(long, conflicts_with_all = OTHERS)]
    pub(crate) looked_into: bool,
    /// Whether this computer exchanges with the clinic's others over the local network.
    #[arg(long, value_enum, value_name = "on|off", conflicts_with_all = OTHERS)]
    pub(crate) lan: Option<Switch>,
}

/// On or off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Switch {
    /// It does.
    On,
    /// It does not.
    Off,
}

impl DecidingArguments {
    /// Whether any of it is asked for.
    pub(crate) fn is_asked(&self) -> bool {
        self.retry_set_aside
            || self.looked_into
            || !self.take_in.is_empty()
            || !self.leave.is_empty()
            || self.lan.is_some()
    }
}
