//! What the references of an export mean.

use super::export::Export;
use crate::resolve::{Links, Scope};
use clinical::CodeableConcept;
use uuid::Uuid;

/// What references mean among the resources of a chart and of the clinic.
pub(super) struct Meaning<'a> {
    /// Names of what the chart keeps.
    pub(super) local: &'a Scope,
    /// What the clinic keeps.
    pub(super) export: &'a Export<'a>,
}

impl Meaning<'_> {
    /// What goes out under that name, else what the name would have as its id: that is how what
    /// we wrote ourselves refers.
    pub(super) fn target(&self, text: &str, full_url: Option<&str>) -> Option<Uuid> {
        let present = self.present(text, full_url);
        present.or_else(|| self.local.resolve(text, full_url).map(|target| target.id))
    }

    fn present(&self, text: &str, full_url: Option<&str>) -> Option<Uuid> {
        let present = |scope: &Scope| scope.resolve(text, full_url).filter(|target| target.present);
        let found = present(self.local).or_else(|| present(&self.export.clinic_scope));
        found.map(|target| target.id)
    }
}

/// As [`Meaning`], for reading one kept resource again.
pub(super) struct Again<'a> {
    /// What references mean.
    pub(super) meaning: Meaning<'a>,
    /// The full URL it came under.
    pub(super) full_url: Option<&'a str>,
}

impl Links for Again<'_> {
    fn entry(&self, reference: &str) -> Option<Uuid> {
        self.meaning.present(reference, self.full_url)
    }

    fn is_here(&self, reference: &str) -> bool {
        self.entry(reference).is_some()
    }

    fn medication(&self, reference: &str) -> Option<CodeableConcept> {
        let id = self.entry(reference)?;
        let (local, clinic) = (self.meaning.local, &self.meaning.export.clinic_scope);
        local.medication(id).or_else(|| clinic.medication(id)).cloned()
    }
}
