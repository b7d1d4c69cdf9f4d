//! Where the device secret is kept: a port, and a limit on how long it may take.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use crate::Sensitive;

/// How long a keyring may take before it counts as hanging.
pub const KEYRING_TIMEOUT: Duration = Duration::from_secs(10);
/// Calls that may hang at once; further ones are answered [`KeyringError::TimedOut`] at once.
const HANGING_MAX: usize = 4;

/// What can go wrong with a keyring; each has a message and a remedy of its own.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// There is no keyring, or nobody answers for it.
    #[error("the system keyring is not there")]
    Absent,
    /// The keyring holds no such entry.
    #[error("the system keyring does not hold this device's secret")]
    Empty,
    /// The keyring is locked and was not unlocked.
    #[error("the system keyring is locked")]
    Locked,
    /// The keyring did not answer in time.
    #[error("the system keyring does not answer")]
    TimedOut,
    /// The entry is there and is not the secret that was stored.
    #[error("the system keyring holds a wrong value for this device's secret")]
    BadData,
    /// Anything else, in the words of the system.
    #[error("the system keyring failed: {0}")]
    Failed(String),
}

/// A place for small secrets outside the store, such as the operating system's keyring.
///
/// It is never the only holder of a key: what it keeps is combined with a password, and a
/// recovery code does without it.
pub trait KeyringPort: Send + Sync {
    /// Reads the entry `name`.
    fn get(&self, name: &str) -> Result<Sensitive<Vec<u8>>, KeyringError>;

    /// Writes the entry `name`, over an older one.
    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringError>;

    /// Removes the entry `name`; one that is not there is [`KeyringError::Empty`].
    fn delete(&self, name: &str) -> Result<(), KeyringError>;

    /// Whether to do without a keyring was chosen: then nobody needs to be told.
    fn is_declined(&self) -> bool {
        false
    }
}

impl<K: KeyringPort + ?Sized> KeyringPort for Arc<K> {
    fn get(&self, name: &str) -> Result<Sensitive<Vec<u8>>, KeyringError> {
        (**self).get(name)
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringError> {
        (**self).set(name, secret)
    }

    fn delete(&self, name: &str) -> Result<(), KeyringError> {
        (**self).delete(name)
    }

    fn is_declined(&self) -> bool {
        (**self).is_declined()
    }
}

/// A host that does without a keyring by choice: every call is answered [`KeyringError::Absent`].
#[derive(Debug, Clone, Copy, Default)]
pub struct NoKeyring;

impl KeyringPort for NoKeyring {
    fn get(&self, _name: &str) -> Result<Sensitive<Vec<u8>>, KeyringError> {
        Err(KeyringError::Absent)
    }

    fn set(&self, _name: &str, _secret: &[u8]) -> Result<(), KeyringError> {
        Err(KeyringError::Absent)
    }

    fn delete(&self, _name: &str) -> Result<(), KeyringError> {
        Err(KeyringError::Absent)
    }

    fn is_declined(&self) -> bool {
        true
    }
}

/// Runs another keyring on a thread of its own and gives up waiting after a limit.
///
/// A call that hangs keeps its thread until it returns; how many may do so is limited.
#[derive(Debug)]
pub struct TimeLimited<K> {
    keyring: Arc<K>,
    limit: Duration,
    hanging: Arc<AtomicUsize>,
}

impl<K: KeyringPort + 'static> TimeLimited<K> {
    /// Limits each call to [`KEYRING_TIMEOUT`].
    pub fn new(keyring: K) -> Self {
        Self::with_limit(keyring, KEYRING_TIMEOUT)
    }

    /// Limits each call to `limit`.
    pub fn with_limit(keyring: K, limit: Duration) -> Self {
        Self { keyring: Arc::new(keyring), limit, hanging: Arc::default() }
    }

    fn run<T: Send + 'static>(
        &self,
        call: impl FnOnce(&K) -> Result<T, KeyringError> + Send + 'static,
    ) -> Result<T, KeyringError> {
        if self.hanging.fetch_add(1, Ordering::SeqCst) >= HANGING_MAX {
            self.hanging.fetch_sub(1, Ordering::SeqCst);
            return Err(KeyringError::TimedOut);
        }
        let (sender, receiver) = channel();
        let (keyring, hanging) = (Arc::clone(&self.keyring), Arc::clone(&self.hanging));
        let started = thread::Builder::new().name("keyring".to_owned()).spawn(move || {
            let _counted = CountDown(hanging);
            // Nobody listens any more once the limit has passed.
            let _outcome = sender.send(call(&keyring));
        });
        if let Err(error) = started {
            // The closure never ran, and dropping it did not count down.
            self.hanging.fetch_sub(1, Ordering::SeqCst);
            return Err(KeyringError::Failed(error.to_string()));
        }
        receiver.recv_timeout(self.limit).unwrap_or_else(|error| match error {
            RecvTimeoutError::Timeout => Err(KeyringError::TimedOut),
            RecvTimeoutError::Disconnected => {
                Err(KeyringError::Failed("the keyring call ended without an answer".to_owned()))
            }
        })
    }
}

impl<K: KeyringPort + 'static> KeyringPort for TimeLimited<K> {
    fn get(&self, name: &str) -> Result<Sensitive<Vec<u8>>, KeyringError> {
        let name = name.to_owned();
        self.run(move |keyring| keyring.get(&name))
    }

    fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringError> {
        let (name, secret) = (name.to_owned(), Sensitive::new(secret.to_vec()));
        self.run(move |keyring| keyring.set(&name, secret.expose()))
    }

    fn delete(&self, name: &str) -> Result<(), KeyringError> {
        let name = name.to_owned();
        self.run(move |keyring| keyring.delete(&name))
    }

    fn is_declined(&self) -> bool {
        self.keyring.is_declined()
    }
}

/// Counts down when a call returns or panics.
struct CountDown(Arc<AtomicUsize>);

impl Drop for CountDown {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(any(test, feature = "test-support"))]
pub use doubles::{HangingKeyring, MemoryKeyring};

/// Doubles for tests.
#[cfg(any(test, feature = "test-support"))]
mod doubles {
    use std::collections::BTreeMap;
    use std::sync::{Mutex, PoisonError};

    use super::*;

    /// A keyring in memory that can be told to fail.
    #[derive(Debug, Default)]
    pub struct MemoryKeyring {
        entries: Mutex<BTreeMap<String, Vec<u8>>>,
        failure: Mutex<Option<KeyringError>>,
    }

    impl MemoryKeyring {
        /// Makes every further call fail with `failure`, or work again with `None`.
        pub fn fail_with(&self, failure: Option<KeyringError>) {
            *self.failure.lock().unwrap_or_else(PoisonError::into_inner) = failure;
        }

        /// Forgets everything, as a reinstalled system does.
        pub fn wipe(&self) {
            self.entries.lock().unwrap_or_else(PoisonError::into_inner).clear();
        }

        /// Writes `secret` over every entry.
        pub fn overwrite_all(&self, secret: &[u8]) {
            for entry in self.entries.lock().unwrap_or_else(PoisonError::into_inner).values_mut() {
                *entry = secret.to_vec();
            }
        }

        /// The names of the entries.
        pub fn names(&self) -> Vec<String> {
            let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            entries.keys().cloned().collect()
        }

        fn check(&self) -> Result<(), KeyringError> {
            let failure = self.failure.lock().unwrap_or_else(PoisonError::into_inner);
            failure.clone().map_or(Ok(()), Err)
        }
    }

    impl KeyringPort for MemoryKeyring {
        fn get(&self, name: &str) -> Result<Sensitive<Vec<u8>>, KeyringError> {
            self.check()?;
            let entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            entries.get(name).cloned().map(Sensitive::new).ok_or(KeyringError::Empty)
        }

        fn set(&self, name: &str, secret: &[u8]) -> Result<(), KeyringError> {
            self.check()?;
            let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            entries.insert(name.to_owned(), secret.to_vec());
            Ok(())
        }

        fn delete(&self, name: &str) -> Result<(), KeyringError> {
            self.check()?;
            let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
            entries.remove(name).map(|_| ()).ok_or(KeyringError::Empty)
        }
    }

    /// A keyring that answers nothing until its gate is dropped.
    #[derive(Debug)]
    pub struct HangingKeyring {
        gate: Mutex<std::sync::mpsc::Receiver<()>>,
    }

    impl HangingKeyring {
        /// Makes the keyring and the gate that holds it: it hangs until the gate is dropped.
        pub fn new() -> (Self, std::sync::mpsc::Sender<()>) {
            let (gate, receiver) = channel();
            (Self { gate: Mutex::new(receiver) }, gate)
        }

        fn hang(&self) {
            // The answer is the closing of the gate, which is an error of the channel.
            let _closed = self.gate.lock().unwrap_or_else(PoisonError::into_inner).recv();
        }
    }

    impl KeyringPort for HangingKeyring {
        fn get(&self, _name: &str) -> Result<Sensitive<Vec<u8>>, KeyringError> {
            self.hang();
            Err(KeyringError::Absent)
        }

        fn set(&self, _name: &str, _secret: &[u8]) -> Result<(), KeyringError> {
            self.hang();
            Ok(())
        }

        fn delete(&self, _name: &str) -> Result<(), KeyringError> {
            self.hang();
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limited_keyring_passes_answers_and_every_kind_of_error() {
        let memory = Arc::new(MemoryKeyring::default());
        let limited = TimeLimited::new(Arc::clone(&memory));
        assert_eq!(limited.get("a").unwrap_err(), KeyringError::Empty);
        limited.set("a", b"one").unwrap();
        limited.set("a", b"two").unwrap();
        assert_eq!(limited.get("a").unwrap().expose(), b"two");
        limited.delete("a").unwrap();
        assert_eq!(limited.delete("a"), Err(KeyringError::Empty));
        for error in [
            KeyringError::Absent,
            KeyringError::Empty,
            KeyringError::Locked,
            KeyringError::TimedOut,
            KeyringError::BadData,
            KeyringError::Failed("dbus".to_owned()),
        ] {
            memory.fail_with(Some(error.clone()));
            assert_eq!(limited.get("a").unwrap_err(), error);
            assert_eq!(limited.set("a", b"x"), Err(error.clone()));
            assert_eq!(limited.delete("a"), Err(error));
        }
    }

    #[test]
    fn a_hanging_keyring_times_out_and_threads_stay_few() {
        let (hanging, gate) = HangingKeyring::new();
        let limited = TimeLimited::with_limit(hanging, Duration::from_millis(5));
        for _ in 0..HANGING_MAX * 3 {
            assert_eq!(limited.get("a").unwrap_err(), KeyringError::TimedOut);
        }
        assert_eq!(limited.hanging.load(Ordering::SeqCst), HANGING_MAX);
        drop(gate);
        while limited.hanging.load(Ordering::SeqCst) > 0 {
            thread::yield_now();
        }
        assert_eq!(TimeLimited::new(NoKeyring).get("a").unwrap_err(), KeyringError::Absent);
    }

    #[test]
    fn a_keyring_that_panics_is_a_failure() {
        #[derive(Debug)]
        struct Panicking;
        impl KeyringPort for Panicking {
            fn get(&self, _name: &str) -> Result<Sensitive<Vec<u8>>, KeyringError> {
                panic!("a keyring library failed")
            }
            fn set(&self, _name: &str, _secret: &[u8]) -> Result<(), KeyringError> {
                Ok(())
            }
            fn delete(&self, _name: &str) -> Result<(), KeyringError> {
                Ok(())
            }
        }
        let outcome = TimeLimited::new(Panicking).get("a");
        assert!(matches!(outcome, Err(KeyringError::Failed(_))), "{outcome:?}");
    }

    #[test]
    fn six_errors_have_six_messages() {
        let messages: std::collections::BTreeSet<String> = [
            KeyringError::Absent,
            KeyringError::Empty,
            KeyringError::Locked,
            KeyringError::TimedOut,
            KeyringError::BadData,
            KeyringError::Failed("x".to_owned()),
        ]
        .iter()
        .map(ToString::to_string)
        .collect();
        assert_eq!(messages.len(), 6);
    }
}
