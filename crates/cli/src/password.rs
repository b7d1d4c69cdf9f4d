//! Where passwords come from: the environment, else the terminal.

use crate::failure::Failure;

/// The password of the person who signs in.
///
/// # Errors
/// A usage failure when there is neither variable nor terminal.
pub(crate) fn current() -> Result<String, Failure> {
    from("FIELDCHART_PASSWORD", "Password: ")
}

/// The first password of a person who is added, or the next one of whoever signs in.
///
/// # Errors
/// A usage failure when there is neither variable nor terminal.
pub(crate) fn new() -> Result<String, Failure> {
    from("FIELDCHART_NEW_PASSWORD", "New password: ")
}

fn from(variable: &str, prompt: &str) -> Result<String, Failure> {
    if let Ok(password) = std::env::var(variable) {
        return Ok(password);
    }
    rpassword::prompt_password(prompt).map_err(|_| {
        Failure::Usage(format!("set {variable}, or run this on a terminal to be asked"))
    })
}
