//! The receiving half: pages of the peer's log, each checked against the chain.

use super::{Alarm, Awaiting, Effect, Failure, Phase, ROUNDS_MAX, SyncSession};
use crate::checkpoint::{Differing, Passed};
use crate::cursor::{Cursor, Mark};
use crate::have::{Have, Lane};
use crate::ids::LogEpoch;
use crate::left::{Left, Outlook};
use crate::limits::{MESSAGE_BYTES_MIN, PAGE_ITEMS_MAX};
use crate::wire::{Item, PullPage, PullRequest};

impl SyncSession {
    /// Reads on where the last session stopped, once everything one's own is with the peer.
    pub(super) fn start_pull(&mut self) -> Vec<Effect> {
        self.received_in_round = 0;
        let mut effects = Vec::new();
        let Some(reading) = self.reading else { return self.distrust(Failure::Protocol) };
        if self.local.cursor.map(|cursor| cursor.log_epoch) != Some(reading.log_epoch)
            || reading.mark.seq == 0
        {
            effects.extend(self.save());
        }
        effects.extend(self.pull_on());
        effects
    }

    fn save(&mut self) -> Option<Effect> {
        let unsaved = self.reading.filter(|_| self.local.cursor != self.reading)?;
        self.local.cursor = Some(unsaved);
        Some(Effect::SaveCursor(unsaved))
    }

    pub(super) fn pull_on(&mut self) -> Vec<Effect> {
        let Some(reading) = self.reading else { return self.distrust(Failure::Protocol) };
        if let Some(page) = self.placed_page(reading) {
            return self.receive(page);
        }
        if reading.mark.seq >= self.summary.head {
            return self.pulled();
        }
        let request = self.pull_after(reading.log_epoch, self.floor.unwrap_or(reading.mark.seq));
        self.phase = Phase::Pulling;
        self.pulling.begin(self.now_ms);
        vec![Effect::SendPull(request)]
    }

    /// The page of names that the peer would give next, where it told with what was pushed that this
    /// stands there.
    fn placed_page(&mut self, reading: Cursor) -> Option<PullPage> {
        // Where what stands there is asked for whole, or not at all, it is not known enough.
        if self.skip_nothing || self.floor.is_some() {
            self.placed.clear();
        }
        let (mut items, mut end) = (Vec::new(), reading.mark);
        while items.len() < PAGE_ITEMS_MAX
            && let Some(name) = self.placed.remove(&end.seq.saturating_add(1))
        {
            end = end.then(name.position.id);
            items.push(Item::Brief(name));
        }
        (!items.is_empty()).then(|| PullPage {
            log_epoch: reading.log_epoch,
            start: reading.mark,
            items,
            end,
            head: self.summary.head,
            keys_head: self.keys_read(),
            members: self.local.members,
        })
    }

    /// How many places there are before the next that is known.
    fn places_to(&self, after: u64) -> u64 {
        let next = self.placed.range(after.saturating_add(1)..).next();
        next.map_or(u64::MAX, |(seq, _)| seq.saturating_sub(after).saturating_sub(1))
    }

    fn pull_after(&self, log_epoch: LogEpoch, after: u64) -> PullRequest {
        PullRequest {
            clinic: self.local.clinic,
            log_epoch,
            after,
            skip: self.skip(),
            items: u32::try_from(self.places_to(after)).unwrap_or(u32::MAX),
            bytes: u32::try_from(self.page_bytes()).unwrap_or(u32::MAX),
        }
    }

    /// How much the next page holds: what the line bears, and nothing behind that with which work
    /// goes on. What an outline says so is never less than the smallest message.
    fn page_bytes(&self) -> usize {
        self.pulling.bytes().min(self.first_bytes().max(MESSAGE_BYTES_MIN))
    }

    /// How much comes before work goes on.
    fn first_bytes(&self) -> usize {
        match self.local.outlook {
            Some(Outlook::First { bytes }) => usize::try_from(bytes).unwrap_or(usize::MAX),
            Some(Outlook::Later(_)) | None => usize::MAX,
        }
    }

    /// What comes after a page can be fetched while that is taken in, where that does not change what is
    /// asked for next, as far as can be known.
    fn foresee(&self, page: &PullPage) -> Option<Effect> {
        let is_last = page.end.seq >= page.head || self.fetched.is_some();
        let is_known = self.placed.contains_key(&page.end.seq.saturating_add(1));
        // What comes first at a floor tells what of it is left for later.
        let is_floor = page.start.seq == self.summary.floor;
        let came = page.items.iter().map(Item::encoded_len).fold(0, usize::saturating_add);
        let is_changed = self.first_bytes() < came.saturating_add(self.pulling.bytes());
        let is_sure = !(is_last || is_known || is_floor || is_changed);
        is_sure.then(|| Effect::Foresee(self.pull_after(page.log_epoch, page.end.seq)))
    }

    /// Of one's own lanes the names are enough; of all, when the log is read anew, or may have
    /// what came here by another way.
    fn skip(&self) -> Have {
        if self.skip_nothing {
            return Have::new();
        }
        let mut skip = if self.own_only && !self.local.unseen.others {
            self.local.replica.lanes().clone()
        } else {
            self.local.have.clone()
        };
        if let Some(later) = self.later().filter(|it| it.through > skip.counter(it.lane)) {
            skip.set(later.lane, later.position());
        }
        skip
    }

    pub(super) fn page_came(&mut self, page: PullPage) -> Vec<Effect> {
        if let Some(failure) = self.page_failure(&page) {
            if failure == Failure::BelowFloor {
                return self.finish(Some(failure));
            }
            let mut effects: Vec<_> = self.give_up_left(&failure).into_iter().collect();
            effects.extend(self.distrust(failure));
            return effects;
        }
        self.pulling.end(self.now_ms);
        self.summary.head = page.head;
        let mut effects: Vec<_> = self.begin_at_floor(page.start).into_iter().collect();
        let members = page.members;
        self.awaiting = Some(Awaiting::Page(page));
        // An older one is no news: the page may come from an instance that lags.
        effects.extend(if members.count >= self.local.members.count {
            self.meet_members(members)
        } else {
            self.fetch_keys()
        });
        effects
    }

    /// Goes to the floor where a page begins at it. Who vouches for it stands in the log.
    fn begin_at_floor(&mut self, start: Mark) -> Option<Effect> {
        let floor = self.floor.take();
        let reading = self.reading.as_mut().filter(|_| floor == Some(start.seq))?;
        reading.mark = start;
        Some(Effect::NoteFloor(*reading))
    }

    /// What is wrong with a page, if anything is.
    fn page_failure(&self, page: &PullPage) -> Option<Failure> {
        if self.fetched.is_some() {
            return self.fetched_failure(page);
        }
        let reading = self.reading?;
        if page.log_epoch != reading.log_epoch {
            return Some(Failure::Protocol);
        }
        // What stands before a floor was not read: any chain will do.
        let begun = if self.floor == Some(page.start.seq) { page.start } else { reading.mark };
        if page.start.seq > begun.seq {
            return Some(Failure::BelowFloor);
        }
        let end = page.items.iter().fold(begun, |mark, item| mark.then(item.id()));
        if page.start != begun || page.end != end {
            return Some(Failure::ChainBroken);
        }
        let stands_still = page.items.is_empty() && page.head > page.end.seq;
        (stands_still || page.head < page.end.seq).then_some(Failure::Protocol)
    }

    pub(super) fn receive(&mut self, page: PullPage) -> Vec<Effect> {
        let mut envelopes = Vec::new();
        let mut held = Vec::new();
        self.leaving = self.local.left;
        let mut mark = page.start;
        for item in &page.items {
            let before = mark;
            mark = mark.then(item.id());
            match item {
                Item::Whole(envelope) => envelopes.push(envelope.clone()),
                Item::Brief(brief) if self.is_left(brief) => {
                    self.leaving = Some(Left::and(self.leaving, (page.log_epoch, before), mark));
                }
                Item::Brief(brief) if self.stays_left(brief) => {}
                Item::Brief(brief) => held.push(*brief),
            }
        }
        if self.asked_for_all() && !held.is_empty() {
            let mut effects = vec![Effect::RaiseAlarm(Alarm::Misnamed)];
            effects.extend(self.distrust(Failure::Protocol));
            return effects;
        }
        self.phase = Phase::Receiving;
        let passed = passed(&page);
        let mut effects: Vec<_> = self.foresee(&page).into_iter().collect();
        self.awaiting = Some(Awaiting::Page(page));
        effects.push(Effect::Receive { envelopes, held, passed });
        effects
    }

    pub(super) fn received(
        &mut self,
        all_held: bool,
        forks: Vec<Lane>,
        differing: Vec<Differing>,
    ) -> Vec<Effect> {
        let Some(Awaiting::Page(page)) = self.awaiting.take() else {
            return self.distrust(Failure::Protocol);
        };
        let forks = forks.into_iter().map(|lane| Alarm::Forked { lane });
        let alarms = forks.chain(differing.into_iter().map(Alarm::HistoriesDiffer));
        let mut effects: Vec<_> = alarms.map(Effect::RaiseAlarm).collect();
        if !all_held {
            // A fork, or a peer that is wrong about us: have everything sent.
            effects.extend(self.have_all_sent());
            return effects;
        }
        let whole = page.items.iter().filter(|item| matches!(item, Item::Whole(_))).count();
        let whole = u64::try_from(whole).unwrap_or(u64::MAX);
        self.received_in_round = self.received_in_round.saturating_add(whole);
        self.summary.received = self.summary.received.saturating_add(whole);
        if self.fetched.is_some() {
            effects.extend(self.fetched(&page));
            return effects;
        }
        if let Some(reading) = &mut self.reading {
            reading.mark = page.end;
        }
        effects.extend(self.leave());
        effects.extend(self.save());
        effects.extend(self.pull_on());
        effects
    }

    /// What was merged may have given rise to more, as a task that a rule raised.
    fn pulled(&mut self) -> Vec<Effect> {
        if self.received_in_round > 0 && self.rounds < ROUNDS_MAX {
            self.rounds = self.rounds.saturating_add(1);
            return self.seal();
        }
        if self.passing_on { self.fetch_left() } else { self.pass_on() }
    }
}

/// The places of a page, after the one before it.
fn passed(page: &PullPage) -> Passed {
    let mut mark = page.start;
    let after = page.items.iter().map(|item| {
        mark = mark.then(item.id());
        mark
    });
    let marks = std::iter::once(page.start).chain(after).collect();
    Passed { log_epoch: page.log_epoch, marks }
}
