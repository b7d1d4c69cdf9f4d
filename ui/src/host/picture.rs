//! Pictures of pages: shown as images, which run nothing, and never as part of the page.

use crate::i18n::tf;
use crate::markup::prelude::*;
use js_sys::Array;
use web_sys::{Blob, BlobPropertyBag, Url};

/// Pages drawn as pictures (SVG), one below the other. They are let go of with the view.
pub(crate) fn pictures(pages: &[String]) -> AnyView {
    let page = |(number, svg): (usize, &String)| {
        let address = address(svg)?;
        let gone = address.clone();
        on_cleanup(move || drop(Url::revoke_object_url(&gone)));
        let name = tf("paper.page", &[("n", &number.to_string())]);
        Some(view! { <img class="paper-page" src=address alt=name /> }.into_any())
    };
    let pages: Vec<AnyView> = (1..).zip(pages).filter_map(page).collect();
    view! { <div class="paper-pages" data-testid="paper-pages">{pages}</div> }.into_any()
}

/// An address that this window alone has, for as long as it holds it.
fn address(svg: &str) -> Option<String> {
    let kind = BlobPropertyBag::new();
    kind.set_type("image/svg+xml");
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(&svg.into()), &kind).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}
