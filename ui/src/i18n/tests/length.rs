//! Places that do not grow: their texts are short in every language.

use super::*;

/// A place: its keys begin so, how long a word of it may be, and how long all of it.
const PLACES: [(&str, usize, usize); 9] = [
    // The rail is 5.75 rem wide: a word does not break, two lines are enough.
    ("rail.", 11, 20),
    // A chip stays on its line.
    ("sync.offline-with.", 12, 36),
    ("sync.to-send.", 12, 28),
    ("sync.done-at", 16, 28),
    ("find.by.", 12, 26),
    // Another may take two.
    ("coming.charts.", 12, 36),
    // Beside a name, in columns that all rows share.
    ("age.short-", 8, 12),
    ("sex.", 12, 12),
    // Eight fields stand beside each other.
    ("vitals.systolic", 12, 22),
];

#[test]
fn texts_of_fixed_places_fit() {
    for tag in tags() {
        let texts = read(tag).texts;
        for (place, word_max, max) in PLACES {
            let mut seen = 0;
            for (key, text) in texts.iter().filter(|(key, _)| key.starts_with(place)) {
                seen += 1;
                let longest = text.split(' ').map(|word| word.chars().count()).max();
                assert!(longest.unwrap_or_default() <= word_max, "{tag}: {key}: {text}");
                assert!(text.chars().count() <= max, "{tag}: {key}: {text}");
            }
            assert!(seen > 0, "{tag}: {place}");
        }
    }
}
