//! Receiving: envelopes are checked, opened and merged, or set aside; all of a page in one commit.

use crate::{error::ToldResult, host::Host, open::Session};
use api::ApiError;
use clinical::DocumentRef;
use store::{NamedRow, QuarantineRow, Receipt, WholeAside};
use sync::{
    check::{QuarantineReason, Signers, after_origin},
    checkpoint::{Differing, Passed},
    codec::Canonical as _,
    cursor::Cursor,
    envelope::{Envelope, Kind},
    have::{Have, Lane},
    payload::Notice,
    session::Alarm,
};

use super::{
    altered,
    checkpoints::{self, Saw},
    coming,
    cuts::Cuts,
    document_keys::DocumentKeys,
    erasing::{Tombstones, follow, look_again},
    floor::{self, Belated},
    heard_from::heard_rows,
    held::{Arrived, note_held, unmet},
    judging::judge_the_rest,
    keys::Keys,
    merging::{Incoming, Incomings, Piece, commit},
    names,
    seal::{Content, Opened, documents_in, open_envelope},
    seen::seen_rows,
    wishes::heard,
};

/// Envelopes that are looked at again at a time.
const RECHECK_PAGE: u32 = 256;
/// Of envelopes that nobody of this clinic sealed so many are kept whole, for who looks into it;
/// of more, only the name and the reason: a server can make up any number.
const MADE_UP_WHOLE_MAX: WholeAside = WholeAside { envelopes: 64, bytes: 8 << 20 };
/// Of envelopes by devices that the clinic does not know so many are kept whole: more than a
/// device seals before the others hear of it. Of more, only the name; they are fetched again once
/// a device becomes known.
const UNKNOWN_WHOLE_MAX: WholeAside = WholeAside { envelopes: 2048, bytes: 64 << 20 };
/// The reason of those.
pub(super) const UNKNOWN: &str = QuarantineReason::UnknownDevice.code();

/// The reason of what waits for a person.
const AFTER_CUT: &str = QuarantineReason::AfterCut.code();

/// What a page brought to light.
pub(super) struct Found {
    /// The lanes in which a counter has several envelopes by now.
    pub(super) forks: Vec<Lane>,
    /// The computers that were shown another history.
    pub(super) differing: Vec<Differing>,
    /// Of what unknown devices sealed, only names were kept.
    pub(super) full: bool,
    /// How many envelopes were not here before.
    pub(super) new: u64,
}

impl Found {
    const fn nothing() -> Self {
        Self { forks: Vec::new(), differing: Vec::new(), full: false, new: 0 }
    }
}

/// Takes in the envelopes that stand at the places `passed`, with what is to be `noted` beside.
///
/// # Errors
/// The store's: nothing was taken in.
pub(super) fn receive<H: Host>(
    session: &Session<'_, H>,
    keys: &mut Keys,
    document_keys: &mut DocumentKeys,
    have: &mut Have,
    (envelopes, passed, noted): (&[Envelope], &Passed, Vec<NamedRow>),
) -> Result<Found, ApiError> {
    let new = unmet(session, keys, envelopes)?;
    let mut receipt = Receipt { named: noted, ..Receipt::default() };
    receipt.named.extend(heard_rows(&new, session.host.now()));
    let mut forks = note_held(session, keys, have, &new, &mut receipt)?;
    receipt.named.extend(seen_rows(session, &forked(&forks))?);
    let mut cuts = Cuts::default();
    let (mut differing, full) =
        take_in(session, keys, document_keys, (&new, passed, &mut cuts), receipt)?;
    // What was decided on another computer may have come just now.
    keys.learn_decisions(session)?;
    let found = recheck_decided(session, keys, document_keys, have, passed)?;
    forks.extend(found.forks);
    differing.extend(found.differing);
    let new = u64::try_from(new.len()).unwrap_or(u64::MAX);
    Ok(Found { forks, differing, full, new })
}

/// Looks again at what came after a cut, where a person decided to take some of it in, or the last that
/// counts has come. What is stored says whether that is so: a death in between loses nothing.
///
/// # Errors
/// As [`recheck`].
pub(super) fn recheck_decided<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    have: &mut Have,
    passed: &Passed,
) -> Result<Found, ApiError> {
    let has_come = session.open.store.named(names::CUT_CAME).told()?.is_some();
    if !has_come && !waits_decided(session, keys)? {
        return Ok(Found::nothing());
    }
    let reasons = [QuarantineReason::AfterCut];
    let found = recheck(session, keys, document_keys, have, (&reasons, passed))?;
    if has_come {
        session.open.store.remove_named(names::CUT_CAME).told()?;
    }
    Ok(found)
}

/// Whether something waits still that a person decided to take in.
fn waits_decided<H: Host>(session: &Session<'_, H>, keys: &Keys) -> Result<bool, ApiError> {
    for decided in &keys.taken_in {
        let aside = session.open.store.set_aside_one(&decided.0).told()?;
        if aside.is_some_and(|aside| aside.reason == AFTER_CUT && aside.bytes > 0) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Looks again at what was set aside for one of `reasons`; it stands at no place of a log that was
/// just `passed`.
///
/// # Errors
/// The store's: what was not looked at again waits on.
pub(super) fn recheck<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    have: &mut Have,
    (reasons, passed): (&[QuarantineReason], &Passed),
) -> Result<Found, ApiError> {
    let reasons: Vec<&str> = reasons.iter().map(|reason| reason.code()).collect();
    let mut found = Found::nothing();
    let (mut after, mut cuts) = (0, Cuts::default());
    loop {
        let page = session.open.store.quarantine(&reasons, after, RECHECK_PAGE).told()?;
        let Some(end) = page.end else { return Ok(found) };
        after = end;
        let read = |row: &QuarantineRow| Envelope::from_bytes(&row.bytes).ok();
        let waiting: Vec<Envelope> = page.rows.iter().filter_map(read).collect();
        let mut signers = Signers::of(&keys.members);
        let waiting: Vec<Arrived<'_>> =
            waiting.iter().map(|envelope| Arrived::of(envelope, &mut signers)).collect();
        let mut receipt = Receipt::default();
        let forks = note_held(session, keys, have, &waiting, &mut receipt)?;
        receipt.named.extend(seen_rows(session, &forked(&forks))?);
        found.forks.extend(forks);
        let all = (waiting.as_slice(), passed, &mut cuts);
        let (differing, _) = take_in(session, keys, document_keys, all, receipt)?;
        found.differing.extend(differing);
    }
}

/// Opens, merges and commits; what fails is set aside.
fn take_in<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    (arrived, passed, cuts): (&[Arrived<'_>], &Passed, &mut Cuts),
    mut receipt: Receipt,
) -> Result<(Vec<Differing>, bool), ApiError> {
    let mut incoming = Incomings::new();
    let mut saw: Vec<Saw> = Vec::new();
    let erased = Tombstones::load(session)?;
    let belated = Belated::load(session)?;
    for one in arrived {
        let envelope = one.envelope;
        if one.origin.is_ok() && erased.take(envelope, &mut receipt) {
            continue;
        }
        let one = cuts.judge(session, keys, (*one, arrived))?;
        match brought(session, keys, document_keys, one, (arrived, passed))? {
            Ok(brought) => {
                receipt.released.push(envelope.id().0);
                match brought {
                    Brought::Pieces(pieces, lacks) => {
                        if let Some(reason) = lacks {
                            receipt.released.pop();
                            receipt.quarantine.push(set_aside(session, envelope, reason));
                        }
                        let late = belated.rows_of(session, envelope.id(), &pieces)?;
                        receipt.named.extend(late);
                        for (document, piece) in pieces {
                            if erased.take_document((keys, document), envelope, &mut receipt) {
                                let own = look_again(session, (keys, document), envelope)?;
                                receipt.named.extend(own);
                                continue;
                            }
                            let incoming = incoming.entry(document).or_default();
                            incoming.push(Incoming { envelope, piece });
                        }
                    }
                    Brought::Checkpoint(cursor) => saw.push((envelope.header().device, cursor)),
                    Brought::OfFloors(rows) => receipt.named.extend(rows),
                    Brought::Part => {}
                    // Whoever decided to take it in was shown none of what it asks for.
                    Brought::Notice(_) if is_after_cut(keys, one) => {}
                    Brought::Notice(notice) => {
                        if matches!(notice, Notice::Erase(_)) {
                            let late = belated.row_of_erasing(session, envelope.id())?;
                            receipt.named.extend(late);
                        }
                        receipt.named.extend(heard(keys, envelope, &notice, session.host.now()));
                    }
                }
            }
            Err(reason) => {
                let of = aside_of(session, keys, document_keys, (envelope, reason))?;
                receipt.named.extend(of);
                receipt.quarantine.push(set_aside(session, envelope, reason));
            }
        }
    }
    altered::let_go(session, &keys.members, arrived, &mut receipt)?;
    // The last that counts of a computer that was removed may be among it.
    receipt.named.extend(cuts.came(keys, arrived).then(names::cut_came_row));
    let (differing, chain) = checkpoints::compare(session, passed, &saw)?;
    receipt.named.extend(chain);
    let shown: Vec<_> = differing.iter().cloned().map(Alarm::HistoriesDiffer).collect();
    receipt.named.extend(seen_rows(session, &shown)?);
    receipt.named.extend(saw.iter().map(floor::read_by_row));
    let made_up = QuarantineReason::MADE_UP.map(QuarantineReason::code);
    shorten(session, &mut receipt.quarantine, (&made_up, MADE_UP_WHOLE_MAX))?;
    let full = shorten(session, &mut receipt.quarantine, (&[UNKNOWN], UNKNOWN_WHOLE_MAX))?;
    commit(session, incoming, receipt)?;
    follow(session, keys, document_keys)?;
    judge_the_rest(session)?;
    Ok((differing, full))
}

/// Of which documents an envelope is that waits for a person: where its tag does not say, it is kept
/// beside it, so that it is told at each chart.
fn aside_of<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    (envelope, reason): (&Envelope, QuarantineReason),
) -> Result<Vec<NamedRow>, ApiError> {
    if reason != QuarantineReason::AfterCut || envelope.header().kind != Kind::Pack {
        return Ok(Vec::new());
    }
    let of = documents_in(session, keys, document_keys, envelope)?;
    Ok(of.into_iter().map(|document| names::aside_of_row(document, envelope.id())).collect())
}

/// What is told of lanes that turned out to be forked.
fn forked(lanes: &[Lane]) -> Vec<Alarm> {
    lanes.iter().map(|lane| Alarm::Forked { lane: *lane }).collect()
}

/// Whether only a decision brings an envelope in.
fn is_after_cut(keys: &Keys, Arrived { envelope, origin }: Arrived<'_>) -> bool {
    origin.and_then(|()| after_origin(envelope, &keys.members)) == Err(QuarantineReason::AfterCut)
}

/// What an envelope brings.
enum Brought {
    /// For documents; and why it is set aside all the same, where some of it could not be read.
    Pieces(Vec<(DocumentRef, Piece)>, Option<QuarantineReason>),
    Checkpoint(Cursor),
    /// What a computer said of a floor, where it may.
    OfFloors(Vec<NamedRow>),
    /// A part of a change that is not the last.
    Part,
    /// What its device tells the others.
    Notice(Notice),
}

/// What an envelope brings, or why it is set aside.
fn brought<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    arrived: Arrived<'_>,
    (with, passed): (&[Arrived<'_>], &Passed),
) -> Result<Result<Brought, QuarantineReason>, ApiError> {
    let (document, content) = match open_envelope(session, keys, document_keys, arrived)? {
        Ok(Opened::Content(document, content)) => (document, content),
        Ok(Opened::Checkpoint(cursor)) => return Ok(Ok(Brought::Checkpoint(cursor))),
        Ok(Opened::Floor(said)) => {
            let by = arrived.envelope.header().device;
            let row = floor::floor_row(&keys.members, arrived.envelope.id(), by, &said);
            return Ok(Ok(Brought::OfFloors(row.into_iter().collect())));
        }
        Ok(Opened::Countersign(of)) => {
            let by = arrived.envelope.header().device;
            let row = floor::countersign_row(of, by, arrived.envelope.id());
            return Ok(Ok(Brought::OfFloors(vec![row])));
        }
        Ok(Opened::Notice(notice)) => return Ok(Ok(Brought::Notice(notice))),
        Ok(Opened::Outline(outline)) => {
            let said = (arrived.envelope, &outline, passed.marks.first().copied());
            let rows = coming::outline_rows(session, &keys.members, said)?;
            return Ok(Ok(Brought::OfFloors(rows)));
        }
        Ok(Opened::People(people)) => {
            let by = arrived.envelope.header().device;
            coming::list_people(session, &keys.members, (by, &people))?;
            return Ok(Ok(Brought::OfFloors(Vec::new())));
        }
        Ok(Opened::Pack(documents)) => {
            let whole = documents.into_iter().map(|(name, bytes)| (name, Piece::Whole(bytes)));
            return Ok(Ok(Brought::Pieces(whole.collect(), None)));
        }
        Ok(Opened::Batches(all, lacks)) => {
            let changes = all.into_iter().map(|(name, it)| (name, Piece::Changes(it)));
            return Ok(Ok(Brought::Pieces(changes.collect(), lacks)));
        }
        Err(reason) => return Ok(Err(reason)),
    };
    match content {
        Content::Changes(changes) => {
            Ok(Ok(Brought::Pieces(vec![(document, Piece::Changes(changes))], None)))
        }
        Content::Part { part, parts, .. } if part + 1 < parts => Ok(Ok(Brought::Part)),
        Content::Part { parts, bytes, .. } => {
            let last = (arrived.envelope, parts, bytes);
            let change = whole(session, keys, document_keys, last, with)?;
            Ok(change.map(|change| {
                Brought::Pieces(vec![(document, Piece::Changes(vec![change]))], None)
            }))
        }
    }
}

/// The change whose last part an envelope holds: the parts before stand right before it in its
/// lane, in the store or among those that come with it.
fn whole<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    document_keys: &mut DocumentKeys,
    (last, parts, bytes): (&Envelope, u32, Vec<u8>),
    with: &[Arrived<'_>],
) -> Result<Result<Vec<u8>, QuarantineReason>, ApiError> {
    let mut signers = Signers::of(&keys.members);
    let mut before = vec![bytes];
    let mut prev_id = last.header().prev_id;
    for expected in (0..parts.saturating_sub(1)).rev() {
        let beside = with.iter().find(|arrived| arrived.envelope.id() == prev_id);
        let kept = match beside {
            Some(_) => None,
            None => session.open.store.envelope(&prev_id.0).told()?,
        };
        let kept = kept.and_then(|row| Envelope::from_bytes(&row.bytes).ok());
        let kept = kept.as_ref().map(|envelope| Arrived::of(envelope, &mut signers));
        let Some(arrived) = beside.copied().or(kept) else {
            return Ok(Err(QuarantineReason::Malformed));
        };
        let opened = match open_envelope(session, keys, document_keys, arrived)? {
            Ok(opened) => opened,
            Err(reason) => return Ok(Err(reason)),
        };
        match opened {
            Opened::Content(_, Content::Part { part, parts: of, bytes })
                if (part, of) == (expected, parts) =>
            {
                before.push(bytes);
            }
            Opened::Content(..)
            | Opened::Checkpoint(_)
            | Opened::Pack(_)
            | Opened::Batches(..)
            | Opened::Floor(_)
            | Opened::Countersign(_)
            | Opened::Notice(_)
            | Opened::Outline(_)
            | Opened::People(_) => {
                return Ok(Err(QuarantineReason::Malformed));
            }
        }
        prev_id = arrived.envelope.header().prev_id;
    }
    before.reverse();
    Ok(Ok(before.concat()))
}

/// Leaves of what is set aside for one of some reasons only the name, beyond a limit; answers
/// whether it did.
fn shorten<H: Host>(
    session: &Session<'_, H>,
    aside: &mut [QuarantineRow],
    (reasons, most): (&[&str], WholeAside),
) -> Result<bool, ApiError> {
    let mut rows = aside.iter_mut().filter(|row| reasons.contains(&row.reason.as_str())).peekable();
    if rows.peek().is_none() {
        return Ok(false);
    }
    let whole = session.open.store.set_aside_whole(reasons).told()?;
    Ok(shorten_beyond(rows, whole, most))
}

fn shorten_beyond<'a>(
    rows: impl Iterator<Item = &'a mut QuarantineRow>,
    mut whole: WholeAside,
    most: WholeAside,
) -> bool {
    let mut shortened = false;
    for row in rows {
        let bytes = u64::try_from(row.bytes.len()).unwrap_or(u64::MAX);
        let with_it = whole.bytes.saturating_add(bytes);
        if whole.envelopes >= most.envelopes || with_it > most.bytes {
            row.bytes = Vec::new();
            shortened = true;
        } else {
            whole = WholeAside { envelopes: whole.envelopes + 1, bytes: with_it };
        }
    }
    shortened
}

pub(super) fn set_aside<H: Host>(
    session: &Session<'_, H>,
    envelope: &Envelope,
    reason: QuarantineReason,
) -> QuarantineRow {
    QuarantineRow {
        envelope: envelope.id().0,
        device: envelope.header().device.0,
        tag: envelope.header().doc_tag.0,
        at: session.host.now(),
        reason: reason.code().to_owned(),
        bytes: envelope.to_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::Instant;

    #[test]
    fn what_is_kept_whole_is_limited_by_number_and_by_bytes() {
        let check = |(envelopes, bytes): (u64, u64), lengths: &[usize], want: &[usize]| {
            let row = |len: &usize| QuarantineRow {
                envelope: [0; 32],
                device: [0; 16],
                tag: [0; 32],
                at: Instant::from_unix_ms(0),
                reason: UNKNOWN.to_owned(),
                bytes: vec![1; *len],
            };
            let mut rows: Vec<_> = lengths.iter().map(row).collect();
            let most = WholeAside { envelopes: 5, bytes: 100 };
            let shortened = shorten_beyond(rows.iter_mut(), WholeAside { envelopes, bytes }, most);
            let kept: Vec<_> = rows.iter().map(|row| row.bytes.len()).collect();
            assert_eq!((kept.as_slice(), shortened), (want, lengths != want));
        };
        check((0, 0), &[10, 20, 30], &[10, 20, 30]);
        check((3, 0), &[10, 20, 30], &[10, 20, 0]);
        check((0, 80), &[10, 20, 10], &[10, 0, 10]);
        check((5, 0), &[1], &[0]);
        check((0, 100), &[1], &[0]);
    }
}
