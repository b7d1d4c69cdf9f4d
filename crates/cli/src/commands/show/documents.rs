//! Files of a chart, for people.

use super::super::document::{Line, Listed};
use crate::output::on_one_line;
use clinical::{Chart, DocumentReference, EntryKind};
use std::fmt::Write as _;

/// The list, the newest first, each with where its bytes are.
pub(crate) fn documents(listed: &Listed) -> String {
    let mut lines: Vec<&Line> = listed.documents.iter().collect();
    lines.sort_by_key(|line| std::cmp::Reverse((line.document.date, line.document.id)));
    let mut out = String::new();
    for line in lines {
        let place = place(line);
        let mistake = if line.mistake { ", recorded by mistake" } else { "" };
        let id = line.document.id;
        let _ = writeln!(out, "{} [{place}]{mistake}  document/{id}", titled(&line.document));
    }
    if listed.keep || listed.keep_all {
        let _ = writeln!(out, "Kept on this computer.");
    }
    if let Some(code) = listed.waits {
        let word = serde_json::to_value(code).unwrap_or_default();
        let _ = writeln!(out, "! files wait: {}", word.as_str().unwrap_or_default());
    }
    out
}

/// The files of a chart that were not recorded by mistake, one on a line.
pub(super) fn of_chart(chart: &Chart) -> Vec<(String, &DocumentReference)> {
    let is_wrong = |one: &DocumentReference| chart.is_withdrawn(EntryKind::Document, one.id.uuid());
    let mut all: Vec<_> = chart.documents.iter().filter(|one| !is_wrong(one)).collect();
    all.sort_by_key(|one| std::cmp::Reverse((one.date, one.id)));
    all.into_iter().map(|one| (titled(one), one)).collect()
}

fn titled(document: &DocumentReference) -> String {
    let (title, category) = (on_one_line(&document.title), document.category.code());
    let (kind, size) = (document.content_type.extension(), size(document.size));
    format!("{title} ({category}, {kind}, {size})")
}

fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} B"),
        1_000..1_000_000 => format!("{} KB", bytes.div_ceil(1_000)),
        _ => format!("{} MB", bytes.div_ceil(1_000_000)),
    }
}

const fn place(line: &Line) -> &'static str {
    match (line.here, line.on_server) {
        (true, true) => "here and on the server",
        (true, false) => "here; not on the server",
        (false, true) => "not here; on the server",
        (false, false) => "not here",
    }
}
