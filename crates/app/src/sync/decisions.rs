//! What is done about what was set aside: it is looked at again, taken in although its computer had
//! been removed before, or left aside for good. Decisions stand in the clinic's document, so that
//! every computer heeds them.

use crate::{error::ToldResult, error::not_found, host::Host, open::Session, permit::Permit};
use api::{ApiError, DecideSetAside, ErrorCode, RetrySetAside, Topic};
use chart::ClinicEdit;
use store::SELF;
use sync::check::{Awaits, QuarantineReason};

use super::{
    checkpoints, document_keys::DocumentKeys, held::have_of, keys::Keys, quarantine::envelope_of,
    receive::recheck,
};

/// So many are decided at a time.
const DECIDED_MAX: usize = 500;

/// Looks again at all that was set aside; answers how much of it came in.
///
/// # Errors
/// The store's.
pub(crate) fn retry_set_aside<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<RetrySetAside>,
    _command: &RetrySetAside,
) -> Result<u64, ApiError> {
    session.audit(permit, None)?;
    look_again(session, &QuarantineReason::ALL)
}

/// Decides on what was set aside, for every computer of the clinic.
///
/// # Errors
/// `not-found` for what is not set aside here; `invalid` for what no decision can bring in, for
/// nothing, and for too many; the store's.
pub(crate) fn decide_set_aside<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<DecideSetAside>,
    command: &DecideSetAside,
) -> Result<(), ApiError> {
    let DecideSetAside { envelopes, take_in } = command;
    if envelopes.is_empty() || envelopes.len() > DECIDED_MAX {
        return Err(undecidable("So many are not decided at a time"));
    }
    for envelope in envelopes {
        let id = envelope_of(envelope).ok_or_else(|| not_found("envelope"))?;
        let aside = session.open.store.set_aside_one(&id).told()?;
        let aside = aside.ok_or_else(|| not_found("envelope"))?;
        let reason = QuarantineReason::from_code(&aside.reason);
        let waits = reason.is_some_and(|reason| reason.awaits() == Awaits::Decision);
        if *take_in && !(waits && aside.bytes > 0) {
            return Err(undecidable("No decision brings it in"));
        }
    }
    let decide = |envelope: &String| ClinicEdit::DecideAside {
        envelope: envelope.to_ascii_lowercase(),
        take_in: *take_in,
    };
    session.edit_clinic(permit, &envelopes.iter().map(decide).collect::<Vec<_>>())?;
    if *take_in {
        look_again(session, &[QuarantineReason::AfterCut])?;
    }
    session.tell(vec![Topic::Sync]);
    Ok(())
}

fn undecidable(why: &str) -> ApiError {
    ApiError::new(ErrorCode::Invalid, format!("{why}; nothing was changed."))
}

/// Looks again at what was set aside for one of these reasons, while nobody else takes anything in;
/// answers how much of it came in.
fn look_again<H: Host>(
    session: &Session<'_, H>,
    reasons: &[QuarantineReason],
) -> Result<u64, ApiError> {
    let store = &session.open.store;
    let _alone = store.turns().take_in_beside();
    let before = store.counts().told()?.quarantined;
    let (keys, mut have) = (Keys::load(session)?, have_of(session, SELF)?);
    let place = checkpoints::nowhere();
    recheck(session, &keys, &mut DocumentKeys::default(), &mut have, (reasons, &place))?;
    let after = store.counts().told()?.quarantined;
    session.tell(vec![Topic::Sync]);
    Ok(before.saturating_sub(after))
}
