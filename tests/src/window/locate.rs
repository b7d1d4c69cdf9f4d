//! Finding things on a page as a person does, or a screen reader: by kind and name.

use std::fmt;

use serde_json::{Value, json};

/// Something to find on a page.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    kind: Kind,
    name: String,
    near: Option<String>,
}

#[derive(Debug, Clone, Copy)]
enum Kind {
    Pressable,
    Submit,
    Field,
}

impl Wanted {
    /// A button, link, tab or choice that says `name`.
    pub(crate) fn pressable(name: &str) -> Self {
        Self { kind: Kind::Pressable, name: name.to_owned(), near: None }
    }

    /// The button that sends a form.
    pub(crate) fn submit(name: &str) -> Self {
        Self { kind: Kind::Submit, name: name.to_owned(), near: None }
    }

    /// A field labelled `label`.
    pub(crate) fn field(label: &str) -> Self {
        Self { kind: Kind::Field, name: label.to_owned(), near: None }
    }

    /// The same, in the smallest part of the page that also says `near`.
    pub(crate) fn near(mut self, near: &str) -> Self {
        self.near = Some(near.to_owned());
        self
    }

    /// What it says.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The same, with another name.
    pub(crate) fn named(&self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self.clone() }
    }

    /// A script that sets `found` to the element or to null.
    pub(crate) fn script(&self) -> &'static str {
        include_str!("locate.js")
    }

    /// The arguments of that script.
    pub(crate) fn arguments(&self) -> Vec<Value> {
        let selector = match self.kind {
            Kind::Pressable => {
                "button, a[href], summary, input[type=submit], input[type=button], \
                 input[type=radio], input[type=checkbox], [role=button], [role=link], [role=tab], \
                 [role=menuitem], [role=option], [role=radio], [role=checkbox], [role=switch]"
            }
            Kind::Submit => "button[type=submit], input[type=submit]",
            Kind::Field => {
                "input:not([type=radio], [type=checkbox], [type=submit], [type=button]), \
                 textarea, select, [role=textbox], [role=combobox], [role=searchbox]"
            }
        };
        vec![json!(selector), json!(self.name), json!(self.near)]
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match self.kind {
            Kind::Pressable => "something to press that says",
            Kind::Submit => "a form to send that says",
            Kind::Field => "a field labelled",
        };
        write!(f, "{kind} {:?}", self.name)?;
        self.near.as_ref().map_or(Ok(()), |near| write!(f, " near {near:?}"))
    }
}
