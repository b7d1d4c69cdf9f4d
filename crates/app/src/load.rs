//! Documents out of the store, open for edits.

use crate::{
    error::{Told, ToldResult, not_found, not_here},
    host::Host,
    kept_chart::KeptChart,
    open::Session,
};
use api::ApiError;
use chart::{AnyDocument, ChartDocument, ClinicDocument, DraftDocument, LoadError};
use clinical::{CompositionId, DocumentKind, DocumentRef, PatientId};
use store::{StoreError, StoredDocument};

impl<H: Host> Session<'_, H> {
    /// Opens a patient's chart, by what was kept when it is still so.
    pub(crate) fn open_chart(
        &self,
        kept: Option<KeptChart>,
        patient: PatientId,
    ) -> Result<KeptChart, ApiError> {
        let name = DocumentRef::new(DocumentKind::Chart, patient.uuid());
        self.refuse_absent(patient)?;
        let heads = self.open.store.heads(name).told()?.ok_or_else(|| not_found("patient"))?;
        if let Some(kept) = kept.filter(|kept| kept.is_still(patient, &heads)) {
            return Ok(kept);
        }
        Ok(KeptChart::read(patient, self.load_chart(patient)?))
    }

    /// Opens a patient's chart.
    pub(crate) fn load_chart(&self, patient: PatientId) -> Result<ChartDocument, ApiError> {
        self.load_with_waiting(patient).map(|(document, _)| document)
    }

    /// Opens a patient's chart; with it the changes of it that wait for others.
    pub(crate) fn load_with_waiting(
        &self,
        patient: PatientId,
    ) -> Result<(ChartDocument, Vec<Vec<u8>>), ApiError> {
        let name = DocumentRef::new(DocumentKind::Chart, patient.uuid());
        self.refuse_absent(patient)?;
        let stored = self.open.store.document(name).told()?.ok_or_else(|| not_found("patient"))?;
        let document = ChartDocument::load(patient, stored.stored(), self.open.actor);
        Ok((document.map_err(damaged)?, stored.waiting))
    }

    /// Refuses a chart that is known not to be here, whatever of it waits here for the rest.
    ///
    /// # Errors
    /// `chart-not-here`; the store's.
    pub(crate) fn refuse_absent(&self, patient: PatientId) -> Result<(), ApiError> {
        match self.open.store.elsewhere(patient).told()? {
            None => Ok(()),
            Some(_) => Err(not_here()),
        }
    }

    /// Refuses a person of whose charts one is known not to be here: what it says may matter to all that
    /// is done with the others.
    ///
    /// # Errors
    /// `chart-not-here`; the store's.
    pub(crate) fn refuse_partly_absent(&self, patient: PatientId) -> Result<(), ApiError> {
        self.group(patient)?.members().try_for_each(|member| self.refuse_absent(member))
    }

    /// Opens a draft.
    pub(crate) fn load_draft(&self, draft: CompositionId) -> Result<DraftDocument, ApiError> {
        let name = DocumentRef::new(DocumentKind::Draft, draft.uuid());
        let stored = self.open.store.document(name).told()?.ok_or_else(|| not_found("draft"))?;
        DraftDocument::load(draft, stored.stored(), self.open.actor).map_err(damaged)
    }

    /// Opens the clinic's document; an empty one where nothing of it is here yet.
    pub(crate) fn load_clinic(&self) -> Result<ClinicDocument, ApiError> {
        let clinic = self.open.clinic;
        let name = DocumentRef::new(DocumentKind::Clinic, clinic.uuid());
        let stored = self.open.store.document(name).told()?.unwrap_or_default();
        ClinicDocument::load(clinic, stored.stored(), self.open.actor).map_err(damaged)
    }

    /// Opens whatever document is stored; nothing stored is an empty one.
    pub(crate) fn load_any(
        &self,
        name: DocumentRef,
        stored: &StoredDocument,
    ) -> Result<AnyDocument, ApiError> {
        AnyDocument::load(name, stored.stored(), self.open.actor).map_err(damaged)
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

/// The stored bytes of a document make none.
fn damaged(error: LoadError) -> ApiError {
    StoreError::Document(error).told()
}
