//! The window: pages made of sections, each section a resource, a pure model and a pure view.
//!
//! `backend` is the only way out (one command of the shell) and in (its events); `components`
//! know neither commands nor charts; `words` turn values into lines; `i18n` holds every text;
//! `reading` takes JSON in.
//! Nothing here decides: what is checked is checked by `clinical`, what is judged by the core.
//!
//! Test ids the end-to-end tests rely on: `first-run`, `sign-in`, `find-box`, `find-results`,
//! `banner`, `allergies`, `medications`, `problems`, `vitals`, `visits`, `notes`,
//! `conflict-card`, `tasks`, `sync-chip`, `sync-page`, `import-page`, `people-page`,
//! `note-draft`, `saved-state`, `error-summary`.

mod backend;
mod components;
mod forms;
mod frame;
#[cfg(debug_assertions)]
mod gallery;
mod host;
mod i18n;
mod keymap;
mod markup;
mod pages;
mod reading;
mod sections;
#[cfg(test)]
mod tokens;
mod words;

/// Draws the window into the page.
pub fn start() {
    console_error_panic_hook::set_once();
    i18n::choose(&host::page::language(), host::page::texts());
    host::page::set_direction(i18n::direction());
    host::page::clear_shell();
    leptos::mount::mount_to_body(frame::root);
}
