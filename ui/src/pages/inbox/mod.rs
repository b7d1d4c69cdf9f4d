//! What waits for somebody: what must be decided, and what must be seen to.

mod conflicts;
mod tasks;

use crate::components::page_head;
use crate::frame::Frame;
use crate::i18n::t;
use crate::markup::prelude::*;

/// The page: decisions first, since every chart shows both sides until then.
pub(crate) fn inbox(frame: Frame) -> AnyView {
    view! {
        {page_head(t("inbox.title"), t("inbox.text"), None)}
        <div class="stack">
            <section class="stack" aria-labelledby="inbox-conflicts" data-testid="conflicts">
                {part_head("inbox-conflicts", t("conflicts.title"), t("conflicts.text"))}
                {conflicts::conflicts(frame)}
            </section>
            <section class="stack" aria-labelledby="inbox-tasks" data-testid="tasks">
                {part_head("inbox-tasks", t("tasks.title"), t("tasks.text"))}
                {tasks::tasks(frame)}
            </section>
        </div>
    }
    .into_any()
}

fn part_head(id: &'static str, title: &'static str, text: &'static str) -> AnyView {
    view! {
        <header>
            <h2 id=id>{title}</h2>
            <p class="hint">{text}</p>
        </header>
    }
    .into_any()
}
