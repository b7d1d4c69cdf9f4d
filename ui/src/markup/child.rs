//! What stands in an element.

use super::element::{Element, Markup};
use leptos::prelude::AnyView;
use leptos::tachys::view::any_view::IntoAny as Erase;
use send_wrapper::SendWrapper;
use std::borrow::Cow;

/// A child as it is described.
pub(super) enum Kid {
    Nothing,
    Text(Cow<'static, str>),
    Element(Box<Element>),
    View(AnyView),
}

/// A value that can stand in an element: a text, a number, a view, perhaps one or many of these,
/// or a closure that gives one.
pub(crate) trait Child: Sized {
    /// The value as any view.
    fn view(self) -> AnyView;

    /// The element with the value in it.
    fn within(self, markup: Markup) -> Markup {
        markup.containing(Kid::View(self.view()))
    }
}

/// Leptos's way to write it, by our way to draw it: `into_any` of a closure makes nothing anew.
pub(crate) trait IntoAny: Child {
    /// The value as any view.
    fn into_any(self) -> AnyView {
        self.view()
    }
}

impl<C: Child> IntoAny for C {}

impl Child for Kid {
    fn view(self) -> AnyView {
        Erase::into_any(self)
    }

    fn within(self, markup: Markup) -> Markup {
        markup.containing(self)
    }
}

impl Child for AnyView {
    fn view(self) -> AnyView {
        self
    }
}

impl Child for Markup {
    fn view(self) -> AnyView {
        self.into_any()
    }

    fn within(self, markup: Markup) -> Markup {
        markup.inner(self)
    }
}

impl Child for () {
    fn view(self) -> AnyView {
        Kid::Nothing.view()
    }

    fn within(self, markup: Markup) -> Markup {
        markup.containing(Kid::Nothing)
    }
}

impl Child for &'static str {
    fn view(self) -> AnyView {
        Kid::Text(self.into()).view()
    }

    fn within(self, markup: Markup) -> Markup {
        markup.text(self)
    }
}

impl Child for String {
    fn view(self) -> AnyView {
        Kid::Text(self.into()).view()
    }

    fn within(self, markup: Markup) -> Markup {
        markup.containing(Kid::Text(self.into()))
    }
}

macro_rules! numbers {
    ($($type:ty)*) => {$(
        impl Child for $type {
            fn view(self) -> AnyView {
                self.to_string().view()
            }

            fn within(self, markup: Markup) -> Markup {
                self.to_string().within(markup)
            }
        }
    )*};
}

numbers! { u32 u64 usize }

impl<C: Child> Child for Option<C> {
    fn view(self) -> AnyView {
        self.map_or_else(|| ().view(), C::view)
    }

    fn within(self, markup: Markup) -> Markup {
        match self {
            Some(child) => child.within(markup),
            None => ().within(markup),
        }
    }
}

impl<C: Child> Child for Vec<C> {
    fn view(self) -> AnyView {
        let views: Vec<AnyView> = self.into_iter().map(C::view).collect();
        list(views)
    }
}

impl<F: FnMut() -> C + 'static, C: Child> Child for F {
    fn view(mut self) -> AnyView {
        live(Box::new(move || self().view()))
    }
}

#[inline(never)]
fn list(views: Vec<AnyView>) -> AnyView {
    Erase::into_any(views)
}

/// Drawn anew whenever a signal it reads changes.
#[inline(never)]
fn live(draw: Box<dyn FnMut() -> AnyView>) -> AnyView {
    let mut draw = SendWrapper::new(draw);
    Erase::into_any(move || (*draw)())
}
