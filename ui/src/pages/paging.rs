//! A list that is longer than a page: which page is shown, how much more there is, and the way on.

use crate::components::{Press, button, status};
use crate::i18n::{t, tn};
use crate::markup::prelude::*;
use api::Listed;

/// So many lines make a page.
pub(super) const PAGE: u32 = 50;

/// Where one is in a list.
#[derive(Clone, Copy)]
pub(super) struct Paging {
    /// Where the pages before this one ended.
    ends: RwSignal<Vec<String>>,
}

impl Paging {
    /// At the first page.
    pub(super) fn new() -> Self {
        Self { ends: RwSignal::new(Vec::new()) }
    }

    /// Where the page before ended.
    pub(super) fn after(self) -> Option<String> {
        self.ends.with(|ends| ends.last().cloned())
    }

    /// How much more there is after a page, and the ways on and back.
    pub(super) fn foot<T>(self, page: &Listed<T>) -> AnyView {
        let before = self.ends.with(Vec::len);
        let more = more(before, page.items.len(), page.total);
        let next = page.next.clone().map(|end| {
            button(Press::Plain, t("paging.next"), move || {
                self.ends.update(|ends| ends.push(end.clone()));
            })
        });
        let back = (before > 0)
            .then(|| button(Press::Plain, t("paging.first"), move || self.ends.set(Vec::new())));
        let said = next.is_some().then(|| status(tn("paging.more", more).into_any()));
        view! { <div class="stack">{said}<div class="actions">{back}{next}</div></div> }.into_any()
    }
}

/// How many lines come after the page, when so many full pages came before it.
fn more(pages_before: usize, shown: usize, total: u64) -> u64 {
    let page = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let past = pages_before.saturating_mul(page).saturating_add(shown);
    total.saturating_sub(u64::try_from(past).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_much_more_there_is() {
        let check = |before, shown, total, want| assert_eq!(more(before, shown, total), want);
        check(0, 50, 50, 0);
        check(0, 50, 51, 1);
        check(2, 50, 700, 550);
        check(13, 50, 699, 0);
    }
}
