//! Giving a chart: recorded in it, sealed whole to the other's card, written into a new file.

use super::{
    cards::{clinic_id, keep, parse, refuse_other, refuse_uncompared},
    given::{
        DOCUMENT_BYTES_MAX, FILE_BYTES_MAX, FILES_MAX, GivenChart, GivenFile, PLAIN_BYTES_MAX,
    },
    own, shown,
};
use crate::{
    error::{ToldResult, code_of},
    host::{Host, HostEntropy},
    open::Session,
    permit::Permit,
    record::refuse_merged,
    sync::{
        carried::Carried,
        keys::internal,
        part::{Part, Readers, must_be_free},
    },
};
use api::{ApiError, ErrorCode, FileAct, FileProgress, ShareChart, SharedFile};
use chart::{ChartDocument, ChartEdit, DocumentChange, Heads};
use clinical::{
    Chart, DocumentKind, DocumentRef, EntryKind, Finding, NamedAuthor, NamedClinic, PatientId,
    PatientLink, Sharing, SharingId, SharingSaid, without_hidden,
};
use std::{io, path::Path, sync::Arc};
use store::{AuditEvent, Commit, Record, View};
use sync::codec::Canonical as _;
use vault::{ClinicKeys, card::Card};

/// Gives a chart to another clinic.
///
/// # Errors
/// `bad-code` of a card that is none, is this clinic's own, or is of a clinic that was met by another
/// number; `invalid`, also of a chart of which changes wait and of one of several charts of a person;
/// `not-found`; `too-large`; `already-exists`, `disk-full` and the like: then there
/// is no file; the store's.
pub(crate) fn share_chart<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<ShareChart>,
    command: &ShareChart,
) -> Result<SharedFile, ApiError> {
    refuse_merged(session, command.patient, "Nothing was given")?;
    let said = command.draft.complete().map_err(ApiError::invalid)?;
    let card = parse(&command.card)?;
    refuse_other(session, &card)?;
    let (keys, ours) = own(session)?;
    if card.clinic() == ours.clinic() {
        let detail = "Nothing was changed: this is the card of this clinic itself.";
        return Err(ApiError::new(ErrorCode::BadCode, detail));
    }
    refuse_uncompared(session, &card, command.compared)?;
    let out = Path::new(&command.path);
    let part = Part::create(session.host, out, Readers::Oneself);
    let part = part.map_err(|error| cannot_write(&error))?;
    Give { session, permit, command, said, keys, ours, card }.write(part, out)
}

/// A chart about to be given.
struct Give<'a, H> {
    session: &'a Session<'a, H>,
    permit: &'a Permit<ShareChart>,
    command: &'a ShareChart,
    said: SharingSaid,
    keys: ClinicKeys,
    ours: Card,
    card: Card,
}

/// What is given, sealed, and what the chart then says of it.
struct Sealed {
    /// The heads of the chart it was made of.
    before: Option<Heads>,
    bytes: Vec<u8>,
    files: usize,
    left_out: u32,
    sharing: Sharing,
    change: DocumentChange,
    chart: Chart,
}

impl Sealed {
    /// How far it is written, with so many bytes.
    fn far(&self, done: usize) -> FileProgress {
        let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
        FileProgress {
            count: number(self.files),
            count_of: None,
            bytes: number(done),
            bytes_of: Some(number(self.bytes.len())),
        }
    }
}

impl<H: Host> Give<'_, H> {
    /// Writes the file, and then says so in the chart. Nobody waits with an entry while a stick is
    /// written; where somebody wrote in the chart meanwhile, it is sealed once more while nobody can.
    fn write(&self, mut part: Part, out: &Path) -> Result<SharedFile, ApiError> {
        let mut carried = Carried::new(self.session.host, FileAct::GiveChart);
        let mut sealed = self.seal()?;
        let written = part.write(&sealed.bytes, &mut |done| carried.at(sealed.far(done)));
        written.map_err(|error| cannot_write(&error))?;
        let mut writing = self.session.open.writing();
        *writing = None;
        if self.heads()? != sealed.before {
            sealed = self.seal()?;
            let written = part.write(&sealed.bytes, &mut |done| carried.at(sealed.far(done)));
            written.map_err(|error| cannot_write(&error))?;
        }
        must_be_free(out).map_err(|error| cannot_write(&error))?;
        let Sealed { bytes, files, left_out, sharing, change, chart, .. } = sealed;
        let event = self.session.event(self.permit, Some(self.command.patient));
        let resource = format!("{}/{}", event.resource, shown(self.card.name()));
        let event = AuditEvent { resource, ..event };
        keep(self.session, &self.card, self.command.compared)?;
        let view = View::Chart(Arc::new(chart));
        self.session.commit(Commit::local(vec![Record::edited(change, view, event)]))?;
        part.name(out).map_err(|error| cannot_name(&error))?;
        Ok(SharedFile {
            file: out.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
            files: u64::try_from(files).unwrap_or(u64::MAX),
            left_out: left_out.into(),
            sharing,
        })
    }

    fn seal(&self) -> Result<Sealed, ApiError> {
        let (session, patient) = (self.session, self.command.patient);
        let before = self.heads()?;
        let (mut document, waiting) = session.load_with_waiting(patient)?;
        must_be_whole(&waiting)?;
        let sharing = sharing(session, &mut document, &self.card, self.said.clone())?;
        // It is one with no other here: what it is linked with still was erased, and whoever is given it
        // would take the link for one of theirs.
        let links = document.read().links.into_iter().filter(PatientLink::holds);
        let mut edits: Vec<ChartEdit> = links.map(|link| ChartEdit::EndLink(link.id)).collect();
        edits.push(ChartEdit::RecordSharing(sharing.clone()));
        let change = document.apply(&edits, session.stamp()).told()?;
        let chart = document.read();
        let whole = document.save_given();
        let given = given_chart(session, patient, whole, (&chart, &sharing))?;
        let entropy = &mut HostEntropy(session.host);
        let bytes =
            vault::given::give(&self.keys, &self.ours, &self.card, &given.to_bytes(), entropy);
        let bytes = bytes.map_err(|error| internal(&error))?;
        let (files, left_out) = (given.files.len(), given.left_out);
        Ok(Sealed { before, bytes, files, left_out, sharing, change, chart })
    }

    fn heads(&self) -> Result<Option<Heads>, ApiError> {
        let name = DocumentRef::new(DocumentKind::Chart, self.command.patient.uuid());
        self.session.open.store.heads(name).told()
    }
}

fn cannot_write(error: &io::Error) -> ApiError {
    let detail =
        format!("Nothing was given, and nothing changed: the file cannot be written ({error}).");
    ApiError::new(code_of(error), detail)
}

/// Too late for nothing to have changed.
fn cannot_name(error: &io::Error) -> ApiError {
    let detail = format!(
        "The chart says that it was given, and the file could not be named ({error}): give it once \
         more."
    );
    ApiError::new(code_of(error), detail)
}

/// Refuses a chart of which changes wait for others that have not arrived: nobody here can read them,
/// and whoever got the rest would take it for all there is.
fn must_be_whole(waiting: &[Vec<u8>]) -> Result<(), ApiError> {
    if waiting.is_empty() {
        return Ok(());
    }
    let detail = format!(
        "Nothing was given: {} of this chart wait on this computer for others that have not arrived \
         yet. Exchange with the server or the other computers first.",
        match waiting.len() {
            1 => "1 change".to_owned(),
            many => format!("{many} changes"),
        }
    );
    Err(ApiError::invalid(vec![Finding::error("patient", "chart-waits", detail)]))
}

/// What the chart is to say of it: the people of this clinic among those who wrote in it are named.
fn sharing<H: Host>(
    session: &Session<'_, H>,
    document: &mut ChartDocument,
    card: &Card,
    said: SharingSaid,
) -> Result<Sharing, ApiError> {
    let by = session.open.person.id;
    let mut wrote = document.authors();
    wrote.insert(by);
    let people = session.open.store.people().told()?.into_iter();
    let mut authors: Vec<NamedAuthor> = people
        .filter(|person| wrote.contains(&person.id))
        .map(|person| NamedAuthor { id: person.id, name: shown(&person.name) })
        .collect();
    authors.sort_unstable_by_key(|author| author.id);
    Ok(Sharing {
        id: SharingId::from_uuid(session.make_uuid()),
        from: NamedClinic { id: session.open.clinic, name: shown(&session.open.clinic_name) },
        to: NamedClinic { id: clinic_id(card), name: shown(card.name()) },
        ground: said.ground,
        reason: said.reason.map(|reason| without_hidden(&reason).into_owned()),
        until: said.until,
        by,
        at: session.host.now(),
        authors,
        told: Vec::new(),
    })
}

/// The chart whole, and of its files those that are here and fit.
fn given_chart<H: Host>(
    session: &Session<'_, H>,
    patient: PatientId,
    whole: Option<Vec<u8>>,
    (chart, sharing): (&Chart, &Sharing),
) -> Result<GivenChart, ApiError> {
    let Some(whole) = whole.filter(|whole| whole.len() <= DOCUMENT_BYTES_MAX) else {
        let detail = format!(
            "Nothing was given: a chart of more than {} MB does not fit into a file for another \
             clinic. Export it instead.",
            DOCUMENT_BYTES_MAX >> 20
        );
        return Err(ApiError::new(ErrorCode::TooLarge, detail));
    };
    let mut room = PLAIN_BYTES_MAX.saturating_sub(whole.len());
    let (mut files, mut left_out) = (Vec::new(), 0_u32);
    for document in &chart.documents {
        if chart.is_withdrawn(EntryKind::Document, document.id.uuid()) {
            continue;
        }
        let Some(name) = document.blob_id() else { continue };
        let bytes = session.open.store.files().read(&name).unwrap_or_default();
        let fits = |bytes: &Vec<u8>| bytes.len() <= FILE_BYTES_MAX.min(room);
        match bytes.filter(fits) {
            Some(bytes) if files.len() < FILES_MAX => {
                room = room.saturating_sub(bytes.len());
                files.push(GivenFile { name, bytes });
            }
            Some(_) | None => left_out = left_out.saturating_add(1),
        }
    }
    Ok(GivenChart {
        patient: *patient.uuid().as_bytes(),
        sharing: *sharing.id.uuid().as_bytes(),
        left_out,
        document: whole,
        files,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_chart_of_which_changes_wait_is_not_given() {
        assert!(must_be_whole(&[]).is_ok());
        let check = |waiting: &[Vec<u8>], words: &str| {
            let error = must_be_whole(waiting).unwrap_err();
            assert_eq!(error.code, ErrorCode::Invalid);
            assert_eq!(error.findings[0].code, "chart-waits");
            assert!(error.findings[0].detail.contains(words), "{error}");
        };
        check(&[vec![1]], ": 1 change of");
        check(&[vec![1], vec![2]], ": 2 changes of");
    }
}
