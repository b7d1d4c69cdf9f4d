//! Putting the program together: the computer with its store, the use-cases, the window.

use std::sync::Arc;

use app::App;
use host::Computer;
use tauri::{App as Program, Manager};

use crate::arguments::Arguments;
use crate::dispatch::{self, Shell};
use crate::{events, window};

/// Runs until the window is closed.
pub(crate) fn start(arguments: Arguments) -> tauri::Result<()> {
    tauri::Builder::default()
        .invoke_handler(tauri::generate_handler![dispatch::dispatch])
        .setup(move |program| set_up(program, arguments))
        .run(tauri::generate_context!())
}

fn set_up(program: &Program, arguments: Arguments) -> Result<(), Box<dyn std::error::Error>> {
    let variable = std::env::var_os("FIELDCHART_STORE").map(Into::into);
    let data = program.path().data_dir().ok();
    let store = host::resolve_store_folder(arguments.store, variable, data.as_deref())?;
    let windows = program.handle().clone();
    let computer =
        Computer::new(store, Box::new(move |event| events::tell_windows(&windows, &event)));
    program.manage(Shell::new(Arc::new(App::new(computer))));
    window::open(program.handle())?;
    Ok(())
}
