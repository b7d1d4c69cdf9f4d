//! What the shell tells us unasked, handed to whoever shows something under a touched topic.

use super::{bridge, echo};
use crate::reading::read;
use api::{Event, FileAct, FileProgress, SyncProgress, Topic};
use leptos::prelude::on_cleanup;
use leptos::task::spawn_local;
use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use wasm_bindgen::{JsValue, closure::Closure};

type Listener = Rc<dyn Fn(&[Topic])>;
type Catcher = Rc<dyn Fn(Vec<String>)>;
type Watcher = Rc<dyn Fn(u64, u64)>;
type Counter = Rc<dyn Fn(SyncProgress)>;
type Carrier = Rc<dyn Fn(FileAct, Option<FileProgress>)>;

thread_local! {
    static LISTENERS: RefCell<BTreeMap<u64, Listener>> = const { RefCell::new(BTreeMap::new()) };
    static NEXT: Cell<u64> = const { Cell::new(0) };
    static REBUILDS: RefCell<Option<Watcher>> = const { RefCell::new(None) };
    static EXCHANGES: RefCell<Option<Counter>> = const { RefCell::new(None) };
    static FILES: RefCell<Option<Carrier>> = const { RefCell::new(None) };
    static DROPS: RefCell<Option<Catcher>> = const { RefCell::new(None) };
}

/// Begins to listen to the shell.
pub(crate) fn listen() {
    let label = bridge::label();
    attach(Event::CHANNEL, move |payload| {
        if let Some(event) = read::<Event>(&payload) {
            if let Some((done, all)) = echo::rebuilding(&event) {
                let heed = REBUILDS.with_borrow(Clone::clone);
                heed.into_iter().for_each(|heed| heed(done, all));
            }
            if let Some(progress) = echo::exchanging(&event) {
                let heed = EXCHANGES.with_borrow(Clone::clone);
                heed.into_iter().for_each(|heed| heed(progress));
            }
            if let Some((act, far)) = echo::carrying(&event) {
                let heed = FILES.with_borrow(Clone::clone);
                heed.into_iter().for_each(|heed| heed(act, far));
            }
            touch(&echo::heeded(event, &label));
        }
    });
    listen_to_drops();
}

/// Calls `heed` with the paths of files that are dropped on the window, until the owner goes.
pub(crate) fn on_dropped_files(heed: impl Fn(Vec<String>) + 'static) {
    DROPS.set(Some(Rc::new(heed)));
    on_cleanup(|| DROPS.set(None));
}

/// Calls `heed` with how far the lists are made again, documents done and all, until the owner
/// goes.
pub(crate) fn on_rebuilding(heed: impl Fn(u64, u64) + 'static) {
    REBUILDS.set(Some(Rc::new(heed)));
    on_cleanup(|| REBUILDS.set(None));
}

/// Calls `heed` with how far the exchange that goes on has come, until the owner goes.
pub(crate) fn on_exchanging(heed: impl Fn(SyncProgress) + 'static) {
    EXCHANGES.set(Some(Rc::new(heed)));
    on_cleanup(|| EXCHANGES.set(None));
}

/// Calls `heed` with how far a file is that is written or read, and once it is over, until the owner
/// goes.
pub(crate) fn on_carrying(heed: impl Fn(FileAct, Option<FileProgress>) + 'static) {
    FILES.set(Some(Rc::new(heed)));
    on_cleanup(|| FILES.set(None));
}

/// Listens to files that are dropped on the window.
fn listen_to_drops() {
    attach("tauri://drag-drop", |payload| {
        let heed = DROPS.with_borrow(Clone::clone);
        if let (Some(heed), Some(dropped)) = (heed, read::<Dropped>(&payload)) {
            heed(dropped.paths);
        }
    });
}

/// Files that were dropped on the window.
#[derive(serde::Deserialize)]
struct Dropped {
    paths: Vec<String>,
}

/// Tells everyone who shows something under these topics to fetch it anew.
pub(crate) fn touch(topics: &[Topic]) {
    if topics.is_empty() {
        return;
    }
    let listeners: Vec<Listener> = LISTENERS.with_borrow(|all| all.values().cloned().collect());
    for listener in listeners {
        listener(topics);
    }
}

/// Calls `heed` with every batch of touched topics until the owner goes.
pub(crate) fn subscribe(heed: impl Fn(&[Topic]) + 'static) {
    let id = NEXT.get();
    NEXT.set(id + 1);
    LISTENERS.with_borrow_mut(|all| all.insert(id, Rc::new(heed)));
    on_cleanup(move || {
        LISTENERS.with_borrow_mut(|all| all.remove(&id));
    });
}

/// Listens to one event of the shell for as long as the window lives.
fn attach(channel: &'static str, heed: impl Fn(String) + 'static) {
    let heed = move |event: JsValue| {
        let payload = js_sys::Reflect::get(&event, &"payload".into()).unwrap_or(JsValue::NULL);
        heed(bridge::text_of(&payload));
    };
    let callback = Closure::<dyn FnMut(JsValue)>::new(heed).into_js_value();
    spawn_local(async move {
        let listening = async {
            let handler = bridge::register(&callback)?;
            let arguments = js_sys::Object::new();
            let target = js_sys::Object::new();
            js_sys::Reflect::set(&target, &"kind".into(), &"Any".into())?;
            js_sys::Reflect::set(&arguments, &"event".into(), &channel.into())?;
            js_sys::Reflect::set(&arguments, &"target".into(), &target)?;
            js_sys::Reflect::set(&arguments, &"handler".into(), &handler)?;
            bridge::invoke("plugin:event|listen", &arguments).await
        };
        if let Err(error) = listening.await {
            leptos::logging::warn!("no events from the shell: {}", bridge::text_of(&error));
        }
    });
}
