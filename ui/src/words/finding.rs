//! What a check says of a field.

use crate::i18n;
use clinical::Finding;

/// The finding in the window's language; as it came where it has no translation, or where its
/// own sentence names the limits.
pub(crate) fn finding(finding: &Finding) -> String {
    let own = i18n::tag() == "en" || finding.code == "amount-impossible";
    let translated = i18n::find(&format!("finding.{}", finding.code)).filter(|_| !own);
    translated.map_or_else(|| finding.detail.clone(), str::to_owned)
}
