//! Where what a chart says is kept beside this computer. Quiet while all is well: only what is on
//! this computer alone bears a mark.

mod model;

use super::ChartPart;
use crate::components::{Icon, icon};
use crate::i18n::t;
use crate::markup::prelude::*;
use clinical::EntryRef;
pub(crate) use model::places_of;
use model::{of_chart, only_here as is_only_here};

/// The mark of an entry that is on this computer alone; nothing where it is elsewhere too.
pub(super) fn only_here(part: ChartPart, entry: EntryRef) -> AnyView {
    let is = read(part, move |view, places| is_only_here(view, places, entry));
    let mark = move || {
        is.get().unwrap_or_default().then(|| {
            view! { <p class="only-here">{icon(Icon::Computer)} {t("where.only-here")}</p> }
        })
    };
    mark.into_any()
}

/// One line for all of the chart that is shown.
pub(crate) fn chart_whereabouts(part: ChartPart) -> AnyView {
    let line = read(part, of_chart);
    let shown = move || {
        let text = line.get().flatten()?;
        Some(view! { <p class="hint where" data-testid="whereabouts">{text}</p> })
    };
    shown.into_any()
}

fn read<M>(
    part: ChartPart,
    model: impl Fn(&api::ChartView, &api::WhereaboutsView) -> M + Send + Sync + 'static,
) -> Memo<Option<M>>
where
    M: PartialEq + Send + Sync + 'static,
{
    Memo::new(move |_| {
        let chart = part.chart.get()?;
        part.places.with(|places| places.as_ref().map(|places| model(&chart, places)))
    })
}
