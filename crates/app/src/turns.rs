//! What is done one at a time, whoever is signed in.

use crate::kept_chart::KeptChart;
use clinical::PractitionerId;
use std::{
    collections::BTreeSet,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// What one command at a time may do, whoever is signed in.
#[derive(Default)]
pub(crate) struct Turns {
    writing: Mutex<Option<KeptChart>>,
    /// Held while an exchange with the server goes on.
    pub(crate) syncing: Mutex<()>,
    /// Held from reading the key slots to writing them back.
    pub(crate) changing_slots: Mutex<()>,
    /// The people who were removed while the store was open.
    over: Mutex<BTreeSet<PractitionerId>>,
}

impl Turns {
    /// Held from loading a document to committing its change; with the chart written to last.
    pub(crate) fn writing(&self) -> MutexGuard<'_, Option<KeptChart>> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The people who were removed while the store was open.
    pub(crate) fn over(&self) -> MutexGuard<'_, BTreeSet<PractitionerId>> {
        self.over.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
