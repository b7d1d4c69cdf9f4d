//! The paths that were typed or dropped, and the files that gave nothing.

use api::ImportView;

/// One path a line; blank lines and spaces around count for nothing.
pub(super) fn paths(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// What was typed, with the dropped paths that are not there yet.
pub(super) fn with_dropped(text: &str, dropped: &[String]) -> String {
    let mut all = paths(text);
    for path in dropped {
        if !all.contains(path) {
            all.push(path.clone());
        }
    }
    all.join("\n")
}

/// How far an import is, in parts of a thousand; `None` where nobody can know. Bytes tell how far it
/// is within a file, and files that there is more to come: a small one, or one that does not say
/// how long it is, is no rounding error. It is full when it is over.
pub(super) fn done(view: &ImportView) -> Option<u64> {
    if !view.running {
        return Some(WHOLE);
    }
    let bytes = part(view.bytes);
    let files = part(view.files).filter(|_| view.files.1 > 1);
    let done = match (bytes, files) {
        (Some(bytes), Some(files)) => u64::midpoint(bytes, files),
        (Some(one), None) | (None, Some(one)) => one,
        (None, None) => return None,
    };
    Some(done.min(WHOLE - 1))
}

/// All of an import, in parts of a thousand.
pub(super) const WHOLE: u64 = 1000;

fn part((done, all): (u64, u64)) -> Option<u64> {
    let part = u128::from(done.min(all)) * u128::from(WHOLE);
    u64::try_from(part.checked_div(u128::from(all))?).ok()
}

/// The names of the files of which nothing was taken in; empty while it is not known.
pub(super) fn gave_nothing(view: &ImportView) -> String {
    let empty = view.by_file.iter().filter(|file| file.resources == 0);
    empty.map(|file| file.file.as_str()).collect::<Vec<_>>().join(", ")
}

/// How many records were taken in of types that no chart shows, and of which: `3 CarePlan, 2 Goal`.
pub(super) fn unseen(view: &ImportView) -> (u64, String) {
    (view.not_shown.values().sum(), by_kind(view.not_shown.iter()))
}

/// Of which types the records are that are in no chart; empty while it is not known.
pub(super) fn left(view: &ImportView) -> String {
    by_kind(view.left_types.iter())
}

fn by_kind<'a>(counts: impl Iterator<Item = (&'a String, &'a u64)>) -> String {
    counts.map(|(kind, count)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_chart_shows_is_named_by_its_kind() {
        let of = |counts: &[(&str, u64)]| {
            counts.iter().map(|(kind, count)| ((*kind).to_owned(), *count)).collect()
        };
        let view = ImportView {
            not_shown: of(&[("Goal", 2), ("CarePlan", 3)]),
            left_types: of(&[("Observation", 1)]),
            ..ImportView::default()
        };
        assert_eq!(unseen(&view), (5, "3 CarePlan, 2 Goal".to_owned()));
        assert_eq!(left(&view), "1 Observation");
        assert_eq!(unseen(&ImportView::default()), (0, String::new()));
    }

    #[test]
    fn every_path_is_taken_once() {
        assert_eq!(paths(" /a b/c.json \n\n/d\r\n"), ["/a b/c.json", "/d"]);
        let dropped = ["/d".to_owned(), "/e".to_owned()];
        assert_eq!(with_dropped("/d\n", &dropped), "/d\n/e");
        assert_eq!(with_dropped("", &[]), "");
    }

    #[test]
    fn the_bar_is_full_when_it_is_over_and_never_before() {
        let check = |running, files, bytes, want: Option<u64>| {
            let view = ImportView { running, files, bytes, ..ImportView::default() };
            assert_eq!(done(&view), want, "{files:?} {bytes:?}");
        };
        check(true, (0, 1), (50, 100), Some(500));
        check(true, (0, 1), (100, 100), Some(999));
        check(true, (2, 3), (100, 100), Some(833));
        check(true, (0, 3), (0, 0), Some(0));
        check(true, (1, 2), (0, 0), Some(500));
        check(true, (0, 1), (0, 0), None);
        check(false, (3, 3), (100, 100), Some(1000));
        check(false, (2, 3), (9, u64::MAX), Some(1000));
        check(true, (1, 2), (u64::MAX, u64::MAX), Some(750));
    }

    #[test]
    fn files_that_gave_nothing_are_named() {
        let of = |file: &str, resources| api::FileIntake {
            file: file.to_owned(),
            resources,
            ..api::FileIntake::default()
        };
        let by_file = vec![of("a.json", 0), of("b.json", 0), of("c.json", 7)];
        let view = ImportView { by_file, files_empty: 2, ..ImportView::default() };
        assert_eq!(gave_nothing(&view), "a.json, b.json");
        assert_eq!(gave_nothing(&ImportView::default()), "");
    }
}
