//! Giving one chart to another clinic, and taking one in.

use crate::{CardView, GivenView, SharedChart, SharedFile, TakenIn};
use clinical::{PatientId, SharingDraft};

crate::command::commands! {
    /// Gives this clinic's card, for others to give it charts by.
    GetCard "get-card" -> CardView {}
    /// Reads the card of another clinic as it was typed or pasted, and says whether it is
    /// known here. What people compare is its number.
    ReadCard "read-card" -> CardView {
        /// The card.
        card: String,
    }
    /// Gives a chart to another clinic: writes it whole into a new file that their card alone opens,
    /// and records in the chart that it was. What is given cannot be taken back.
    ShareChart "share-chart" -> SharedFile {
        /// Whose.
        patient: PatientId,
        /// The card of the other clinic.
        card: String,
        /// Somebody compared the card's number with the other clinic. It must be, once for each
        /// clinic.
        compared: bool,
        /// What is said of it.
        draft: SharingDraft,
        /// Where to: a file that is not there yet.
        path: String,
    }
    /// Looks into a file by which another clinic gives a chart: who it is, from whom, what would
    /// change here. Nothing is changed.
    LookAtGiven "look-at-given" -> GivenView {
        /// The file.
        path: String,
    }
    /// Takes in a chart that another clinic gives: it becomes a new chart, or is merged into the one
    /// that was shared before.
    TakeInGiven "take-in-given" -> TakenIn {
        /// The file.
        path: String,
        /// Somebody compared the number of the clinic that gives it.
        compared: bool,
        /// Names what was seen by looking, where entries that are here would read otherwise.
        seen: Option<String>,
    }
    /// Lists when charts passed from one clinic to another, the last first.
    ListShared "list-shared" -> Vec<SharedChart> {}
}
