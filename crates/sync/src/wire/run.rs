//! How a list of envelopes or of their names is written: what its reader works out from the one before
//! in the same lane is left out.
//!
//! An item starts with its tag. An envelope (1) or a name (2) that stands for itself is written whole.
//! One that follows another of this list in its lane (3, 4) is written behind the number of the lane, as
//! a `u16`, in the order in which the lanes came up: of a name the id; of an envelope its kind,
//! document, salt, length, ciphertext and signature, some 80 bytes less. What follows is not written
//! whole: a list has one encoding. Ids and signatures are those of the whole envelope, wherever it is.

use std::collections::BTreeMap;

use super::{Brief, Item};
use crate::codec::{Canonical, DecodeError, Reader, Writer};
use crate::envelope::{Envelope, Header, Kind};
use crate::have::{Lane, Position};
use crate::ids::{ClinicId, DocTag, EnvelopeId, Salt, Signature};

const WHOLE: u8 = 1;
const BRIEF: u8 = 2;
const WHOLE_FOLLOWS: u8 = 3;
const BRIEF_FOLLOWS: u8 = 4;

/// What was written or read of a list so far.
#[derive(Default)]
pub(super) struct Run {
    lanes: BTreeMap<Lane, Last>,
    order: Vec<Lane>,
}

/// The last item of a lane.
#[derive(Clone, Copy)]
struct Last {
    number: u16,
    position: Position,
    /// Of the lane's last whole envelope.
    sealed: Option<Sealed>,
}

/// What an envelope shares with the one before it in nearly all cases.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Sealed {
    clinic: ClinicId,
    key_epoch: u32,
}

impl Run {
    /// Writes an envelope.
    pub(super) fn write_envelope(&mut self, envelope: &Envelope, out: &mut Writer) {
        let header = envelope.header();
        match self.followed_by(header) {
            Some(number) => {
                out.u8(WHOLE_FOLLOWS);
                out.raw(&number.to_be_bytes());
                header.kind.encode(out);
                header.doc_tag.encode(out);
                header.salt.encode(out);
                out.u32(header.padded_len);
                out.raw(envelope.ciphertext());
                envelope.signature().encode(out);
            }
            None => {
                out.u8(WHOLE);
                envelope.encode(out);
            }
        }
        self.note(header.lane(), envelope.position(), Some(Sealed::of(header)));
    }

    /// Writes the name of an envelope.
    pub(super) fn write_brief(&mut self, brief: &Brief, out: &mut Writer) {
        match self.named_after(brief) {
            Some(number) => {
                out.u8(BRIEF_FOLLOWS);
                out.raw(&number.to_be_bytes());
            }
            None => {
                out.u8(BRIEF);
                brief.lane.encode(out);
                out.u64(brief.position.counter);
            }
        }
        brief.position.id.encode(out);
        self.note(brief.lane, brief.position, None);
    }

    /// Reads the next item.
    ///
    /// # Errors
    /// [`DecodeError`], also where it follows nothing or is written whole though it follows.
    pub(super) fn read(&mut self, input: &mut Reader<'_>) -> Result<Item, DecodeError> {
        let tag = input.u8()?;
        let item = match tag {
            WHOLE => Item::Whole(Envelope::decode(input)?),
            BRIEF => {
                let lane = Lane::decode(input)?;
                Item::Brief(Brief { lane, position: Position::decode(input)? })
            }
            WHOLE_FOLLOWS => Item::Whole(self.read_envelope(input)?),
            BRIEF_FOLLOWS => {
                let (lane, last) = self.last(input)?;
                let counter = next(last.position.counter)?;
                let position = Position { counter, id: EnvelopeId::decode(input)? };
                Item::Brief(Brief { lane, position })
            }
            tag => return Err(DecodeError::Tag { what: "item of a list", tag }),
        };
        let follows = match &item {
            Item::Whole(envelope) => self.followed_by(envelope.header()).is_some(),
            Item::Brief(brief) => self.named_after(brief).is_some(),
        };
        if follows != matches!(tag, WHOLE_FOLLOWS | BRIEF_FOLLOWS) {
            return Err(DecodeError::NotCanonical("item of a list"));
        }
        let sealed = match &item {
            Item::Whole(envelope) => Some(Sealed::of(envelope.header())),
            Item::Brief(_) => None,
        };
        self.note(item.lane(), Position { counter: item.counter(), id: item.id() }, sealed);
        Ok(item)
    }

    fn read_envelope(&self, input: &mut Reader<'_>) -> Result<Envelope, DecodeError> {
        let (lane, last) = self.last(input)?;
        let Some(Sealed { clinic, key_epoch }) = last.sealed else { return Err(FOLLOWS_NOTHING) };
        let header = Header {
            clinic,
            kind: Kind::decode(input)?,
            doc_tag: DocTag::decode(input)?,
            device: lane.device,
            generation: lane.generation,
            counter: next(last.position.counter)?,
            prev_id: last.position.id,
            key_epoch,
            salt: Salt::decode(input)?,
            padded_len: input.u32()?,
        }
        .checked()?;
        let ciphertext = input.raw(header.ciphertext_bytes()?)?.to_vec();
        Ok(Envelope::from_parts(header, ciphertext, Signature::decode(input)?))
    }

    /// The lane that the next two bytes name.
    fn last(&self, input: &mut Reader<'_>) -> Result<(Lane, Last), DecodeError> {
        let number = usize::from(u16::from_be_bytes(input.array()?));
        let lane = self.order.get(number).copied().ok_or(FOLLOWS_NOTHING)?;
        let last = self.lanes.get(&lane).copied().ok_or(FOLLOWS_NOTHING)?;
        Ok((lane, last))
    }

    /// The number of the lane that an envelope goes on with, where nothing else was to be told of it.
    fn followed_by(&self, header: &Header) -> Option<u16> {
        let last = self.lanes.get(&header.lane())?;
        let follows = last.position.counter.checked_add(1) == Some(header.counter)
            && last.position.id == header.prev_id
            && last.sealed == Some(Sealed::of(header));
        follows.then_some(last.number)
    }

    /// The same for a name.
    fn named_after(&self, brief: &Brief) -> Option<u16> {
        let last = self.lanes.get(&brief.lane)?;
        let follows = last.position.counter.checked_add(1) == Some(brief.position.counter);
        follows.then_some(last.number)
    }

    fn note(&mut self, lane: Lane, position: Position, sealed: Option<Sealed>) {
        if let Some(last) = self.lanes.get_mut(&lane) {
            last.position = position;
            last.sealed = sealed.or(last.sealed);
        } else if let Ok(number) = u16::try_from(self.order.len()) {
            self.order.push(lane);
            self.lanes.insert(lane, Last { number, position, sealed });
        }
    }
}

const FOLLOWS_NOTHING: DecodeError = DecodeError::NotCanonical("place in a lane");

fn next(counter: u64) -> Result<u64, DecodeError> {
    counter.checked_add(1).ok_or(FOLLOWS_NOTHING)
}

impl Sealed {
    const fn of(header: &Header) -> Self {
        Self { clinic: header.clinic, key_epoch: header.key_epoch }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixtures::run;

    /// Writes items as a list does.
    fn written(items: &[Item]) -> Vec<u8> {
        let (mut list, mut out) = (Run::default(), Writer::default());
        for item in items {
            match item {
                Item::Whole(envelope) => list.write_envelope(envelope, &mut out),
                Item::Brief(brief) => list.write_brief(brief, &mut out),
            }
        }
        out.into_bytes()
    }

    fn read(count: usize, bytes: &[u8]) -> Result<Vec<Item>, DecodeError> {
        let (mut list, mut input) = (Run::default(), Reader::new(bytes));
        let items = (0..count).map(|_| list.read(&mut input)).collect::<Result<_, _>>()?;
        input.finish().map(|()| items)
    }

    fn named(envelope: &Envelope) -> Item {
        Item::Brief(Brief { lane: envelope.header().lane(), position: envelope.position() })
    }

    /// Three envelopes each of two devices.
    fn lanes() -> [Vec<Envelope>; 2] {
        [run(1, 1, 3), run(2, 1, 3)]
    }

    #[test]
    fn what_follows_is_written_shorter_and_read_whole() {
        let [a, b] = lanes();
        let whole = |envelope: &Envelope| Item::Whole(envelope.clone());
        let of = |envelope: &Envelope| envelope.encoded_len();
        let check = |items: &[Item], expected: usize| {
            let bytes = written(items);
            assert_eq!(bytes.len(), expected);
            assert_eq!(read(items.len(), &bytes).as_deref(), Ok(items));
        };
        // Without version, clinic, device, generation, counter, the id before and the epoch; with
        // the lane's number.
        let less = 1 + 16 + 16 + 4 + 8 + 32 + 4 - 2;
        check(&[], 0);
        check(&[whole(&a[0])], 1 + of(&a[0]));
        check(&[whole(&a[0]), whole(&a[1])], 2 + of(&a[0]) + of(&a[1]) - less);
        // Another lane between.
        let mixed = [whole(&b[0]), whole(&a[0]), whole(&b[1]), whole(&a[1])];
        check(&mixed, 4 + of(&b[0]) + of(&a[0]) + of(&b[1]) + of(&a[1]) - 2 * less);
        // One is missing between.
        check(&[whole(&a[0]), whole(&a[2])], 2 + of(&a[0]) + of(&a[2]));
        // After names alone, nobody knows the clinic; after a name, it is that of the one before.
        check(&[named(&a[0]), named(&a[1]), whole(&a[2])], 61 + 35 + 1 + of(&a[2]));
        check(
            &[whole(&a[0]), named(&a[1]), whole(&a[2])],
            1 + of(&a[0]) + 35 + 1 + of(&a[2]) - less,
        );
    }

    #[test]
    fn what_does_not_follow_is_written_whole() {
        let [a, _] = lanes();
        let first = &a[0];
        let check = |change: fn(&mut Header)| {
            let mut header = a[1].header().clone();
            change(&mut header);
            let (sealed, signature) = (a[1].ciphertext().to_vec(), *a[1].signature());
            let other = Envelope::from_parts(header, sealed, signature);
            let items = [Item::Whole(first.clone()), Item::Whole(other)];
            let bytes = written(&items);
            assert_eq!(bytes.len(), items.iter().map(Item::encoded_len).sum::<usize>());
            assert_eq!(read(2, &bytes).as_deref(), Ok(&items[..]));
        };
        check(|header| header.prev_id = EnvelopeId([7; 32]));
        check(|header| header.key_epoch += 1);
        check(|header| header.clinic = ClinicId([7; 16]));
        check(|header| header.counter += 1);
        check(|header| header.generation += 1);
    }

    #[test]
    fn a_list_has_one_encoding() {
        let [a, _] = lanes();
        let apart = [written(&[Item::Whole(a[0].clone())]), written(&[Item::Whole(a[1].clone())])];
        let expected = Err(DecodeError::NotCanonical("item of a list"));
        assert_eq!(read(2, &apart.concat()), expected);
        let names = [written(&[named(&a[0])]), written(&[named(&a[1])])];
        assert_eq!(read(2, &names.concat()), expected);
    }

    #[test]
    fn nothing_follows_what_is_not_there() {
        let check = |bytes: &[u8]| assert_eq!(read(1, bytes), Err(FOLLOWS_NOTHING), "{bytes:?}");
        check(&[WHOLE_FOLLOWS, 0, 0]);
        check(&[BRIEF_FOLLOWS, 0, 0]);
        check(&[BRIEF_FOLLOWS, 255, 255]);
        // A name that is no predecessor of an envelope, and a lane that is at its end.
        let [a, _] = lanes();
        let brief = |counter, id| {
            let position = Position { counter, id: EnvelopeId(id) };
            Item::Brief(Brief { lane: a[0].header().lane(), position })
        };
        let follows = written(&[Item::Whole(a[0].clone()), Item::Whole(a[1].clone())]);
        let start = written(&[Item::Whole(a[0].clone())]);
        let nobody = written(&[Item::Whole(a[0].clone()), brief(2, [0; 32])]);
        let bytes = [&nobody[..], &follows[start.len()..]].concat();
        assert_eq!(read(3, &bytes), Err(DecodeError::NotCanonical("envelope predecessor")));
        let end = [&written(&[brief(u64::MAX, [1; 32])])[..], &[BRIEF_FOLLOWS, 0, 0]].concat();
        assert_eq!(read(2, &end), Err(FOLLOWS_NOTHING));
    }

    #[test]
    fn a_list_that_is_cut_ends_too_early() {
        let [a, b] = lanes();
        let whole = |envelope: &Envelope| Item::Whole(envelope.clone());
        let items = [whole(&a[0]), whole(&b[0]), whole(&a[1]), named(&b[1])];
        let bytes = written(&items);
        for cut in 0..bytes.len() {
            assert_eq!(read(items.len(), &bytes[..cut]), Err(DecodeError::Short), "{cut}");
        }
    }
}
