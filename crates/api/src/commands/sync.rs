//! What the sync has set aside.

use crate::QuarantineView;

crate::command::commands! {
    /// Lists what was set aside: from which computer, when, and why. It holds nothing of a patient.
    ListQuarantine "list-quarantine" -> QuarantineView {
        /// At most so many, with a cap.
        limit: u32,
    }
}
