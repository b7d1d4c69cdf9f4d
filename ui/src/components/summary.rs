//! The error summary (GOV.UK pattern): it takes the focus, says the same words as the fields and
//! links to them.

use super::link_button;
use crate::host::focus;
use crate::markup::prelude::*;

/// One thing to mend.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    /// The id of the field's element.
    pub field_id: String,
    /// What is wrong with it.
    pub text: String,
    /// The field's name, when it is known.
    pub label: Option<&'static str>,
}

/// The summary; nothing while there are no faults. `id` is its element's id, to put focus on.
pub(crate) fn error_summary(
    id: String,
    title: &'static str,
    faults: Signal<Vec<Fault>>,
) -> AnyView {
    let summary = move || {
        let faults = faults.get();
        if faults.is_empty() {
            return None;
        }
        let links = faults.into_iter().map(link).collect_view();
        Some(view! {
            <div class="error-summary" data-testid="error-summary" role="alert" tabindex="-1" id=id.clone()>
                <p class="notice-title">{title}</p>
                <ul>{links}</ul>
            </div>
        })
    };
    summary.into_any()
}

fn link(fault: Fault) -> AnyView {
    let target = fault.field_id;
    let label = fault.label.map(|label| view! { <b>{label}</b> ": " });
    let name = view! { {label} {fault.text} }.into_any();
    view! { <li>{link_button(name, move || focus::to_id(&target))}</li> }.into_any()
}
