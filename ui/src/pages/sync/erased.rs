//! The charts that were erased, and what does not hold of it yet.

use crate::backend::remote;
use crate::host::clock;
use crate::i18n::{t, tf, tn};
use crate::markup::prelude::*;
use crate::pages::shown::shown;
use crate::words;
use api::{ErasedView, ListErased, Topic};

/// The card; nothing where nothing was erased.
pub(super) fn erased() -> AnyView {
    let erased = remote(|| Some(ListErased {}), |topic| topic == Topic::Sync);
    shown(erased, |all: Vec<ErasedView>| match all.is_empty() {
        true => ().into_any(),
        false => card(&all),
    })
}

fn card(all: &[ErasedView]) -> AnyView {
    let rows = all.iter().map(row).collect_view();
    view! {
        <section class="card" data-testid="erased">
            <header class="card-head"><h2>{t("erased.title")}</h2></header>
            <p class="hint">{t("erased.not-reached")}</p>
            <ul class="lines">{rows}</ul>
        </section>
    }
    .into_any()
}

fn row(one: &ErasedView) -> AnyView {
    let at = words::moment(clock::local(one.at), clock::today());
    let line = tf("erased.line", &[("number", &one.number), ("by", &one.by), ("at", &at)]);
    let ground = one.ground.clone();
    let told = told(one).into_iter().map(|line| view! { <p class="hint">{line}</p> });
    view! { <li><bdi>{line}</bdi> <p><bdi>{ground}</bdi></p> {told.collect_view()}</li> }.into_any()
}

/// What went with it, what came since, and what is still to be done.
fn told(one: &ErasedView) -> Vec<String> {
    let counts =
        [(one.unsent, "erased.unsent"), (one.came, "erased.came"), (one.packs, "erased.packs")];
    let undone = [
        (!one.said, "erased.unsaid"),
        (one.server == Some(false), "erased.server"),
        (!one.swept, "erased.unswept"),
    ];
    let counts = counts.into_iter().filter(|(n, _)| *n > 0).map(|(n, key)| tn(key, n));
    counts.chain(undone.into_iter().filter(|(is, _)| *is).map(|(_, key)| t(key).into())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{Instant, PatientId, uuid_v7};

    #[test]
    fn what_does_not_hold_yet_is_told() {
        let done = ErasedView {
            patient: PatientId::from_uuid(uuid_v7(1, [0; 10])),
            number: "MRN-1".into(),
            ground: "asked for".into(),
            by: "Dr Ana Reyes".into(),
            at: Instant::from_unix_ms(0),
            unsent: 0,
            came: 0,
            said: true,
            server: None,
            swept: true,
            packs: 0,
        };
        assert_eq!(told(&done), Vec::<String>::new());
        let open = ErasedView {
            unsent: 1,
            came: 2,
            said: false,
            server: Some(false),
            swept: false,
            packs: 1,
            ..done
        };
        assert_eq!(told(&open).len(), 6);
    }
}
