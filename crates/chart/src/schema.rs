//! The shape of each kind of document: flat sections under the root, made by one fixed change.
//!
//! Every device makes the same first change, byte for byte, with the same actor and no time. So
//! two devices that begin the same document apart have not begun two: their sections are the
//! same objects. Within a section, keys are `<id>` or `<id>/<field>`: two devices that write the
//! same entry apart dispute its values and never hide each other's objects.

use automerge::{
    ActorId, AutoCommit, Change, ChangeHash, ObjType, ROOT,
    transaction::{CommitOptions, Transactable},
};
use clinical::DocumentKind;
use std::sync::LazyLock;

/// The version of the shape. A document with a higher one is only read.
pub(crate) const VERSION: u64 = 1;
/// The root's member that holds the version.
pub(crate) const VERSION_KEY: &str = "v";
/// The actor of first changes.
const GENESIS_ACTOR: [u8; 16] = *b"fieldchart-begin";
/// The actor of the changes that make later sections, but for its last byte.
const LATER_ACTOR: [u8; 16] = *b"fieldchart-later";

/// A section's name and whether it is text that merges by character.
pub(crate) struct Section {
    /// Its key under the root.
    pub(crate) name: &'static str,
    /// What it is made of.
    pub(crate) kind: ObjType,
}

const fn map(name: &'static str) -> Section {
    Section { name, kind: ObjType::Map }
}

const fn text(name: &'static str) -> Section {
    Section { name, kind: ObjType::Text }
}

/// The sections of a kind of document, in the order they are made. Never reorder, never remove.
pub(crate) fn sections(kind: DocumentKind) -> &'static [Section] {
    const CHART: &[Section] = &[
        map("patient"),
        map("allergies"),
        map("conditions"),
        map("encounters"),
        map("medications"),
        map("observations"),
        map("compositions"),
        map("tasks"),
        map("sources"),
        map("withdrawn"),
    ];
    const DRAFT: &[Section] = &[
        map("about"),
        map("signed"),
        text("subjective"),
        text("objective"),
        text("assessment"),
        text("plan"),
    ];
    const CLINIC: &[Section] = &[map("settings"), map("people"), map("sources")];
    match kind {
        DocumentKind::Chart => CHART,
        DocumentKind::Draft => DRAFT,
        DocumentKind::Clinic => CLINIC,
    }
}

/// The sections a kind of document has beside, each made by a fixed change of its own once it is
/// needed: a document that needs none stays as it was, and who does not know one passes it over.
pub(crate) fn later_sections(kind: DocumentKind) -> &'static [Section] {
    const CHART: &[Section] = &[map("documents"), map("shared"), map("links")];
    match kind {
        DocumentKind::Chart => CHART,
        DocumentKind::Draft | DocumentKind::Clinic => &[],
    }
}

/// The change that makes a later section: the same on every device, so that two that begin it apart
/// have not begun two. It follows the first change and has an actor of its own, by its place.
pub(crate) fn later_change(kind: DocumentKind, name: &str) -> Option<Change> {
    let sections = later_sections(kind);
    let place = sections.iter().position(|section| section.name == name)?;
    let section = sections.get(place)?;
    let mut doc = genesis(kind);
    let mut actor = LATER_ACTOR;
    if let (Some(last), Ok(place)) = (actor.last_mut(), u8::try_from(place)) {
        *last = place;
    }
    doc.set_actor(ActorId::from(actor.as_slice()));
    doc.put_object(ROOT, section.name, section.kind).ok()?;
    let hash = doc.commit_with(CommitOptions::default().with_time(0))?;
    doc.get_change_by_hash(&hash)
}

/// The changes that make the later sections of a kind.
pub(crate) fn later_changes(kind: DocumentKind) -> impl Iterator<Item = Change> {
    let sections = later_sections(kind).iter();
    sections.filter_map(move |section| later_change(kind, section.name))
}

/// A document of the kind with every section, and nothing in any.
pub(crate) fn whole(kind: DocumentKind) -> AutoCommit {
    let mut doc = genesis(kind);
    // It cannot fail; a failure would show as a missing section.
    let _unused = doc.apply_changes(later_changes(kind).collect::<Vec<_>>());
    doc
}

/// A new document of the kind, with its first change and nothing else.
pub(crate) fn genesis(kind: DocumentKind) -> AutoCommit {
    let mut doc = AutoCommit::new().with_actor(ActorId::from(GENESIS_ACTOR.as_slice()));
    // Neither call can fail on an empty document; a failure would show as a missing section.
    let _unused = doc.put(ROOT, VERSION_KEY, VERSION);
    for section in sections(kind) {
        let _unused = doc.put_object(ROOT, section.name, section.kind);
    }
    doc.commit_with(CommitOptions::default().with_time(0));
    doc
}

/// The name of the first change of every document of the kind.
pub(crate) fn first_change(kind: DocumentKind) -> &'static [ChangeHash] {
    type Once = LazyLock<Vec<ChangeHash>>;
    static CHART: Once = LazyLock::new(|| genesis(DocumentKind::Chart).get_heads());
    static DRAFT: Once = LazyLock::new(|| genesis(DocumentKind::Draft).get_heads());
    static CLINIC: Once = LazyLock::new(|| genesis(DocumentKind::Clinic).get_heads());
    match kind {
        DocumentKind::Chart => &CHART,
        DocumentKind::Draft => &DRAFT,
        DocumentKind::Clinic => &CLINIC,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::change::hex;

    /// The first changes are part of every document ever stored: they never change.
    #[test]
    fn first_changes_are_the_same_for_ever() {
        let check = |kind, want: &str| assert_eq!(hex(&first_change(kind)[0].0), want);
        check(
            DocumentKind::Chart,
            "a7bab4addcd05b6bcd0cb2e5f9f212cd55acb0efd2431c1190ae6691170c6eb6",
        );
        check(
            DocumentKind::Draft,
            "c76331453782b1d80049f703087e533eaf74c516cf7f756b3f397d2dc8326aa7",
        );
        let later = later_change(DocumentKind::Chart, "documents").unwrap();
        assert_eq!(
            hex(&later.hash().0),
            "bb9960bead28b96d1df12303f839eb462d88064264cb6f19e6337571ba1318fb"
        );
        let later = later_change(DocumentKind::Chart, "shared").unwrap();
        assert_eq!(
            hex(&later.hash().0),
            "9d83765c3028971f947fc36d84f7d1580a1e590eaef97aa71556056f253ee463"
        );
        let later = later_change(DocumentKind::Chart, "links").unwrap();
        assert_eq!(
            hex(&later.hash().0),
            "5edbb60f2913b9aacba711ee4074978b1222f790b94b4e2723715813111511e4"
        );
        check(
            DocumentKind::Clinic,
            "4d40732f64f52be1ad5f90da24bb05aea77878681e73a371c0bae2220099c904",
        );
    }
}
