//! Erasing one chart, everywhere.

use crate::ErasedView;
use clinical::PatientId;

crate::command::commands! {
    /// Erases a chart: here at once, and on every computer of the clinic that hears of it. What
    /// cannot be erased is paper, exports, and copies of stores and sticks.
    EraseChart "erase-chart" -> () {
        /// Whose.
        patient: PatientId,
        /// The chart's number, typed by who erases it: see [`clinical::chart_number`].
        number: String,
        /// On what ground, in words. It stays: nothing of the chart is to stand in it.
        ground: String,
    }
    /// Lists the charts that were erased, the last first, and what does not hold of it yet.
    ListErased "list-erased" -> Vec<ErasedView> {}
}
