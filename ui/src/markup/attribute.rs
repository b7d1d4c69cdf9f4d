//! What an element has besides its children: attributes, properties, classes, handlers.

use super::element::Markup;
use leptos::prelude::Owner;
use leptos::reactive::effect::RenderEffect;
use leptos::tachys::renderer::Rndr;
use send_wrapper::SendWrapper;
use std::borrow::Cow;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::Element as Drawn;

/// Where a value is put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// An attribute; one that is false or absent is not there.
    Attribute,
    /// A property of the drawn element.
    Property,
    /// A class it has or has not.
    Class,
}

/// What it is set to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Setting {
    Absent,
    Is(bool),
    Text(Cow<'static, str>),
}

impl From<&'static str> for Setting {
    fn from(text: &'static str) -> Self {
        Self::Text(text.into())
    }
}

/// A value that can be put on an element: a text, a number, whether it is there at all, or a
/// closure that gives one of these.
pub(crate) trait Value {
    /// The element with the value on it.
    fn onto(self, markup: Markup, place: Place, name: &'static str) -> Markup;
}

/// A value that does not change by itself.
pub(crate) trait Plain {
    /// The value as it is set.
    fn setting(self) -> Setting;
}

macro_rules! plain {
    ($($type:ty: $value:ident => $setting:expr),* $(,)?) => {$(
        impl Plain for $type {
            fn setting(self) -> Setting {
                let $value = self;
                $setting
            }
        }

        impl Value for $type {
            fn onto(self, markup: Markup, place: Place, name: &'static str) -> Markup {
                set(markup, place, name, self.setting())
            }
        }
    )*};
}

plain! {
    &'static str: text => text.into(),
    String: text => Setting::Text(text.into()),
    bool: is => Setting::Is(is),
    u32: number => Setting::Text(number.to_string().into()),
    u64: number => Setting::Text(number.to_string().into()),
    usize: number => Setting::Text(number.to_string().into()),
}

impl<P: Plain> Plain for Option<P> {
    fn setting(self) -> Setting {
        self.map_or(Setting::Absent, P::setting)
    }
}

impl<P: Plain> Value for Option<P> {
    fn onto(self, markup: Markup, place: Place, name: &'static str) -> Markup {
        set(markup, place, name, self.setting())
    }
}

impl<F: FnMut() -> P + 'static, P: Plain> Value for F {
    fn onto(mut self, markup: Markup, place: Place, name: &'static str) -> Markup {
        set_live(markup, place, name, Box::new(move || self().setting()))
    }
}

#[inline(never)]
fn set(markup: Markup, place: Place, name: &'static str, value: Setting) -> Markup {
    markup.with(Attribute::plain(place, name, value))
}

#[inline(never)]
fn set_live(markup: Markup, place: Place, name: &'static str, value: Live) -> Markup {
    markup.with(Attribute { name, what: What::Live(place, SendWrapper::new(value)) })
}

type Live = Box<dyn FnMut() -> Setting>;
type Act = Box<dyn FnMut(JsValue)>;
type Hold = Box<dyn FnOnce(&Drawn) + Send>;

/// Something an element has.
pub(super) struct Attribute {
    name: &'static str,
    what: What,
}

enum What {
    Plain(Place, Setting),
    Live(Place, SendWrapper<Live>),
    On(Owner, SendWrapper<Act>),
    Held(Hold),
}

/// The same as it was drawn.
pub(super) struct Standing {
    name: &'static str,
    what: Stands,
}

enum Stands {
    Plain(Place, Setting),
    Live(
        Place,
        #[expect(dead_code, reason = "it goes on for as long as it is held")] RenderEffect<Setting>,
    ),
    On(#[expect(dead_code, reason = "it listens for as long as it is held")] Listener),
    Held,
}

impl Attribute {
    pub(super) fn plain(place: Place, name: &'static str, value: Setting) -> Self {
        Self { name, what: What::Plain(place, value) }
    }

    /// What is done belongs to whoever draws it, and goes with them.
    pub(super) fn heeding(name: &'static str, act: Act) -> Self {
        let owner = Owner::current().unwrap_or_default();
        Self { name, what: What::On(owner, SendWrapper::new(act)) }
    }

    pub(super) fn held(hold: Hold) -> Self {
        Self { name: "", what: What::Held(hold) }
    }

    pub(super) fn draw(self, drawn: &Drawn) -> Standing {
        let name = self.name;
        let what = match self.what {
            What::Plain(place, value) => {
                if value != Setting::Absent {
                    apply(drawn, place, name, &value);
                }
                Stands::Plain(place, value)
            }
            What::Live(place, value) => Stands::Live(place, follow(drawn, place, name, value)),
            What::On(owner, act) => Stands::On(Listener::listen(drawn, name, owner, act)),
            What::Held(hold) => {
                hold(drawn);
                Stands::Held
            }
        };
        Standing { name, what }
    }

    /// Draws it over what stood in its place.
    pub(super) fn draw_again(self, drawn: &Drawn, stood: &mut Standing) {
        let is_same = self.name == stood.name;
        match (&self.what, &stood.what) {
            (What::Plain(place, new), Stands::Plain(before, old)) if is_same && place == before => {
                // What somebody typed since is in the property too, and nowhere else.
                if new != old || *place == Place::Property {
                    apply(drawn, *place, self.name, new);
                }
            }
            (What::Live(place, _), Stands::Live(before, _)) if is_same && place == before => {}
            (_, Stands::Plain(place, _) | Stands::Live(place, _)) => {
                apply(drawn, *place, stood.name, &Setting::Absent);
            }
            (_, Stands::On(_) | Stands::Held) => {}
        }
        match self.what {
            What::Plain(place, value) if is_same => {
                *stood = Standing { name: self.name, what: Stands::Plain(place, value) };
            }
            what @ (What::Plain(..) | What::Live(..) | What::On(..) | What::Held(_)) => {
                *stood = Self { name: self.name, what }.draw(drawn);
            }
        }
    }
}

fn follow(
    drawn: &Drawn,
    place: Place,
    name: &'static str,
    value: SendWrapper<Live>,
) -> RenderEffect<Setting> {
    let (drawn, mut value) = (drawn.clone(), value.take());
    RenderEffect::new(move |old: Option<Setting>| {
        let new = value();
        if old.as_ref() != Some(&new) {
            apply(&drawn, place, name, &new);
        }
        new
    })
}

fn apply(drawn: &Drawn, place: Place, name: &str, value: &Setting) {
    match (place, value) {
        (Place::Attribute, Setting::Absent | Setting::Is(false)) => {
            Rndr::remove_attribute(drawn, name);
        }
        (Place::Attribute, Setting::Is(true)) => Rndr::set_attribute(drawn, name, ""),
        (Place::Attribute, Setting::Text(text)) => Rndr::set_attribute(drawn, name, text),
        (Place::Property, Setting::Absent) => {
            Rndr::set_property_or_value(drawn, name, &JsValue::UNDEFINED);
        }
        (Place::Property, Setting::Is(is)) => {
            Rndr::set_property_or_value(drawn, name, &JsValue::from_bool(*is));
        }
        (Place::Property, Setting::Text(text)) => {
            Rndr::set_property_or_value(drawn, name, &JsValue::from_str(text));
        }
        (Place::Class, Setting::Is(true)) => Rndr::add_class(&Rndr::class_list(drawn), name),
        (Place::Class, _) => Rndr::remove_class(&Rndr::class_list(drawn), name),
    }
}

/// Listens until it is dropped.
struct Listener {
    drawn: Drawn,
    name: &'static str,
    act: Closure<dyn FnMut(JsValue)>,
}

impl Listener {
    fn listen(drawn: &Drawn, name: &'static str, owner: Owner, act: SendWrapper<Act>) -> Self {
        let mut act = act.take();
        let heed: Act = Box::new(move |event| {
            // What is done reads signals as they stand, and is not done again when they change.
            #[cfg(debug_assertions)]
            let _unheard = leptos::reactive::diagnostics::SpecialNonReactiveZone::enter();
            owner.with(|| act(event));
        });
        let act = Closure::wrap(heed);
        // A name of an event and a function are always taken.
        drop(drawn.add_event_listener_with_callback(name, act.as_ref().unchecked_ref()));
        Self { drawn: drawn.clone(), name, act }
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let act = self.act.as_ref().unchecked_ref();
        // Nothing to do about an element that has forgotten it already.
        drop(self.drawn.remove_event_listener_with_callback(self.name, act));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_text_there_or_absent() {
        let check = |value: Setting, expected: Setting| assert_eq!(value, expected);
        check("a".setting(), Setting::Text("a".into()));
        check(String::from("a").setting(), Setting::Text("a".into()));
        check(3_u32.setting(), Setting::Text("3".into()));
        check(true.setting(), Setting::Is(true));
        check(Some("a").setting(), Setting::Text("a".into()));
        check(None::<String>.setting(), Setting::Absent);
    }
}
