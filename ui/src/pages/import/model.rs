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

/// The names of the files of which nothing was taken in; empty while it is not known.
pub(super) fn gave_nothing(view: &ImportView) -> String {
    let empty = view.by_file.iter().filter(|file| file.resources == 0);
    empty.map(|file| file.file.as_str()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_path_is_taken_once() {
        assert_eq!(paths(" /a b/c.json \n\n/d\r\n"), ["/a b/c.json", "/d"]);
        let dropped = ["/d".to_owned(), "/e".to_owned()];
        assert_eq!(with_dropped("/d\n", &dropped), "/d\n/e");
        assert_eq!(with_dropped("", &[]), "");
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
