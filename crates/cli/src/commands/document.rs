//! Files in a chart.

use super::{Desk, parse, places::write, show};
use crate::{
    arguments::{CategoryWord, DocumentCommand},
    failure::Failure,
};
use api::{ApiError, DocumentItem, ErrorCode};
use clinical::{
    DocumentCategory, DocumentDraft, DocumentReference, DocumentReferenceId, EntryKind,
    title_of_file,
};
use serde::Serialize;
use std::path::Path;

/// The files of a chart, as they are listed.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Listed {
    pub(super) documents: Vec<Line>,
    pub(super) keep: bool,
    pub(super) keep_all: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) waits: Option<ErrorCode>,
}

/// One of them: what the chart says of it, and where its bytes are.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Line {
    #[serde(flatten)]
    pub(super) document: DocumentReference,
    pub(super) here: bool,
    pub(super) on_server: bool,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) mistake: bool,
}

/// Adds, lists, saves and keeps.
pub(super) fn run(desk: &Desk, command: &DocumentCommand) -> Result<(), Failure> {
    match command {
        DocumentCommand::Add { file, patient, title, category } => {
            let draft =
                DocumentDraft { title: titled(title.as_deref(), file), category: of(*category) };
            let (patient, path) = (parse(patient)?, path_of(desk, file)?);
            desk.sign_in()?;
            let recorded = desk.call(api::AddDocument { patient, path, draft })?;
            desk.output.answer(&recorded, show::recorded);
            Ok(())
        }
        DocumentCommand::List { patient } => list(desk, patient),
        DocumentCommand::Save { document, patient, out } => {
            let (patient, id) = (parse(patient)?, id_of(document)?);
            let path = path_of(desk, out)?;
            desk.sign_in()?;
            let save = api::SaveDocument { patient, document: id, path: path.clone() };
            write(desk, save, out)?;
            let saved = serde_json::json!({ "saved": id, "file": path });
            desk.output.answer(&saved, |_| format!("saved {}", out.display()));
            Ok(())
        }
        DocumentCommand::Keep { patient, off, .. } => {
            let patient = patient.as_deref().map(parse).transpose()?;
            desk.sign_in()?;
            desk.call(api::KeepDocuments { patient, on: !off })?;
            let kept = serde_json::json!({ "keep": !off });
            let words = if *off { "fetched when asked for" } else { "kept on this computer" };
            desk.output.answer(&kept, |_| words.to_owned());
            Ok(())
        }
    }
}

fn list(desk: &Desk, patient: &str) -> Result<(), Failure> {
    let patient = parse(patient)?;
    desk.sign_in()?;
    let chart = desk.call(api::OpenChart { patient })?.chart;
    let view = desk.call(api::ListDocuments { patient })?;
    let line = |item: &DocumentItem| {
        let document = chart.documents.iter().find(|one| one.id == item.document)?.clone();
        let mistake = chart.is_withdrawn(EntryKind::Document, document.id.uuid());
        Some(Line { document, here: item.here, on_server: item.on_server, mistake })
    };
    let documents = view.documents.iter().filter_map(line).collect();
    let (keep, keep_all, waits) = (view.keep, view.keep_all, view.waits);
    desk.output.answer(&Listed { documents, keep, keep_all, waits }, show::documents);
    Ok(())
}

/// What it is called: as was said, or after the file.
fn titled(title: Option<&str>, file: &Path) -> String {
    let name = || file.file_name().map(|name| name.to_string_lossy().into_owned());
    title.map_or_else(|| title_of_file(&name().unwrap_or_default()), str::to_owned)
}

/// A path as the contract has it.
pub(super) fn path_of(desk: &Desk, path: &Path) -> Result<String, Failure> {
    let unnamed = || {
        let detail = "The path is no text; nothing was changed.";
        desk.failed(ApiError::new(ErrorCode::UnreadableFile, detail))
    };
    path.to_str().map(str::to_owned).ok_or_else(unnamed)
}

fn id_of(text: &str) -> Result<DocumentReferenceId, Failure> {
    parse(text.strip_prefix("document/").unwrap_or(text))
}

const fn of(word: CategoryWord) -> DocumentCategory {
    match word {
        CategoryWord::Letter => DocumentCategory::Letter,
        CategoryWord::Laboratory => DocumentCategory::Laboratory,
        CategoryWord::Imaging => DocumentCategory::Imaging,
        CategoryWord::Photo => DocumentCategory::Photo,
        CategoryWord::Consent => DocumentCategory::Consent,
        CategoryWord::Other => DocumentCategory::Other,
    }
}
