//! A conflict in words: each side whole, with what the sides differ in marked.

use super::piece::{Against, Piece, pieces};
use crate::i18n::{line, t, tf};
use crate::words::{self, People, Written, identity_name, part_words};
use api::ChartView;
use clinical::display::tall_man;
use clinical::{
    Conflict, ConflictId, EntryKind, EntryRef, EntryValue, Part, PatientId, PractitionerId,
    StatusReason, Told, Version, display,
};
use std::collections::BTreeSet;

/// A conflict as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Dispute {
    /// Whose chart.
    pub patient: PatientId,
    /// Which conflict.
    pub id: ConflictId,
    /// The entry it is about.
    pub entry: EntryRef,
    /// What it is about.
    pub title: String,
    /// What stood before: its name and the rest.
    pub base: Option<(String, Vec<Piece>)>,
    /// Something the values differ in cannot be shown.
    pub unseen: bool,
    /// Who wrote every side, where that is one person.
    pub by_one: Option<PractitionerId>,
    /// Every value, in the order all devices show them.
    pub sides: Vec<Side>,
    /// The heads of the chart it was read from.
    pub heads: String,
}

/// One of the values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Side {
    /// The change that names it in a decision.
    pub change: String,
    /// Its name; that it cannot be shown, when it cannot.
    pub label: String,
    /// Another side has another name.
    pub renamed: bool,
    /// Why it is over, or was a mistake.
    pub reason: Option<String>,
    /// Everything it says, the disputed beside what is not.
    pub pieces: Vec<Piece>,
    /// Who wrote it, when and where.
    pub written: Written,
}

impl Side {
    /// The whole of it as the lists of a chart write it: `amlodipine — DOSE 10 mg — once daily`.
    pub(super) fn written_out(&self) -> String {
        let said = self.pieces.iter().map(|piece| match piece.name {
            Some(name) => words::named(name, &piece.words),
            None => piece.words.clone(),
        });
        line(&Some(self.label.clone()).into_iter().chain(said).collect::<Vec<_>>(), " — ")
    }

    /// The same as one says it: `amlodipine, 10 mg, once daily`.
    pub(super) fn spoken(&self) -> String {
        let said = self.pieces.iter().map(|piece| match piece.name {
            Some(name) => words::named(name, &piece.words),
            None => words::announced_dose(&piece.words).unwrap_or(&piece.words).to_owned(),
        });
        line(&Some(self.label.clone()).into_iter().chain(said).collect::<Vec<_>>(), ", ")
    }
}

/// A conflict in words, of the chart of a patient as it was at its heads.
pub(crate) fn dispute(
    (patient, heads): (PatientId, &str),
    conflict: &Conflict,
    people: &People<'_>,
) -> Dispute {
    let exact = |part: &Part<'_>| serde_json::to_string(part).unwrap_or_default();
    let told = conflict.told(part_words, exact);
    let pairs = conflict.versions.iter().zip(&told);
    let sides: Vec<Side> =
        pairs.map(|(version, told)| side(conflict, version, told, people)).collect();
    Dispute {
        patient,
        id: conflict.id.clone(),
        entry: conflict.entry,
        title: title(conflict),
        base: conflict.base.as_ref().map(|base| before(base, conflict)),
        unseen: conflict.differs_unseen(),
        by_one: only_author(conflict),
        sides,
        heads: heads.to_owned(),
    }
}

fn only_author(conflict: &Conflict) -> Option<PractitionerId> {
    let mut authors = conflict.versions.iter().map(|version| version.stamp.author);
    let first = authors.next()?;
    authors.all(|author| author == first).then_some(first)
}

fn side(conflict: &Conflict, version: &Version, told: &Told<'_>, people: &People<'_>) -> Side {
    let others = conflict.versions.iter().filter(|other| other.change != version.change);
    let others = others.map(|other| &other.value).filter(|it| **it != EntryValue::Unreadable);
    let others: Vec<&EntryValue> = others.collect();
    let own_label = label(&version.value);
    let against = Against { others: &others, base: conflict.base.as_ref() };
    let readable = version.value != EntryValue::Unreadable;
    Side {
        change: version.change.clone(),
        renamed: readable && others.iter().any(|other| label(other) != own_label),
        pieces: pieces(&version.value, &own_label, told, against),
        reason: None,
        label: own_label,
        written: people.written(version.stamp),
    }
}

/// The conflicts of a chart about one kind of entry.
pub(crate) fn disputes_of(view: &ChartView, people: &People<'_>, kind: EntryKind) -> Vec<Dispute> {
    let conflicts = view.chart.conflicts.iter().filter(|conflict| conflict.entry.kind == kind);
    let of = (view.patient, view.heads.as_str());
    let reasoned = |conflict: &Conflict| {
        let reason = view.chart.reason_of(conflict.entry);
        with_reason(reason, dispute(of, conflict, people), conflict)
    };
    conflicts.map(reasoned).collect()
}

/// Says on the side that ends an entry why it does.
pub(crate) fn with_reason(
    reason: Option<&StatusReason>,
    dispute: Dispute,
    conflict: &Conflict,
) -> Dispute {
    let Some(reason) = reason else { return dispute };
    let said = tf("line.reason", &[("reason", &reason.text)]);
    let one = |(side, version): (Side, &Version)| {
        let is_its = version.ends_because(reason);
        Side { reason: is_its.then(|| said.clone()), ..side }
    };
    let sides = dispute.sides.into_iter().zip(&conflict.versions).map(one).collect();
    Dispute { sides, ..dispute }
}

/// What is disputed in a chart, as its cards are titled: `Medicine: amLODIPine`, once each.
pub(crate) fn disputed_names(view: &ChartView, of: impl Fn(EntryKind) -> bool) -> Vec<String> {
    let conflicts = view.chart.conflicts.iter().filter(|conflict| of(conflict.entry.kind));
    let mut names: Vec<String> = conflicts.map(|one| tall_man(&title(one)).into_owned()).collect();
    names.sort();
    names.dedup();
    names
}

/// What a conflict is about: the kind of entry, with the name all sides that can be read share.
fn title(conflict: &Conflict) -> String {
    let kind = words::entry_kind(conflict.entry.kind);
    let values = conflict.versions.iter().map(|version| &version.value);
    let readable = values.filter(|value| **value != EntryValue::Unreadable);
    let labels: BTreeSet<String> = readable.map(label).collect();
    match labels.first().filter(|_| labels.len() == 1) {
        Some(label) => words::named(kind, label),
        None => kind.to_owned(),
    }
}

/// What a value is called.
fn label(value: &EntryValue) -> String {
    match value {
        EntryValue::Medication(order) => order.medication.label().to_owned(),
        EntryValue::Allergy(allergy) => allergy.label().to_owned(),
        EntryValue::Identity(identity) => identity_name(identity),
        EntryValue::CodeStatus(Some(status)) => status.label().to_owned(),
        EntryValue::CodeStatus(None) => t("conflict.withdrawn").to_owned(),
        EntryValue::EncounterAbout(about) => match display::labels(&about.reason) {
            none if none.is_empty() => t("visit.no-reason").to_owned(),
            reasons => reasons,
        },
        EntryValue::EncounterState(state) => words::became(state.status).to_owned(),
        EntryValue::Unreadable => t("conflict.unreadable").to_owned(),
    }
}

/// What stood before: its name and all it said.
fn before(value: &EntryValue, conflict: &Conflict) -> (String, Vec<Piece>) {
    let label = label(value);
    let others: Vec<&EntryValue> = conflict.versions.iter().map(|it| &it.value).collect();
    let against = Against { others: &others, base: None };
    let pieces = pieces(value, &label, &Told::default(), against);
    (label, pieces)
}

#[cfg(test)]
mod tests;
