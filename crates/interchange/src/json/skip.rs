//! Passing over values without looking into them.

use std::borrow::Cow;

/// A walk along JSON text. It only counts brackets: what it passes over, the scanner judges.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Walk<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Walk<'a> {
    /// Starts at a byte of the text.
    pub(crate) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    /// The byte it stands at.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Goes to a byte further on.
    pub(crate) fn go(&mut self, at: usize) {
        self.at = at;
    }

    /// The next byte that is no white space.
    pub(crate) fn peek(&mut self) -> Option<u8> {
        let rest = self.text.as_bytes().get(self.at..)?;
        let blank = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += rest.iter().position(|byte| !blank(byte)).unwrap_or(rest.len());
        self.text.as_bytes().get(self.at).copied()
    }

    /// Takes the next byte that is no white space, if it is this one.
    pub(crate) fn eat(&mut self, want: u8) -> bool {
        let fits = self.peek() == Some(want);
        if fits {
            self.at += 1;
        }
        fits
    }

    /// Takes a member's name, and the colon after it.
    pub(crate) fn key(&mut self) -> Option<Cow<'a, str>> {
        if self.peek()? != b'"' {
            return None;
        }
        let start = self.at + 1;
        self.string()?;
        let written = self.text.get(start..self.at.checked_sub(1)?)?;
        let name = match written.contains('\\') {
            // What is no text is a name nobody asks for.
            true => serde_json::from_str(&format!("\"{written}\"")).unwrap_or_default(),
            false => Cow::Borrowed(written),
        };
        self.eat(b':').then_some(name)
    }

    /// Passes over one value; `None` when the text ends within it.
    pub(crate) fn skip(&mut self) -> Option<()> {
        let mut depth = 0_usize;
        loop {
            match self.peek()? {
                b'"' => self.string()?,
                b'{' | b'[' => {
                    depth += 1;
                    self.at += 1;
                }
                b'}' | b']' => {
                    depth = depth.checked_sub(1)?;
                    self.at += 1;
                }
                b',' | b':' if depth > 0 => self.at += 1,
                b',' | b':' => return None,
                _ => self.word(),
            }
            if depth == 0 {
                return Some(());
            }
        }
    }

    fn word(&mut self) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let ends = |byte: &u8| {
            matches!(byte, b',' | b':' | b'}' | b']' | b'{' | b'[' | b'"' | b' ' | b'\t'..=b'\r')
        };
        self.at += rest.iter().position(ends).unwrap_or(rest.len()).max(1);
    }

    fn string(&mut self) -> Option<()> {
        self.at += 1;
        loop {
            let rest = self.text.as_bytes().get(self.at..)?;
            let stop = rest.iter().position(|byte| matches!(byte, b'"' | b'\\'))?;
            self.at += stop;
            if self.text.as_bytes().get(self.at) == Some(&b'"') {
                self.at += 1;
                return Some(());
            }
            self.at += 2;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_passed_over_whole() {
        let check = |text: &str, rest: Option<&str>| {
            let mut walk = Walk::new(text, 0);
            assert_eq!(walk.skip().and_then(|()| text.get(walk.at()..)), rest, "{text}");
        };
        check(r#"{"a":[1,{"b":"]}"}]} ,"#, Some(" ,"));
        check(r#""a\"b",1"#, Some(",1"));
        check("12.50}", Some("}"));
        check("  null", Some(""));
        check("[1,2", None);
        check(r#"{"a":"b"#, None);
        check(r#""\"#, None);
        check("", None);
        check("]", None);
        check(",1", None);
        check(&format!("{}{}", "[".repeat(100_000), "]".repeat(100_000)), Some(""));
    }

    #[test]
    fn names_are_taken_with_their_colon() {
        let mut walk = Walk::new(r#" "entry" : [] "#, 0);
        assert_eq!(walk.key().as_deref(), Some("entry"));
        assert_eq!(Walk::new(r#""\u0065ntry":1"#, 0).key().as_deref(), Some("entry"));
        assert!(walk.eat(b'['));
        assert_eq!(Walk::new(r#""entry" 1"#, 0).key(), None);
        assert_eq!(Walk::new("entry", 0).key(), None);
    }
}
