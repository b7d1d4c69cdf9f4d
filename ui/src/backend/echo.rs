//! Which events concern this window.

use api::{Event, FileAct, FileProgress, Origin, SyncProgress, Topic};

/// How far the lists are made again, where the event tells that.
pub(super) const fn rebuilding(event: &Event) -> Option<(u64, u64)> {
    match event {
        Event::Rebuilding { done, all } => Some((*done, *all)),
        Event::Changed { .. }
        | Event::ExchangeAsked
        | Event::Exchanging(_)
        | Event::Carrying { .. } => None,
    }
}

/// How far the exchange has come, where the event tells that.
pub(super) const fn exchanging(event: &Event) -> Option<SyncProgress> {
    match event {
        Event::Exchanging(progress) => Some(*progress),
        Event::Changed { .. }
        | Event::ExchangeAsked
        | Event::Rebuilding { .. }
        | Event::Carrying { .. } => None,
    }
}

/// How far a file is that is written or read, where the event tells that.
pub(super) const fn carrying(event: &Event) -> Option<(FileAct, Option<FileProgress>)> {
    match event {
        Event::Carrying { act, far } => Some((*act, *far)),
        Event::Changed { .. }
        | Event::ExchangeAsked
        | Event::Rebuilding { .. }
        | Event::Exchanging(_) => None,
    }
}

/// The topics of an event this window must heed: none of its own echo.
pub(super) fn heeded(event: Event, own_label: &str) -> Vec<Topic> {
    let Event::Changed { topics, origin } = event else { return Vec::new() };
    match origin {
        Origin::Window(label) if label == own_label => Vec::new(),
        Origin::Window(_) | Origin::Sync | Origin::Import | Origin::Host => topics,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_skips_its_own_echo_alone() {
        let check = |origin: Origin, heeds: bool| {
            let event = Event::Changed { topics: vec![Topic::Tasks], origin };
            assert_eq!(!heeded(event, "main").is_empty(), heeds);
        };
        check(Origin::Window("main".into()), false);
        check(Origin::Window("second".into()), true);
        check(Origin::Sync, true);
        check(Origin::Import, true);
        check(Origin::Host, true);
    }
}
