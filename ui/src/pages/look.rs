//! How the windows of this computer look: how close lines stand, and light or dark.

use crate::components::{Choice, FieldLabel, choice_input};
use crate::host::page;
use crate::i18n::t;
use crate::markup::prelude::*;

/// The choices; each is seen at once, and kept on this computer.
pub(super) fn look() -> AnyView {
    let density = vec![
        Choice { value: "comfortable", label: t("look.comfortable") },
        Choice { value: "", label: t("look.default") },
        Choice { value: "compact", label: t("look.compact") },
    ];
    let theme = vec![
        Choice { value: "", label: t("look.system") },
        Choice { value: "light", label: t("look.light") },
        Choice { value: "dark", label: t("look.dark") },
    ];
    view! {
        <div class="pair">
            {choice("density", t("look.density"), density)}
            {choice("theme", t("look.theme"), theme)}
        </div>
    }
    .into_any()
}

fn choice(name: &'static str, label: &'static str, choices: Vec<Choice>) -> AnyView {
    let fault = Signal::derive(|| None);
    let field = FieldLabel { id: format!("look-{name}"), label, hint: None, fault };
    choice_input(field, choices, &page::look(name), move |value| page::set_look(name, &value))
}
