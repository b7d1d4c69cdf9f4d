//! From the resources of one document to entries of charts.

use super::{
    asks::{Asked, asked, lacks_medicine, owner, sole_patient},
    bundle::{Entry, split},
    claim::{IDENTIFIED, remark},
    file,
    import::{Import, Sink},
    intake::Taken,
    named::{Name, last_updated},
    pending::{Pending, Resource},
    people::Claim,
    remarks::{
        beyond, id_of_several, identity_corrected, older, patient_ambiguous, reference_ambiguous,
    },
    unresolved::Place,
};
use crate::{
    FileFinding,
    json::Json,
    map::{Mapped, map, medication_code, reason},
    resolve::{Owner, Reference, Scope, Seen, fingerprint, hashed, identifiers},
};
use clinical::{Finding, Patient, PatientId, Source};
use std::ops::ControlFlow;
use uuid::Uuid;

/// Whether a resource may wait for what it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turn {
    /// What comes later may bring it.
    First,
    /// Nothing comes any more.
    Last,
}

impl Import {
    /// Takes in one document.
    pub(super) fn document(
        &mut self,
        file: &str,
        line: Option<u64>,
        bytes: Vec<u8>,
        sink: Sink<'_>,
    ) -> ControlFlow<()> {
        let mut odd = Vec::new();
        let text = file::text(bytes, &mut odd);
        let parts = split(&text, &self.options.limits);
        for finding in odd {
            self.tell(file, line, finding, sink)?;
        }
        for (place, finding) in parts.findings {
            self.tell(file, line.or(place), finding, sink)?;
        }
        let mut scope = Scope::new(&self.namespace(&parts.entries));
        let resources = self.name(file, line, parts.entries, &mut scope, sink)?;
        let alone = sole_patient(&resources);
        for resource in &resources {
            self.learn(resource, &mut scope, parts.bundle);
        }
        for resource in resources {
            self.take(file, resource, &scope, alone, Turn::First, sink)?;
        }
        if parts.bundle && line.is_none() {
            self.groups.flush(sink)
        } else {
            ControlFlow::Continue(())
        }
    }

    /// Where the ids of a document belong. A Bundle about one patient whose id is no global one
    /// gets a namespace of its own: `Patient/1` of two senders is two people.
    fn namespace(&self, entries: &[Entry]) -> String {
        let mut patients = entries.iter().filter(|entry| entry.resource_type == "Patient");
        if let (Some(patient), None) = (patients.next(), patients.next())
            && patient.place.is_some()
            && self.options.namespace.is_empty()
        {
            let id = patient.document.root().get("id").and_then(Json::text).unwrap_or_default();
            let named_by_url = patient.full_url.as_deref().is_some_and(|url| {
                matches!(Reference::parse(url), Reference::Absolute { .. } | Reference::Urn(_))
            });
            if !named_by_url && Uuid::try_parse(&id).is_err() {
                return fingerprint(patient.document.text()).unwrap_or_default();
            }
        }
        self.options.namespace.clone()
    }

    /// Remembers what later references may name.
    fn learn(&mut self, resource: &Resource, scope: &mut Scope, bundle: bool) {
        let limit = self.options.limits.references;
        self.unresolved.came(resource.id, limit);
        if !IDENTIFIED.contains(&resource.resource_type.as_str()) {
            return;
        }
        let root = resource.document.root();
        let tokens = identifiers(root);
        if bundle {
            scope.add_identifiers(resource.id, &resource.resource_type, &tokens);
        }
        self.known.add_identifiers(resource.id, &resource.resource_type, &tokens);
        if resource.resource_type == "Medication"
            && let Some(code) = medication_code(root)
        {
            if self.known.medication(resource.id).is_some_and(|known| *known != code) {
                self.people.are_several(resource.id);
            }
            self.known.add_medication(resource.id, code.clone());
            scope.add_medication(resource.id, code);
        }
    }

    fn take(
        &mut self,
        file: &str,
        mut resource: Resource,
        scope: &Scope,
        alone: Option<PatientId>,
        turn: Turn,
        sink: Sink<'_>,
    ) -> ControlFlow<()> {
        let seen = self.seen(scope, resource.full_url.as_deref());
        let owner = owner(&resource, &seen, alone);
        let waits = turn == Turn::First && self.pending.len() < self.options.limits.pending;
        if waits && (owner.is_none() || lacks_medicine(&resource, &seen)) {
            let (number, namespace) = (self.file, scope.namespace.clone());
            let file = file.to_owned();
            self.pending.push(Pending { number, file, namespace, resource });
            return ControlFlow::Continue(());
        }
        let owner = owner.unwrap_or(Owner::Clinic);
        let name = self.claim(&mut resource, owner);
        if let Some(finding) = remark(name) {
            self.tell(file, resource.place, finding, sink)?;
        }
        if matches!(name, Name::Repeated | Name::Older) {
            return ControlFlow::Continue(());
        }
        let seen = self.seen(scope, resource.full_url.as_deref());
        let Asked { wanted, several } = asked(&resource.document, &seen, &self.unresolved);
        let Resource { id, place, full_url, resource_type, document, mut findings } = resource;
        let seen = self.seen(scope, full_url.as_deref());
        let today = self.options.today.as_ref();
        let mapped = map(document.root(), id, &seen, today, &mut findings);
        if owner != Owner::Unclear {
            findings.extend(several.iter().map(|path| reference_ambiguous(path)));
        }
        let here = Place { file, entry: place };
        let limit = self.options.limits.references;
        for (reference, id) in wanted {
            match id {
                Some(id) => self.unresolved.want(id, &reference, here, limit),
                None => self.unresolved.want_identified(&reference, here, limit),
            }
        }
        let claim = match (owner, &mapped) {
            (Owner::Patient(_), Mapped::Patient(patient)) => {
                self.people.claim(patient, last_updated(document.root()), limit)
            }
            _ => Claim::Own,
        };
        findings.extend(remark_of_person(claim));
        if claim == Claim::Older {
            return findings.into_iter().try_for_each(|it| self.tell(file, place, it, sink));
        }
        if self.beyond_since.is_none() && self.not_remembered() != (0, 0) {
            self.beyond_since = Some(file.to_owned());
        }
        // A newer version is the same resource once more.
        if name != Name::Newer {
            self.count(&resource_type);
        }
        for finding in findings {
            self.tell(file, place, finding, sink)?;
        }
        let reason = reason(document.root());
        let source = Source { id, resource_type, full_url, body: document.into_text() };
        match (owner, mapped) {
            (Owner::Patient(_), Mapped::Patient(patient)) => {
                self.person(file, place, (patient, claim), source, sink)
            }
            (Owner::Patient(patient), mapped) => {
                self.groups.add(self.file, patient, mapped, (source, reason));
                ControlFlow::Continue(())
            }
            (Owner::Clinic, mapped) => self.clinic(file, place, &mapped, source, sink),
            (Owner::Unclear, _) => {
                self.tell(file, place, patient_ambiguous(&source.resource_type), sink)?;
                sink(Taken::Aside { file: self.file, source })
            }
        }
    }

    fn seen<'a>(&'a self, scope: &'a Scope, full_url: Option<&'a str>) -> Seen<'a> {
        let several = self.people.several();
        Seen { scope, before: Some(&self.known), several, full_url }
    }

    /// Takes in a patient. Where another person has come under the same id, the id is neither's:
    /// both get one of their own, and what goes by the shared one is kept and in no chart.
    fn person(
        &mut self,
        file: &str,
        place: Option<u64>,
        (mut patient, claim): (Patient, Claim),
        mut source: Source,
        sink: Sink<'_>,
    ) -> ControlFlow<()> {
        if claim == Claim::Others {
            let held = self.groups.part(patient.id, |body| hashed("Patient", body));
            let finding = id_of_several(held.len());
            self.tell(file, place, finding, sink)?;
            for source in held {
                sink(Taken::Aside { file: self.file, source })?;
            }
            source.id = hashed("Patient", &source.body);
            patient.id = PatientId::from_uuid(source.id);
        }
        self.groups.add(self.file, patient.id, Mapped::Patient(patient), (source, None));
        ControlFlow::Continue(())
    }

    /// Keeps a resource of no patient.
    fn clinic(
        &mut self,
        file: &str,
        place: Option<u64>,
        mapped: &Mapped,
        source: Source,
        sink: Sink<'_>,
    ) -> ControlFlow<()> {
        if *mapped != Mapped::SourceOnly {
            let detail = "It names no patient that is known. It is kept and in no chart.";
            let finding = Finding::warning(&source.resource_type, "no-patient", detail);
            self.tell(file, place, finding, sink)?;
            return sink(Taken::Aside { file: self.file, source });
        }
        sink(Taken::ClinicSource { file: self.file, source })
    }

    /// Hands over what waited, and tells which references lead nowhere.
    pub(super) fn settle(&mut self, sink: Sink<'_>) -> ControlFlow<()> {
        for waiting in std::mem::take(&mut self.pending) {
            let Pending { number, file, namespace, resource } = waiting;
            // What is handed over together is of one file.
            if number != self.file {
                self.groups.flush(sink)?;
                self.file = number;
            }
            self.take(&file, resource, &Scope::new(&namespace), None, Turn::Last, sink)?;
        }
        self.groups.flush(sink)?;
        let nothing = Scope::default();
        let seen = self.seen(&nothing, None);
        let mut findings = self.unresolved.findings(|reference| seen.target(reference).is_some());
        findings.extend(self.beyond());
        for finding in findings {
            self.report.findings += 1;
            sink(Taken::Finding(finding))?;
        }
        ControlFlow::Continue(())
    }

    /// What is told where more came than is remembered.
    fn beyond(&self) -> Option<FileFinding> {
        let (references, names) = self.not_remembered();
        let finding = beyond(references, names, self.options.limits.references)?;
        let file = self.beyond_since.clone().unwrap_or_default();
        Some(FileFinding { file, entry: None, finding })
    }

    fn not_remembered(&self) -> (u64, u64) {
        (self.unresolved.beyond(), self.named.beyond() + self.people.beyond())
    }
}

/// What is told of somebody who came before under the same id.
fn remark_of_person(claim: Claim) -> Option<Finding> {
    match claim {
        // What becomes of the entries of two people is told where they are taken apart.
        Claim::Own | Claim::Others => None,
        Claim::Corrected => Some(identity_corrected()),
        Claim::Older => Some(older()),
    }
}
