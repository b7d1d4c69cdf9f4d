//! A form's fields: each writes one member of the draft, and says what is wrong with it.

use super::Form;
use crate::components::{
    Choice, FieldLabel, area_input, check_input, choice_input, date_input, text_input,
};
use crate::host::clock;
use crate::i18n::t;
use crate::markup::prelude::*;
use crate::words;

impl<D: Clone + Send + Sync + 'static> Form<D> {
    /// The name, hint and fault of the field at a path.
    pub(crate) fn label(
        self,
        path: &'static str,
        label: &'static str,
        hint: Option<&'static str>,
    ) -> FieldLabel {
        self.labels.update_value(|labels| {
            labels.insert(path, label);
        });
        let id = self.id_of(path);
        let wanted = id.clone();
        let fault = Signal::derive(move || {
            self.faults.with(|faults| {
                faults.iter().find(|fault| fault.field_id == wanted).map(|fault| fault.text.clone())
            })
        });
        FieldLabel { id, label, hint, fault }
    }

    /// A line of text for one member of the draft.
    pub(crate) fn line(self, label: FieldLabel, member: fn(&mut D) -> &mut String) -> AnyView {
        self.typed(label, "text", member)
    }

    /// A date as people type it, with what was understood of it below; of a birth also an age.
    pub(crate) fn date_line(
        self,
        label: FieldLabel,
        is_birth: bool,
        member: fn(&mut D) -> &mut String,
    ) -> AnyView {
        let said = move || {
            let text = std::mem::take(member(&mut self.draft.get()));
            words::understood(&text, clock::today(), is_birth)
        };
        let id = label.id.clone();
        date_input(label, self.text_now(member), said, move |text| {
            self.mended(&id);
            self.put(member, text);
        })
    }

    /// A line that is not shown.
    pub(crate) fn secret(self, label: FieldLabel, member: fn(&mut D) -> &mut String) -> AnyView {
        self.typed(label, "password", member)
    }

    /// Several lines of text.
    pub(crate) fn area(
        self,
        label: FieldLabel,
        rows: u32,
        member: fn(&mut D) -> &mut String,
    ) -> AnyView {
        let id = label.id.clone();
        area_input(label, rows, self.text_now(member), move |text| {
            self.mended(&id);
            self.put(member, text);
        })
    }

    /// One of several codes, or none.
    pub(crate) fn choice<V: Copy + 'static>(
        self,
        label: FieldLabel,
        choices: &'static [V],
        words: fn(V) -> (&'static str, &'static str),
        now: fn(&D) -> Option<V>,
        put: fn(&mut D, Option<V>),
    ) -> AnyView {
        let none = Choice { value: "", label: t("choice.none") };
        let listed = choices.iter().map(|choice| {
            let (value, label) = words(*choice);
            Choice { value, label }
        });
        let all = Some(none).into_iter().chain(listed).collect();
        let value = self.draft.with_untracked(now).map_or("", |now| words(now).0);
        let id = label.id.clone();
        choice_input(label, all, value, move |text| {
            self.mended(&id);
            let chosen = choices.iter().copied().find(|choice| words(*choice).0 == text);
            self.draft.update(|draft| put(draft, chosen));
        })
    }

    /// Yes or no.
    pub(crate) fn check(
        self,
        path: &'static str,
        label: &'static str,
        member: fn(&mut D) -> &mut bool,
    ) -> AnyView {
        let now = *member(&mut self.draft.get_untracked());
        check_input(self.id_of(path), label, now, move |value| {
            // Which fields there are may hang on it.
            self.faults.update(Vec::clear);
            self.draft.update(|draft| *member(draft) = value);
        })
    }

    fn typed(
        self,
        label: FieldLabel,
        kind: &'static str,
        member: fn(&mut D) -> &mut String,
    ) -> AnyView {
        let id = label.id.clone();
        text_input(label, kind, self.text_now(member), move |text| {
            self.mended(&id);
            self.put(member, text);
        })
    }

    fn text_now(self, member: fn(&mut D) -> &mut String) -> String {
        std::mem::take(member(&mut self.draft.get_untracked()))
    }

    fn put(self, member: fn(&mut D) -> &mut String, text: String) {
        self.draft.update(|draft| *member(draft) = text);
    }
}
