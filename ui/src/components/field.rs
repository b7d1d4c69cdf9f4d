//! Fields: a label, the control, perhaps a hint, and what is wrong with it, all tied together.

use super::understood;
use crate::host::file::chosen_name;
use crate::markup::prelude::*;

/// What stands around a control.
#[derive(Clone)]
pub(crate) struct FieldLabel {
    /// The id of the control's element.
    pub id: String,
    /// Its name.
    pub label: &'static str,
    /// How to fill it in.
    pub hint: Option<&'static str>,
    /// What is wrong with it.
    pub fault: Signal<Option<String>>,
}

/// One value of a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Choice {
    /// The value handed on; empty for "none".
    pub value: &'static str,
    /// Its words.
    pub label: &'static str,
}

/// A line of text. The element holds what is typed; `put` hears of every change.
pub(crate) fn text_input(
    field: FieldLabel,
    kind: &'static str,
    value: String,
    put: impl Fn(String) + 'static,
) -> AnyView {
    line_input(field, kind, value, Box::new(put))
}

/// Whatever `put` is, drawn by the same code.
fn line_input(
    field: FieldLabel,
    kind: &'static str,
    value: String,
    put: Box<dyn Fn(String)>,
) -> AnyView {
    let (id, invalid, described) = (field.id.clone(), invalid(&field), described(&field));
    let control = view! {
        <input
            id=id
            type=kind
            dir="auto"
            autocomplete="off"
            spellcheck="false"
            aria-invalid=invalid
            aria-describedby=described
            prop:value=value
            on:input=move |event| put(event_target_value(&event))
        />
    };
    around(field, control.into_any())
}

/// A file to choose, of kinds as a browser names them. `chosen` hears of every choice; `choose` and
/// `none` are the words for choosing one, and while none is chosen.
///
/// The control itself lies unseen over what is seen: its own words are the webview's, and not of the
/// language of the window.
pub(crate) fn file_input(
    field: FieldLabel,
    kinds: &'static str,
    [choose, none]: [&'static str; 2],
    chosen: impl Fn(&web_sys::Event) + 'static,
) -> AnyView {
    let (id, invalid, described) = (field.id.clone(), invalid(&field), described(&field));
    let name = RwSignal::new(None::<String>);
    let heed = move |event: web_sys::Event| {
        name.set(chosen_name(&event));
        chosen(&event);
    };
    let named = move || name.get().unwrap_or_else(|| none.to_owned());
    let control = view! {
        <div class="file-choice">
            <input
                id=id
                type="file"
                accept=kinds
                aria-invalid=invalid
                aria-describedby=described
                on:change=heed
            />
            <span class="button" aria-hidden="true">{choose}</span>
            <span class="hint"><bdi>{named}</bdi></span>
        </div>
    };
    around(field, control.into_any())
}

/// A date as people type it, with what was understood of it below.
pub(crate) fn date_input(
    field: FieldLabel,
    value: String,
    said: impl Fn() -> Option<String> + 'static,
    put: impl Fn(String) + 'static,
) -> AnyView {
    let line = text_input(field, "text", value, put);
    view! { <div class="dated">{line} {understood(said)}</div> }.into_any()
}

/// Several lines of text.
pub(crate) fn area_input(
    field: FieldLabel,
    rows: u32,
    value: String,
    put: impl Fn(String) + 'static,
) -> AnyView {
    let (id, invalid, described) = (field.id.clone(), invalid(&field), described(&field));
    let control = view! {
        <textarea
            id=id
            dir="auto"
            rows=rows
            aria-invalid=invalid
            aria-describedby=described
            prop:value=value
            on:input=move |event| put(event_target_value(&event))
        ></textarea>
    };
    around(field, control.into_any())
}

/// One of several.
pub(crate) fn choice_input(
    field: FieldLabel,
    choices: Vec<Choice>,
    value: &str,
    put: impl Fn(String) + 'static,
) -> AnyView {
    let (id, invalid, described) = (field.id.clone(), invalid(&field), described(&field));
    let options = choices
        .into_iter()
        .map(|choice| {
            let chosen = choice.value == value;
            view! { <option value=choice.value selected=chosen>{choice.label}</option> }
        })
        .collect_view();
    let control = view! {
        <select
            id=id
            aria-invalid=invalid
            aria-describedby=described
            on:change=move |event| put(event_target_value(&event))
        >
            {options}
        </select>
    };
    around(field, control.into_any())
}

/// Yes or no.
pub(crate) fn check_input(
    id: String,
    label: impl Into<String>,
    value: bool,
    put: impl Fn(bool) + 'static,
) -> AnyView {
    let (labelled, label) = (id.clone(), label.into());
    view! {
        <label class="check" for=labelled>
            <input
                id=id
                type="checkbox"
                prop:checked=value
                on:change=move |event| put(event_target_checked(&event))
            />
            <bdi>{label}</bdi>
        </label>
    }
    .into_any()
}

pub(super) fn around(field: FieldLabel, control: AnyView) -> AnyView {
    let FieldLabel { id, label, hint, fault } = field;
    let (hint_id, fault_id) = (hint_id(&id), fault_id(&id));
    let fault_text = move || {
        let id = fault_id.clone();
        fault.get().map(|text| view! { <p class="fault" id=id>{text}</p> })
    };
    view! {
        <div class="field" class:faulty=move || fault.with(Option::is_some)>
            <label for=id>{label}</label>
            {control}
            {hint.map(|hint| view! { <p class="hint" id=hint_id><bdi>{hint}</bdi></p> })}
            {fault_text}
        </div>
    }
    .into_any()
}

pub(super) fn invalid(
    field: &FieldLabel,
) -> impl Fn() -> Option<&'static str> + Clone + Send + use<> {
    let fault = field.fault;
    move || fault.with(Option::is_some).then_some("true")
}

pub(super) fn described(field: &FieldLabel) -> impl Fn() -> Option<String> + Clone + Send + use<> {
    let (fault, id, has_hint) = (field.fault, field.id.clone(), field.hint.is_some());
    move || {
        let hint = has_hint.then(|| hint_id(&id));
        let fault = fault.with(Option::is_some).then(|| fault_id(&id));
        let ids: Vec<String> = hint.into_iter().chain(fault).collect();
        (!ids.is_empty()).then(|| ids.join(" "))
    }
}

fn hint_id(id: &str) -> String {
    format!("{id}-hint")
}

fn fault_id(id: &str) -> String {
    format!("{id}-fault")
}
