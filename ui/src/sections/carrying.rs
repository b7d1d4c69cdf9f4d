//! How far a file is that is written or read here.

use crate::backend::call;
use crate::components::{progress, stop_button};
use crate::frame::Frame;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words::{carried_of, carrying_name, carrying_words};
use api::{FileAct, StopFile};
use leptos::task::spawn_local;

/// A bar with counts and bytes while a file of one of `acts` is written or read; nothing else.
pub(crate) fn carrying(frame: Frame, acts: &'static [FileAct]) -> AnyView {
    let now = Memo::new(move |_| frame.carrying.get().filter(|(act, _)| acts.contains(act)));
    let act = Memo::new(move |_| now.get().map(|(act, _)| act));
    let stopping = RwSignal::new(false);
    // Of several things one after the other, whichever goes on.
    let goes_on = Memo::new(move |_| now.get().is_some());
    Effect::new(move |_| {
        if !goes_on.get() {
            stopping.set(false);
        }
    });
    let stop = move || {
        let may_stop = act.get().is_some_and(may_stop);
        may_stop.then(|| view! { <div class="actions">{stop_button(stopping, t("file.stop"), ask_to_stop)}</div> })
    };
    let view = move || {
        goes_on.get().then(|| {
            // The bar and the words alone move on.
            let bar = move || {
                now.get().map(|(act, far)| {
                    // All is there, and is still being looked through or kept safe: nobody knows how
                    // long that takes.
                    let of = carried_of(&far).filter(|(done, all)| done < all);
                    let words = carrying_words(act, &far);
                    progress(carrying_name(act), of, view! { <span>{words}</span> }.into_any())
                })
            };
            view! {
                <div class="stack" data-testid="carrying">
                    {bar}
                    {stop}
                    <p class="hint">{t("file.meanwhile")}</p>
                </div>
            }
        })
    };
    view.into_any()
}

/// Whether it can be stopped: a chart for another clinic is small.
const fn may_stop(act: FileAct) -> bool {
    match act {
        FileAct::WriteBundle
        | FileAct::ReadBundle
        | FileAct::WriteDocuments
        | FileAct::ReadDocuments => true,
        FileAct::GiveChart | FileAct::ReadGiven => false,
    }
}

fn ask_to_stop() {
    spawn_local(async {
        // That it could not be asked to stop is seen by what goes on.
        drop(call(&StopFile {}).await);
    });
}
