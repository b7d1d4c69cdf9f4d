//! What is written and cannot be a value.

/// Words for what was written and cannot be: nothing computes with them, and nobody takes them for
/// a value.
pub(super) fn unclear(what: &str, written: &str) -> String {
    // A no-break space would keep the number beside its unit as in a value.
    format!("{what} unclear: {} as written in the file", written.replace('\u{a0}', " "))
}
