//! Whether there is a display to open a window on. The window's toolkit ends the process without a
//! word for people when there is none.

use std::ffi::OsString;

/// What is said when there is none.
pub(crate) const NONE: &str = "there is no display to open a window on (neither DISPLAY nor \
     WAYLAND_DISPLAY is set); start it in a desktop session, or use `fieldchart`, which needs none";

/// What is said when the toolkit gave up.
pub(crate) const SILENT: &str = "the window could not be opened or went on no more; the display \
     may not answer (DISPLAY, WAYLAND_DISPLAY)";

/// Whether a window can be asked for, by the variables of the environment. Only Linux tells it
/// by them.
pub(crate) fn is_here(variable: impl Fn(&str) -> Option<OsString>) -> bool {
    let is_set = |name| variable(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY"].into_iter().any(is_set)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_display_is_one_of_two_variables_with_something_in_it() {
        let check = |set: &[(&str, &str)], here: bool| {
            let find = |name: &str| set.iter().find(|(known, _)| *known == name);
            let found = is_here(|name| find(name).map(|(_, value)| OsString::from(value)));
            assert_eq!(found, here, "{set:?}");
        };
        check(&[], false);
        check(&[("DISPLAY", "")], false);
        check(&[("DISPLAY", ""), ("WAYLAND_DISPLAY", "")], false);
        check(&[("DISPLAY", ":0")], true);
        check(&[("WAYLAND_DISPLAY", "wayland-0")], true);
        check(&[("DISPLAY", ""), ("WAYLAND_DISPLAY", "wayland-0")], true);
    }
}
