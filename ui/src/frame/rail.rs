//! The rail at the side: the pages.

use super::{Frame, Route};
use crate::backend::{Load, Remote};
use crate::components::{Icon, nav_link};
use crate::i18n::t;
use crate::markup::prelude::*;
use api::Listed;

/// Draws the rail; what the person may not see is not there.
pub(super) fn rail(frame: Frame) -> AnyView {
    let waiting = move || in_all(counted(frame.tasks), counted(frame.conflicts));
    let clinical = frame
        .is_clinical()
        .then(|| link(frame, Route::Inbox, Icon::Tasks, t("rail.inbox"), waiting));
    let admin = frame.is_admin().then(|| {
        view! {
            {link(frame, Route::Import, Icon::Import, t("rail.import"), || Some(0))}
            {link(frame, Route::People, Icon::People, t("rail.people"), || Some(0))}
            {link(frame, Route::Letterhead, Icon::Paper, t("rail.letterhead"), || Some(0))}
            {link(frame, Route::Audit, Icon::Info, t("rail.audit"), || Some(0))}
        }
    });
    view! {
        <nav class="rail" aria-label=t("rail.name")>
            {link(frame, Route::Today, Icon::Today, t("rail.today"), || Some(0))}
            {link(frame, Route::Find, Icon::Find, t("rail.patients"), || Some(0))}
            {clinical}
            {admin}
            {link(frame, Route::Sync, Icon::Sync, t("rail.sync"), || Some(0))}
            {link(frame, Route::Account, Icon::Lock, t("rail.account"), || Some(0))}
        </nav>
    }
    .into_any()
}

/// How many there are; none while nothing has answered yet, and unknown where that was refused.
fn counted<T>(listed: Remote<Listed<T>>) -> Option<u64>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    match listed.load() {
        Load::Loading => Some(0),
        Load::Ready(listed) => Some(listed.total),
        Load::Failed(_) => None,
    }
}

/// Both together: of which one is unknown the sum is.
fn in_all(tasks: Option<u64>, conflicts: Option<u64>) -> Option<u64> {
    Some(tasks? + conflicts?)
}

fn link(
    frame: Frame,
    route: Route,
    picture: Icon,
    label: &'static str,
    count: impl Fn() -> Option<u64> + Copy + Send + 'static,
) -> AnyView {
    let here = move || frame.route.get().station() == route;
    let waiting = (count, [t("rail.waiting"), t("identity.not-known")]);
    nav_link((picture, label), here, waiting, move || frame.go(route))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_is_known_where_both_are() {
        let check = |tasks, conflicts, want| assert_eq!(in_all(tasks, conflicts), want);
        check(Some(2), Some(1), Some(3));
        check(Some(0), Some(0), Some(0));
        check(None, Some(1), None);
        check(Some(2), None, None);
    }
}
