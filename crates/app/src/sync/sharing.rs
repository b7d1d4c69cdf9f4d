//! One chart passes from one clinic to another (`docs/decisions/0036-sharing-one-chart.md`): cards,
//! what is given, what is taken in.
//!
//! A chart is given whole, as its document, so that what comes back merges. That it was given stands
//! in the document itself, with the names of those who wrote in it.

mod cards;
mod give;
mod given;
mod list;
mod look;
mod opened;
mod overwrites;
mod take_in;

pub(crate) use cards::{get_card, read_card};
pub(crate) use give::share_chart;
pub(super) use given::FILE_ENDING;
pub use given::{GivenChart, GivenFile};
pub(crate) use list::{list_shared, name_authors};
pub(crate) use look::look_at_given;
pub(crate) use take_in::take_in_given;

use crate::{error::ToldResult, host::Host, open::Session};
use api::{ApiError, ErrorCode};
use vault::{ClinicKeys, card::Card};

use super::{
    keys::{clinic_of, internal},
    names,
};

/// The keys of the clinic, and its card.
fn own<H: Host>(session: &Session<'_, H>) -> Result<(ClinicKeys, Card), ApiError> {
    let kept = session.open.store.named(names::CLINIC_KEYS).told()?.unwrap_or_default();
    let keys = ClinicKeys::from_bytes(&kept).map_err(|error| internal(&error))?;
    let name = &session.open.clinic_name;
    let card = Card::derive(&keys, &clinic_of(session).0, &shown(name));
    Ok((keys, card.map_err(|error| internal(&error))?))
}

/// A name as it is shown: no signs that nobody sees, and none that steer what is around it.
fn shown(name: &str) -> String {
    let visible = clinical::without_hidden(name);
    visible.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}

fn unreadable(why: &str) -> ApiError {
    ApiError::new(ErrorCode::UnreadableFile, format!("Nothing was taken in: {why}."))
}
