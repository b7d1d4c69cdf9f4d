//! The side that was picked and is not decided on yet. The card is drawn anew whenever the chart is
//! written; what was picked on it stays as long as the same sides stand on it.

use super::Dispute;

/// What was picked last: on which card, which side. Another page forgets it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Picked(Option<(String, usize)>);

impl Picked {
    /// The side picked on a card.
    pub(super) fn on(&self, card: &str) -> Option<usize> {
        self.0.as_ref().filter(|(of, _)| of == card).map(|(_, side)| *side)
    }

    /// A side is picked; `None` takes it back.
    pub(super) fn put(&mut self, card: &str, side: Option<usize>) {
        self.0 = side.map(|side| (card.to_owned(), side));
    }
}

/// What a card is known by: the conflict and every side of it, in the order they are shown. A side
/// that came since makes it another card, on which nothing is picked.
pub(super) fn card(dispute: &Dispute) -> String {
    let sides = dispute.sides.iter().map(|side| side.change.as_str());
    let id = dispute.id.to_string();
    Some(id.as_str()).into_iter().chain(sides).collect::<Vec<_>>().join(" ")
}
