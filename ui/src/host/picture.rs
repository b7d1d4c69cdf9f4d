//! Pictures of pages: shown as images, which run nothing, and never as part of the page.

use crate::i18n::tf;
use crate::markup::prelude::*;
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Blob, BlobPropertyBag, Url};

/// Pages drawn as pictures (SVG), one below the other. They are let go of with the view.
pub(crate) fn pictures(pages: &[String]) -> AnyView {
    let page = |(number, svg): (usize, &String)| {
        let address = address(&svg.into(), "image/svg+xml")?;
        let gone = address.clone();
        on_cleanup(move || drop(Url::revoke_object_url(&gone)));
        let name = tf("paper.page", &[("n", &number.to_string())]);
        Some(view! { <img class="paper-page" src=address alt=name /> }.into_any())
    };
    let pages: Vec<AnyView> = (1..).zip(pages).filter_map(page).collect();
    view! { <div class="paper-pages" data-testid="paper-pages">{pages}</div> }.into_any()
}

/// A picture of these bytes, called `name`; it is let go of with the view.
pub(crate) fn picture(bytes: &[u8], kind: &str, name: &str) -> AnyView {
    let content = Uint8Array::from(bytes);
    let Some(address) = address(&content.into(), kind) else { return ().into_any() };
    let gone = address.clone();
    on_cleanup(move || drop(Url::revoke_object_url(&gone)));
    let name = name.to_owned();
    view! { <img class="file-picture" src=address alt=name /> }.into_any()
}

/// An address that this window alone has, for as long as it holds it.
fn address(content: &JsValue, of: &str) -> Option<String> {
    let kind = BlobPropertyBag::new();
    kind.set_type(of);
    let blob = Blob::new_with_str_sequence_and_options(&Array::of1(content), &kind).ok()?;
    Url::create_object_url_with_blob(&blob).ok()
}
