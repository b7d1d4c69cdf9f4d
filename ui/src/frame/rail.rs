//! The rail at the side: the pages.

use super::{Frame, Route};
use crate::components::{Icon, nav_link};
use crate::i18n::t;
use crate::markup::prelude::*;

/// Draws the rail; what the person may not see is not there.
pub(super) fn rail(frame: Frame) -> AnyView {
    let waiting = move || {
        let tasks = frame.tasks.ready().map_or(0, |tasks| tasks.total);
        tasks + frame.conflicts.ready().map_or(0, |conflicts| conflicts.total)
    };
    let clinical = frame
        .is_clinical()
        .then(|| link(frame, Route::Inbox, Icon::Tasks, t("rail.inbox"), waiting));
    let admin = frame.is_admin().then(|| {
        view! {
            {link(frame, Route::Import, Icon::Import, t("rail.import"), || 0)}
            {link(frame, Route::People, Icon::People, t("rail.people"), || 0)}
            {link(frame, Route::Letterhead, Icon::Paper, t("rail.letterhead"), || 0)}
            {link(frame, Route::Audit, Icon::Info, t("rail.audit"), || 0)}
        }
    });
    view! {
        <nav class="rail" aria-label=t("rail.name")>
            {link(frame, Route::Today, Icon::Today, t("rail.today"), || 0)}
            {link(frame, Route::Find, Icon::Find, t("rail.patients"), || 0)}
            {clinical}
            {admin}
            {link(frame, Route::Sync, Icon::Sync, t("rail.sync"), || 0)}
            {link(frame, Route::Account, Icon::Lock, t("rail.account"), || 0)}
        </nav>
    }
    .into_any()
}

fn link(
    frame: Frame,
    route: Route,
    picture: Icon,
    label: &'static str,
    count: impl Fn() -> u64 + Copy + Send + 'static,
) -> AnyView {
    let here = move || frame.route.get().station() == route;
    let waiting = (count, t("rail.waiting"));
    nav_link((picture, label), here, waiting, move || frame.go(route))
}
