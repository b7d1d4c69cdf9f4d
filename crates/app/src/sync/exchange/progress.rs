//! How far an exchange has come: counted by what goes over the line, and told to every window.

use crate::{host::Host, open::Session, sync::coming};
use api::{Event, SyncProgress};
use sync::{
    session::{Effect, SyncEvent},
    wire::{Item, PullPage},
};

/// Envelopes and their bytes in what is about to be pushed.
pub(super) fn of_push(effect: &Effect) -> (u64, u64) {
    let Effect::SendPush(push) = effect else { return (0, 0) };
    let bytes = push.envelopes.iter().map(|envelope| count(envelope.encoded_len())).sum();
    (count(push.envelopes.len()), bytes)
}

/// Counts an answer, and tells of it where it carried anything: an exchange at rest tells nothing.
pub(super) fn tell<H: Host>(session: &Session<'_, H>, pushed: (u64, u64), answer: &SyncEvent) {
    let mut held = session.open.store.turns().progress();
    let Some(now) = after(held.unwrap_or_default(), pushed, answer) else { return };
    let now = SyncProgress { coming: coming::coming(session).ok().flatten(), ..now };
    *held = Some(now);
    drop(held);
    session.host.emit(Event::Exchanging(now));
}

/// How far it has come with an answer; `None` where that carried nothing.
fn after(
    before: SyncProgress,
    (envelopes, bytes): (u64, u64),
    answer: &SyncEvent,
) -> Option<SyncProgress> {
    match answer {
        SyncEvent::Pushed(_) => (envelopes > 0).then_some(SyncProgress {
            sent: before.sent.saturating_add(envelopes),
            sent_bytes: before.sent_bytes.saturating_add(bytes),
            ..before
        }),
        SyncEvent::Page(page) => (!page.items.is_empty()).then(|| SyncProgress {
            received: before.received.saturating_add(count(page.items.len())),
            received_bytes: before.received_bytes.saturating_add(bytes_of(page)),
            to_receive: page.head.saturating_sub(page.end.seq),
            ..before
        }),
        SyncEvent::Start
        | SyncEvent::Hello(_)
        | SyncEvent::Members(_)
        | SyncEvent::MembersStored(_)
        | SyncEvent::MembersPushed(_)
        | SyncEvent::Keys(_)
        | SyncEvent::KeysStored
        | SyncEvent::Loaded(_)
        | SyncEvent::Sealed(_)
        | SyncEvent::Received { .. }
        | SyncEvent::Failed(_)
        | SyncEvent::Due => None,
    }
}

fn bytes_of(page: &PullPage) -> u64 {
    let whole = |item: &Item| match item {
        Item::Whole(envelope) => count(envelope.encoded_len()),
        Item::Brief(_) => 0,
    };
    page.items.iter().map(whole).sum()
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
