//! How far a file is that is written or read here.

use crate::components::progress;
use crate::frame::Frame;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words::{carrying_name, carrying_words};
use api::FileAct;

/// A bar with counts and bytes while a file of one of `acts` is written or read; nothing else.
pub(crate) fn carrying(frame: Frame, acts: &'static [FileAct]) -> AnyView {
    let now = Memo::new(move |_| frame.carrying.get().filter(|(act, _)| acts.contains(act)));
    let act = Memo::new(move |_| now.get().map(|(act, _)| act));
    let view = move || {
        act.get().map(|_| {
            // The bar and the words alone move on.
            let bar = move || {
                now.get().map(|(act, far)| {
                    // All is there, and is still being looked through or kept safe: nobody knows how
                    // long that takes.
                    let of = far.bytes_of.map(|all| (far.bytes, all));
                    let of = of.or_else(|| far.count_of.map(|all| (far.count, all)));
                    let of = of.filter(|(done, all)| done < all);
                    let words = carrying_words(act, &far);
                    progress(carrying_name(act), of, view! { <span>{words}</span> }.into_any())
                })
            };
            view! {
                <div class="stack" data-testid="carrying">
                    {bar}
                    <p class="hint">{t("file.meanwhile")}</p>
                </div>
            }
        })
    };
    view.into_any()
}
