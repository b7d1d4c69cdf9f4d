//! Pressing with the mouse: a page may move between the look at it and the press, and what is
//! pressed beside a button does nothing. Whoever presses sees that, and presses again.

use std::cell::Cell;
use std::time::{Duration, Instant};

use serde_json::json;

use super::Window;
use super::locate::Wanted;

/// So long whoever presses something waits for the page to come to rest.
const AIMING: Duration = Duration::from_secs(3);

/// Looks where the next press goes. What is drawn by its label is pressed there; what lies under
/// something else, as under what was just done at the foot of the page, is brought to the middle.
const LOOK: &str = "
    const [aim] = arguments;
    const { x, y, width, height } = aim.getBoundingClientRect();
    const over = document.elementFromPoint(x + width / 2, y + height / 2);
    if (over && !aim.contains(over) && !over.contains(aim)) aim.scrollIntoView({ block: 'center' });
    window.pressed = { aim };
    addEventListener('click', ({ target }) => {
      const parts = [aim, ...(aim.labels ?? [])];
      window.pressed = { aim, hit: parts.some((part) => part.contains(target)) };
    }, { capture: true, once: true });";

/// Whether the press went beside. A list that answers as the button goes down is gone before it comes
/// up: then nothing was pressed, and all is well. Another page knows nothing of the press.
const WENT_BESIDE: &str = "
    const { aim, hit } = window.pressed ?? {};
    return hit === false || (hit === undefined && (aim?.isConnected ?? false));";

/// Whether the last press came after all: a page that is busy hears of it when its turn comes.
const CAME: &str = "return window.pressed?.hit === true;";

impl Window {
    /// Presses what is wanted, again where the press went beside.
    pub(super) fn aim(&self, wanted: &Wanted) {
        self.settle();
        let client = self.driver.client();
        let tried = Cell::new(false);
        let came = || {
            tried.get() && self.driver.attempt(client.execute(CAME, Vec::new())) == Ok(json!(true))
        };
        self.act_until(came, wanted, |element| {
            let aim = serde_json::to_value(&element).map_err(|error| error.to_string())?;
            self.driver.attempt(client.execute(LOOK, vec![aim]))?;
            tried.set(true);
            self.driver.attempt(element.click())?;
            let went_beside = self.driver.attempt(client.execute(WENT_BESIDE, Vec::new()))?;
            if went_beside == json!(true) {
                return Err("the press went beside it".to_owned());
            }
            Ok(())
        });
    }

    /// Gives the page a moment to come to rest, as whoever aims does: what is still being read moves
    /// what stands below it when it comes.
    fn settle(&self) {
        let begun = Instant::now();
        while !self.is_settled() && begun.elapsed() < AIMING {
            self.driver.pause();
        }
    }
}
