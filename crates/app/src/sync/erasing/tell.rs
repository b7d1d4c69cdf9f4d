//! Telling the server whose keys are to go: once what tells the others is with it.

use crate::{
    error::ToldResult,
    host::Host,
    open::Session,
    sync::{exchange::Desk, keys::clinic_of, names},
};
use api::ApiError;
use clinical::PatientId;
use store::NamedRow;
use sync::{
    carrier::Carrier,
    cursor::Cursor,
    ids::{DocTag, EnvelopeId},
    limits::ERASED_TAGS_MAX,
    wire::ErasePut,
};

impl<H: Host> Desk<'_, '_, H> {
    /// Has the server take away the keys of what is erased, where it was not told of all of it in
    /// this life of its log. Everything that is here is with it by then. What it makes of it fails
    /// no exchange: the list of erased charts says that it was not told.
    ///
    /// # Errors
    /// The store's.
    pub(in crate::sync) fn tell_erased(&self, carrier: &mut dyn Carrier) -> Result<(), ApiError> {
        let session = self.session();
        let Some(told) = told_of(session, self.cursor()?)? else { return Ok(()) };
        if session.open.store.named(names::ERASED_TOLD).told()?.as_ref() == Some(&told) {
            return Ok(());
        }
        for erased in session.open.store.erased().told()? {
            let patient = erased.row.patient;
            let name = format!("{}{patient}", names::ERASED_BY);
            let notice = session.open.store.named(&name).told()?;
            let Some(notice) = notice.and_then(|id| id.try_into().ok()).map(EnvelopeId) else {
                return Ok(());
            };
            let tags = session.open.store.erased_tags_of(patient).told()?;
            for tags in tags.chunks(ERASED_TAGS_MAX) {
                let tags = tags.iter().copied().map(DocTag).collect();
                let request = ErasePut { clinic: clinic_of(session), notice, tags };
                if carrier.erase_keys(&request).is_err() {
                    return Ok(());
                }
            }
            let told = told_of_chart(session, self.cursor()?, patient)?;
            session.open.store.put_named(told.as_slice()).told()?;
        }
        let row = NamedRow { name: names::ERASED_TOLD.to_owned(), bytes: told };
        session.open.store.put_named(&[row]).told()
    }
}

/// Has the server be told of everything again by this exchange: it was put back from a copy, in which
/// keys may stand again that it had taken away.
///
/// # Errors
/// The store's.
pub(in crate::sync) fn tell_anew<H: Host>(session: &Session<'_, H>) -> Result<(), ApiError> {
    session.open.store.replace_named(names::ERASED_TOLD_OF, &[]).told()?;
    session.open.store.remove_named(names::ERASED_TOLD).told()
}

/// What is kept once a server was told of one chart; `None` before it was ever met.
pub(super) fn told_of_chart<H: Host>(
    session: &Session<'_, H>,
    cursor: Option<Cursor>,
    patient: PatientId,
) -> Result<Option<NamedRow>, ApiError> {
    let Some(cursor) = cursor else { return Ok(None) };
    let tags = session.open.store.erased_tags_of(patient).told()?.len();
    let name = format!("{}{patient}", names::ERASED_TOLD_OF);
    Ok(Some(NamedRow { name, bytes: told_bytes(cursor, tags) }))
}

/// What is kept once a server was told of everything; `None` where nothing is erased.
pub(super) fn told_of<H: Host>(
    session: &Session<'_, H>,
    cursor: Option<Cursor>,
) -> Result<Option<Vec<u8>>, ApiError> {
    let tags = session.open.store.erased_tags().told()?.len();
    let Some(cursor) = cursor.filter(|_| tags > 0) else { return Ok(None) };
    Ok(Some(told_bytes(cursor, tags)))
}

fn told_bytes(cursor: Cursor, tags: usize) -> Vec<u8> {
    let count = u64::try_from(tags).unwrap_or(u64::MAX);
    [&cursor.log_epoch.0[..], &count.to_be_bytes()].concat()
}
