//! A window with a page and nothing else: what the app's start and memory are measured against.
//!
//! It is built for release from the same versions of Tauri and Leptos, by `cargo xtask bench`
//! alone.

// No console window beside it on Windows, as with the app.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() -> tauri::Result<()> {
    tauri::Builder::default().run(tauri::generate_context!())
}
