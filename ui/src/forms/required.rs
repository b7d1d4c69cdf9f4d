//! What every form asks before it sends: that nothing needed is left out.

use crate::i18n::t;
use clinical::Finding;

/// A finding for each field that was left blank, by path.
pub(crate) fn blank(fields: &[(&str, &str)]) -> Vec<Finding> {
    let blank = fields.iter().filter(|(_, text)| text.trim().is_empty());
    blank.map(|(path, _)| Finding::error(path, "required", t("form.required"))).collect()
}

/// What is surely wrong with a new password; the core judges how strong it is.
pub(crate) fn weak(path: &str, password: &str) -> Option<Finding> {
    let nothing = password.trim().is_empty();
    nothing.then(|| Finding::error(path, "password-short", t("first-run.password.hint")))
}

/// That a password was not typed the same way twice.
pub(crate) fn differs(path: &str, password: &str, again: &str) -> Option<Finding> {
    let differs = password != again;
    differs.then(|| Finding::error(path, "password-differs", t("first-run.password.differs")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_is_named() {
        let paths = |findings: Vec<Finding>| -> Vec<String> {
            findings.into_iter().map(|finding| finding.path).collect()
        };
        assert_eq!(paths(blank(&[("a", " "), ("b", "x"), ("c", "")])), ["a", "c"]);
        assert_eq!(paths(weak("p", "  ").into_iter().collect()), ["p"]);
        assert_eq!(weak("p", "anything"), None);
        assert_eq!(paths(differs("q", "one", "two").into_iter().collect()), ["q"]);
        assert_eq!(differs("q", "one", "one"), None);
    }
}
