//! `en-XA`: English that is no English. Each text is accented, in brackets and 40 % longer, so that
//! what was never translated, what is put together from pieces, and what has no room is seen. It is
//! made for the tests and goes into no package.

use super::*;

/// Its tag.
pub(super) const TAG: &str = "en-XA";

/// The texts made from those of English.
pub(super) fn texts(english: &Texts) -> Texts {
    english.iter().map(|(key, text)| (key.clone(), of_text(key, text))).collect()
}

fn of_text(key: &str, text: &str) -> String {
    // Lists and signs that are read by the program.
    if ["date.months", "dose.thousands"].contains(&key) {
        return text.to_owned();
    }
    let mut in_braces = false;
    let accented: String = text
        .chars()
        .map(|letter| {
            in_braces = (in_braces || letter == '{') && letter != '}';
            if in_braces { letter } else { accent(letter) }
        })
        .collect();
    let more = (text.chars().count() * 2).div_ceil(5);
    format!("[{accented}{}]", " ~~~~".chars().cycle().take(more).collect::<String>())
}

fn accent(letter: char) -> char {
    const PLAIN: &str = "aceinosuyACEINOSUY";
    const ACCENTED: &str = "åçéîñöšüýÅÇÉÎÑÖŠÜÝ";
    let place = PLAIN.chars().position(|plain| plain == letter);
    place.and_then(|place| ACCENTED.chars().nth(place)).unwrap_or(letter)
}

#[test]
fn it_is_longer_and_keeps_what_is_filled_in() {
    let check = |text: &str, want: &str| assert_eq!(of_text("x", text), want);
    check("Close", "[Çlöšé ~]");
    check("{n} patients", "[{n} påtîéñtš ~~~~]");
    let english = read("en").texts;
    for (key, text) in texts(&english) {
        assert_eq!(places(&text), places(&english[&key]), "{key}");
    }
}

/// What remains of a line once all that came from the texts is taken out: the words of the record
/// alone, and signs.
fn outside(line: &str) -> String {
    let mut depth = 0_i32;
    let outside = line.chars().filter(|letter| {
        depth += i32::from(*letter == '[');
        let is_outside = depth == 0;
        depth -= i32::from(*letter == ']');
        is_outside
    });
    outside.collect()
}

/// A word that is written in the sources, and not in the texts, stands outside the brackets.
#[test]
fn no_line_has_words_of_its_own() {
    let today = jiff::civil::date(2026, 11, 26);
    let said = speak(TAG, || {
        let at = |text: &str| crate::words::understood(text, today, true).unwrap();
        let born = |text: &str| crate::words::age(&text.parse().unwrap(), today).unwrap();
        let names = vec!["Amina".into(), "Ben".into()];
        vec![
            at("4/3/1980"),
            at("8 m"),
            born("2026-11-20"),
            born("1980"),
            crate::words::joined(names),
        ]
    });
    let mut left: Vec<String> = said.iter().map(|line| outside(line)).collect();
    left.iter_mut().for_each(|line| line.retain(char::is_alphabetic));
    assert_eq!(left, ["Mar", "", "", "", ""], "{said:?}");
}
