//! A window of the app, driven as a person drives it: by what is written on things, with mouse
//! and keys. Whatever is asked for is waited for.

mod aim;
mod axe;
mod driver;
mod effort;
mod keys;
mod locate;
mod pseudo;
mod shell;
mod tongue;

pub use axe::Violation;
pub use effort::{Effort, Spent};

use std::path::PathBuf;
use std::time::Instant;

use fantoccini::elements::Element;
use fantoccini::key::Key;
use serde_json::{Value, json};

use crate::pictures::{Pictures, painted_share};
use crate::process::{kill_hard, patience, wait_for};
use axe::Rules;
use driver::Driver;
use keys::chord;
use locate::Wanted;
use tongue::Tongue;

/// A field is filled so often anew, at most, where it was not emptied.
const FILLED_TIMES: u32 = 3;
/// Counts from here on the keys that reach the page, whatever comes of them.
const COUNT_KEYS: &str = "
    if (window.keysHeard === undefined)
        addEventListener('keydown', () => window.keysHeard += 1, true);
    window.keysHeard = 0;";
const KEYS_COUNTED: &str = "return window.keysHeard ?? null;";
/// Comes back when the page has been drawn as it stands.
const TWO_FRAMES: &str = "
    const done = arguments[arguments.length - 1];
    requestAnimationFrame(() => requestAnimationFrame(() => done(null)));";

/// One window of one running app.
#[derive(Debug)]
pub struct Window {
    name: String,
    place: Place,
    pictures: Pictures,
    driver: Driver,
    tongue: Tongue,
    has_mouse: bool,
}

/// Where an app lives.
#[derive(Debug, Clone)]
pub struct Place {
    /// What the webview and the program keep outside the store goes there.
    pub home: PathBuf,
    /// The app.
    pub program: PathBuf,
    /// The folder of the store.
    pub store: PathBuf,
    /// What else is in the app's environment.
    pub variables: Vec<(&'static str, String)>,
}

impl Window {
    /// Starts the app.
    pub fn open(name: &str, place: Place, pictures: Pictures) -> Self {
        let log = pictures.transcript(&format!("window-{name}"));
        let driver = Driver::start(&place, log);
        let tongue = Tongue::default();
        Self { name: name.to_owned(), place, pictures, driver, tongue, has_mouse: true }
    }

    /// The same window, which speaks the language of this tag: what a test says in English is looked
    /// for in that language.
    pub fn speaking(self, tag: &str) -> Self {
        Self { tongue: Tongue::of(tag), ..self }
    }

    /// Ends the app as a power cut would.
    pub fn kill(self) -> Killed {
        kill_hard(self.driver.app());
        let Self { name, place, pictures, .. } = self;
        Killed { name, place, pictures }
    }

    /// The id of the app's process.
    pub fn process(&self) -> u32 {
        self.driver.app()
    }

    /// Presses the button, link, tab or choice that says `name`.
    pub fn press(&self, name: &str) {
        self.press_wanted(&Wanted::pressable(name));
    }

    /// Presses what says `name` in the smallest part of the page that also says `near`.
    pub fn press_near(&self, near: &str, name: &str) {
        self.press_wanted(&Wanted::pressable(name).near(near));
    }

    /// Presses the field labelled `label`, so that it has the keyboard.
    pub fn press_field(&self, label: &str) {
        self.aim(&Wanted::field(label));
    }

    /// Presses the button that sends the form and says `name`; a form's opener may say the same.
    pub fn submit(&self, name: &str) {
        self.press_wanted(&Wanted::submit(name));
    }

    fn press_wanted(&self, wanted: &Wanted) {
        if self.has_mouse {
            self.aim(wanted);
        } else {
            self.press_by_keys(wanted);
        }
    }

    /// Writes `text` into the field labelled `label`, over what is there.
    pub fn fill(&self, label: &str, text: &str) {
        self.fill_wanted(&Wanted::field(label), text);
    }

    /// Writes into the field labelled `label` in the part of the page that says `near`.
    pub fn fill_near(&self, near: &str, label: &str, text: &str) {
        self.fill_wanted(&Wanted::field(label).near(near), text);
    }

    fn fill_wanted(&self, wanted: &Wanted, text: &str) {
        let before = self.stands_in(wanted);
        let anew = format!("{}{}{text}", chord(Key::Control, 'a'), char::from(Key::Delete));
        for _ in 0..=FILLED_TIMES {
            self.ask(COUNT_KEYS, &[]);
            self.write(wanted, &anew);
            let heard = self.ask(KEYS_COUNTED, &[]).as_u64();
            if !lost_keys((&before, text), &self.stands_in(wanted), heard) {
                return;
            }
        }
    }

    /// Types `text` at the end of the field labelled `label`.
    pub fn type_into(&self, label: &str, text: &str) {
        self.write(&Wanted::field(label), &format!("{}{text}", char::from(Key::End)));
    }

    fn write(&self, wanted: &Wanted, keys: &str) {
        if self.has_mouse {
            self.act(wanted, |element| self.driver.attempt(element.send_keys(keys)));
        } else {
            self.reach(wanted);
            self.keys(keys);
            self.must_be_drawn();
        }
    }

    /// Picks `option` in the list labelled `label`.
    pub fn choose(&self, label: &str, option: &str) {
        let wanted = Wanted::field(label);
        if self.has_mouse {
            let said = self.tongue.said(option);
            self.act(&wanted, |element| {
                let choose = |option| self.driver.attempt(element.select_by_label(option));
                let mut chosen = Ok(());
                for option in &said {
                    chosen = choose(option);
                    if chosen.is_ok() {
                        break;
                    }
                }
                chosen
            });
        } else {
            self.choose_by_keys(&wanted, option);
        }
    }

    /// Waits until the page says `text`.
    pub fn see(&self, text: &str) {
        self.wait(&format!("the text {text:?}"), || self.says(&self.text(), text));
    }

    /// Waits until the page says one of `texts`, and gives it.
    pub fn see_one_of<'a>(&self, texts: &[&'a str]) -> &'a str {
        let seen = || {
            let page = self.text();
            texts.iter().copied().find(|text| self.says(&page, text))
        };
        self.wait(&format!("one of {texts:?}"), || seen().is_some());
        seen().unwrap_or_else(|| self.give_up(&format!("one of {texts:?} to stay")))
    }

    /// Waits until the page no longer says `text`.
    pub fn see_no(&self, text: &str) {
        self.wait(&format!("the text {text:?} to go"), || !self.says(&self.text(), text));
    }

    /// Waits until the part of the page with this test id says `text`.
    pub fn see_part(&self, test_id: &str, text: &str) {
        self.wait(&format!("the text {text:?} in the part {test_id:?}"), || {
            self.text_of(test_id).is_some_and(|part| self.says(&part, text))
        });
    }

    /// Waits until exactly so many elements of the page match a selector.
    pub fn see_count(&self, selector: &str, count: usize) {
        self.wait(&format!("{count} of {selector:?}"), || self.texts(selector).len() == count);
    }

    /// Waits until what has the keyboard matches a selector. (`:focus` matches nothing while another
    /// window of the display is in front.)
    pub fn see_focus(&self, selector: &str) {
        let script = "return document.activeElement?.matches(arguments[0]) ?? false;";
        let has_it = || self.ask(script, &[json!(selector)]) == json!(true);
        self.wait(&format!("the keyboard at {selector:?}"), has_it);
    }

    /// Waits until a form says what is to be mended, and the keyboard is there: it goes there a frame
    /// after the words are drawn, and would take with it what is typed in between.
    pub fn see_refusal(&self) {
        self.see("Please correct this");
        self.see_focus(".error-summary");
    }

    /// Waits until the field labelled `label` holds `text`.
    pub fn see_in(&self, label: &str, text: &str) {
        self.wait(&format!("{text:?} in {label:?}"), || self.value(label).contains(text));
    }

    /// Whether something that says `name` can be pressed now.
    pub fn offers(&self, name: &str) -> bool {
        self.find(&Wanted::pressable(name)).is_some()
    }

    /// Whether a page says a text, in the language of the window.
    fn says(&self, page: &str, text: &str) -> bool {
        self.tongue.said(text).iter().any(|said| page.contains(said))
    }

    /// What the page says now, as it is seen.
    pub fn text(&self) -> String {
        let text = self.ask("return document.body.innerText", &[]);
        plain(text.as_str().unwrap_or_default())
    }

    /// What the field labelled `label` holds; waits for the field.
    pub fn value(&self, label: &str) -> String {
        let wanted = Wanted::field(label);
        self.wait(&format!("{wanted}"), || self.find(&wanted).is_some());
        self.stands_in(&wanted)
    }

    /// What stands in a field now; nothing where it is not there.
    fn stands_in(&self, wanted: &Wanted) -> String {
        let script = format!("{} return found ? found.value ?? '' : ''", wanted.script());
        self.ask(&script, &wanted.arguments()).as_str().unwrap_or_default().to_owned()
    }

    /// What the parts with this test id say, if there are any on the page.
    pub fn text_of(&self, test_id: &str) -> Option<String> {
        let script = "
            const parts = [...document.querySelectorAll(`[data-testid=\"${arguments[0]}\"]`)];
            return parts.length ? parts.map((part) => part.innerText).join(' ') : null";
        self.ask(script, &[json!(test_id)]).as_str().map(plain)
    }

    /// What each element that matches a selector says now, in the order of the page.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let script =
            "return [...document.querySelectorAll(arguments[0])].map((part) => part.innerText)";
        let found = self.ask(script, &[json!(selector)]);
        found.as_array().into_iter().flatten().filter_map(Value::as_str).map(plain).collect()
    }

    /// Makes the window so large, and waits until its page is.
    pub fn resize(&self, width: u32, height: u32) {
        let client = self.driver.client();
        self.driver.run("another size", async { client.set_window_size(width, height).await });
        let size = json!([width, height]);
        self.wait("another size", || self.ask("return [innerWidth, innerHeight]", &[]) == size);
        self.is_drawn();
    }

    /// Waits until nothing on the page is still being read.
    pub fn see_settled(&self) {
        self.wait("nothing that is still on its way", || self.is_settled());
    }

    fn is_settled(&self) -> bool {
        let script = "return !document.querySelector('.loading') \
                      && [...document.images].every(image => image.complete);";
        self.ask(script, &[]) == json!(true)
    }

    /// Keeps a picture of the window in another scheme of colours.
    pub fn picture_in(&self, scheme: Scheme, name: &str) {
        self.wear(Some(scheme));
        self.picture(&format!("{name}-{}", scheme.word()));
        self.wear(None);
    }

    /// Keeps a picture of the window.
    pub fn picture(&self, name: &str) {
        self.shot(name);
    }

    /// Keeps a picture of the window, and gives the share of it that is painted.
    pub fn painted(&self, name: &str) -> f64 {
        painted_share(&self.shot(name))
    }

    /// Keeps a picture that the user's guide shows.
    pub fn picture_for_guide(&self, name: &str) {
        crate::pictures::for_guide(name, &self.shot(name));
    }

    fn shot(&self, name: &str) -> Vec<u8> {
        let client = self.driver.client();
        // What the page says may not be on the screen yet; a page that is stuck is shown as it is.
        self.is_drawn();
        // On a busy computer the driver now and then gives no picture and no reason; a window that is
        // gone gives none ever.
        let png =
            wait_for("a picture", || self.driver.attempt(async { client.screenshot().await }).ok());
        self.pictures.keep(&format!("{}-{name}", self.name), &png);
        png
    }

    /// What axe-core finds wrong with the page as it stands: everything by day, and by night what
    /// other colours can break.
    pub fn violations(&self, scheme: Scheme) -> Vec<Violation> {
        let rules = match scheme {
            Scheme::Light => Rules::All,
            Scheme::Dark => Rules::OfColours,
        };
        self.wear(Some(scheme));
        let violations = axe::violations(&self.driver, rules);
        self.wear(None);
        violations
    }

    /// Fails the test when axe-core finds anything wrong with the page as it stands, light or
    /// dark.
    pub fn must_be_accessible(&self, page: &str) {
        for scheme in [Scheme::Light, Scheme::Dark] {
            let (found, word) = (self.violations(scheme), scheme.word());
            assert!(found.is_empty(), "{page}, {word}, in window {}: {found:#?}", self.name);
        }
    }

    /// Shows the page in a scheme of colours, as if the desktop had asked for it.
    fn wear(&self, scheme: Option<Scheme>) {
        let script = "document.documentElement.style.colorScheme = arguments[0]";
        self.ask(script, &[json!(scheme.map_or("", Scheme::word))]);
    }

    /// Runs a script in the page, and gives what it returns.
    pub fn ask(&self, script: &str, arguments: &[Value]) -> Value {
        let client = self.driver.client();
        self.driver.run("a script", async { client.execute(script, arguments.to_vec()).await })
    }

    /// Runs a script whose last argument it calls with what it returns.
    pub fn ask_later(&self, script: &str, arguments: &[Value]) -> Value {
        let client = self.driver.client();
        self.driver
            .run("a script", async { client.execute_async(script, arguments.to_vec()).await })
    }

    /// Looks for something once.
    fn find(&self, wanted: &Wanted) -> Option<Element> {
        let script = format!("{} return found", wanted.script());
        self.tongue.said(wanted.name()).iter().find_map(|name| {
            let found = self.ask(&script, &wanted.named(name).arguments());
            self.driver.element(&found)
        })
    }

    /// Finds something and does something with it, again until it works: a page may be redrawn
    /// between the two.
    fn act(&self, wanted: &Wanted, act: impl Fn(Element) -> Result<(), String>) {
        self.act_until(|| false, wanted, act);
    }

    /// Likewise, unless it turns out to be `done` already: what is wanted may be gone by then.
    fn act_until(
        &self,
        done: impl Fn() -> bool,
        wanted: &Wanted,
        act: impl Fn(Element) -> Result<(), String>,
    ) {
        let mut last = String::from("it is not on the page");
        let done = self.until(|| {
            if done() {
                return true;
            }
            let Some(element) = self.find(wanted) else { return false };
            match act(element) {
                Ok(()) => true,
                Err(error) => {
                    last = error;
                    false
                }
            }
        });
        if !done {
            self.give_up(&format!("{wanted} ({last})"));
        }
        self.must_be_drawn();
    }

    /// A page moves the focus a frame after it was pressed; nobody types faster than that.
    fn must_be_drawn(&self) {
        if !self.is_drawn() {
            self.give_up("the page to be drawn");
        }
    }

    /// Waits until the page is drawn as it stands, and tells whether it was. The driver now and
    /// then cannot read the answer of a page that has just been redrawn: then it is asked again.
    fn is_drawn(&self) -> bool {
        let client = self.driver.client();
        self.until(|| self.driver.attempt(client.execute_async(TWO_FRAMES, Vec::new())).is_ok())
    }

    fn wait(&self, what: &str, ready: impl Fn() -> bool) {
        if !self.until(ready) {
            self.give_up(what);
        }
    }

    fn until(&self, mut ready: impl FnMut() -> bool) -> bool {
        let started = Instant::now();
        while !ready() {
            if started.elapsed() > patience() {
                return false;
            }
            self.driver.pause();
        }
        true
    }

    /// Ends the test with a picture and the text of the page.
    fn give_up(&self, what: &str) -> ! {
        self.picture("gave-up");
        panic!("window {}: waited for {what}; the page says:\n{}", self.name, self.text());
    }
}

/// Whether the driver lost keys on the way, as it does now and then: those that empty a field, so that what
/// was typed `stands` behind what was there `before`, or some of the `text`. Where the page `heard` all of
/// it and the field lacks some, the page lost it: that is for the test to find.
fn lost_keys((before, text): (&str, &str), stands: &str, heard: Option<u64>) -> bool {
    let is_behind = !before.is_empty() && stands == format!("{before}{text}");
    let typed = u64::try_from(text.chars().count()).ok();
    is_behind || stands != text && heard.is_some() && heard < typed
}

/// A text with its unbreakable blanks as plain ones, and without the marks that say from which side
/// a part is read: "10 mg" is read as it is written in a test.
fn plain(text: &str) -> String {
    let blank = |c: char| if c.is_whitespace() && c != '\n' { ' ' } else { c };
    let is_mark = |c: &char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{2066}'..='\u{2069}');
    text.chars().filter(|c| !is_mark(c)).map(blank).collect()
}

/// Colours for the day or for the night.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

impl Scheme {
    /// Its name in CSS.
    fn word(self) -> &'static str {
        match self {
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

/// An app that was ended the hard way, and can be started again.
#[derive(Debug)]
pub struct Killed {
    name: String,
    place: Place,
    pictures: Pictures,
}

impl Killed {
    /// Starts the app again on the same store.
    pub fn open_again(self) -> Window {
        Window::open(&self.name, self.place, self.pictures)
    }
}

#[cfg(test)]
mod tests {
    use super::lost_keys;

    #[test]
    fn keys_that_never_reached_the_page_are_known() {
        for (before, stands, heard, lost) in [
            ("", "Okello", 6, false),
            ("old", "Okello", 6, false),
            ("old", "oldOkello", 6, true),
            ("", "Oello", 5, true),
            // The page lost it, or it reads what is typed, or took the reader elsewhere.
            ("", "Oello", 6, false),
            ("", "OKELLO", 8, false),
            ("", "", 8, false),
        ] {
            let found = lost_keys((before, "Okello"), stands, Some(heard));
            assert_eq!(found, lost, "{before:?} {stands:?} {heard}");
            assert!(!lost_keys(("", "Okello"), stands, None), "the page was another one");
        }
    }
}
