//! Dialogs, on the native element (W3C's ARIA Authoring Practices: dialog).

use crate::host::focus;
use crate::markup::prelude::*;
use leptos::html;
use web_sys::HtmlElement;

/// A dialog over the page, which waits and cannot be reached until it is closed. The keyboard goes
/// into it and comes back to where it was; Escape and a press beside it close it.
#[derive(Clone, Copy)]
pub(crate) struct Modal {
    open: RwSignal<bool>,
    opener: StoredValue<Option<HtmlElement>, LocalStorage>,
    drawn: NodeRef<html::Dialog>,
}

impl Modal {
    /// A dialog that is closed.
    pub(crate) fn new() -> Self {
        let opener = StoredValue::new_local(None);
        Self { open: RwSignal::new(false), opener, drawn: NodeRef::new() }
    }

    /// Whether it is open now.
    pub(crate) fn is_open(self) -> bool {
        self.open.get_untracked()
    }

    /// Opens it, or closes it where it is open.
    pub(crate) fn toggle(self) {
        if self.is_open() {
            return self.close();
        }
        self.opener.set_value(focus::active());
        self.open.set(true);
    }

    /// Closes it; the keyboard is back at once, so that what is opened next knows where it was.
    pub(crate) fn close(self) {
        if !self.is_open() {
            return;
        }
        // What lies beneath takes no keyboard while it is open.
        if let Some(dialog) = self.drawn.get_untracked() {
            dialog.close();
        }
        self.open.set(false);
        self.opener.with_value(|opener| focus::give_back(opener.as_ref()));
    }

    /// Draws it while it is open; `mark` is its test id.
    pub(crate) fn view(
        self,
        mark: &'static str,
        name: &'static str,
        body: impl Fn() -> AnyView + 'static,
    ) -> AnyView {
        let body: Box<dyn Fn() -> AnyView> = Box::new(body);
        let view = move || {
            self.open.get().then(|| {
                self.show();
                self.draw(mark, name, body())
            })
        };
        view.into_any()
    }

    /// Once it is in the page: the element opens itself over all else, and takes the keyboard.
    fn show(self) {
        request_animation_frame(move || {
            if let Some(dialog) = self.drawn.try_get_untracked().flatten() {
                // One that is gone by now, or open already, needs nothing.
                drop(dialog.show_modal());
            }
        });
    }

    fn draw(self, mark: &'static str, name: &'static str, body: AnyView) -> AnyView {
        let leave = move |event: web_sys::KeyboardEvent| {
            if event.key() == "Escape" {
                event.prevent_default();
                event.stop_propagation();
                self.close();
            }
        };
        // What it holds fills it: a press on the element itself is one beside it.
        let beside = move |event: web_sys::MouseEvent| {
            if event.target() == event.current_target() {
                self.close();
            }
        };
        view! {
            <dialog
                class="modal"
                aria-label=name
                data-testid=mark
                node_ref=self.drawn
                on:keydown=leave
                on:mousedown=beside
                on:close=move |_| self.close()
            >
                <div class="modal-body">{body}</div>
            </dialog>
        }
        .into_any()
    }
}

/// A dialog beside the page, which goes on: its title, what stands in its head, and its body. There
/// is one at a time.
pub(crate) fn beside(
    class: &'static str,
    title: &'static str,
    head: AnyView,
    body: AnyView,
) -> AnyView {
    view! {
        <dialog class=class open=true aria-labelledby="sheet-title">
            <div class="sheet-head">
                <h2 id="sheet-title">{title}</h2>
                {head}
            </div>
            <div class="sheet-body" id="sheet-body">{body}</div>
        </dialog>
    }
    .into_any()
}
