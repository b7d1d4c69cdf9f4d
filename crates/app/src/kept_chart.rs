//! The chart that was written to last, kept open for the next entry of the same visit.
//!
//! Opening and reading a long chart costs many times what writing one entry to it does. The kept
//! one is used only while the store has the same heads: whatever else was written or merged in
//! between, it is opened anew. It lives and dies with the unlocked store.

use chart::{ChartDocument, DocumentChange, Heads};
use clinical::{Chart, PatientId};
use std::sync::Arc;
use store::View;

/// A chart as it stands in the store, open and read.
pub(crate) struct KeptChart {
    patient: PatientId,
    heads: Heads,
    pub(crate) document: ChartDocument,
    pub(crate) chart: Arc<Chart>,
}

impl KeptChart {
    /// Reads a chart that was opened.
    pub(crate) fn read(patient: PatientId, mut document: ChartDocument) -> Self {
        let chart = Arc::new(document.read());
        Self { patient, heads: document.heads(), document, chart }
    }

    /// Whether it is this patient's, and as the store has it.
    pub(crate) fn is_still(&self, patient: PatientId, heads: &Heads) -> bool {
        self.patient == patient && self.heads == *heads
    }

    /// Brings what was read up to a change of the document.
    pub(crate) fn follow(&mut self, change: &DocumentChange) {
        self.document.refresh(Arc::make_mut(&mut self.chart), &change.touched);
        self.heads = change.heads.clone();
    }

    /// What the store makes its rows of: the chart itself, which nothing may follow a change with
    /// while the view is held, or it is copied.
    pub(crate) fn view(&self) -> View {
        View::Chart(Arc::clone(&self.chart))
    }
}
