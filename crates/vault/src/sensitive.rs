//! A wrapper for what must not be shown and must not stay in memory.

use std::fmt;

use zeroize::Zeroize;

/// Holds a secret: it is not shown by `Debug` or `Display`, and is overwritten when dropped.
///
/// It does not stop a copy: whoever calls [`Sensitive::expose`] answers for what is made of it.
#[derive(Clone)]
pub struct Sensitive<T: Zeroize>(T);

impl<T: Zeroize> Sensitive<T> {
    /// Takes the secret in.
    pub fn new(secret: T) -> Self {
        Self(secret)
    }

    /// Shows the secret to the code that uses it.
    pub fn expose(&self) -> &T {
        &self.0
    }

    /// Shows the secret to the code that fills it in.
    pub fn expose_mut(&mut self) -> &mut T {
        &mut self.0
    }
}

impl<T: Zeroize> From<T> for Sensitive<T> {
    fn from(secret: T) -> Self {
        Self(secret)
    }
}

impl<T: Zeroize> fmt::Debug for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Sensitive(..)")
    }
}

impl<T: Zeroize> fmt::Display for Sensitive<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(not shown)")
    }
}

impl<T: Zeroize> Drop for Sensitive<T> {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn nothing_is_shown() {
        let secret = Sensitive::new(String::from("hunter2"));
        for shown in [format!("{secret:?}"), format!("{secret:#?}"), format!("{secret}")] {
            assert!(!shown.contains("hunter2"), "{shown}");
        }
        assert_eq!(secret.expose(), "hunter2");
    }

    #[test]
    fn dropping_overwrites_the_secret_and_every_clone() {
        struct Counted(Arc<AtomicUsize>);
        impl Zeroize for Counted {
            fn zeroize(&mut self) {
                self.0.fetch_add(1, Ordering::SeqCst);
            }
        }
        impl Clone for Counted {
            fn clone(&self) -> Self {
                Self(Arc::clone(&self.0))
            }
        }
        let wiped = Arc::new(AtomicUsize::new(0));
        let secret = Sensitive::new(Counted(Arc::clone(&wiped)));
        let copy = secret.clone();
        drop(secret);
        assert_eq!(wiped.load(Ordering::SeqCst), 1);
        drop(copy);
        assert_eq!(wiped.load(Ordering::SeqCst), 2);
    }
}
