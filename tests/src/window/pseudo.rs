//! `en-XA`: English that is no English, made from the texts while the window stands. Each text is
//! accented, longer by two fifths and between signs that nothing else bears: what was never
//! translated, what is put together from pieces and what has no room is seen on the page.

use std::collections::BTreeMap;

use serde_json::json;

use super::Window;
use super::tongue::{Tongue, texts};

/// What begins and ends each text.
const SIGNS: [char; 2] = ['⟦', '⟧'];

/// Lists and signs that the window takes apart.
const READ_BY_THE_PROGRAM: [&str; 2] = ["date.months", "dose.thousands"];

/// Starts the window's module anew, with other texts, in the page it was started in.
const START_ANEW: &str = r#"
    const [texts, done] = arguments;
    globalThis.fieldchartTexts = texts;
    document.body.replaceChildren();
    import(new URL("./ui.js?again", location.href))
      .then((window) => window.default({ module_or_path: fetch(new URL("./ui_bg.wasm", location.href)) }))
      .then(() => done(null), (error) => done(String(error)));"#;

/// The words of a page, seen and heard, that stand outside the signs of every text.
const OUTSIDE: &str = r#"
    const said = [];
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const drawn = (e) => e.getClientRects().length && !e.closest("kbd, style, script");
    while (texts.nextNode()) {
      if (drawn(texts.currentNode.parentElement)) said.push(texts.currentNode.data);
    }
    for (const e of document.querySelectorAll("[aria-label], [placeholder], [title], [alt]")) {
      if (!drawn(e)) continue;
      for (const name of ["aria-label", "placeholder", "title", "alt"]) said.push(e.getAttribute(name) ?? "");
    }
    const words = new Set();
    for (const text of said) {
      let depth = 0;
      let rest = "";
      for (const sign of text) {
        if (sign === "⟦") depth += 1;
        rest += depth ? " " : sign;
        if (sign === "⟧") depth -= 1;
      }
      for (const word of rest.match(/\p{L}{3,}/gu) ?? []) words.add(word);
    }
    return [...words].sort();"#;

impl Window {
    /// The same window in a language that nobody speaks. It stands where nobody is signed in.
    #[must_use]
    pub fn pretending(self) -> Self {
        let english = texts("en");
        let here: BTreeMap<_, _> = english.clone().into_iter().map(pretended).collect();
        let failed = self.ask_later(START_ANEW, &[json!(here)]);
        assert_eq!(failed, json!(null), "the window starts with other texts");
        // Both are in the order of their keys.
        let pairs = english.into_values().zip(here.into_values());
        Self { tongue: Tongue::between(pairs.collect()), ..self }
    }

    /// The words on the page that come from no text.
    pub fn untranslated(&self) -> Vec<String> {
        let [begin, _] = SIGNS;
        assert!(self.text().contains(begin), "the page has texts of the other language");
        let words = self.ask(OUTSIDE, &[]);
        let words = words.as_array().expect("the words of the page");
        words.iter().filter_map(|word| word.as_str().map(str::to_owned)).collect()
    }
}

fn pretended((key, text): (String, String)) -> (String, String) {
    if READ_BY_THE_PROGRAM.contains(&key.as_str()) {
        return (key, text);
    }
    let mut in_gap = false;
    let accented: String = text
        .chars()
        .map(|letter| {
            in_gap = (in_gap || letter == '{') && letter != '}';
            if in_gap { letter } else { accent(letter) }
        })
        .collect();
    let more: String =
        " ~~~~".chars().cycle().take((text.chars().count() * 2).div_ceil(5)).collect();
    let [begin, end] = SIGNS;
    (key, format!("{begin}{accented}{more}{end}"))
}

fn accent(letter: char) -> char {
    const PLAIN: &str = "aceinosuyACEINOSUY";
    const ACCENTED: &str = "åçéîñöšüýÅÇÉÎÑÖŠÜÝ";
    let place = PLAIN.chars().position(|plain| plain == letter);
    place.and_then(|place| ACCENTED.chars().nth(place)).unwrap_or(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_longer_and_keeps_its_gaps() {
        let check = |key: &str, text: &str, want: &str| {
            assert_eq!(pretended((key.into(), text.into())).1, want);
        };
        check("x", "Close", "⟦Çlöšé ~⟧");
        check("x", "{n} patients", "⟦{n} påtîéñtš ~~~~⟧");
        check("date.months", "Jan Feb", "Jan Feb");
    }
}
