//! Why the store cannot be opened, and what to do.

use super::sign_in::recovery;
use crate::components::{Press, button};
use crate::forms::failure_notice;
use crate::frame::Gate;
use crate::i18n::t;
use crate::markup::prelude::*;
use api::{ApiError, ErrorCode};

/// The page. `known` when the program itself says so, and not only the way to it failed.
pub(crate) fn blocked(error: &ApiError, known: Option<()>) -> AnyView {
    let gate = Gate::here();
    let again = button(Press::Main, t("state.again"), move || gate.status.refetch());
    let by_code = known.is_some() && helps_recovery(error.code);
    view! {
        <main class="gate" id="main" tabindex="-1">
            <h1>{t("gate.blocked")}</h1>
            {failure_notice(error, Some(again))}
            {by_code.then(|| recovery(&[]))}
        </main>
    }
    .into_any()
}

/// Whether the printed code opens the store without the computer's keyring.
fn helps_recovery(code: ErrorCode) -> bool {
    matches!(
        code,
        ErrorCode::KeyringAbsent
            | ErrorCode::KeyringLocked
            | ErrorCode::KeyringTimedOut
            | ErrorCode::KeyringEmpty
            | ErrorCode::WrongPassword
            | ErrorCode::UnknownUser
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_is_offered_where_it_helps() {
        let check = |code, want: bool| assert_eq!(helps_recovery(code), want, "{code:?}");
        check(ErrorCode::KeyringAbsent, true);
        check(ErrorCode::KeyringEmpty, true);
        check(ErrorCode::Damaged, false);
        check(ErrorCode::NewerVersion, false);
        check(ErrorCode::StoreInUse, false);
    }
}
