//! How an answer is shown while it loads, when it fails and when it is there.

use super::failure_notice;
use crate::backend::{Load, Remote};
use crate::components::{Press, button, loading};
use crate::i18n::t;
use crate::markup::prelude::*;
use api::ApiError;

/// Draws an answer; a refusal comes with the way to ask again.
pub(crate) fn shown<T>(remote: Remote<T>, ready: impl Fn(T) -> AnyView + Send + 'static) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let view = move || match remote.load() {
        Load::Loading => loading(t("state.loading")),
        Load::Failed(error) => refused(&error, move || remote.refetch()),
        Load::Ready(value) => ready(value),
    };
    view.into_any()
}

/// A refusal, with the way to ask again.
pub(crate) fn refused(error: &ApiError, again: impl Fn() + 'static) -> AnyView {
    failure_notice(error, Some(button(Press::Main, t("state.again"), again)))
}
