//! The form element around the fields: what is wrong above them, what is done below.

use super::super::send::on_send_or;
use super::{Form, failure_notice};
use crate::components::{Press, Tone, button, error_summary, loading, notice};
use crate::i18n::t;
use crate::markup::prelude::*;
use std::rc::Rc;

impl<D: Clone + Send + Sync + 'static> Form<D> {
    /// The form element: faults and failure first, then the fields, then the button. Enter in a
    /// line and Ctrl+Enter anywhere submit.
    pub(crate) fn shell(
        self,
        fields: AnyView,
        save: Signal<String>,
        submit: impl Fn() + Clone + 'static,
    ) -> AnyView {
        self.drawn((fields, ().into_any()), None, None, (Press::Main, save), submit)
    }

    /// The same, for one act of many on a page whose main one stands elsewhere.
    pub(crate) fn shell_aside(
        self,
        fields: AnyView,
        save: Signal<String>,
        submit: impl Fn() + Clone + 'static,
    ) -> AnyView {
        self.drawn((fields, ().into_any()), None, None, (Press::Plain, save), submit)
    }

    /// The same as [`Self::shell`], with what must stay in sight beside the button.
    pub(crate) fn shell_with_foot(
        self,
        fields: AnyView,
        foot: AnyView,
        save: Signal<String>,
        submit: impl Fn() + Clone + 'static,
    ) -> AnyView {
        self.drawn((fields, foot), None, None, (Press::Main, save), submit)
    }

    /// The same, with another way to end it: a button beside the first, and Ctrl+Shift+Enter.
    pub(crate) fn shell_with_other(
        self,
        (fields, foot): (AnyView, AnyView),
        save: Signal<String>,
        submit: impl Fn() + Clone + 'static,
        (label, other): (&'static str, Rc<dyn Fn()>),
    ) -> AnyView {
        let by_key = Rc::clone(&other);
        let beside = button(Press::Plain, label, move || other());
        self.drawn((fields, foot), Some(beside), Some(by_key), (Press::Main, save), submit)
    }

    /// The same as [`Self::shell`], for a form that opens within a page: with the way out of it.
    pub(crate) fn shell_with_cancel(
        self,
        fields: AnyView,
        save: Signal<String>,
        submit: impl Fn() + Clone + 'static,
        cancel: impl Fn() + 'static,
    ) -> AnyView {
        let cancel = button(Press::Plain, t("form.cancel"), cancel);
        self.drawn((fields, ().into_any()), Some(cancel), None, (Press::Main, save), submit)
    }

    fn drawn(
        self,
        (fields, foot): (AnyView, AnyView),
        beside: Option<AnyView>,
        other: Option<Rc<dyn Fn()>>,
        (press, save): (Press, Signal<String>),
        submit: impl Fn() + Clone + 'static,
    ) -> AnyView {
        let by_key = submit.clone();
        let heed = on_send_or(move |with_shift| match &other {
            Some(other) if with_shift => other(),
            Some(_) | None => by_key(),
        });
        let by_button = move |event: web_sys::SubmitEvent| {
            event.prevent_default();
            submit();
        };
        view! {
            <form class="form" novalidate=true on:submit=by_button on:keydown=heed>
                <div class="form-fields">
                    {error_summary(self.summary_id(), t("form.mend"), self.faults.into())}
                    {move || self.failure.get().map(|error| failure_notice(&error, None))}
                    {self.restored()}
                    {fields}
                </div>
                <div class="form-foot">
                    {foot}
                    <div class="actions">
                        <button
                            type="submit"
                            class=press.class()
                            aria-disabled=move || self.busy.get().then_some("true")
                        >
                            {move || save.get()}
                        </button>
                        {beside}
                        {move || self.busy.get().then(|| loading(t("state.working")))}
                    </div>
                </div>
            </form>
        }
        .into_any()
    }

    /// That the form begins with what was typed before, and the way to begin anew.
    fn restored(self) -> Option<AnyView> {
        let home = self.home.filter(|home| home.restored)?;
        let discard = move || {
            self.give_up();
            home.frame.close();
        };
        let actions = button(Press::Plain, t("form.discard"), discard);
        Some(notice(Tone::Info, t("form.restored"), t("form.restored.help"), Some(actions)))
    }
}
