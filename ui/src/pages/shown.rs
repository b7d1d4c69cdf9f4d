//! How an answer is shown while it loads, when it fails and when it is there.

use crate::backend::{Load, Remote};
use crate::components::{Press, button, loading};
use crate::forms::failure_notice;
use crate::i18n::t;
use crate::markup::prelude::*;

/// Draws an answer; a refusal comes with the way to ask again.
pub(super) fn shown<T>(remote: Remote<T>, ready: impl Fn(T) -> AnyView + Send + 'static) -> AnyView
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let view = move || match remote.load() {
        Load::Loading => loading(t("state.loading")),
        Load::Failed(error) => {
            let again = button(Press::Main, t("state.again"), move || remote.refetch());
            failure_notice(&error, Some(again))
        }
        Load::Ready(value) => ready(value),
    };
    view.into_any()
}
