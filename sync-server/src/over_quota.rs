//! Which clinics were refused for their quota, as far as the counters tell it: how many.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use sync::ids::ClinicId;

use crate::metrics::Metrics;

/// Clinics remembered at one time; more are counted as so many.
const CLINICS_MAX: usize = 65_536;

/// The clinics whose newest push was refused for their quota.
#[derive(Debug)]
pub(crate) struct OverQuota {
    clinics: Mutex<BTreeSet<ClinicId>>,
    metrics: Arc<Metrics>,
}

impl OverQuota {
    pub(crate) fn new(metrics: Arc<Metrics>) -> Self {
        Self { clinics: Mutex::default(), metrics }
    }

    /// A push or a join of the clinic was refused.
    pub(crate) fn refused(&self, clinic: ClinicId) {
        self.metrics.quota_refusals_total.add(1);
        self.change(|clinics| {
            if clinics.len() < CLINICS_MAX {
                clinics.insert(clinic);
            }
        });
    }

    /// A push of the clinic was taken in.
    pub(crate) fn taken(&self, clinic: ClinicId) {
        self.change(|clinics| {
            clinics.remove(&clinic);
        });
    }

    fn change(&self, change: impl FnOnce(&mut BTreeSet<ClinicId>)) {
        let mut clinics = self.clinics.lock().unwrap_or_else(PoisonError::into_inner);
        change(&mut clinics);
        self.metrics.clinics_over_quota.set_len(clinics.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clinic_counts_until_it_has_room_again() {
        let metrics = Arc::new(Metrics::default());
        let over = OverQuota::new(Arc::clone(&metrics));
        let check = |refusals: u32, clinics: u32| {
            let page = metrics.page();
            for line in [
                format!("quota_refusals_total {refusals}\n"),
                format!("clinics_over_quota {clinics}\n"),
            ] {
                assert!(page.contains(&line), "{line}{page}");
            }
        };
        let [one, two] = [ClinicId([1; 16]), ClinicId([2; 16])];
        over.refused(one);
        over.refused(one);
        over.refused(two);
        check(3, 2);
        over.taken(one);
        over.taken(one);
        check(3, 1);
    }
}
