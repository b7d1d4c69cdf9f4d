//! What the sync has set aside, the record carried on a stick, and how much of it is held here.

use crate::{BundleTaken, BundleWritten, DriveView, Hold, QuarantineView};
use clinical::PatientId;

crate::command::commands! {
    /// Lists what was set aside: from which computer, when, and why. It holds nothing of a patient.
    ListQuarantine "list-quarantine" -> QuarantineView {
        /// At most so many, with a cap.
        limit: u32,
    }
    /// Says whether this computer exchanges with the clinic's others over the local network: serves
    /// them and looks for them. It holds at once and for this computer alone.
    SetLan "set-lan" -> () {
        /// Whether.
        on: bool,
    }
    /// Says how much of the clinic's record this computer holds: all of it, or what is in use, and
    /// the rest stays at the server. Nothing that is here is dropped.
    SetHold "set-hold" -> () {
        /// How much.
        hold: Hold,
    }
    /// Fetches a chart that is not on this computer from the clinic's server; it then stays here.
    FetchChart "fetch-chart" -> () {
        /// Whose.
        patient: PatientId,
    }
    /// Looks again at all that was set aside, as after an update of the program; tells how much of
    /// it came in.
    RetrySetAside "retry-set-aside" -> u64 {}
    /// Decides on batches that were set aside, for every computer of the clinic: what a computer
    /// sealed after it was removed is taken in, or what cannot be is left aside for good. It stays
    /// as it came, and can be taken in later.
    DecideSetAside "decide-set-aside" -> () {
        /// Which, each by 64 hex digits; at most 500.
        envelopes: Vec<String>,
        /// Whether they are taken in, or left.
        take_in: bool,
    }
    /// Lists the sticks and drives that are plugged in, with what other computers and other clinics
    /// wrote there.
    ListDrives "list-drives" -> Vec<DriveView> {}
    /// Writes all that is held here, sealed, into a new file for other computers of the clinic.
    WriteBundle "write-bundle" -> BundleWritten {
        /// Where: the name of a drive.
        drive: String,
        /// Whether documents are written beside it: the newest first, as many as there is room for.
        documents: bool,
    }
    /// Takes in a file that another computer of the clinic wrote.
    ReadBundle "read-bundle" -> BundleTaken {
        /// The name of the drive it lies on.
        drive: String,
        /// Its name there.
        file: String,
        /// Whether all documents beside it are taken in, and not only those that are kept here.
        documents: bool,
    }
}
