//! What the rules say.

use crate::components::{Tone, notice};
use crate::words;
use clinical::{AlertTier, DetectedIssue};
use leptos::prelude::*;

/// The findings, the loudest first.
pub(crate) fn advice_list(issues: &[DetectedIssue]) -> AnyView {
    let mut issues: Vec<&DetectedIssue> = issues.iter().collect();
    issues.sort_by_key(|issue| issue.tier);
    issues.into_iter().map(one).collect_view().into_any()
}

fn one(issue: &DetectedIssue) -> AnyView {
    let text = if issue.source.is_empty() {
        issue.detail.clone()
    } else {
        format!("{} ({})", issue.detail, issue.source)
    };
    notice(tone(issue.tier), words::tier(issue.tier), text, None)
}

/// The colour of a tier: red is kept for danger.
fn tone(tier: AlertTier) -> Tone {
    match tier {
        AlertTier::Block => Tone::Critical,
        AlertTier::Interrupt => Tone::Warning,
        AlertTier::Inline => Tone::Info,
        AlertTier::Info => Tone::Plain,
    }
}
