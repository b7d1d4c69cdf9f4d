//! What is left for later of a peer's log, and how it is fetched: a few pages in each session, so
//! that what is recorded meanwhile waits for none of it.

use super::{Effect, Failure, Phase, SyncSession};
use crate::cursor::Mark;
use crate::have::{Have, Lane};
use crate::left::{Later, Left, Outlook};
use crate::limits::LEFT_PAGES_MAX;
use crate::wire::{Brief, Item, PullPage, PullRequest};

impl SyncSession {
    /// Of what the names are enough for now.
    pub(super) const fn later(&self) -> Option<Later> {
        match self.local.outlook {
            Some(Outlook::Later(later)) => Some(later),
            Some(Outlook::First { .. }) | None => None,
        }
    }

    /// Whether an envelope that was only named is left for later.
    pub(super) fn is_left(&self, brief: &Brief) -> bool {
        let is_later = self.later().is_some_and(|later| later.names(brief));
        is_later && !self.skip_nothing && self.fetched.is_none()
    }

    /// Notes what the page just received left; nothing where it left nothing.
    pub(super) fn leave(&mut self) -> Option<Effect> {
        let left = self.leaving.take().filter(|left| self.local.left != Some(*left))?;
        self.local.left = Some(left);
        // What is to be known for fetching it was not known when the session began.
        self.local.fetching = None;
        Some(Effect::NoteLeft(Some(left)))
    }

    /// Fetches what was left, where it is time to; else the session is over.
    pub(super) fn fetch_left(&mut self) -> Vec<Effect> {
        let pages = self.fetched.unwrap_or(0);
        let epoch = self.reading.map(|reading| reading.log_epoch);
        let left = self.local.left.filter(|left| Some(left.log_epoch) == epoch);
        let (Some(left), Some(fetching)) = (left, &self.local.fetching) else {
            return self.finish(None);
        };
        let is_one = fetching.only.is_some();
        if pages >= LEFT_PAGES_MAX && !is_one {
            return self.finish(None);
        }
        // What is fetched by itself stands somewhere in the stretch.
        let at = self.fetched_to.filter(|_| is_one).unwrap_or(left.from);
        // A page that asks for more would bring again what stands behind.
        let most = usize::try_from(fetching.bytes.max(1)).unwrap_or(usize::MAX);
        let (skip, bytes) = (fetching.skip.clone(), self.pulling.bytes().min(most));
        self.fetched = Some(pages);
        self.fetched_to = Some(at);
        self.phase = Phase::Pulling;
        self.pulling.begin(self.now_ms);
        vec![Effect::SendPull(PullRequest {
            clinic: self.local.clinic,
            log_epoch: left.log_epoch,
            after: at.seq,
            skip,
            items: u32::MAX,
            bytes: u32::try_from(bytes).unwrap_or(u32::MAX),
        })]
    }

    /// What is wrong with a page of what was left, if anything is: it is where it was when its
    /// names were read.
    pub(super) fn fetched_failure(&self, page: &PullPage) -> Option<Failure> {
        let left = self.local.left?;
        if page.log_epoch != left.log_epoch {
            return Some(Failure::Protocol);
        }
        let mut mark = page.start;
        let mut is_same = Some(page.start) == self.fetched_to;
        for item in &page.items {
            mark = mark.then(item.id());
            is_same &= mark.seq != left.to.seq || mark == left.to;
        }
        if !is_same || page.end != mark {
            return Some(Failure::ChainBroken);
        }
        let is_wrong = page.items.is_empty() || page.head < page.end.seq;
        is_wrong.then_some(Failure::Protocol)
    }

    /// Gives up what was left where the peer's log is not what it was named as, or was not what pages
    /// of it said that it is: from there it can never be fetched on. What it lacks of a floor is found
    /// out then, and the log is read anew.
    pub(super) fn give_up_left(&mut self, failure: &Failure) -> Option<Effect> {
        let is_one = self.local.fetching.as_ref().is_some_and(|fetching| fetching.only.is_some());
        let is_wrong = self.fetched.is_some() && *failure == Failure::ChainBroken;
        if is_one || !is_wrong {
            return None;
        }
        self.local.left = None;
        Some(Effect::NoteLeft(None))
    }

    /// Moves on behind a page of what was left that is durable by now.
    pub(super) fn fetched(&mut self, page: &PullPage) -> Vec<Effect> {
        let is_over = |to: Mark| page.end.seq >= to.seq;
        if let Some(only) = self.local.fetching.as_ref().and_then(|it| it.only.as_ref()) {
            return self.fetched_of(only.lane, only.through, page);
        }
        let left = self.local.left.filter(|left| !is_over(left.to));
        self.local.left = left.map(|left| Left { from: page.end, ..left });
        self.fetched = self.fetched.map(|pages| pages.saturating_add(1));
        if let Some(fetching) = &mut self.local.fetching {
            fetching.bytes = fetching.bytes.saturating_sub(whole_bytes(page));
        }
        let mut effects = vec![Effect::NoteLeft(self.local.left)];
        effects.extend(self.fetch_left());
        effects
    }

    /// Moves on within what is left towards a part of it that is fetched by itself.
    fn fetched_of(&mut self, lane: Lane, through: u64, page: &PullPage) -> Vec<Effect> {
        let is_last = |item: &Item| item.lane() == lane && item.counter() >= through;
        let end = self.local.left.map_or(0, |left| left.to.seq);
        self.fetched_to = Some(page.end);
        self.fetched = self.fetched.map(|pages| pages.saturating_add(1));
        if page.items.iter().any(is_last) || page.end.seq >= end {
            return self.finish(None);
        }
        self.fetch_left()
    }

    /// Whether an envelope that was named is left still, as one on the way to what is fetched.
    pub(super) fn stays_left(&self, brief: &Brief) -> bool {
        let only = self.local.fetching.as_ref().and_then(|fetching| fetching.only.as_ref());
        self.fetched.is_some() && only.is_some_and(|only| only.passes(brief))
    }

    /// Whether the page that came was to hold nothing but whole envelopes.
    pub(super) fn asked_for_all(&self) -> bool {
        match (&self.local.fetching, self.fetched) {
            (Some(fetching), Some(_)) => fetching.skip.is_empty(),
            (None, Some(_)) | (_, None) => self.skip_nothing,
        }
    }

    /// Asks again, for whole envelopes and no names.
    pub(super) fn have_all_sent(&mut self) -> Vec<Effect> {
        match (&mut self.local.fetching, self.fetched) {
            (Some(fetching), Some(_)) => {
                fetching.skip = Have::new();
                self.fetch_left()
            }
            (None, Some(_)) | (_, None) => {
                self.skip_nothing = true;
                self.pull_on()
            }
        }
    }
}

fn whole_bytes(page: &PullPage) -> u64 {
    let whole = page.items.iter().map(|item| match item {
        Item::Whole(_) => u64::try_from(item.encoded_len()).unwrap_or(u64::MAX),
        Item::Brief(_) => 0,
    });
    whole.sum()
}
