//! What the section of notes shows.

use crate::i18n::tf;
use crate::words::{self, People, Written, moment};
use api::ChartView;
use clinical::{
    Composition, CompositionId, EntryKind, EntryRef, NoteDraft, NoteSectionCode, PractitionerId,
};
use std::{cmp::Reverse, collections::BTreeSet};

/// The notes of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Notes {
    /// Notes with words in them wait to be signed, the one begun last first.
    pub drafts: Vec<Draft>,
    /// The signed ones, newest first.
    pub signed: Vec<Signed>,
}

/// A note that waits.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Draft {
    /// Its id.
    pub id: CompositionId,
    /// Who began it and when, and whose words are in it.
    pub line: String,
}

/// A signed note.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Signed {
    /// Its title.
    pub title: String,
    /// Who signed it.
    pub author: String,
    /// When.
    pub when: String,
    /// Its parts.
    pub parts: Vec<(NoteSectionCode, String)>,
    /// Another note was signed from the same draft, on another computer.
    pub twice: bool,
    /// A later note corrects it.
    pub corrected: bool,
    /// Who else wrote words in it.
    pub with: String,
    /// The entry.
    pub entry: EntryRef,
    /// It was recorded by mistake.
    pub mistaken: bool,
    /// Why, and who said so.
    pub why: Option<(String, Written)>,
}

/// Reads the notes of a chart.
pub(super) fn notes(view: &ChartView, people: &People<'_>) -> Notes {
    let all = &view.chart.compositions;
    let mut signed: Vec<&Composition> = all.iter().collect();
    signed.sort_by(|a, b| b.signed_at.cmp(&a.signed_at).then_with(|| b.id.cmp(&a.id)));
    let signed = signed.into_iter().map(|note| one(view, people, note)).collect();
    let open = |draft: &&NoteDraft| draft.signed.is_empty() && !draft.is_blank();
    let mut drafts: Vec<&NoteDraft> = view.drafts.iter().filter(open).collect();
    drafts.sort_by_key(|draft| Reverse((draft.begun.map(|begun| begun.at), draft.id)));
    Notes { drafts: drafts.into_iter().map(|draft| waiting(draft, people)).collect(), signed }
}

fn waiting(draft: &NoteDraft, people: &People<'_>) -> Draft {
    let begun = draft.begun.map(|stamp| {
        let Written { who, when, .. } = people.written(stamp);
        tf("note.begun", &[("when", &when), ("who", &who)])
    });
    let writers: BTreeSet<PractitionerId> = draft.authors.values().flatten().copied().collect();
    let writers =
        (!writers.is_empty()).then(|| tf("note.words-of", &[("who", &people.names(writers))]));
    let line = begun.into_iter().chain(writers).collect::<Vec<_>>().join(" · ");
    Draft { id: draft.id, line }
}

fn one(view: &ChartView, people: &People<'_>, note: &Composition) -> Signed {
    let all = &view.chart.compositions;
    let entry = EntryRef::new(EntryKind::Composition, note.id.uuid());
    let why = view.chart.reason_of(entry);
    Signed {
        title: words::note_title(note),
        author: people.name(note.author),
        when: moment((people.local)(note.signed_at), people.today),
        parts: note.section.iter().map(|part| (part.code, part.text.clone())).collect(),
        twice: all.iter().any(|other| {
            other.draft == note.draft
                && other.id != note.id
                && note.replaces.is_none()
                && other.replaces.is_none()
        }),
        corrected: all.iter().any(|other| other.replaces == Some(note.id)),
        with: people.names(note.contributors.iter().copied()),
        entry,
        mistaken: view.chart.withdrawn.contains(&entry),
        why: why.map(|why| (why.text.clone(), people.written(why.stamp))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, stamp, uuid};
    use clinical::{Instant, NoteSection, Stamp, StatusReason};
    use std::collections::BTreeMap;

    fn note(n: u8, draft: u8) -> Composition {
        Composition {
            id: CompositionId::from_uuid(uuid(n)),
            draft: CompositionId::from_uuid(uuid(draft)),
            encounter: None,
            title: "Visit note".into(),
            author: stamp().author,
            contributors: Vec::new(),
            signed_at: Instant::from_unix_ms(i64::from(n)),
            section: vec![NoteSection { code: NoteSectionCode::Plan, text: "rest".into() }],
            heads: Vec::new(),
            replaces: None,
            signature: None,
        }
    }

    #[test]
    fn two_notes_of_one_draft_are_marked() {
        let mut view = chart_view();
        view.chart.compositions = vec![note(1, 10), note(2, 10), note(3, 11)];
        let model = notes(&view, &people(&view));
        let marks: Vec<_> = model.signed.iter().map(|note| note.twice).collect();
        assert_eq!(marks, [false, true, true]);
        assert_eq!(model.signed[0].author, "Dr Amina");
        assert!(model.drafts.is_empty());
    }

    #[test]
    fn a_note_that_was_a_mistake_stays_with_who_said_so_and_why() {
        let mut view = chart_view();
        view.chart.compositions = vec![note(1, 10), note(2, 11)];
        view.chart.compositions[1].contributors = vec![stamp().author];
        let entry = EntryRef::new(EntryKind::Composition, uuid(1));
        view.chart.withdrawn = vec![entry];
        let text = "wrong patient".to_owned();
        view.chart.reasons = vec![StatusReason { entry, text, stamp: stamp() }];
        let model = notes(&view, &people(&view));
        let told: Vec<_> =
            model.signed.iter().map(|note| (note.mistaken, note.why.is_some())).collect();
        assert_eq!(told, [(false, false), (true, true)], "newest first, and none is gone");
        let (why, by) = model.signed[1].why.clone().unwrap();
        assert_eq!((why.as_str(), by.who.as_str()), ("wrong patient", "Dr Amina"));
        assert_eq!(
            (model.signed[0].with.as_str(), model.signed[1].with.as_str()),
            ("Dr Amina", "")
        );
    }

    #[test]
    fn only_a_draft_with_words_is_told() {
        let mut view = chart_view();
        let draft = |text: &str, hours: i64| NoteDraft {
            id: CompositionId::from_uuid(uuid(1)),
            begun: Some(Stamp { at: Instant::from_unix_ms(hours * 3_600_000), ..stamp() }),
            patient: view.patient,
            encounter: None,
            title: String::new(),
            sections: BTreeMap::from([(NoteSectionCode::Plan, text.to_owned())]),
            signed: Vec::new(),
            authors: BTreeMap::from([(NoteSectionCode::Plan, vec![stamp().author])]),
            names: BTreeMap::new(),
            tracked: [].into(),
        };
        view.drafts = vec![draft(" ", 0)];
        assert!(notes(&view, &people(&view)).drafts.is_empty());
        let later = CompositionId::from_uuid(uuid(2));
        view.drafts = vec![draft("rest", 0), NoteDraft { id: later, ..draft("more", 30) }];
        let listed = notes(&view, &people(&view)).drafts;
        assert_eq!(listed[0].id, later, "the one begun last comes first");
        let line = "Draft begun 20-Nov-2026 09:00 by Dr Amina · Written by Dr Amina";
        assert_eq!(listed[1].line, line);
    }
}
