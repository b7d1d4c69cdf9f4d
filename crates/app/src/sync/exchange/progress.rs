//! How far an exchange has come: counted in whole envelopes, as both sides keep them, and told to every
//! window.

use crate::{host::Host, open::Session, sync::coming};
use api::{Event, SyncProgress};
use std::time::Duration;
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

/// Counts an answer that came after so long, and tells of it where it carried anything: an exchange at
/// rest tells nothing.
pub(super) fn tell<H: Host>(
    session: &Session<'_, H>,
    pushed: (u64, u64),
    (answer, waited): (&SyncEvent, Duration),
    is_server: bool,
) {
    let turns = session.open.store.turns();
    let mut held = turns.progress();
    let Some(now) = after(held.unwrap_or_default(), pushed, answer) else { return };
    let waited_ms = u64::try_from(waited.as_micros().div_ceil(1000)).unwrap_or(u64::MAX);
    let line_ms = now.line_ms.saturating_add(waited_ms);
    let now = SyncProgress { coming: coming::coming(session).ok().flatten(), line_ms, ..now };
    if let Some(speed) = now.line_speed().filter(|_| is_server) {
        turns.note_line_speed(speed);
    }
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
            // What was sent meanwhile stands there too, and does not come.
            to_receive: page.head.saturating_sub(page.end.seq).saturating_sub(before.sent),
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
