//! What the section of notes shows.

use crate::i18n::t;
use crate::words::{People, moment};
use api::ChartView;
use clinical::{Composition, EntryKind, NoteSectionCode};

/// The notes of a chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Notes {
    /// A note with words in it waits to be signed.
    pub has_draft: bool,
    /// The signed ones, newest first.
    pub signed: Vec<Signed>,
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
}

/// Reads the notes of a chart.
pub(super) fn notes(view: &ChartView, people: &People<'_>) -> Notes {
    let all = &view.chart.compositions;
    let kept =
        |note: &&Composition| !view.chart.is_withdrawn(EntryKind::Composition, note.id.uuid());
    let mut signed: Vec<&Composition> = all.iter().filter(kept).collect();
    signed.sort_by(|a, b| b.signed_at.cmp(&a.signed_at).then_with(|| b.id.cmp(&a.id)));
    let signed = signed
        .into_iter()
        .map(|note| Signed {
            title: if note.title.is_empty() {
                t("note.title").to_owned()
            } else {
                note.title.clone()
            },
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
        })
        .collect();
    let open = |draft: &clinical::NoteDraft| draft.signed.is_empty() && !draft.is_blank();
    Notes { has_draft: view.drafts.iter().any(open), signed }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, people, stamp, uuid};
    use clinical::{CompositionId, Instant, NoteDraft, NoteSection};
    use std::collections::BTreeMap;

    fn note(n: u8, draft: u8) -> Composition {
        Composition {
            id: CompositionId::from_uuid(uuid(n)),
            draft: CompositionId::from_uuid(uuid(draft)),
            encounter: None,
            title: "Visit note".into(),
            author: stamp().author,
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
        assert!(!model.has_draft);
    }

    #[test]
    fn only_a_draft_with_words_is_told() {
        let mut view = chart_view();
        let draft = |text: &str| NoteDraft {
            id: CompositionId::from_uuid(uuid(1)),
            patient: view.patient,
            encounter: None,
            title: String::new(),
            sections: BTreeMap::from([(NoteSectionCode::Plan, text.to_owned())]),
            signed: Vec::new(),
        };
        let (blank, written) = (draft(" "), draft("rest"));
        view.drafts = vec![blank];
        assert!(!notes(&view, &people(&view)).has_draft);
        view.drafts = vec![written];
        assert!(notes(&view, &people(&view)).has_draft);
    }
}
