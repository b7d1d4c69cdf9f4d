//! Putting what was described into the page, and putting something else in its place.

use super::attribute::Standing;
use super::child::Kid;
use super::element::{Element, Markup};
use leptos::attr::{Attribute, any_attribute::AnyAttribute};
use leptos::prelude::{AddAnyAttr, Mountable, Render, RenderHtml};
use leptos::tachys::{
    hydration::Cursor,
    renderer::Rndr,
    renderer::types::{Node, Placeholder, Text},
    view::{Position, PositionState, any_view::AnyViewState},
};
use std::borrow::Cow;
use web_sys::Element as Drawn;

/// The namespace of drawings.
const SVG: &str = "http://www.w3.org/2000/svg";
/// What stands in it.
const SVG_TAGS: [&str; 9] =
    ["svg", "path", "circle", "ellipse", "g", "line", "polygon", "polyline", "rect"];

/// A child as it stands in the page.
pub(super) enum Shown {
    Nothing(Placeholder),
    Text(Text, Cow<'static, str>),
    Element(Box<ShownElement>),
    View(AnyViewState),
}

/// An element as it stands in the page.
pub(super) struct ShownElement {
    tag: &'static str,
    drawn: Drawn,
    attributes: Vec<Standing>,
    kids: Vec<Shown>,
}

impl Element {
    fn draw(self) -> ShownElement {
        let is_drawing = SVG_TAGS.contains(&self.tag);
        let drawn = Rndr::create_element(self.tag, is_drawing.then_some(SVG));
        let attributes = self.attributes.into_iter().map(|each| each.draw(&drawn)).collect();
        let kids = self.kids.into_iter().map(|kid| {
            let mut kid = kid.build();
            kid.mount(&drawn, None);
            kid
        });
        let kids = kids.collect();
        ShownElement { tag: self.tag, drawn, attributes, kids }
    }

    /// Keeps the drawn element, its focus and what was typed into it, where it is of the same form.
    fn draw_again(self, shown: &mut ShownElement) {
        let is_alike = self.tag == shown.tag
            && self.attributes.len() == shown.attributes.len()
            && self.kids.len() == shown.kids.len();
        if !is_alike {
            let mut new = self.draw();
            shown.drawn.insert_before_this(&mut new.drawn);
            shown.drawn.unmount();
            *shown = new;
            return;
        }
        for (new, old) in self.attributes.into_iter().zip(&mut shown.attributes) {
            new.draw_again(&shown.drawn, old);
        }
        for (new, old) in self.kids.into_iter().zip(&mut shown.kids) {
            new.rebuild(old);
        }
    }
}

impl Shown {
    fn node(&self) -> &dyn Mountable {
        match self {
            Self::Nothing(mark) => mark,
            Self::Text(node, _) => node,
            Self::Element(shown) => &shown.drawn,
            Self::View(state) => state,
        }
    }

    fn node_mut(&mut self) -> &mut dyn Mountable {
        match self {
            Self::Nothing(mark) => mark,
            Self::Text(node, _) => node,
            Self::Element(shown) => &mut shown.drawn,
            Self::View(state) => state,
        }
    }
}

impl Mountable for Shown {
    fn unmount(&mut self) {
        self.node_mut().unmount();
    }

    fn mount(&mut self, parent: &Drawn, marker: Option<&Node>) {
        self.node_mut().mount(parent, marker);
    }

    fn insert_before_this(&self, child: &mut dyn Mountable) -> bool {
        self.node().insert_before_this(child)
    }

    fn elements(&self) -> Vec<Drawn> {
        self.node().elements()
    }
}

impl Render for Kid {
    type State = Shown;

    fn build(self) -> Shown {
        match self {
            Self::Nothing => Shown::Nothing(Rndr::create_placeholder()),
            Self::Text(text) => Shown::Text(Rndr::create_text_node(&text), text),
            Self::Element(element) => Shown::Element(Box::new(element.draw())),
            Self::View(view) => Shown::View(view.build()),
        }
    }

    fn rebuild(self, shown: &mut Shown) {
        match (self, shown) {
            (Self::Nothing, Shown::Nothing(_)) => {}
            (Self::Text(new), Shown::Text(node, old)) => {
                if new != *old {
                    Rndr::set_text(node, &new);
                    *old = new;
                }
            }
            (Self::Element(new), Shown::Element(old)) => new.draw_again(old),
            (Self::View(new), Shown::View(old)) => new.rebuild(old),
            (new, shown) => {
                let mut new = new.build();
                shown.insert_before_this(&mut new);
                shown.unmount();
                *shown = new;
            }
        }
    }
}

impl Render for Markup {
    type State = AnyViewState;

    fn build(self) -> AnyViewState {
        self.into_any().build()
    }

    fn rebuild(self, state: &mut AnyViewState) {
        self.into_any().rebuild(state);
    }
}

/// What Leptos asks of views that a server could write. Ours are drawn by the window alone.
macro_rules! drawn_here_alone {
    ($($view:ty),*) => {$(
        impl AddAnyAttr for $view {
            type Output<New: Attribute> = Self;

            fn add_any_attr<New: Attribute>(self, _: New) -> Self {
                self
            }
        }

        impl RenderHtml for $view {
            type AsyncOutput = Self;
            type Owned = Self;

            const MIN_LENGTH: usize = 0;

            fn dry_resolve(&mut self) {}

            async fn resolve(self) -> Self {
                self
            }

            fn to_html_with_buf(
                self,
                _: &mut String,
                _: &mut Position,
                _: bool,
                _: bool,
                _: Vec<AnyAttribute>,
            ) {
            }

            fn hydrate<const FROM_SERVER: bool>(
                self,
                _: &Cursor,
                _: &PositionState,
            ) -> Self::State {
                self.build()
            }

            fn into_owned(self) -> Self {
                self
            }
        }
    )*};
}

drawn_here_alone!(Kid, Markup);
