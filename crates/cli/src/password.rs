//! Where passwords and the recovery code come from: the environment, else the terminal.

use crate::failure::Failure;
use api::{ApiError, ErrorCode};
use std::io::{self, IsTerminal, Write};

/// The password `whose` signs in with.
///
/// # Errors
/// A usage failure when there is neither variable nor terminal.
pub(crate) fn current(whose: &str) -> Result<String, Failure> {
    const VARIABLE: &str = "FIELDCHART_PASSWORD";
    given(VARIABLE).map_or_else(|| ask(VARIABLE, &of(whose)), Ok)
}

/// The first password of `whose` on this computer, who is about to be signed in.
///
/// # Errors
/// A usage failure when there is neither variable nor terminal; `invalid` when it is not typed
/// twice alike.
pub(crate) fn first(whose: &str) -> Result<String, Failure> {
    chosen("FIELDCHART_PASSWORD", &format!("new {}", of(whose)))
}

/// The next password of `whose`, or the first one of a person whom somebody else adds.
///
/// # Errors
/// As those of [`first`].
pub(crate) fn next(whose: &str) -> Result<String, Failure> {
    chosen("FIELDCHART_NEW_PASSWORD", &format!("new {}", of(whose)))
}

/// The recovery code of this computer.
///
/// # Errors
/// As those of [`kit_code`].
pub(crate) fn recovery_code() -> Result<String, Failure> {
    code("Recovery code of this computer")
}

/// The code of the clinic's recovery kit.
///
/// # Errors
/// A usage failure when there is neither variable nor terminal.
pub(crate) fn kit_code() -> Result<String, Failure> {
    code("Code of the clinic's recovery kit")
}

/// A code that is on paper and long: whoever types it sees it.
fn code(what: &str) -> Result<String, Failure> {
    const VARIABLE: &str = "FIELDCHART_RECOVERY_CODE";
    if let Some(code) = given(VARIABLE) {
        return Ok(code);
    }
    if !io::stdin().is_terminal() {
        return Err(unasked(VARIABLE));
    }
    let mut code = String::new();
    let asked = write!(io::stderr(), "{what}: ");
    asked.and_then(|()| io::stdin().read_line(&mut code)).map_err(|_| unasked(VARIABLE))?;
    Ok(code.trim().to_owned())
}

fn given(variable: &str) -> Option<String> {
    std::env::var(variable).ok()
}

fn of(whose: &str) -> String {
    format!("password for {whose} on this computer")
}

fn chosen(variable: &str, what: &str) -> Result<String, Failure> {
    given(variable).map_or_else(|| twice(what, |prompt| ask(variable, prompt)), Ok)
}

/// What nobody sees while it is typed is typed twice.
fn twice(
    what: &str,
    mut ask: impl FnMut(&str) -> Result<String, Failure>,
) -> Result<String, Failure> {
    let password = ask(what)?;
    if ask(&format!("The same {what}, once more"))? == password {
        return Ok(password);
    }
    let detail = "The two passwords are not the same; nothing was changed.";
    Err(Failure::Failed(ApiError::new(ErrorCode::Invalid, detail)))
}

fn ask(variable: &str, what: &str) -> Result<String, Failure> {
    let prompt: String = crate::output::harmless(&format!("{}: ", capital(what)));
    rpassword::prompt_password(prompt).map_err(|_| unasked(variable))
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn unasked(variable: &str) -> Failure {
    Failure::Usage(format!("set {variable}, or run this on a terminal to be asked"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_new_password_is_typed_twice_alike() {
        let check = |typed: [&str; 2], taken: Option<&str>| {
            let (mut rest, mut asked) = (typed.into_iter(), Vec::new());
            let password = twice("password for rose", |what| {
                asked.push(what.to_owned());
                Ok(rest.next().unwrap().to_owned())
            });
            assert_eq!(password.ok().as_deref(), taken, "{typed:?}");
            assert_eq!(asked, ["password for rose", "The same password for rose, once more"]);
        };
        check(["a quiet morning here", "a quiet morning here"], Some("a quiet morning here"));
        check(["a quiet morning here", "a quiet morning hear"], None);
    }

    #[test]
    fn a_prompt_says_whose_password_it_is_and_begins_large() {
        assert_eq!(capital(&of("rose")), "Password for rose on this computer");
        assert_eq!(capital(""), "");
    }
}
