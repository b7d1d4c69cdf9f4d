//! How much of the clinic's record this computer holds: all of it, or what is in use
//! (`docs/decisions/0037-a-part-of-the-clinic.md`).

use crate::{error::ToldResult, host::Host, open::Session, permit::Permit};
use api::{ApiError, ErrorCode, Hold, SetHold, Topic};
use store::NamedRow;

use super::{coming::has_whole_record, names};

/// Says how much of the record this computer holds from now on. Nothing that is here goes.
///
/// # Errors
/// `invalid` where all of it is here and a part is asked for; the store's.
pub(crate) fn set_hold<H: Host>(
    session: &Session<'_, H>,
    permit: &Permit<SetHold>,
    command: &SetHold,
) -> Result<(), ApiError> {
    let store = &session.open.store;
    if command.hold == Hold::InUse && has_whole_record(session)? {
        return Err(ApiError::new(ErrorCode::Invalid, ALL_IS_HERE));
    }
    session.audit(permit, None)?;
    match command.hold {
        Hold::InUse => {
            let row = NamedRow { name: names::HOLD.to_owned(), bytes: Vec::new() };
            store.put_named(&[row]).told()?;
        }
        Hold::All => store.remove_named(names::HOLD).told()?,
    }
    session.tell(vec![Topic::Sync]);
    Ok(())
}

const ALL_IS_HERE: &str = "Nothing was changed: all of the clinic's record is on this computer, and \
                           this program drops nothing that is held. A computer that joins can be \
                           set to hold what is in use.";

/// How much is to be held here.
///
/// # Errors
/// The store's.
pub(super) fn hold<H: Host>(session: &Session<'_, H>) -> Result<Hold, ApiError> {
    let chosen = session.open.store.named(names::HOLD).told()?.is_some();
    Ok(if chosen { Hold::InUse } else { Hold::All })
}

/// Whether a part is held because somebody chose so, and not all has come all the same.
///
/// # Errors
/// The store's.
pub(super) fn holds_a_part<H: Host>(session: &Session<'_, H>) -> Result<bool, ApiError> {
    Ok(hold(session)? == Hold::InUse && !has_whole_record(session)?)
}
