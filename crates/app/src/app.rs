//! The program without its windows: closed, or open with someone signed in.

use crate::{
    error::signed_out,
    host::Host,
    kept_store::LeftStore,
    open::{Open, Session},
    sync::{ComingIn, Course, LettingIn},
};
use api::{ApiError, Command, ErrorCode, ImportView, Origin};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

/// The use-cases of one store, for one host.
pub struct App<H> {
    host: Arc<H>,
    open: RwLock<Option<Arc<Open>>>,
    /// The store that was open last: an exchange may still be at work with it.
    left: Mutex<LeftStore>,
    /// The clinic that was open before the window was locked. Outside the encrypted store its name
    /// is kept in the memory alone.
    before: Mutex<Option<String>>,
    pub(crate) import: Arc<Mutex<ImportView>>,
    /// A computer that is let in from here, by whoever is signed in.
    pub(crate) letting_in: Course<LettingIn>,
    /// This computer, on its way into a clinic.
    pub(crate) coming_in: Course<ComingIn>,
}

impl<H: Host> App<H> {
    /// Makes the program of a host. Nothing is opened yet.
    pub fn new(host: H) -> Self {
        Self {
            host: Arc::new(host),
            open: RwLock::new(None),
            left: Mutex::default(),
            before: Mutex::default(),
            import: Arc::default(),
            letting_in: Course::default(),
            coming_in: Course::default(),
        }
    }

    /// The host.
    pub fn host(&self) -> &H {
        &self.host
    }

    /// The host, for work that goes on after its command was answered.
    pub(crate) fn shared_host(&self) -> Arc<H> {
        Arc::clone(&self.host)
    }

    /// Carries out a command of the contract, typed.
    ///
    /// # Errors
    /// [`ApiError`], in the words of the contract.
    pub fn call<C: Command>(&self, command: C, origin: Origin) -> Result<C::Reply, ApiError> {
        let internal = |_| ApiError::new(ErrorCode::Internal, "A command could not be written.");
        let payload = serde_json::to_value(command).map_err(internal)?;
        let reply = self.dispatch(C::NAME, payload, origin)?;
        serde_json::from_str(reply.get()).map_err(internal)
    }

    /// Runs a use-case with the open store.
    pub(crate) fn with_session<T>(
        &self,
        origin: Origin,
        work: impl FnOnce(&Session<'_, H>) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let open = self.opened().ok_or_else(signed_out)?;
        work(&Session { host: self.host(), open: &open, origin })
    }

    /// The open store, while someone is signed in.
    pub(crate) fn opened(&self) -> Option<Arc<Open>> {
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner).clone();
        if open.as_ref().is_some_and(|open| open.is_over()) {
            self.set_open(None);
            return None;
        }
        open
    }

    /// Signs someone in, in place of whoever was; what they had begun of admitting a computer ends.
    pub(crate) fn set_open(&self, open: Option<Open>) {
        self.letting_in.end();
        self.coming_in.end();
        if let Some(open) = &open {
            *self.left.lock().unwrap_or_else(PoisonError::into_inner) = open.store.left();
        }
        let mut held = self.open.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(closed) = held.as_ref() {
            closed.store.turns().door(self.host.now()).close_rooms();
        }
        if let Some(closed) = held.as_ref().filter(|closed| !closed.clinic_name.is_empty()) {
            *self.before() = Some(closed.clinic_name.clone());
        }
        *held = open.map(Arc::new);
    }

    /// The store that was open last.
    pub(crate) fn left_store(&self) -> LeftStore {
        self.left.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The name of the clinic that was open before.
    pub(crate) fn clinic_before(&self) -> Option<String> {
        self.before().clone()
    }

    fn before(&self) -> MutexGuard<'_, Option<String>> {
        self.before.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
