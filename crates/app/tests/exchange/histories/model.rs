//! What is known to be held, and where: never more than is.

use clinical::{DocumentReferenceId, PatientId};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Something that somebody did and was told is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
    Registered(PatientId),
    /// An entry of this chart.
    Entry(PatientId, Uuid),
    Erased(PatientId),
}

impl Fact {
    pub(super) const fn patient(&self) -> PatientId {
        match self {
            Self::Registered(patient) | Self::Entry(patient, _) | Self::Erased(patient) => *patient,
        }
    }
}

/// What a computer or the server holds at least.
#[derive(Clone, Debug, Default)]
pub(super) struct Held {
    pub(super) facts: BTreeSet<Fact>,
    /// Documents whose bytes are there.
    pub(super) files: BTreeSet<DocumentReferenceId>,
}

impl Held {
    pub(super) fn add(&mut self, other: &Self) {
        self.facts.extend(&other.facts);
        self.files.extend(&other.files);
    }

    pub(super) fn is_erased(&self, patient: PatientId) -> bool {
        self.facts.contains(&Fact::Erased(patient))
    }

    /// What is held of a chart.
    pub(super) fn of(&self, patient: PatientId) -> impl Iterator<Item = &Fact> {
        self.facts.iter().filter(move |fact| fact.patient() == patient)
    }

    /// The entries that are held of a chart.
    pub(super) fn entries(&self, patient: PatientId) -> BTreeSet<Uuid> {
        let entry = |fact: &Fact| match fact {
            Fact::Entry(_, id) => Some(*id),
            Fact::Registered(_) | Fact::Erased(_) => None,
        };
        self.of(patient).filter_map(entry).collect()
    }
}

/// What happened, wherever.
#[derive(Default)]
pub(super) struct Record {
    pub(super) people: Vec<PatientId>,
    /// In which chart each entry was written.
    pub(super) chart_of: BTreeMap<Uuid, PatientId>,
    /// What the documents are.
    pub(super) documents: BTreeMap<DocumentReferenceId, (PatientId, Vec<u8>)>,
    /// Whom somebody erased, whether or not that was lost with a computer that was put back.
    pub(super) ever_erased: BTreeSet<PatientId>,
}
