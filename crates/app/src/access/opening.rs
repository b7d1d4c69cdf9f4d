//! Opening the store, its lists as this version makes them.

use super::store_keys;
use crate::{
    App,
    host::{Host, HostEntropy},
    kept_store::KeptStore,
};
use api::Event;
use chart::Actor;
use store::{Store, StoreError, StoreKeys};
use vault::{DatabaseKey, random::make_array};

/// The store of this computer: the one that somebody still works with, or opened.
///
/// # Errors
/// The store's.
pub(crate) fn open_store<H: Host>(
    app: &App<H>,
    key: &DatabaseKey,
) -> Result<KeptStore, StoreError> {
    match app.left_store().again(key) {
        Some(kept) => Ok(kept),
        None => Ok(KeptStore::new(open_now(app.host(), store_keys(key))?, key)),
    }
}

/// Opens the store of this computer. Where another version of the program made its lists, they
/// are made again first, and every window is told how far that is.
fn open_now<H: Host>(host: &H, keys: StoreKeys) -> Result<Store, StoreError> {
    let store = Store::open(host.directory(), keys)?;
    if store.wants_rebuild()? {
        renew(host, &store)?;
    }
    Ok(store)
}

/// Makes the lists again. A disk that has no room for that, or cannot be written, keeps nobody from
/// reading what is there: it is tried again with the next opening.
fn renew<H: Host>(host: &H, store: &Store) -> Result<(), StoreError> {
    let actor = Actor::from_random(make_array(&mut HostEntropy(host)));
    let all = store.counts()?.patients;
    let mut tell = |done: u64| host.emit(Event::Rebuilding { done, all: all.max(done) });
    tell(0);
    match store.rebuild(actor, &mut tell) {
        Ok(rebuilt) => {
            tracing::info!(documents = rebuilt.documents, "the lists were made again");
            Ok(())
        }
        Err(error @ (StoreError::DiskFull | StoreError::ReadOnlyDisk)) => {
            tracing::warn!(%error, "the lists could not be made again");
            Ok(())
        }
        Err(error) => Err(error),
    }
}
