//! A panic becomes a failure like any other, and quotes nothing: its message may hold what was typed
//! or what stands in a chart.

use crate::failure::Failure;
use api::{ApiError, ErrorCode};
use std::{
    panic::{AssertUnwindSafe, catch_unwind, set_hook},
    sync::{Mutex, PoisonError},
};

/// Where the last panic was.
static PLACE: Mutex<Option<String>> = Mutex::new(None);

/// Carries a command out; one that panics has failed.
///
/// # Errors
/// Those of the command; `internal` where it panicked, with the place in the program alone.
pub(crate) fn guarded(command: impl FnOnce() -> Result<(), Failure>) -> Result<(), Failure> {
    set_hook(Box::new(|panic| {
        let place = panic.location().map(ToString::to_string);
        *PLACE.lock().unwrap_or_else(PoisonError::into_inner) = place;
    }));
    catch_unwind(AssertUnwindSafe(command)).unwrap_or_else(|_| Err(broke_off()))
}

fn broke_off() -> Failure {
    let place = PLACE.lock().unwrap_or_else(PoisonError::into_inner).take();
    let place = place.unwrap_or_else(|| "a place that is not known".to_owned());
    let detail = format!(
        "The command broke off inside the program, at {place}. Nothing that was saved is lost; see \
         whether the clock of this computer is right, and try again. Please report that place."
    );
    Failure::Failed(ApiError::new(ErrorCode::Internal, detail))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_that_panics_has_failed_and_quotes_nothing() {
        let told = |command: fn() -> Result<(), Failure>| match guarded(command) {
            Err(Failure::Failed(error)) => (error.code, error.to_string()),
            other => panic!("{other:?}"),
        };
        let (code, said) = told(|| panic!("the dose of Amina Okello"));
        assert_eq!(code, ErrorCode::Internal);
        assert!(said.contains("guard.rs:") && !said.contains("Amina"), "{said}");
        let refused = || Err(Failure::Failed(ApiError::new(ErrorCode::NotFound, "nobody")));
        assert_eq!(told(refused).0, ErrorCode::NotFound);
        assert!(guarded(|| Ok(())).is_ok());
    }
}
