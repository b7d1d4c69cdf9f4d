//! Finding by code.

use super::{Found, Matched, table::Kind, table::Table};

/// Signs of a code without its dot.
const CODE_MIN: usize = 3;
const CODE_MAX: usize = 7;
/// From so many signs on all seventh characters are listed, below it the first alone.
const SEVENTH_FROM: usize = 6;

/// What a query that is a code, or the beginning of one, leads to; nothing for other queries.
pub(super) fn find(table: &Table, query: &str, limit: usize) -> Vec<Found> {
    let Some(sought) = code_of(query) else { return Vec::new() };
    let mut found = Vec::new();
    for node in &table.nodes {
        let bare = bare(node.code);
        let is_beneath = bare.starts_with(&sought);
        let is_above = sought.starts_with(&bare) && matches!(node.kind, Kind::Seventh(_));
        if !is_beneath && !is_above {
            continue;
        }
        let codes = table.codes(node);
        let all = codes.len() == 1 || sought.len() >= SEVENTH_FROM || is_above && bare == sought;
        let shown = if all { codes.len() } else { 1 };
        let codes = codes.into_iter().take(shown);
        found.extend(
            codes.filter(|(code, _)| is_begun(code, &sought)).map(|(code, display)| Found {
                code,
                display,
                matched: Matched::Code,
            }),
        );
        if found.len() >= limit {
            break;
        }
    }
    found.truncate(limit);
    found
}

/// A query as a code without its dot, when it has the shape of one.
fn code_of(query: &str) -> Option<String> {
    let code = bare(query.trim()).to_ascii_uppercase();
    let mut signs = code.chars();
    let is_code = (CODE_MIN..=CODE_MAX).contains(&code.len())
        && signs.next().is_some_and(|sign| sign.is_ascii_uppercase())
        && signs.next().is_some_and(|sign| sign.is_ascii_digit())
        && signs.all(|sign| sign.is_ascii_alphanumeric());
    is_code.then_some(code)
}

fn bare(code: &str) -> String {
    code.replace('.', "")
}

fn is_begun(code: &str, sought: &str) -> bool {
    bare(code).starts_with(sought)
}
