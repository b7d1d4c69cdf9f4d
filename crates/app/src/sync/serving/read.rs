//! What a computer that asks was seen to hold: what it has read here.

use crate::{
    error::ToldResult,
    host::Host,
    open::Session,
    sync::{
        floor,
        held::{have_of, have_row},
        keys::device_of,
        peer::Peer,
    },
};
use api::ApiError;
use store::{Receipt, SELF};
use sync::{
    cursor::Cursor,
    have::{Lane, Position},
    ids::DeviceId,
};

use super::log::{head_of, life_of};

/// Notes what the computer holds that says how far it has read: where that is all that is here, it
/// holds all that is here. One that is only ever called would else never learn that it is not alone
/// with what was recorded on it. What a floor covers is not here to be read.
///
/// # Errors
/// The store's.
pub(super) fn note_read<H: Host>(
    session: &Session<'_, H>,
    device: DeviceId,
    cursor: Option<Cursor>,
) -> Result<(), ApiError> {
    let Some(cursor) = cursor else { return Ok(()) };
    // Nothing is sealed or taken in between the two.
    let _alone = session.open.store.turns().taking_in();
    if cursor.mark != head_of(session)? || life_of(session)? != Some(cursor.log_epoch) {
        return Ok(());
    }
    let peer = Peer::Computer(device).name();
    let (here, noted) = (have_of(session, SELF)?, have_of(session, &peer)?);
    let (own, base) = (device_of(session), floor::base(session)?);
    let was_read = |(lane, at): &(Lane, Position)| {
        let before = noted.counter(*lane);
        at.counter > before && (lane.device == own || base.have().counter(*lane) <= before)
    };
    let have = here.iter().filter(was_read).map(|(lane, at)| have_row(&peer, lane, at)).collect();
    let receipt = Receipt { have, ..Receipt::default() };
    if receipt.have.is_empty() { Ok(()) } else { session.open.store.receive(&receipt).told() }
}
