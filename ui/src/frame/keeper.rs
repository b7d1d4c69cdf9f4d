//! Who keeps what is typed and not kept yet: one keeper for each text on screen.

use api::ApiError;
use leptos::prelude::*;
use std::{collections::BTreeMap, pin::Pin, rc::Rc};

/// Keeps what has been typed and not kept yet; done when it is kept, or could not be.
pub(crate) type Keeper = Rc<dyn Fn() -> Pin<Box<dyn Future<Output = Result<(), ApiError>>>>>;

/// The keepers of a window.
#[derive(Clone, Copy)]
pub(crate) struct Keepers(StoredValue<Joined, LocalStorage>);

#[derive(Default)]
struct Joined {
    last: u32,
    keepers: BTreeMap<u32, Keeper>,
}

impl Keepers {
    /// None yet.
    pub(super) fn none() -> Self {
        Self(StoredValue::new_local(Joined::default()))
    }

    /// One more, for as long as what joins it is on screen.
    pub(crate) fn join(self, keeper: Keeper) {
        let number = self.0.try_update_value(|joined| {
            joined.last += 1;
            joined.keepers.insert(joined.last, keeper);
            joined.last
        });
        on_cleanup(move || {
            let leave = |joined: &mut Joined| number.and_then(|it| joined.keepers.remove(&it));
            drop(self.0.try_update_value(leave));
        });
    }

    /// Has all that is typed kept.
    ///
    /// # Errors
    /// What stood in the way first; the others were asked all the same.
    pub(crate) async fn keep(self) -> Result<(), ApiError> {
        let all = |joined: &Joined| joined.keepers.values().cloned().collect::<Vec<_>>();
        let mut kept = Ok(());
        for keep in self.0.try_with_value(all).unwrap_or_default() {
            let this = keep().await;
            kept = kept.and(this);
        }
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;
    use std::task::{Context, Poll, Waker};

    fn keep(keepers: Keepers) {
        let mut all = Box::pin(keepers.keep());
        let mut context = Context::from_waker(Waker::noop());
        assert_eq!(all.as_mut().poll(&mut context), Poll::Ready(Ok(())));
    }

    #[test]
    fn whoever_is_on_screen_is_asked_and_nobody_takes_another_along() {
        let window = Owner::new();
        window.set();
        let keepers = Keepers::none();
        let asked = Rc::new(RefCell::new(Vec::new()));
        let join = |name: &'static str| {
            let asked = Rc::clone(&asked);
            keepers.join(Rc::new(move || {
                asked.borrow_mut().push(name);
                Box::pin(async { Ok(()) })
            }));
        };
        join("the note of the visit");
        let sheet = window.child();
        sheet.with(|| join("a note over it"));
        keep(keepers);
        assert_eq!(asked.take(), ["the note of the visit", "a note over it"]);
        sheet.cleanup();
        keep(keepers);
        assert_eq!(asked.take(), ["the note of the visit"], "it stays when the other goes");
    }
}
