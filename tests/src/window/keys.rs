//! A window that is led by the keyboard alone: what is asked for is gone to with Tab, and with the
//! arrows among choices, and pressed where the keyboard is.

use fantoccini::key::Key;
use serde_json::json;

use super::Window;
use super::locate::Wanted;

/// How the driver refuses to type into what is not shown any more: before anything is typed.
const GONE: &str = "Element is not focusable";

/// No page has so many places to stop at.
const STOPS_MAX: usize = 400;

/// Where the keyboard is, as seen from what is wanted: there, among the same choices, elsewhere.
/// What a line offers is gone to from that line.
const WHERE: &str = "
    const here = document.activeElement;
    if (!found) return 'away';
    if (here === found) return found.matches('[type=radio], [type=checkbox]') ? 'choice' : 'there';
    const option = found.closest('[role=option]');
    const offered = option && here?.getAttribute('aria-controls');
    if (offered && document.getElementById(offered)?.contains(option)) {
      return here.getAttribute('aria-activedescendant') === option.id ? 'there' : 'beside';
    }
    return found.type === 'radio' && here?.type === 'radio' && here.name === found.name
      ? 'beside' : 'elsewhere';";

impl Window {
    /// The same window, led by the keyboard alone from now on.
    pub fn by_keys(self) -> Self {
        Self { has_mouse: false, ..self }
    }

    /// Sends a key to whatever has the focus.
    pub fn key(&self, key: Key) {
        self.keys(&char::from(key).to_string());
    }

    /// Sends a key to whatever has the focus, with a modifier held.
    pub fn shortcut(&self, modifier: Key, key: char) {
        self.keys(&chord(modifier, key));
    }

    /// Sends keys to whatever has the focus. Where that goes just as it is looked at, nothing was typed:
    /// they are sent again.
    pub fn keys(&self, keys: &str) {
        let client = self.driver.client();
        let sent = self.until(|| {
            let send = async { client.active_element().await?.send_keys(keys).await };
            match self.driver.attempt(send) {
                Ok(()) => true,
                Err(error) if error.contains(GONE) => false,
                Err(error) => panic!("keys: {error}"),
            }
        });
        if !sent {
            self.give_up("something that has the keyboard");
        }
    }

    /// Goes to what is wanted and presses it.
    pub(super) fn press_by_keys(&self, wanted: &Wanted) {
        // Choosing one of several is done by going there.
        match self.reach(wanted) {
            Reached::Choice => self.keys(" "),
            Reached::Other => self.key(Key::Return),
        }
        self.must_be_drawn();
    }

    /// Goes to a list and types what one of its options begins with.
    pub(super) fn choose_by_keys(&self, wanted: &Wanted, option: &str) {
        self.reach(wanted);
        self.keys(option);
        self.must_be_drawn();
    }

    /// Goes to what is wanted.
    pub(super) fn reach(&self, wanted: &Wanted) -> Reached {
        self.wait(&format!("{wanted}"), || self.find(wanted).is_some());
        let script = format!("{} {WHERE}", wanted.script());
        for _ in 0..STOPS_MAX {
            let place = self.ask(&script, &wanted.arguments());
            match place.as_str() {
                Some("there") => return Reached::Other,
                Some("choice") => return Reached::Choice,
                Some("beside") => self.key(Key::Down),
                _ if place == json!("away") => {}
                _ => self.key(Key::Tab),
            }
        }
        self.give_up(&format!("{wanted}, to be reached with Tab"))
    }
}

/// What the keyboard has come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// One of several, or a box that is ticked.
    Choice,
    /// Anything else.
    Other,
}

/// A key with a modifier held. WebKit's driver lets go of a modifier that is sent again; the null
/// key that should do so it passes on to the page.
pub(super) fn chord(modifier: Key, key: char) -> String {
    let modifier = char::from(modifier);
    format!("{modifier}{key}{modifier}")
}
