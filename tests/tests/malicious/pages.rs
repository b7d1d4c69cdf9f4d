//! Lies about the log.

use api::{AlarmKind, QuarantineReason};
use sync::codec::Canonical as _;
use sync::envelope::Envelope;
use sync::wire::{Brief, Item, PullPage, path};

use super::{Expected, check, contradicts, lie, misbehaves, replaced};
use crate::between::Lie;

/// A lie about pages with something on them.
fn page(mut change: impl FnMut(&mut PullPage) + Send + 'static) -> Lie {
    lie(path::PULL, move |page: &mut PullPage| {
        if page.items.len() > 1 {
            change(page);
        }
    })
}

/// Reckons the chain anew, so that the page agrees with itself.
pub(super) fn reckon(page: &mut PullPage) {
    page.end = page.items.iter().fold(page.start, |mark, item| mark.then(item.id()));
    page.head = page.end.seq;
}

/// Puts something else in the place of the first whole envelope.
fn instead(page: &mut PullPage, other: impl Fn(&Envelope, &PullPage) -> Item) {
    let first = page.items.iter().position(|item| matches!(item, Item::Whole(_))).expect("one");
    let Item::Whole(envelope) = page.items[first].clone() else { unreachable!() };
    page.items[first] = other(&envelope, page);
    reckon(page);
}

/// The envelope with these bytes of its form changed for others of the same number.
fn altered(envelope: &Envelope, from: &[u8], to: &[u8]) -> Item {
    let mut bytes = envelope.to_bytes();
    let at = bytes.windows(from.len()).position(|window| window == from).expect("they are there");
    bytes[at..at + from.len()].copy_from_slice(to);
    Item::Whole(Envelope::from_bytes(&bytes).expect("it has the form of one"))
}

#[test]
fn a_page_that_is_not_the_log_is_told_and_not_believed() {
    let contradicting = Expected::Alarm(contradicts);
    check("omits one", page(|page| drop(page.items.remove(1))), contradicting);
    check("reorders two", page(|page| page.items.swap(0, 1)), contradicting);
    check("repeats one", page(|page| page.items.push(page.items[0].clone())), contradicting);
    check("truncates", page(|page| drop(page.items.pop())), contradicting);
    check("claims another end", page(|page| page.end.seq += 1), contradicting);
    check(
        "claims another life",
        page(|page| page.log_epoch.0[0] ^= 1),
        Expected::Alarm(misbehaves),
    );
    check(
        "promises and gives nothing",
        page(|page| {
            page.items.clear();
            page.end = page.start;
        }),
        Expected::Alarm(misbehaves),
    );
}

#[test]
fn a_page_of_before_is_not_taken_again() {
    let mut before = None;
    let replay: Lie = Box::new(move |path, _, reply| {
        if path != path::PULL {
            return reply;
        }
        before.get_or_insert(reply).clone()
    });
    // The first page is given for every later one.
    let stage = super::Stage::new("replays");
    stage.between.lie(replay);
    stage.b.synced();
    stage.a.allergy(stage.patients[1], "later");
    stage.a.synced();
    let (view, alarms) = stage.b.alarmed();
    assert!(alarms.iter().any(contradicts), "{view:?}");
    stage.between.repent();
    stage.b.synced();
    assert!(stage.b.substances(stage.patients[1]).contains("later"));
}

#[test]
fn a_frame_that_is_cut_is_told() {
    let cut: Lie = Box::new(|path, _, mut reply| {
        reply.truncate(if path == path::PULL { reply.len() / 2 } else { reply.len() });
        reply
    });
    check("cuts the frame", cut, Expected::Alarm(misbehaves));
}

#[test]
fn a_page_that_agrees_with_itself_is_found_out_when_it_meets_the_truth() {
    let later = Expected::AlarmLater(replaced);
    let omit = |page: &mut PullPage| {
        page.items.remove(1);
        reckon(page);
    };
    check("omits one and reckons anew", page(omit), later);
    let reorder = |page: &mut PullPage| {
        page.items.reverse();
        reckon(page);
    };
    check("reorders and reckons anew", page(reorder), later);
}

#[test]
fn what_was_altered_is_set_aside_by_name() {
    let unsigned = Expected::SetAside(QuarantineReason::BadSignature);
    let swap_tags = |page: &mut PullPage| {
        instead(page, |envelope, page| {
            let tags = page.items.iter().filter_map(|item| match item {
                Item::Whole(other) => Some(other.header().doc_tag),
                Item::Brief(_) => None,
            });
            let own = envelope.header().doc_tag;
            let other = tags.into_iter().find(|tag| *tag != own).expect("of another document");
            altered(envelope, &own.0, &other.0)
        });
    };
    check("swaps tags", page(swap_tags), unsigned);
    let flip = |page: &mut PullPage| {
        instead(page, |envelope, _| {
            let body = &envelope.ciphertext()[..32];
            let mut other = body.to_vec();
            other[7] ^= 1;
            altered(envelope, body, &other)
        });
    };
    check("flips a bit", page(flip), unsigned);
}

#[test]
fn a_batch_of_nobody_is_set_aside() {
    let of_nobody = |page: &mut PullPage| {
        instead(page, |envelope, _| {
            let device = envelope.header().device;
            altered(envelope, &device.0, &[7; 16])
        });
    };
    check(
        "makes up a computer's batch",
        page(of_nobody),
        Expected::SetAside(QuarantineReason::UnknownDevice),
    );
}

#[test]
fn a_name_for_what_is_not_held_is_told() {
    let name = |page: &mut PullPage| {
        instead(page, |envelope, _| {
            let lane = envelope.header().lane();
            Item::Brief(Brief { lane, position: envelope.position() })
        });
    };
    let misnamed = |alarm: &AlarmKind| matches!(alarm, AlarmKind::Misnamed);
    check("names what is not held", page(name), Expected::Alarm(misnamed));
}
