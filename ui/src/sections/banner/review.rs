//! What wants a person's decision in this chart: chips that lead to it.

use super::super::ChartPart;
use crate::components::{Icon, Tone, icon};
use crate::frame::Route;
use crate::host::focus;
use crate::i18n::tn;
use crate::markup::prelude::*;
use crate::words;
use api::ChartView;
use clinical::{Composition, EntryKind, TaskStatus};

/// How much waits for somebody.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Review {
    /// Values that two people wrote differently.
    pub conflicts: u64,
    /// Notes of which another was signed from the same draft.
    pub twice: u64,
    /// What the rules found and nobody has answered.
    pub tasks: u64,
    /// One of them says to stop and look.
    pub stops: bool,
}

/// What of a chart waits for somebody.
pub(super) fn review(view: &ChartView) -> Review {
    let count = |number: usize| u64::try_from(number).unwrap_or(u64::MAX);
    let chart = &view.chart;
    let holds = |note: &&Composition| {
        note.replaces.is_none() && !chart.is_withdrawn(EntryKind::Composition, note.id.uuid())
    };
    let notes = || chart.compositions.iter().filter(holds);
    let is_twice =
        |note: &&Composition| notes().any(|other| other.draft == note.draft && other.id != note.id);
    let open = || chart.tasks.iter().filter(|task| task.status == TaskStatus::Requested);
    Review {
        conflicts: count(chart.conflicts.len()),
        twice: count(notes().filter(is_twice).count()),
        tasks: count(open().count()),
        stops: open().any(|task| words::is_loud(task.tier)),
    }
}

/// Where a chip leads.
#[derive(Debug, Clone, Copy)]
enum Way {
    /// To what a selector finds in the chart.
    Chart(&'static str),
    /// To another page.
    Page(Route),
}

/// The chips; those of nothing are not there.
pub(super) fn chips(part: ChartPart, found: Review) -> AnyView {
    let aside = part.set_aside();
    let aside = move || {
        let way = Way::Page(Route::Sync);
        chip(part, (Tone::Warning, Icon::Alert), "review.set-aside", aside.get(), way)
    };
    let Review { conflicts, twice, tasks, stops } = found;
    let asked = if stops { (Tone::Critical, Icon::Alert) } else { (Tone::Plain, Icon::Tasks) };
    let purple = (Tone::Conflict, Icon::Conflict);
    view! {
        {chip(part, purple, "banner.conflicts", conflicts, Way::Chart(".conflict-card"))}
        {chip(part, purple, "review.twice", twice, Way::Chart(".note-signed.twice > summary"))}
        {aside}
        {chip(part, asked, "review.tasks", tasks, Way::Page(Route::Inbox))}
    }
    .into_any()
}

fn chip(
    part: ChartPart,
    (tone, picture): (Tone, Icon),
    key: &'static str,
    count: u64,
    way: Way,
) -> Option<AnyView> {
    let lead = move |_| match way {
        Way::Page(page) => part.frame.go(page),
        Way::Chart(selector) => {
            part.frame.go(Route::Chart(part.patient));
            focus::to_selector(selector);
        }
    };
    (count > 0).then(|| {
        let class = format!("chip review {}", tone.class());
        view! {
            <button type="button" class=class on:click=lead>{icon(picture)} {tn(key, count)}</button>
        }
        .into_any()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::part::tests::{chart_view, stamp, uuid};
    use clinical::{AlertTier, CompositionId, EntryRef, Instant, Task, TaskId};

    fn note(n: u8, draft: u8) -> Composition {
        Composition {
            id: CompositionId::from_uuid(uuid(n)),
            draft: CompositionId::from_uuid(uuid(draft)),
            encounter: None,
            title: "Visit note".into(),
            author: stamp().author,
            contributors: Vec::new(),
            signed_at: Instant::from_unix_ms(i64::from(n)),
            section: Vec::new(),
            heads: Vec::new(),
            replaces: None,
            signature: None,
        }
    }

    fn task(n: u8, status: TaskStatus) -> Task {
        Task {
            id: TaskId::from_uuid(uuid(n)),
            rule: "drug-allergy".into(),
            tier: AlertTier::Block,
            subject: Vec::new(),
            detail: String::new(),
            status,
            outcome: None,
            settled_tier: None,
            said: None,
        }
    }

    #[test]
    fn two_notes_of_a_draft_wait_until_one_of_them_is_a_mistake() {
        let mut view = chart_view();
        assert_eq!(review(&view), Review::default());
        view.chart.compositions = vec![note(1, 9), note(2, 9), note(3, 8)];
        assert_eq!(review(&view).twice, 2);
        view.chart.withdrawn = vec![EntryRef::new(EntryKind::Composition, uuid(2))];
        assert_eq!(review(&view).twice, 0);
        view.chart.withdrawn.clear();
        view.chart.compositions[1].replaces = Some(CompositionId::from_uuid(uuid(1)));
        assert_eq!(review(&view).twice, 0, "a correction is no second note");
    }

    #[test]
    fn only_tasks_that_nobody_has_answered_wait() {
        let mut view = chart_view();
        view.chart.tasks = vec![
            task(1, TaskStatus::Requested),
            task(2, TaskStatus::Completed),
            task(3, TaskStatus::Cancelled),
            task(4, TaskStatus::Requested),
        ];
        assert_eq!(review(&view), Review { tasks: 2, stops: true, ..Review::default() });
        let quiet = |task: Task| Task { tier: AlertTier::Inline, ..task };
        view.chart.tasks = vec![quiet(task(1, TaskStatus::Requested))];
        assert_eq!(review(&view), Review { tasks: 1, ..Review::default() });
        view.chart.tasks.push(task(2, TaskStatus::Completed));
        assert!(!review(&view).stops, "what was answered stops nobody");
    }
}
