//! Meeting all others that are known, one after the other.

use super::{LanSettings, Meeting};
use api::ErrorCode;
use link::{Browse, browse};
use std::{
    collections::BTreeSet,
    io, thread,
    time::{Duration, Instant},
};

/// How often it is looked whether somebody was found.
const LOOK: Duration = Duration::from_millis(50);
/// Whoever is there answers soon after the first.
const AFTER_THE_FIRST: Duration = Duration::from_millis(500);

/// Looks for the clinic's other computers for no longer than `patience`, where the settings let it, and
/// exchanges with those that are found or named, once: for a program that does not go on. Answers
/// whether there was any.
pub fn meet_nearby(app: &dyn Meeting, settings: &LanSettings, patience: Duration) -> bool {
    let search = app.lan_identity().filter(|_| settings.discovers && app.is_on_lan());
    let search = search.and_then(|identity| or_told(browse(&identity.hint)));
    if let Some(search) = &search {
        let mut until = Instant::now() + patience;
        let mut is_first = true;
        while Instant::now() < until {
            if is_first && !search.found().is_empty() {
                is_first = false;
                until = until.min(Instant::now() + AFTER_THE_FIRST);
            }
            thread::sleep(LOOK);
        }
    }
    meet_all(app, search.as_ref(), &settings.peers)
}

/// Meets those that a search has found, and those that were named; answers whether there was any.
pub(super) fn meet_all(app: &dyn Meeting, search: Option<&Browse>, named: &[String]) -> bool {
    let mut any = false;
    let found = search.map(Browse::found).into_iter().flatten();
    let found = found.map(|address| address.to_string());
    let all: BTreeSet<String> = found.chain(named.iter().cloned()).collect();
    // It holds at once also where it is switched off between two.
    for address in all.into_iter().take_while(|_| app.is_on_lan()) {
        match app.meet_peer(&address) {
            Ok(met) => {
                any = true;
                if let (Some(search), Ok(address)) = (search, address.parse()) {
                    search.prove(address);
                }
                tracing::info!(sent = met.sent, received = met.received, "met a computer");
            }
            // Who stopped the exchange with one does not want the next at once.
            Err(error) if error.code == ErrorCode::Stopped => break,
            // One that is switched off is no news.
            Err(error) if error.code == ErrorCode::Unreachable => {}
            Err(error) => tracing::warn!(code = ?error.code, "a computer was not met"),
        }
    }
    app.called_around(any);
    any
}

/// Others can be named where they are not found.
pub(super) fn or_told<T>(found: io::Result<T>) -> Option<T> {
    found.inspect_err(|error| tracing::warn!(kind = ?error.kind(), "no others are looked for")).ok()
}
