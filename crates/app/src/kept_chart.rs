//! The chart that was written to last, kept open for the next entry of the same visit.
//!
//! Opening and reading a long chart costs many times what writing one entry to it does. The kept
//! one is used only while the store has the same heads: whatever else was written or merged in
//! between, it is opened anew. It lives and dies with the unlocked store.

use crate::{
    error::{ToldResult, not_found},
    host::Host,
    open::Session,
};
use api::ApiError;
use chart::{ChartDocument, DocumentChange, Heads};
use clinical::{Chart, DocumentKind, DocumentRef, PatientId};
use store::View;

/// A chart as it stands in the store, open and read.
pub(crate) struct KeptChart {
    patient: PatientId,
    heads: Heads,
    pub(crate) document: ChartDocument,
    pub(crate) chart: Chart,
}

impl KeptChart {
    /// Brings what was read up to a change of the document.
    pub(crate) fn follow(&mut self, change: &DocumentChange) {
        self.document.refresh(&mut self.chart, &change.touched);
        self.heads = change.heads.clone();
    }

    /// What the store makes its rows of. Originals are in the document only.
    pub(crate) fn view(&mut self) -> View {
        let sources = std::mem::take(&mut self.chart.sources);
        let view = View::Chart(Box::new(self.chart.clone()));
        self.chart.sources = sources;
        view
    }
}

impl<H: Host> Session<'_, H> {
    /// Opens a patient's chart, by what was kept when it is still so.
    pub(crate) fn open_chart(
        &self,
        kept: Option<KeptChart>,
        patient: PatientId,
    ) -> Result<KeptChart, ApiError> {
        let name = DocumentRef::new(DocumentKind::Chart, patient.uuid());
        let heads = self.open.store.heads(name).told()?.ok_or_else(|| not_found("patient"))?;
        if let Some(kept) = kept.filter(|kept| kept.patient == patient && kept.heads == heads) {
            return Ok(kept);
        }
        let mut document = self.load_chart(patient)?;
        let chart = document.read();
        Ok(KeptChart { patient, heads: document.heads(), document, chart })
    }
}
