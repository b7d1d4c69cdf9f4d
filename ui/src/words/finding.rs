//! What a check says of a field.

use crate::i18n;
use clinical::Finding;

/// The finding in the window's language; as it came where it has no translation, or where its
/// own sentence names the limits.
pub(crate) fn finding(finding: &Finding) -> String {
    // Of the way to a server, the sentence is that of the command line.
    let is_of_servers = ["no-server", "not-reached"].contains(&finding.code.as_str());
    let own = (i18n::tag() == "en" && !is_of_servers) || finding.code == "amount-impossible";
    let translated = i18n::find(&format!("finding.{}", finding.code)).filter(|_| !own);
    translated.map_or_else(|| finding.detail.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::{speak, tags};

    #[test]
    fn the_way_to_a_server_is_told_as_the_window_knows_it() {
        let of = |code: &str| Finding::error("server", code, "by `fieldchart sync --server URL`");
        for tag in tags() {
            for code in ["no-server", "not-reached"] {
                let said = speak(tag, || finding(&of(code)));
                assert!(!said.contains("--server"), "{tag}: {said}");
            }
        }
        assert!(finding(&of("required")).contains("--server"), "in English a check speaks itself");
    }
}
