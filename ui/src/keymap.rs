//! The keys, as data: what `?` shows and what the frame listens to are the same table.

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Action {
    /// Opens the palette.
    Palette,
    /// Goes to the day.
    Today,
    /// Opens the form of a new patient.
    Register,
    /// Checks in the patient on screen or the one who is pointed at.
    CheckIn,
    /// Opens the form of a problem.
    Diagnose,
    /// Opens the line of vital signs.
    Vitals,
    /// Opens the note.
    Note,
    /// Opens the prescription form.
    Prescribe,
    /// Goes to the first of what waits for somebody in the chart.
    Review,
    /// Prints about the patient on screen.
    Print,
    /// Takes back what was done last.
    Undo,
    /// Locks the window.
    Lock,
    /// Syncs now.
    SyncNow,
    /// Closes what was opened last.
    Close,
    /// Shows the keys.
    Keys,
}

impl Action {
    /// Whether it is done to the chart on screen, and to none where there is none.
    pub(crate) const fn needs_chart(self) -> bool {
        self.is_of_chart() && !matches!(self, Self::Undo)
    }

    /// Whether it is about what a chart says: who sees no chart is not offered it.
    pub(crate) const fn is_of_chart(self) -> bool {
        match self {
            Self::Diagnose
            | Self::Vitals
            | Self::Note
            | Self::Prescribe
            | Self::Review
            | Self::Undo => true,
            Self::Palette
            | Self::Today
            | Self::Register
            | Self::CheckIn
            | Self::Print
            | Self::Lock
            | Self::SyncNow
            | Self::Close
            | Self::Keys => false,
        }
    }
}

/// One key and what it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Binding {
    /// The key as the keyboard event names it, letters in lower case.
    pub key: &'static str,
    /// With Ctrl (Cmd on a Mac).
    pub ctrl: bool,
    /// With Shift.
    pub shift: bool,
    /// Also while text is typed.
    pub while_typing: bool,
    /// What it does.
    pub action: Action,
    /// The text that says so.
    pub text: &'static str,
    /// The key as it is shown.
    pub shown: &'static str,
}

const fn plain(key: &'static str, action: Action, text: &'static str) -> Binding {
    Binding { key, ctrl: false, shift: false, while_typing: true, action, text, shown: key }
}

const fn ctrl(
    key: &'static str,
    action: Action,
    text: &'static str,
    shown: &'static str,
) -> Binding {
    Binding { key, ctrl: true, shift: false, while_typing: true, action, text, shown }
}

const fn ctrl_shift(
    key: &'static str,
    action: Action,
    text: &'static str,
    shown: &'static str,
) -> Binding {
    Binding { key, ctrl: true, shift: true, while_typing: true, action, text, shown }
}

/// Every key. None uses Ctrl+Alt, which is AltGr on many keyboards.
pub(crate) const BINDINGS: [Binding; 15] = [
    ctrl("k", Action::Palette, "keys.find", "Ctrl+K"),
    ctrl("0", Action::Today, "keys.today", "Ctrl+0"),
    ctrl("n", Action::Register, "keys.register", "Ctrl+N"),
    ctrl("i", Action::CheckIn, "keys.check-in", "Ctrl+I"),
    ctrl("d", Action::Diagnose, "keys.diagnose", "Ctrl+D"),
    plain("F2", Action::Vitals, "keys.vitals"),
    plain("F3", Action::Note, "keys.note"),
    plain("F4", Action::Prescribe, "keys.prescribe"),
    plain("F8", Action::Review, "keys.review"),
    ctrl("p", Action::Print, "keys.print", "Ctrl+P"),
    Binding { while_typing: false, ..ctrl("z", Action::Undo, "keys.undo", "Ctrl+Z") },
    ctrl_shift("s", Action::SyncNow, "keys.sync", "Ctrl+Shift+S"),
    ctrl_shift("l", Action::Lock, "keys.lock", "Ctrl+Shift+L"),
    Binding { shown: "Esc", ..plain("Escape", Action::Close, "keys.close") },
    Binding { shift: true, while_typing: false, ..plain("?", Action::Keys, "keys.keys") },
];

/// Keys that forms hear themselves; shown, and reserved.
pub(crate) const LOCAL: [(&str, &str); 2] =
    [("Ctrl+Enter", "keys.save"), ("Ctrl+Shift+Enter", "keys.save-check-in")];

/// The same of a chart's forms and cards.
pub(crate) const LOCAL_OF_CHART: [(&str, &str); 3] =
    [("1  2  Enter", "keys.decide"), ("R  X  Enter", "keys.medicines"), ("Ctrl+M", "keys.fields")];

/// The keys of who sees charts, or of who does not: what the others do is not theirs.
pub(crate) fn bindings_of(sees_charts: bool) -> impl Iterator<Item = &'static Binding> {
    BINDINGS.iter().filter(move |binding| sees_charts || !binding.action.is_of_chart())
}

/// A key that was pressed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pressed<'a> {
    /// The key as the keyboard event names it.
    pub key: &'a str,
    /// With Ctrl or Cmd.
    pub ctrl: bool,
    /// With Shift.
    pub shift: bool,
    /// With Alt: then it is none of ours.
    pub alt: bool,
    /// Text is being typed.
    pub typing: bool,
}

/// What a pressed key does.
pub(crate) fn action_of(pressed: Pressed<'_>) -> Option<Action> {
    if pressed.alt {
        return None;
    }
    let key = if pressed.key.chars().count() == 1 {
        pressed.key.to_lowercase()
    } else {
        pressed.key.to_owned()
    };
    // "?" is reached with Shift on most keyboards and without on some.
    let shift_fits = |binding: &Binding| binding.shift == pressed.shift || binding.key == "?";
    BINDINGS
        .iter()
        .find(|binding| binding.key == key && binding.ctrl == pressed.ctrl && shift_fits(binding))
        .filter(|binding| binding.while_typing || !pressed.typing)
        .map(|binding| binding.action)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_two_keys_clash_and_no_action_has_two() {
        let chords: BTreeSet<_> = BINDINGS.iter().map(|b| (b.key, b.ctrl, b.shift)).collect();
        let actions: BTreeSet<_> = BINDINGS.iter().map(|b| b.action).collect();
        let local = || LOCAL.into_iter().chain(LOCAL_OF_CHART).map(|(shown, _)| shown);
        let shown: BTreeSet<_> = BINDINGS.iter().map(|b| b.shown).chain(local()).collect();
        assert_eq!(chords.len(), BINDINGS.len());
        assert_eq!(actions.len(), BINDINGS.len());
        assert_eq!(shown.len(), BINDINGS.len() + local().count());
    }

    #[test]
    fn who_sees_no_chart_is_offered_no_key_of_one() {
        let shown = |sees| bindings_of(sees).map(|binding| binding.shown).collect::<Vec<_>>();
        assert_eq!(shown(true).len(), BINDINGS.len());
        let desk = shown(false);
        for theirs in ["Ctrl+K", "Ctrl+N", "Ctrl+I", "Ctrl+P", "Ctrl+Shift+L", "?"] {
            assert!(desk.contains(&theirs), "{theirs} in {desk:?}");
        }
        for of_chart in ["Ctrl+D", "F2", "F3", "F4", "Ctrl+Z"] {
            assert!(!desk.contains(&of_chart), "{of_chart} in {desk:?}");
        }
    }

    #[test]
    fn keys_find_their_action() {
        let check = |key: &str, ctrl: bool, shift: bool, typing: bool, want: Option<Action>| {
            let pressed = Pressed { key, ctrl, shift, alt: false, typing };
            assert_eq!(action_of(pressed), want, "{key}");
        };
        check("k", true, false, true, Some(Action::Palette));
        check("K", true, false, true, Some(Action::Palette));
        check("k", false, false, false, None);
        check("L", true, true, true, Some(Action::Lock));
        check("l", true, false, true, None);
        check("F2", false, false, true, Some(Action::Vitals));
        check("?", false, true, false, Some(Action::Keys));
        check("?", false, false, false, Some(Action::Keys));
        check("?", false, true, true, None);
        let alt = Pressed { key: "k", ctrl: true, shift: false, alt: true, typing: false };
        assert_eq!(action_of(alt), None);
    }
}
