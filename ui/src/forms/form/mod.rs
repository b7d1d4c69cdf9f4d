//! What all forms share: the draft, its fields, what is wrong with it, and sending it once.

mod failure;
mod fields;
mod keeping;
mod sending;
mod shell;

use super::step::Then;
use crate::components::Fault;
use crate::frame::Frame;
use crate::host::focus;
use crate::markup::prelude::*;
use crate::words;
use api::{ApiError, ErrorCode};
use clinical::Finding;
use std::collections::BTreeMap;

pub(crate) use failure::failure_notice;

/// A form over a draft `D`. Its fields' elements are called `NAME-PATH`, by the paths `clinical`
/// uses in its findings.
pub(crate) struct Form<D: Send + Sync + 'static> {
    name: &'static str,
    /// What was typed so far.
    pub draft: RwSignal<D>,
    faults: RwSignal<Vec<Fault>>,
    failure: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
    labels: StoredValue<BTreeMap<&'static str, &'static str>>,
    /// What waits until it is recorded.
    then: StoredValue<Option<Then>, LocalStorage>,
    home: Option<Home>,
}

/// Where a draft waits while its form is closed or covered by another.
#[derive(Clone, Copy)]
struct Home {
    frame: Frame,
    /// The draft was waiting when the form was opened.
    restored: bool,
    /// The draft was recorded, or given up.
    over: StoredValue<bool>,
    /// What its draft is kept under.
    key: StoredValue<String>,
}

impl<D: Send + Sync + 'static> Clone for Form<D> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<D: Send + Sync + 'static> Copy for Form<D> {}

impl<D: Clone + Send + Sync + 'static> Form<D> {
    /// A form that begins with a draft.
    pub(crate) fn new(name: &'static str, draft: D) -> Self {
        Self {
            name,
            draft: RwSignal::new(draft),
            faults: RwSignal::new(Vec::new()),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
            labels: StoredValue::new(BTreeMap::new()),
            then: StoredValue::new_local(None),
            home: None,
        }
    }

    /// Shows what is wrong; the keyboard goes to the summary.
    pub(crate) fn mend(self, findings: &[Finding]) {
        self.mark(findings);
        focus::to_id(&self.summary_id());
    }

    /// Says beside the fields what is wrong; the keyboard stays where it is.
    pub(crate) fn mark(self, findings: &[Finding]) {
        self.nothing_follows();
        self.nothing_is_done();
        self.failure.try_set(None);
        self.faults.try_set(findings.iter().map(|finding| self.fault(finding)).collect());
    }

    /// What a refusal says, where the form is drawn without a shell.
    pub(crate) fn failure(self) -> AnyView {
        (move || self.failure.get().map(|error| failure_notice(&error, None))).into_any()
    }

    /// What was recorded before is not said below what was not.
    fn nothing_is_done(self) {
        if let Some(home) = self.home {
            home.frame.done.set(None);
        }
    }

    fn fault(self, finding: &Finding) -> Fault {
        Fault {
            field_id: self.id_of(&finding.path),
            text: words::finding(finding),
            label: self.labels.with_value(|labels| labels.get(finding.path.as_str()).copied()),
        }
    }

    /// Takes back what was said to be wrong.
    pub(crate) fn accept(self) {
        self.faults.try_set(Vec::new());
        self.failure.try_set(None);
    }

    /// Takes back what was said of one field: it is being mended.
    pub(super) fn mended(self, field_id: &str) {
        let faulty = |faults: &Vec<Fault>| faults.iter().any(|fault| fault.field_id == field_id);
        if self.faults.with_untracked(faulty) {
            self.faults.update(|faults| faults.retain(|fault| fault.field_id != field_id));
        }
    }

    /// Shows a refusal.
    pub(crate) fn refuse(self, error: ApiError) {
        self.nothing_follows();
        self.nothing_is_done();
        if error.code == ErrorCode::Invalid && !error.findings.is_empty() {
            return self.mend(&error.findings);
        }
        self.faults.try_set(Vec::new());
        self.failure.try_set(Some(error));
    }

    /// Whether something is wrong with the field at a path.
    pub(crate) fn is_faulty(self, path: &str) -> bool {
        let id = self.id_of(path);
        self.faults.with(|faults| faults.iter().any(|fault| fault.field_id == id))
    }

    /// The id of the element of the field at a path.
    pub(crate) fn id_of(self, path: &str) -> String {
        format!("{}-{path}", self.name)
    }

    fn summary_id(self) -> String {
        format!("{}-errors", self.name)
    }
}
