//! Fields that belong together.

use crate::markup::prelude::*;

/// The fields under a name. With an `id` the keyboard can be led there, where what is wrong is wrong
/// with all of them.
pub(crate) fn group(id: Option<String>, name: &'static str, fields: AnyView) -> AnyView {
    let leads = id.is_some().then_some("-1");
    view! {
        <fieldset class="group" id=id tabindex=leads>
            <legend>{name}</legend>
            {fields}
        </fieldset>
    }
    .into_any()
}
