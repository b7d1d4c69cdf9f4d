//! Cards of clinics, and which of them are known here.

use super::{own, shown};
use crate::{error::ToldResult, host::Host, open::Session, permit::Permit, sync::names};
use api::{ApiError, CardKnown, CardView, ErrorCode, GetCard, ReadCard, SquareCode};
use clinical::{ClinicId, Finding};
use store::NamedRow;
use uuid::Uuid;
use vault::card::{Card, CardError};

/// A chart came with the card.
const MET: u8 = 0;
/// Somebody compared its number.
const COMPARED: u8 = 1;

/// Gives this clinic's card.
///
/// # Errors
/// The store's.
pub(crate) fn get_card<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<GetCard>,
    _command: &GetCard,
) -> Result<CardView, ApiError> {
    let (_, card) = own(session)?;
    let view = view(session, &card)?;
    let square = print::square(&view.card).map(|(side, path)| SquareCode { side, path });
    Ok(CardView { square, ..view })
}

/// Reads the card of another clinic.
///
/// # Errors
/// `bad-code`; the store's.
pub(crate) fn read_card<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<ReadCard>,
    command: &ReadCard,
) -> Result<CardView, ApiError> {
    view(session, &parse(&command.card)?)
}

/// Reads a card as it was typed.
///
/// # Errors
/// `bad-code`.
pub(super) fn parse(typed: &str) -> Result<Card, ApiError> {
    Card::parse(typed).map_err(|error| {
        let remedy = match error {
            CardError::BadCharacter { .. } | CardError::Mistyped => "Paste all of it again",
            CardError::NewerFormat(_) => "Update this computer",
            CardError::Damaged | CardError::NoKey => "Ask the other clinic for its card again",
        };
        ApiError::new(ErrorCode::BadCode, format!("Nothing was changed: {error}. {remedy}."))
    })
}

/// A card as it is shown, and whether it is known.
///
/// # Errors
/// The store's.
pub(super) fn view<H: Host>(session: &Session<'_, H>, card: &Card) -> Result<CardView, ApiError> {
    Ok(CardView {
        clinic: clinic_id(card),
        name: shown(card.name()),
        card: card.to_string(),
        number: card.number().to_string(),
        known: known(session, card)?,
        square: None,
    })
}

/// Which clinic a card is of.
pub(super) const fn clinic_id(card: &Card) -> ClinicId {
    ClinicId::from_uuid(Uuid::from_bytes(*card.clinic()))
}

/// Whether a card is known here.
///
/// # Errors
/// The store's.
pub(super) fn known<H: Host>(session: &Session<'_, H>, card: &Card) -> Result<CardKnown, ApiError> {
    let (_, ours) = own(session)?;
    if card.clinic() == ours.clinic() {
        let is_ours = card.sign_key() == ours.sign_key();
        return Ok(if is_ours { CardKnown::Own } else { CardKnown::Differs });
    }
    let met = session.open.store.named(&name(card)).told()?;
    Ok(match met.as_deref().and_then(<[u8]>::split_last) {
        None => CardKnown::New,
        Some((compared, key)) => match (*compared == COMPARED, key == card.sign_key()) {
            (true, true) => CardKnown::Known,
            (true, false) => CardKnown::Differs,
            (false, true) => CardKnown::Met,
            // Whoever came first with a card by this id is no more to be believed than who came now.
            (false, false) => CardKnown::Doubtful,
        },
    })
}

/// Keeps what a clinic signs with: once its number was compared, it is known by that for ever. What
/// merely came is replaced by what somebody compares.
///
/// # Errors
/// The store's.
pub(super) fn keep<H: Host>(
    session: &Session<'_, H>,
    card: &Card,
    compared: bool,
) -> Result<(), ApiError> {
    let compared = compared || known(session, card)? == CardKnown::Known;
    let mark = if compared { COMPARED } else { MET };
    let bytes = [card.sign_key().as_slice(), &[mark]].concat();
    session.open.store.put_named(&[NamedRow { name: name(card), bytes }]).told()
}

/// Where that is kept: the key (32), and whether its number was compared (1).
fn name(card: &Card) -> String {
    format!("{}{}", names::CLINICS, clinic_id(card))
}

/// Refuses the card of a clinic whose number, compared here, was another.
///
/// # Errors
/// `bad-code`; the store's.
pub(super) fn refuse_other<H: Host>(session: &Session<'_, H>, card: &Card) -> Result<(), ApiError> {
    match known(session, card)? {
        CardKnown::New
        | CardKnown::Met
        | CardKnown::Doubtful
        | CardKnown::Known
        | CardKnown::Own => Ok(()),
        CardKnown::Differs => {
            let detail = "Nothing was changed: this clinic is known here by another number, which \
                          somebody compared, and the number of a clinic never changes. Somebody may \
                          be using its name; call the clinic by a telephone number you know.";
            Err(ApiError::new(ErrorCode::BadCode, detail))
        }
    }
}

/// Refuses a card whose number nobody compared.
///
/// # Errors
/// `invalid`; the store's.
pub(super) fn refuse_uncompared<H: Host>(
    session: &Session<'_, H>,
    card: &Card,
    compared: bool,
) -> Result<(), ApiError> {
    if compared || known(session, card)? == CardKnown::Known {
        return Ok(());
    }
    let detail = "Compare the number of this card with the other clinic first, face to face or by a \
                  telephone number you know.";
    Err(ApiError::invalid(vec![Finding::error("compared", "not-compared", detail)]))
}
