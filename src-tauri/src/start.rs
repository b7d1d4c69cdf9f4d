//! Putting the program together: the computer with its store, the use-cases, the window.

use std::sync::Arc;

use app::App;
use host::{Bell, Computer, Exchange, Lan, LanSettings, Pace, RoomBell, Rooms};
use tauri::{App as Program, Manager};

use crate::arguments::Arguments;
use crate::backend::Backend;
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
    let language = app::spoken(&store);
    let bell = Bell::default();
    let lan_bell = Bell::default();
    let room_bell = RoomBell::default();
    let rung = [bell.clone(), lan_bell.clone()];
    let rung_of_rooms = room_bell.clone();
    let windows = program.handle().clone();
    let listener = move |event| {
        events::tell_windows(&windows, &event);
        rung.iter().for_each(|bell| bell.heed(&event));
        rung_of_rooms.heed(&event);
    };
    let lan = LanSettings::of_environment()?;
    let computer = Computer::new(store, Box::new(listener)).with_lan(lan.is_some());
    let app = Arc::new(App::new(computer));
    // It ends with the program, which lets go of what it manages.
    program.manage(Exchange::keep_going(app.clone(), &bell, Pace::default())?);
    program.manage(Rooms::keep_looking(app.clone(), &room_bell)?);
    if let Some(settings) = lan {
        program.manage(Lan::keep_going(app.clone(), &lan_bell, settings)?);
    }
    let backend: Arc<dyn Backend> = app;
    program.manage(Shell::new(backend));
    window::open(program.handle(), language)?;
    Ok(())
}
