//! The paths that were typed or dropped.

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
}
