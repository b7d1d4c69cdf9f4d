//! The rail at the side: the pages.

use super::{Frame, Route};
use crate::backend::{Load, Remote};
use crate::components::{Icon, nav_link};
use crate::i18n::t;
use crate::markup::prelude::*;
use api::{Listed, SyncView};

/// Draws the rail; what the person may not see is not there.
pub(super) fn rail(frame: Frame) -> AnyView {
    let waiting = move || in_all(counted(frame.tasks), counted(frame.conflicts));
    let aside = move || to_look_at(frame.sync.load(), frame.is_admin());
    let clinical = frame.is_clinical().then(|| {
        link(frame, Route::Inbox, (Icon::Tasks, t("rail.inbox")), (waiting, t("rail.waiting")))
    });
    let admin = frame.is_admin().then(|| {
        view! {
            {plain(frame, Route::Import, Icon::Import, t("rail.import"))}
            {plain(frame, Route::People, Icon::People, t("rail.people"))}
            {plain(frame, Route::Letterhead, Icon::Paper, t("rail.letterhead"))}
            {plain(frame, Route::Audit, Icon::Info, t("rail.audit"))}
        }
    });
    view! {
        <nav class="rail" aria-label=t("rail.name")>
            {plain(frame, Route::Today, Icon::Today, t("rail.today"))}
            {plain(frame, Route::Find, Icon::Find, t("rail.patients"))}
            {clinical}
            {admin}
            {link(frame, Route::Sync, (Icon::Sync, t("rail.sync")), (aside, t("rail.look")))}
            {plain(frame, Route::Account, Icon::Lock, t("rail.account"))}
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

/// How much of the sync needs a look, by whom it can be settled; none while nothing has answered yet,
/// and unknown where that was refused.
fn to_look_at(sync: Load<SyncView>, decides: bool) -> Option<u64> {
    match sync {
        Load::Loading => Some(0),
        Load::Ready(view) => Some(view.to_look_at(decides)),
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
    named: (Icon, &'static str),
    (count, counted): (impl Fn() -> Option<u64> + Copy + Send + 'static, &'static str),
) -> AnyView {
    let here = move || frame.route.get().station() == route;
    let waiting = (count, [counted, t("identity.not-known")]);
    nav_link(named, here, waiting, move || frame.go(route))
}

/// Where nothing is counted.
fn plain(frame: Frame, route: Route, picture: Icon, label: &'static str) -> AnyView {
    link(frame, route, (picture, label), (|| Some(0), ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_needs_a_look_is_counted_and_a_refusal_is_no_all_clear() {
        let view = SyncView { quarantined_deciding: 2, ..SyncView::default() };
        assert_eq!(to_look_at(Load::Ready(view.clone()), true), Some(2));
        assert_eq!(to_look_at(Load::Ready(view), false), Some(0), "others cannot settle it");
        assert_eq!(to_look_at(Load::Loading, true), Some(0));
        let refused = api::ApiError::new(api::ErrorCode::Internal, "");
        assert_eq!(to_look_at(Load::Failed(refused), true), None);
    }

    #[test]
    fn a_sum_is_known_where_both_are() {
        let check = |tasks, conflicts, want| assert_eq!(in_all(tasks, conflicts), want);
        check(Some(2), Some(1), Some(3));
        check(Some(0), Some(0), Some(0));
        check(None, Some(1), None);
        check(Some(2), None, None);
    }
}
