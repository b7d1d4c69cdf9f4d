//! Elements, as they are described.

use super::attribute::{Attribute, Place, Value};
use super::child::{Child, Kid};
use leptos::ev::EventDescriptor;
use leptos::html::ElementType;
use leptos::prelude::{AnyView, IntoAny};
use leptos::tachys::html::node_ref::NodeRefContainer;
use wasm_bindgen::JsValue;

/// An element, or several things in a row.
pub(crate) struct Markup(pub(super) Box<Element>);

/// What is drawn of an element.
pub(super) struct Element {
    /// Empty for a row, which is drawn without an element around it.
    pub(super) tag: &'static str,
    pub(super) attributes: Vec<Attribute>,
    pub(super) kids: Vec<Kid>,
}

/// An element without anything yet.
#[inline(never)]
pub(crate) fn element(tag: &'static str) -> Markup {
    Markup(Box::new(Element { tag, attributes: Vec::new(), kids: Vec::new() }))
}

/// Things in a row.
pub(crate) fn row() -> Markup {
    element("")
}

impl Markup {
    /// With an attribute that never changes.
    #[inline(never)]
    pub(crate) fn fixed(self, name: &'static str, value: &'static str) -> Self {
        self.with(Attribute::plain(Place::Attribute, name, value.into()))
    }

    /// With a value in one of its places.
    pub(crate) fn set(self, place: Place, name: &'static str, value: impl Value) -> Self {
        value.onto(self, place, name)
    }

    /// With what is done on an event.
    pub(crate) fn on<E>(
        self,
        name: &'static str,
        _: E,
        mut act: impl FnMut(E::EventType) + 'static,
    ) -> Self
    where
        E: EventDescriptor,
        E::EventType: From<JsValue>,
    {
        self.heeding(name, Box::new(move |event| act(event.into())))
    }

    #[inline(never)]
    fn heeding(self, name: &'static str, act: Box<dyn FnMut(JsValue)>) -> Self {
        self.with(Attribute::heeding(name, act))
    }

    /// With something that holds on to the element once it is drawn.
    pub(crate) fn held_by<E: ElementType>(self, holder: impl NodeRefContainer<E>) -> Self {
        self.with(Attribute::held(Box::new(move |drawn| holder.load(drawn))))
    }

    /// With a text in it.
    #[inline(never)]
    pub(crate) fn text(self, text: &'static str) -> Self {
        self.containing(Kid::Text(text.into()))
    }

    /// With another in it.
    #[inline(never)]
    pub(crate) fn inner(mut self, inner: Self) -> Self {
        if inner.0.tag.is_empty() {
            self.0.kids.extend(inner.0.kids);
            return self;
        }
        self.containing(Kid::Element(inner.0))
    }

    /// With whatever a value draws in it.
    pub(crate) fn child(self, child: impl Child) -> Self {
        child.within(self)
    }

    /// As any view.
    #[inline(never)]
    pub(crate) fn into_any(self) -> AnyView {
        if !self.0.tag.is_empty() {
            return Kid::Element(self.0).into_any();
        }
        let kids: Vec<AnyView> = self.0.kids.into_iter().map(Kid::into_any).collect();
        kids.into_any()
    }

    #[inline(never)]
    pub(super) fn with(mut self, attribute: Attribute) -> Self {
        self.0.attributes.push(attribute);
        self
    }

    #[inline(never)]
    pub(super) fn containing(mut self, kid: Kid) -> Self {
        self.0.kids.push(kid);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kids(markup: &Markup) -> Vec<&'static str> {
        let name = |kid: &Kid| match kid {
            Kid::Nothing => "nothing",
            Kid::Text(_) => "text",
            Kid::Element(element) => element.tag,
            Kid::View(_) => "view",
        };
        markup.0.kids.iter().map(name).collect()
    }

    #[test]
    fn what_stands_in_an_element_keeps_its_place() {
        let check = |markup: Markup, expected: &[&str]| assert_eq!(kids(&markup), expected);
        check(element("p").text("a").child(String::from("b")).child(3_u64), &["text"; 3]);
        check(element("p").child(None::<Markup>).child(Some("a")), &["nothing", "text"]);
        check(element("p").child(()).inner(element("b")), &["nothing", "b"]);
        check(element("p").child(|| "a").child(vec!["a", "b"]), &["view", "view"]);
        check(element("p").inner(row().text("a").inner(element("b"))), &["text", "b"]);
        check(element("p").child(row()), &[]);
    }

    #[test]
    fn an_element_has_what_it_was_given() {
        let markup = element("p").fixed("class", "a").set(Place::Class, "odd", || true);
        let markup = markup.on("click", leptos::ev::click, |_| ());
        assert_eq!(markup.0.attributes.len(), 3);
        assert_eq!(markup.0.tag, "p");
    }
}
