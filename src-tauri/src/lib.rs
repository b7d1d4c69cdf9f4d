//! The desktop host: one window, one command, the computer's keyring and clock.
//!
//! What a command does is decided in `app`; nothing here knows a clinical rule or a table.

mod arguments;
mod backend;
mod dispatch;
mod display;
mod drawing;
mod events;
mod log;
mod start;
mod window;

use std::ffi::OsString;
use std::process::ExitCode;

use arguments::Asked;

/// Runs the program until its window is closed.
pub fn run(words: impl IntoIterator<Item = OsString>) -> ExitCode {
    log::start();
    let arguments = match arguments::read(words) {
        Ok(Asked::Run(arguments)) => arguments,
        Ok(Asked::Version) => return log::say(&format!("fieldchart-desktop {}", log::VERSION)),
        Ok(Asked::Help) => {
            return log::say(&format!("{}\n\n{}", arguments::USAGE, arguments::HELP));
        }
        Err(error) => {
            log::complain(&format!("{error}\n{}", arguments::USAGE));
            return ExitCode::from(2);
        }
    };
    if !display::is_here(|name| std::env::var_os(name)) {
        log::complain(&format!("fieldchart-desktop: {}", display::NONE));
        return ExitCode::FAILURE;
    }
    // The toolkit panics where the display that is named does not answer.
    match std::panic::catch_unwind(|| start::start(arguments)) {
        Ok(Ok(())) => ExitCode::SUCCESS,
        Err(_told_in_the_log) => {
            log::complain(&format!("fieldchart-desktop: {}", display::SILENT));
            ExitCode::FAILURE
        }
        Ok(Err(error)) => {
            tracing::error!(%error, "the app could not start");
            log::complain(&format!("fieldchart-desktop: {error}"));
            ExitCode::FAILURE
        }
    }
}
