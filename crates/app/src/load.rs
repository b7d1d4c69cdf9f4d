//! Documents out of the store, open for edits.

use crate::{
    error::{Told, ToldResult, not_found},
    host::Host,
    kept_chart::KeptChart,
    open::Session,
};
use api::ApiError;
use chart::{ChartDocument, DraftDocument};
use clinical::{CompositionId, DocumentKind, DocumentRef, PatientId};

impl<H: Host> Session<'_, H> {
    /// Opens a patient's chart, by what was kept when it is still so.
    pub(crate) fn open_chart(
        &self,
        kept: Option<KeptChart>,
        patient: PatientId,
    ) -> Result<KeptChart, ApiError> {
        let name = DocumentRef::new(DocumentKind::Chart, patient.uuid());
        let heads = self.open.store.heads(name).told()?.ok_or_else(|| not_found("patient"))?;
        if let Some(kept) = kept.filter(|kept| kept.is_still(patient, &heads)) {
            return Ok(kept);
        }
        Ok(KeptChart::read(patient, self.load_chart(patient)?))
    }

    /// Opens a patient's chart.
    pub(crate) fn load_chart(&self, patient: PatientId) -> Result<ChartDocument, ApiError> {
        let name = DocumentRef::new(DocumentKind::Chart, patient.uuid());
        let stored = self.open.store.document(name).told()?.ok_or_else(|| not_found("patient"))?;
        ChartDocument::load(patient, stored.stored(), self.open.actor)
            .map_err(|error| store::StoreError::Document(error).told())
    }

    /// Opens a draft.
    pub(crate) fn load_draft(&self, draft: CompositionId) -> Result<DraftDocument, ApiError> {
        let name = DocumentRef::new(DocumentKind::Draft, draft.uuid());
        let stored = self.open.store.document(name).told()?.ok_or_else(|| not_found("draft"))?;
        DraftDocument::load(draft, stored.stored(), self.open.actor)
            .map_err(|error| store::StoreError::Document(error).told())
    }

    /// Opens a patient's chart, or begins it; says whether it is new.
    pub(crate) fn load_or_begin(
        &self,
        patient: PatientId,
    ) -> Result<(ChartDocument, bool), ApiError> {
        match self.load_chart(patient) {
            Err(error) if error.code == api::ErrorCode::NotFound => {
                Ok((ChartDocument::new(patient, self.open.actor), true))
            }
            loaded => Ok((loaded?, false)),
        }
    }
}
