//! The outermost members of a document, before anything is looked into.

use crate::json::Walk;

/// What a document is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Outline<'a> {
    /// The text of `resourceType`, quotes left out; of two, none.
    pub(super) resource_type: Option<&'a str>,
    /// Where each value of `entry` begins: there should be one.
    pub(super) entry: Vec<usize>,
    /// Whether the object is closed.
    pub(super) complete: bool,
    /// The first byte after the object.
    pub(super) end: usize,
}

/// Passes over a document once. `None` when it is no object.
pub(super) fn outline(text: &str, at: usize) -> Option<Outline<'_>> {
    let mut walk = Walk::new(text, at);
    if !walk.eat(b'{') {
        return None;
    }
    let mut outline =
        Outline { resource_type: None, entry: Vec::new(), complete: false, end: text.len() };
    if walk.eat(b'}') {
        return Some(Outline { complete: true, end: walk.at(), ..outline });
    }
    let mut typed = false;
    loop {
        let Some(name) = walk.key() else { return Some(outline) };
        walk.peek();
        let start = walk.at();
        match &*name {
            "entry" => outline.entry.push(start),
            "resourceType" => {
                outline.resource_type = quoted(text, start).filter(|_| !typed);
                typed = true;
            }
            _ => {}
        }
        if walk.skip().is_none() {
            return Some(outline);
        }
        if walk.eat(b',') {
            continue;
        }
        outline.complete = walk.eat(b'}');
        outline.end = walk.at();
        return Some(outline);
    }
}

fn quoted(text: &str, start: usize) -> Option<&str> {
    text.get(start..)?.strip_prefix('"')?.split_once('"').map(|(word, _)| word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_outermost_members_are_found_in_any_order() {
        let check = |text: &str, want: Option<(Option<&str>, Option<usize>, bool)>| {
            let first = |entry: &[usize]| entry.first().copied();
            let got = outline(text, 0).map(|o| (o.resource_type, first(&o.entry), o.complete));
            assert_eq!(got, want, "{text}");
        };
        check(r#"{"resourceType":"Bundle","entry":[]}"#, Some((Some("Bundle"), Some(33), true)));
        check(r#"{"entry":[{}],"resourceType":"Bundle"}"#, Some((Some("Bundle"), Some(9), true)));
        check(r#"{"a":{"entry":1},"resourceType":"Bundle""#, Some((Some("Bundle"), None, false)));
        check(r#"{"resourceType":"Bundle","entry":[{"a"#, Some((Some("Bundle"), Some(33), false)));
        check(r#"{"resourceType":"Bundle","resourceType":"Group"}"#, Some((None, None, true)));
        check("{}", Some((None, None, true)));
        check("{", Some((None, None, false)));
        check("[]", None);
        check("", None);
    }
}
