//! What the list of documents shows.

use crate::sections::lines::{self, Line};
use crate::words::{self, People};
use api::{ChartView, DocumentsView};
use clinical::{DocumentReference, EntryKind, EntryRef};
use std::cmp::Reverse;

/// A document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct File {
    /// What the chart says of it.
    pub document: DocumentReference,
    /// Its line.
    pub line: Line,
}

/// Where the bytes of a document are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// It is not known yet.
    Unknown,
    /// On this computer, and not with the server.
    HereAlone,
    /// On this computer and with the server.
    OnServer,
    /// Elsewhere.
    NotHere,
}

impl File {
    /// Where it is.
    pub(super) fn place(&self, places: Option<&DocumentsView>) -> Place {
        let item = places.and_then(|places| {
            places.documents.iter().find(|item| item.document == self.document.id)
        });
        match item.map(|item| (item.here, item.on_server)) {
            None => Place::Unknown,
            Some((true, false)) => Place::HereAlone,
            Some((true, true)) => Place::OnServer,
            Some((false, _)) => Place::NotHere,
        }
    }
}

/// The documents of a chart: the newest first, mistakes after all others.
pub(super) fn files(view: &ChartView, people: &People<'_>) -> Vec<File> {
    let is_wrong =
        |one: &DocumentReference| view.chart.is_withdrawn(EntryKind::Document, one.id.uuid());
    let mut all: Vec<&DocumentReference> = view.chart.documents.iter().collect();
    all.sort_by_key(|one| (is_wrong(one), Reverse((one.date, one.id))));
    let file = |document: &DocumentReference| {
        let entry = EntryRef::new(EntryKind::Document, document.id.uuid());
        let kind = words::document_category(document.category).to_owned();
        let details = [kind, words::file_size(document.size)].into_iter();
        let line = Line {
            entry,
            label: document.title.clone(),
            details: details.chain(lines::reason(view, entry)).collect(),
            written: view.chart.stamp_of(entry).map(|stamp| people.written(stamp)),
            mistaken: is_wrong(document),
        };
        File { document: document.clone(), line }
    };
    all.into_iter().map(file).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::{speak, tags};
    use crate::sections::part::tests::{chart_view, people, stamp, uuid};
    use api::{DocumentItem, ErrorCode};
    use clinical::{ContentType, DocumentCategory, DocumentReferenceId, Instant};

    fn document(n: u8, title: &str) -> DocumentReference {
        DocumentReference {
            id: DocumentReferenceId::from_uuid(uuid(n)),
            title: title.into(),
            category: DocumentCategory::Letter,
            content_type: ContentType::Pdf,
            size: 48_200,
            hash: String::new(),
            blob: String::new(),
            author: stamp().author,
            date: Instant::from_unix_ms(i64::from(n)),
        }
    }

    fn view() -> ChartView {
        let mut view = chart_view();
        view.chart.documents = vec![document(1, "Old"), document(2, "New"), document(3, "Wrong")];
        view.chart.withdrawn = vec![EntryRef::new(EntryKind::Document, uuid(3))];
        view
    }

    #[test]
    fn the_newest_stands_first_and_a_mistake_last() {
        let view = view();
        let files = files(&view, &people(&view));
        let titles: Vec<_> = files.iter().map(|it| (&*it.line.label, it.line.mistaken)).collect();
        assert_eq!(titles, [("New", false), ("Old", false), ("Wrong", true)]);
        assert_eq!(files[0].line.details, ["Letter", "49 KB"]);
    }

    #[test]
    fn where_it_is_is_said_once_it_is_known() {
        let view = view();
        let file = files(&view, &people(&view)).remove(0);
        let check = |item: Option<(bool, bool)>, want: Place| {
            let item = item.map(|(here, on_server)| DocumentItem {
                document: file.document.id,
                here,
                on_server,
            });
            let places = DocumentsView {
                documents: item.into_iter().collect(),
                keep: false,
                keep_all: false,
                has_server: true,
                waits: Some(ErrorCode::ServerFull),
            };
            assert_eq!(file.place(Some(&places)), want);
        };
        check(None, Place::Unknown);
        check(Some((true, false)), Place::HereAlone);
        check(Some((true, true)), Place::OnServer);
        check(Some((false, true)), Place::NotHere);
        check(Some((false, false)), Place::NotHere);
        assert_eq!(file.place(None), Place::Unknown);
    }

    #[test]
    fn every_language_says_what_it_is() {
        let view = view();
        for tag in tags() {
            let details = speak(tag, || files(&view, &people(&view)).remove(0).line.details);
            assert!(details[1].contains("49") && !details[1].contains('{'), "{tag}: {details:?}");
        }
    }
}
