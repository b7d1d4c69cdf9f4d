//! One line of text with a list of what may be meant below it: the combobox with a listbox of the
//! W3C's ARIA Authoring Practices. The keyboard stays in the line; the list is led from there.
//!
//! It knows neither commands nor charts: its owner hears what is typed, answers by a signal, and
//! says what stands in the line when something was chosen.

mod model;

use super::field::{around, described, invalid};
use super::{FieldLabel, status};
use crate::host::focus;
use crate::markup::prelude::*;
use model::{Below, Combo, Deed, Key};
pub(crate) use model::{Offer, Offered};
use wasm_bindgen::JsCast;

/// What a combobox is made of.
pub(crate) struct Combobox {
    /// Its name, hint and fault; the line has its id, the list `ID-list`, the options `ID-0` on.
    pub field: FieldLabel,
    /// The text it begins with.
    pub text: String,
    /// The answer to the last question.
    pub offered: Signal<Offered>,
    /// What is said when nothing is found for what was typed.
    pub nothing: fn(&str) -> &'static str,
    /// What is said while an answer takes its time.
    pub waiting: &'static str,
    /// What is said where it could not be looked up.
    pub failed: &'static str,
    /// Hears of every change of the text.
    pub typed: Box<dyn Fn(String)>,
    /// Puts a question, which `offered` answers: also by nothing, where it failed. There is one at a
    /// time; the next is put when this one is answered.
    pub ask: Box<dyn Fn(String)>,
    /// Hears what was chosen, and says what stands in the line from now on.
    pub chosen: Box<dyn Fn(Offer) -> String>,
}

/// What the parts of one combobox share.
#[derive(Clone, Copy)]
struct Shared {
    id: StoredValue<String>,
    combo: RwSignal<Combo>,
    ask: StoredValue<Box<dyn Fn(String)>, LocalStorage>,
    chosen: StoredValue<Box<dyn Fn(Offer) -> String>, LocalStorage>,
}

/// The field: name, line, list.
pub(crate) fn combobox(of: Combobox) -> AnyView {
    let combo = Combo::of(of.text.clone());
    drawn(of, combo)
}

/// The same, of a line that means something without the list: Enter is its owner's unless an arrow
/// has reached an option.
pub(crate) fn free_combobox(of: Combobox) -> AnyView {
    let combo = Combo::free(of.text.clone());
    drawn(of, combo)
}

fn drawn(of: Combobox, combo: Combo) -> AnyView {
    let Combobox { field, text, offered, nothing, waiting, failed, typed, ask, chosen } = of;
    let shared = Shared {
        id: StoredValue::new(field.id.clone()),
        combo: RwSignal::new(combo),
        ask: StoredValue::new_local(ask),
        chosen: StoredValue::new_local(chosen),
    };
    Effect::new(move |heard: Option<()>| {
        let offered = offered.get();
        // What is there before anything was asked is no answer, unless it offers something.
        if heard.is_some() || !offered.offers.is_empty() {
            shared.act(|combo| combo.answered(offered));
        }
    });
    let control = view! {
        <div class="combo">
            {line(&field, text, shared, typed)}
            {list(field.label, shared)}
            {said(shared.combo, nothing, [waiting, failed])}
        </div>
    };
    around(field, control.into_any())
}

fn line(field: &FieldLabel, text: String, shared: Shared, typed: Box<dyn Fn(String)>) -> AnyView {
    let (id, invalid, described) = (field.id.clone(), invalid(field), described(field));
    let list_id = list_id(&id);
    let combo = shared.combo;
    let heed = move |event: web_sys::KeyboardEvent| {
        let name = event.key();
        let key = Key {
            name: &name,
            alt: event.alt_key(),
            other: event.ctrl_key() || event.meta_key() || event.shift_key(),
            // WebKit ends a composition before the key that ended it: it bears this number.
            composing: event.is_composing() || event.key_code() == 229,
        };
        if shared.act(|combo| combo.pressed(key)) {
            event.prevent_default();
            event.stop_propagation();
        }
    };
    let type_in = move |event| {
        let text: String = event_target_value(&event);
        typed(text.clone());
        shared.act(|combo| combo.typed(text));
    };
    let active = move || combo.with(Combo::active).map(|at| shared.option_id(at));
    view! {
        <input
            id=id
            type="text"
            dir="auto"
            role="combobox"
            autocomplete="off"
            spellcheck="false"
            aria-autocomplete="list"
            aria-controls=list_id
            aria-expanded=move || (combo.with(Combo::below) == Below::Listed).to_string()
            aria-activedescendant=active
            aria-invalid=invalid
            aria-describedby=described
            prop:value=text
            on:input=type_in
            on:keydown=heed
            on:blur=move |_| leave(combo)
        />
    }
    .into_any()
}

/// The keyboard has gone elsewhere on the page: where the whole window has lost it, the list is there
/// again with the window.
fn leave(combo: RwSignal<Combo>) {
    if document().has_focus().unwrap_or(true) {
        combo.update(Combo::left);
    }
}

fn list(label: &'static str, shared: Shared) -> AnyView {
    let combo = shared.combo;
    let id = shared.id.with_value(|id| list_id(id));
    let offers = Memo::new(move |_| combo.with(|combo| combo.offers().to_vec()));
    let options = move || {
        let offers = offers.get().into_iter().enumerate();
        offers.map(|(at, offer)| option(shared, at, offer)).collect_view()
    };
    view! {
        <ul
            id=id
            class="offers"
            role="listbox"
            aria-label=label
            hidden=move || combo.with(Combo::below) != Below::Listed
            // The keyboard stays in the line.
            on:mousedown=|event| event.prevent_default()
        >
            {options}
        </ul>
    }
    .into_any()
}

fn option(shared: Shared, at: usize, offer: Offer) -> AnyView {
    let (combo, id) = (shared.combo, shared.option_id(at));
    let is_active = Memo::new(move |_| combo.with(Combo::active) == Some(at));
    let sought = id.clone();
    Effect::new(move |_| {
        if is_active.get() {
            focus::into_sight(&sought);
        }
    });
    let (label, detail) = (offer.label.clone(), offer.detail.clone());
    view! {
        <li
            id=id
            class="offer"
            role="option"
            aria-selected=move || is_active.get().to_string()
            on:click=move |_| shared.choose(offer.clone())
        >
            <span class="offer-label"><bdi>{label}</bdi></span>
            <span class="offer-detail"><bdi>{detail}</bdi></span>
        </li>
    }
    .into_any()
}

/// What is said where there is no list; the wait is not told before it is one.
fn said(
    combo: RwSignal<Combo>,
    nothing: fn(&str) -> &'static str,
    [waiting, failed]: [&'static str; 2],
) -> AnyView {
    let below = Memo::new(move |_| combo.with(|combo| (combo.below(), combo.has_failed())));
    let text = move || match below.get() {
        // What else may be meant is listed all the same.
        (Below::Listed, true) => Some(view! { <p class="hint">{failed}</p> }.into_any()),
        (Below::Nothing, _) => {
            let text = combo.with_untracked(|combo| nothing(combo.text()));
            Some(view! { <p class="offers none">{text}</p> }.into_any())
        }
        (Below::Failed, _) => Some(view! { <p class="offers none">{failed}</p> }.into_any()),
        (Below::Waiting, _) => Some(view! { <p class="offers loading">{waiting}</p> }.into_any()),
        (Below::Closed | Below::Listed, _) => None,
    };
    status(text.into_any())
}

impl Shared {
    /// Lets the combobox act; whether it was its own affair.
    fn act(self, act: impl FnOnce(&mut Combo) -> Deed) -> bool {
        let Some(deed) = self.combo.try_update(act) else { return false };
        match deed {
            Deed::Pass => return false,
            Deed::Done => {}
            Deed::Ask(text) => self.ask.with_value(|ask| ask(text)),
            Deed::Choose(offer) => self.choose(offer),
        }
        true
    }

    fn choose(self, offer: Offer) {
        let (line, text) = (self.id.get_value(), self.chosen.with_value(|chosen| chosen(offer)));
        let found = document().get_element_by_id(&line);
        if let Some(input) = found.and_then(|it| it.dyn_into::<web_sys::HtmlInputElement>().ok()) {
            input.set_value(&text);
        }
        // Choosing may have closed what the line is in.
        self.combo.try_update(|combo| combo.stands(text));
    }

    fn option_id(self, at: usize) -> String {
        self.id.with_value(|id| format!("{id}-{at}"))
    }
}

fn list_id(id: &str) -> String {
    format!("{id}-list")
}
