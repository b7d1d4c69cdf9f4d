//! What a combobox does: text, keys and answers in, deeds out. It draws nothing and asks nobody.

/// One thing that may be meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Offer {
    /// What the owner of the list knows it by; unlike all others of its list.
    pub id: String,
    /// What it is called.
    pub label: String,
    /// What tells it from others of that name; may be empty.
    pub detail: String,
}

/// The answer to what was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Offered {
    /// The text it answers: an answer to an older text is shown, and never chosen by Enter.
    pub to: String,
    /// What may be meant, best first.
    pub offers: Vec<Offer>,
    /// Whether the first is what Enter takes while no arrow was pressed.
    pub leads: bool,
    /// It could not be looked up: that nothing is offered does not say that there is nothing.
    pub failed: bool,
}

impl Offered {
    /// That a text could not be looked up.
    pub(crate) fn failed(to: String) -> Self {
        Self { to, failed: true, ..Self::default() }
    }
}

/// So many options Page Up and Page Down pass.
const PAGE: usize = 10;

/// A key that was pressed in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key<'a> {
    /// The key as the keyboard event names it.
    pub name: &'a str,
    /// With Alt.
    pub alt: bool,
    /// With Ctrl, Cmd or Shift: it means something else.
    pub other: bool,
    /// It belongs to the method by which a script is put in.
    pub composing: bool,
}

/// What a key or an answer leads to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Deed {
    /// Nothing: the key means what it means anywhere.
    Pass,
    /// The key was for the list and has done its work.
    Done,
    /// The owner is asked what may be meant by this text.
    Ask(String),
    /// This was chosen.
    Choose(Offer),
}

/// What is seen below the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Below {
    /// Nothing.
    Closed,
    /// The answer has not come.
    Waiting,
    /// There is none.
    Nothing,
    /// It could not be looked up.
    Failed,
    /// The list.
    Listed,
}

/// How the combobox stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Combo {
    text: String,
    open: bool,
    /// What stands in the line may be meant as it is: the list only helps.
    free: bool,
    /// Which option is meant, where the arrows chose it.
    at: Option<usize>,
    /// Enter was pressed before the answer to what is typed had come.
    hurried: bool,
    /// What the owner was asked and has not answered: one question at a time, so that whoever
    /// types fast is answered for the last text and not for each.
    asked: Option<String>,
    offered: Offered,
}

impl Combo {
    /// A line that begins with a text.
    pub(super) fn of(text: String) -> Self {
        Self { text, ..Self::default() }
    }

    /// The same, of a line that means something without the list: Enter takes an option that the
    /// arrows reached, and is its owner's otherwise.
    pub(super) fn free(text: String) -> Self {
        Self { free: true, ..Self::of(text) }
    }

    /// The text was changed by typing.
    pub(super) fn typed(&mut self, text: String) -> Deed {
        self.text = text;
        self.open = true;
        self.at = None;
        self.hurried = false;
        self.ask()
    }

    /// The owner has answered.
    pub(super) fn answered(&mut self, offered: Offered) -> Deed {
        let chosen = self.at.and_then(|at| self.offered.offers.get(at)).map(|it| it.id.clone());
        // What was chosen by the arrows stays chosen when others come or go.
        self.at = chosen.and_then(|id| offered.offers.iter().position(|offer| offer.id == id));
        self.offered = offered;
        self.asked = None;
        if !self.is_settled() {
            return if self.open { self.ask() } else { Deed::Done };
        }
        match std::mem::take(&mut self.hurried) {
            true => self.chosen().map_or(Deed::Done, Deed::Choose),
            false => Deed::Done,
        }
    }

    /// A key was pressed.
    pub(super) fn pressed(&mut self, key: Key<'_>) -> Deed {
        if key.composing || key.other {
            return Deed::Pass;
        }
        match key.name {
            "ArrowDown" if self.free && self.offered.offers.is_empty() => Deed::Pass,
            "Enter" if self.free && self.at.is_none() => Deed::Pass,
            "ArrowDown" if !self.open => {
                self.open = true;
                if self.is_settled() { Deed::Done } else { self.ask() }
            }
            "ArrowUp" if key.alt => self.close(),
            "Escape" if self.below() == Below::Closed => Deed::Pass,
            "Escape" => self.close(),
            "Tab" => {
                self.close();
                Deed::Pass
            }
            "Enter" => self.entered(),
            name => self.moved(name),
        }
    }

    /// The keyboard has gone elsewhere.
    pub(super) fn left(&mut self) {
        self.close();
    }

    /// What was chosen stands in the line as this text.
    pub(super) fn stands(&mut self, text: String) {
        self.text = text;
        self.close();
    }

    /// What is seen below the line.
    pub(super) fn below(&self) -> Below {
        match (self.open, self.offered.offers.is_empty(), self.is_settled()) {
            (false, ..) => Below::Closed,
            (true, false, _) => Below::Listed,
            (true, true, _) if self.free => Below::Closed,
            (true, true, false) => Below::Waiting,
            (true, true, true) if self.text.trim().is_empty() => Below::Closed,
            (true, true, true) if self.offered.failed => Below::Failed,
            (true, true, true) => Below::Nothing,
        }
    }

    /// Whether the last question could not be answered.
    pub(super) fn has_failed(&self) -> bool {
        self.offered.failed
    }

    /// What stands in the line.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// What is offered.
    pub(super) fn offers(&self) -> &[Offer] {
        &self.offered.offers
    }

    /// Which option Enter takes, while the list is seen.
    pub(super) fn active(&self) -> Option<usize> {
        let first = Some(0).filter(|_| self.offered.leads);
        self.at.or(first).filter(|at| self.open && *at < self.offered.offers.len())
    }

    fn is_settled(&self) -> bool {
        self.asked.is_none() && self.offered.to == self.text
    }

    fn ask(&mut self) -> Deed {
        if self.asked.is_some() || self.offered.to == self.text {
            return Deed::Done;
        }
        self.asked = Some(self.text.clone());
        Deed::Ask(self.text.clone())
    }

    fn close(&mut self) -> Deed {
        self.open = false;
        self.at = None;
        self.hurried = false;
        Deed::Done
    }

    fn chosen(&self) -> Option<Offer> {
        self.active().and_then(|at| self.offered.offers.get(at)).cloned()
    }

    /// What was offered for the text before the last key is not what was meant: Enter waits.
    fn entered(&mut self) -> Deed {
        if !self.open || self.text.trim().is_empty() && self.at.is_none() {
            return Deed::Pass;
        }
        if !self.is_settled() && self.at.is_none() {
            self.hurried = true;
            return Deed::Done;
        }
        self.chosen().map_or(Deed::Pass, Deed::Choose)
    }

    fn moved(&mut self, name: &str) -> Deed {
        let Some(last) = self.offered.offers.len().checked_sub(1).filter(|_| self.open) else {
            return Deed::Pass;
        };
        let (now, by_arrow) = (self.active(), self.at.is_some());
        self.at = match (name, now) {
            ("ArrowDown" | "PageDown", None) => Some(0),
            ("ArrowDown", Some(at)) => Some((at + 1).min(last)),
            ("ArrowUp", Some(at)) => at.checked_sub(1),
            ("PageDown", Some(at)) => Some((at + PAGE).min(last)),
            ("PageUp", Some(at)) => Some(at.saturating_sub(PAGE)),
            // In the text itself they move the mark of the text.
            ("Home", Some(_)) if by_arrow => Some(0),
            ("End", Some(_)) if by_arrow => Some(last),
            _ => return Deed::Pass,
        };
        Deed::Done
    }
}

#[cfg(test)]
mod tests;
