//! Files in a chart: put in, told of, looked at, taken out, kept on this computer. How their bytes
//! travel is `sync/files.rs`.

mod taking_in;

use crate::{
    audit::Deed,
    error::{ToldResult, code_of, not_found},
    hex::hex,
    host::{Host, HostEntropy},
    open::Session,
    permit::Permit,
    sync,
};
use api::{
    AddDocument, ApiError, DocumentContent, DocumentItem, DocumentsView, ErrorCode, KeepDocuments,
    ListDocuments, Recorded, SaveDocument, ShowDocument, Topic,
};
use base64::prelude::{BASE64_STANDARD, Engine as _};
use chart::{BlobKey, ChartDocument, ChartEdit};
use clinical::{
    ContentType, DocumentReference, DocumentReferenceId, EntryKind, EntryRef, PatientId,
};
use sha2::{Digest as _, Sha256};
use std::{collections::BTreeSet, fs::File, io::Write as _, path::Path};
use store::{NamedRow, Newest, StoreError};
use vault::{Sensitive, blob, random::make_array};

/// The name under which it is kept that the files of all charts are fetched.
pub(crate) const KEEP_ALL: &str = "files/keep-all";
/// Before the id of a patient: that the files of the chart are fetched.
pub(crate) const KEEP: &str = "files/keep/";

/// Puts a file into a chart: sealed, kept here, then named in the chart.
///
/// # Errors
/// `unreadable-file`; `invalid` with a finding for the title, or for a file that is empty, too large
/// or of a kind that a chart does not take; `not-found`; `disk-full` and the like: the chart is as
/// it was.
pub(crate) fn add_document<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<AddDocument>,
    command: &AddDocument,
) -> Result<Recorded, ApiError> {
    let title = command.draft.complete().map_err(ApiError::invalid)?;
    let (bytes, content_type) = taking_in::read(Path::new(&command.path))?;
    let key = BlobKey(make_array(&mut HostEntropy(session.host)));
    let sealed = blob::seal(&secret(&key), &clinic_of(session), &bytes);
    let sealed = sealed.ok_or_else(taking_in::too_large)?;
    let name: [u8; 32] = Sha256::digest(&sealed).into();
    let document = DocumentReference {
        id: DocumentReferenceId::from_uuid(session.make_uuid()),
        title,
        category: command.draft.category,
        content_type,
        size: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
        hash: hex(&Sha256::digest(&bytes)),
        blob: hex(&name),
        author: session.open.person.id,
        date: session.host.now(),
    };
    session.edit_chart(permit, command.patient, |_| {
        // Bytes first: what names them may be on its way to others as soon as it is written.
        let kept = session.open.store.files().keep(&name, &sealed);
        kept.map_err(StoreError::from).told()?;
        Ok(vec![ChartEdit::RecordDocument(document, key)])
    })
}

/// Tells where the bytes of a chart's files are.
///
/// # Errors
/// `not-found`; the store's.
pub(crate) fn list_documents<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<ListDocuments>,
    command: &ListDocuments,
) -> Result<DocumentsView, ApiError> {
    session.refuse_partly_absent(command.patient)?;
    let store = &session.open.store;
    let summary = store.chart(command.patient, Newest::of_each(1)).told()?;
    let chart = summary.ok_or_else(|| not_found("patient"))?.chart;
    let files = store.files();
    let item = |document: &DocumentReference| {
        let blob = document.blob_id();
        let here = blob.is_some_and(|blob| files.has(&blob));
        let on_server = blob.map_or(Ok(false), |blob| store.is_blob_held(&blob)).told()?;
        Ok(DocumentItem { document: document.id, here, on_server })
    };
    Ok(DocumentsView {
        documents: chart.documents.iter().map(item).collect::<Result<_, ApiError>>()?,
        keep: is_kept(session, command.patient)?,
        keep_all: store.named(KEEP_ALL).told()?.is_some(),
        has_server: sync::has_server(session)?,
        waits: sync::files_wait(session)?,
    })
}

/// Gives the bytes of a file.
///
/// # Errors
/// As [`open_file`].
pub(crate) fn show_document<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ShowDocument>,
    command: &ShowDocument,
) -> Result<DocumentContent, ApiError> {
    let whose = (command.patient, command.document);
    let (document, bytes) = open_file(session, permit.deed(), whose)?;
    let data = BASE64_STANDARD.encode(bytes.expose());
    Ok(DocumentContent { content_type: document.content_type, data })
}

/// Writes the bytes of a file into a new file, for its owner alone.
///
/// # Errors
/// As [`open_file`]; `already-exists`, `disk-full` and the like.
pub(crate) fn save_document<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SaveDocument>,
    command: &SaveDocument,
) -> Result<(), ApiError> {
    let whose = (command.patient, command.document);
    let (_, bytes) = open_file(session, permit.deed(), whose)?;
    write_new(Path::new(&command.path), bytes.expose())
}

/// Writes a file that is not there yet; on Unix nobody but this user reads it. Half of it is not left.
///
/// # Errors
/// `already-exists`; the disk's.
pub(crate) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), ApiError> {
    let mut options = File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let told = |error: std::io::Error| {
        let detail = format!("The file could not be written: {error}. Nothing was written over.");
        ApiError::new(code_of(&error), detail)
    };
    let mut file = options.open(path).map_err(told)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    written.map_err(|error| {
        // Half a file is none.
        drop(std::fs::remove_file(path));
        told(error)
    })
}

/// Says whether files are fetched to this computer by themselves.
///
/// # Errors
/// `not-found`; the store's.
pub(crate) fn keep_documents<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<KeepDocuments>,
    command: &KeepDocuments,
) -> Result<(), ApiError> {
    let store = &session.open.store;
    if let Some(patient) = command.patient {
        store.patient(patient).told()?.ok_or_else(|| not_found("patient"))?;
    }
    session.audit(permit, command.patient)?;
    if command.on {
        let name = keep_name(command.patient);
        store.put_named(&[NamedRow { name, bytes: Vec::new() }]).told()?;
    } else {
        for name in keep_names(session, command.patient)? {
            store.remove_named(&name).told()?;
        }
    }
    session.tell(vec![Topic::Sync]);
    Ok(())
}

/// Under which names it may stand that files are kept: of a person, of any of their charts.
fn keep_names<H: Host>(
    session: &Session<'_, H>,
    patient: Option<PatientId>,
) -> Result<Vec<String>, ApiError> {
    let Some(patient) = patient else { return Ok(vec![keep_name(None)]) };
    let group = session.group(patient)?;
    Ok(group.members().map(|member| keep_name(Some(member))).collect())
}

fn is_kept<H: Host>(session: &Session<'_, H>, patient: PatientId) -> Result<bool, ApiError> {
    for name in keep_names(session, Some(patient))? {
        if session.open.store.named(&name).told()?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Opens a file of a chart: its bytes from here or from the server, held against what the chart says
/// of them. The reading is audited before anybody sees them.
///
/// # Errors
/// `not-found`; `file-not-here` with what to do; `file-damaged`; the store's.
fn open_file<H: Host>(
    session: &Session<'_, H>,
    deed: Deed,
    (patient, id): (PatientId, DocumentReferenceId),
) -> Result<(DocumentReference, Sensitive<Vec<u8>>), ApiError> {
    let entry = EntryRef::new(EntryKind::Document, id.uuid());
    let mut chart = session.load_chart(session.holder(patient, entry)?)?;
    let read = chart.read_entries(&[entry]);
    let document = read.documents.into_iter().next().ok_or_else(|| not_found("document"))?;
    let (name, key) = document.blob_id().zip(chart.blob_key(id)).ok_or_else(damaged)?;
    let sealed = sync::file_bytes(session, &name)?;
    let bytes = unsealed(session, &mut chart, &key, &sealed).ok_or_else(damaged)?;
    let hash: [u8; 32] = Sha256::digest(bytes.expose()).into();
    let is_said = document.content_hash() == Some(hash)
        && ContentType::of(bytes.expose()) == Some(document.content_type);
    if !is_said {
        return Err(damaged());
    }
    session.audit(deed, Some(patient))?;
    Ok((document, bytes))
}

/// The bytes of a file: sealed by this clinic, or by one that gave the chart.
fn unsealed<H: Host>(
    session: &Session<'_, H>,
    chart: &mut ChartDocument,
    key: &BlobKey,
    sealed: &[u8],
) -> Option<Sensitive<Vec<u8>>> {
    let open = |clinic: &[u8; 16]| blob::open(&secret(key), clinic, sealed);
    open(&clinic_of(session)).or_else(|| {
        let shared = chart.shared();
        let clinics: BTreeSet<_> = shared.iter().map(|one| one.from.id.uuid()).collect();
        clinics.iter().find_map(|clinic| open(clinic.as_bytes()))
    })
}

/// What came is not what the chart says: nobody sees it.
pub(crate) fn damaged() -> ApiError {
    let detail = "This file is not what was put into the chart, so it is not shown and nothing was \
                  replaced by it. The rest of the chart is as it was; add the file again where it \
                  is still at hand.";
    ApiError::new(ErrorCode::FileDamaged, detail)
}

fn secret(key: &BlobKey) -> Sensitive<[u8; 32]> {
    Sensitive::new(key.0)
}

fn clinic_of<H: Host>(session: &Session<'_, H>) -> [u8; 16] {
    session.open.clinic.uuid().into_bytes()
}

fn keep_name(patient: Option<PatientId>) -> String {
    patient.map_or_else(|| KEEP_ALL.to_owned(), |patient| format!("{KEEP}{patient}"))
}
