//! What computers disagree on, for who may decide: the first of it, and the way to the rest.

use crate::backend::{Load, Remote, remote};
use crate::components::{Icon, Press, button, icon};
use crate::forms::refused;
use crate::frame::{Frame, Route};
use crate::host::focus;
use crate::i18n::{t, tn};
use crate::markup::prelude::*;
use crate::sections::conflict_item;
use api::{ConflictItem, ListConflicts, Listed, Topic};

/// So many stand here; the Inbox has all of them.
const SHOWN_MAX: u32 = 10;

/// How much there is to decide, and the way to it; nothing where there is none, or for who may not.
pub(super) fn counted(frame: Frame) -> Option<AnyView> {
    let open = frame.conflicts.ready().filter(|_| frame.is_clinical())?.total;
    (open > 0).then(|| {
        let what = tn("sync.disputes", open);
        let lead = |_| focus::to_selector("[data-testid='conflicts'] .conflict-card");
        view! {
            <p data-testid="disputes">
                <button type="button" class="chip review conflict" on:click=lead>
                    {icon(Icon::Conflict)} {what}
                </button>
            </p>
        }
        .into_any()
    })
}

/// The cards, as the Inbox has them. They are no part of how the sync stands: that is drawn anew with
/// every exchange, and who is about to decide stays where they are.
pub(super) fn disputes(frame: Frame, removed: Memo<bool>) -> Option<AnyView> {
    if !frame.is_clinical() {
        return None;
    }
    let page = remote(
        move || (!removed.get()).then_some(ListConflicts { after: None, limit: SHOWN_MAX }),
        |topic| topic == Topic::Conflicts,
    );
    let cards = move || if removed.get() { None } else { drawn(frame, page) };
    Some(cards.into_any())
}

/// While it is asked nothing stands here: mostly there is nothing.
fn drawn(frame: Frame, page: Remote<Listed<ConflictItem>>) -> Option<AnyView> {
    match page.load() {
        Load::Loading => None,
        Load::Failed(error) => Some(refused(&error, move || page.refetch())),
        Load::Ready(page) => (page.total > 0).then(|| section(frame, &page)),
    }
}

fn section(frame: Frame, page: &Listed<ConflictItem>) -> AnyView {
    let cards = page.items.iter().map(|item| conflict_item(frame, item)).collect_view();
    let more = more(page.items.len(), page.total).map(|more| {
        let way = button(Press::Plain, t("sync.to-inbox"), move || frame.go(Route::Inbox));
        view! { <div class="actions"><span>{tn("paging.more", more)}</span> {way}</div> }
    });
    view! {
        <section class="stack" aria-labelledby="sync-conflicts" data-testid="conflicts">
            <header>
                <h2 id="sync-conflicts">{t("conflicts.title")}</h2>
                <p class="hint">{t("conflicts.text")}</p>
            </header>
            {cards}
            {more}
        </section>
    }
    .into_any()
}

/// How many are not shown, where some are not.
fn more(shown: usize, total: u64) -> Option<u64> {
    let more = total.saturating_sub(u64::try_from(shown).unwrap_or(u64::MAX));
    (more > 0).then_some(more)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shown_is_counted() {
        let check = |shown, total, want| assert_eq!(more(shown, total), want);
        check(1, 1, None);
        check(10, 10, None);
        check(10, 11, Some(1));
        check(0, 3, Some(3));
    }
}
