//! Text as XHTML.

use serde_json::{Value, json};

/// A `Narrative` of plain text: one paragraph a line, nothing of it active.
pub(super) fn narrative(text: &str) -> Value {
    let paragraphs: String =
        text.lines().map(|line| format!("<p>{}</p>", escape(line.trim_end()))).collect();
    let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{paragraphs}</div>");
    json!({ "status": "additional", "div": div })
}

/// Escapes what XML gives a meaning and leaves out what XML 1.0 cannot hold.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{0}'..='\u{8}' | '\u{b}' | '\u{c}' | '\u{e}'..='\u{1f}' => {}
            '\u{fffe}' | '\u{ffff}' => {}
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_never_becomes_markup() {
        let check = |text: &str, want: &str| {
            let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{want}</div>");
            assert_eq!(narrative(text).get("div"), Some(&json!(div)));
        };
        check("a < b & c > \"d\"", "<p>a &lt; b &amp; c &gt; &quot;d&quot;</p>");
        check(
            "<script>alert('x')</script>",
            "<p>&lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;</p>",
        );
        check("first\nsecond", "<p>first</p><p>second</p>");
        check("a\u{0}b\u{b}c", "<p>abc</p>");
    }
}
