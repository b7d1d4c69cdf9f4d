//! What was decided of envelopes that computers had set aside: taken in although their computer had
//! been removed before, or left aside for good. Each decision has a key of its own, so that none
//! hides another; what anybody took in is taken in everywhere.

use super::SETTINGS;
use crate::{EditError, document::Document};
use clinical::Stamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

const BEGINNING: &str = "aside";
const TAKEN_IN: &str = "taken-in";
const LEFT: &str = "left";

/// A decision on an envelope that was set aside.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsideDecision {
    /// The envelope's id, 64 hex digits.
    pub envelope: String,
    /// Whether it is taken in; it is left aside for good otherwise.
    pub take_in: bool,
    /// Who decided, where and when.
    pub stamp: Stamp,
}

/// All decisions, by envelope.
pub(super) fn read(document: &mut Document) -> Vec<AsideDecision> {
    let mut decided: BTreeMap<String, AsideDecision> = BTreeMap::new();
    for item in document.items_of(SETTINGS, BEGINNING) {
        let mut parts = item.key.split('/').skip(1);
        let (Some(envelope), Some(word)) = (parts.next(), parts.next()) else { continue };
        let take_in = match word {
            TAKEN_IN => true,
            LEFT => false,
            _ => continue,
        };
        let envelope = envelope.to_owned();
        let stamp = item.written.stamp;
        let one = AsideDecision { envelope: envelope.clone(), take_in, stamp };
        if take_in || !decided.contains_key(&envelope) {
            decided.insert(envelope, one);
        }
    }
    decided.into_values().collect()
}

/// Writes a decision.
pub(super) fn put(document: &mut Document, envelope: &str, take_in: bool) -> Result<(), EditError> {
    let word = if take_in { TAKEN_IN } else { LEFT };
    document.put(SETTINGS, &format!("{BEGINNING}/{envelope}/{word}"), &[1]).map(drop)
}

#[cfg(test)]
mod tests {
    use crate::{Actor, ClinicDocument, ClinicEdit, DocumentChange};
    use clinical::{ClinicId, DeviceId, Instant, PractitionerId, Stamp};
    use uuid::Uuid;

    #[test]
    fn what_one_took_in_and_another_left_apart_is_taken_in_on_both() {
        let id = Uuid::from_u128;
        let stamp = |device| Stamp {
            author: PractitionerId::from_uuid(id(1)),
            device: DeviceId::from_uuid(id(device)),
            at: Instant::from_unix_ms(3),
        };
        let clinic = ClinicId::from_uuid(id(50));
        let mut here = ClinicDocument::new(clinic, Actor::from_random([1; 16]));
        let mut there = ClinicDocument::new(clinic, Actor::from_random([2; 16]));
        let (one, two) = ("a1".repeat(32), "b2".repeat(32));
        let decide = |envelope: &str, take_in| ClinicEdit::DecideAside {
            envelope: envelope.to_owned(),
            take_in,
        };
        let bytes = |change: DocumentChange| -> Vec<Vec<u8>> {
            change.changes.into_iter().map(|raw| raw.bytes).collect()
        };
        let mine = here.apply(&[decide(&one, true), decide(&two, false)], stamp(2)).unwrap();
        let theirs = there.apply(&[decide(&one, false)], stamp(3)).unwrap();
        assert!(!there.read().decided[0].take_in);
        let (mut here, _) = here.merge(bytes(theirs)).unwrap();
        let (mut there, _) = there.merge(bytes(mine)).unwrap();
        let both = here.read().decided;
        assert_eq!(both, there.read().decided);
        let told: Vec<_> = both.iter().map(|it| (it.envelope.as_str(), it.take_in)).collect();
        assert_eq!(told, [(one.as_str(), true), (two.as_str(), false)]);
        assert_eq!(both[0].stamp, stamp(2));
        // What was left may be taken in later.
        here.apply(&[decide(&two, true)], stamp(2)).unwrap();
        assert!(here.read().decided.iter().all(|it| it.take_in));
        // A word of a newer version is none of ours.
        here.document.put("settings", &format!("aside/{two}/burnt"), &[1]).unwrap();
        assert_eq!(here.read().decided.len(), 2);
    }
}
