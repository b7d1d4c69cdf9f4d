//! A chart that is being given to another clinic: what a person says of it.

use super::check::{date, finish, text};
use crate::{Finding, PartialDate, SharingGround};
use serde::{Deserialize, Serialize};

/// What is said of it so far.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SharingDraft {
    /// On what ground.
    pub ground: Option<SharingGround>,
    /// What the other clinic is asked, in words; may be empty.
    pub reason: String,
    /// Until when they are asked to work with it; may be empty.
    pub until: String,
}

/// What was said of it, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SharingSaid {
    /// On what ground.
    pub ground: SharingGround,
    /// What the other clinic is asked.
    pub reason: Option<String>,
    /// Until when.
    pub until: Option<PartialDate>,
}

impl SharingDraft {
    /// What is said, checked.
    ///
    /// # Errors
    /// A finding for each field to mend.
    pub fn complete(&self) -> Result<SharingSaid, Vec<Finding>> {
        let mut findings = Vec::new();
        if self.ground.is_none() {
            findings.push(Finding::error("ground", "required", "Please fill this in."));
        }
        let reason = text("reason", &self.reason, &mut findings);
        let until = date("until", &self.until, &mut findings);
        // Without a ground there is a finding.
        let ground = self.ground.unwrap_or(SharingGround::Request);
        finish(SharingSaid { ground, reason, until }, findings)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ground_must_be_said_and_the_rest_may() {
        let check = |ground, reason: &str, until: &str, code: Option<&str>| {
            let draft = SharingDraft { ground, reason: reason.into(), until: until.into() };
            let found = draft.complete().err().map(|findings| findings[0].code.clone());
            assert_eq!(found.as_deref(), code, "{draft:?}");
        };
        let ground = Some(SharingGround::Referral);
        check(ground, "", "", None);
        check(ground, "Echo,\nplease", "2026-12-24", None);
        check(None, "Echo", "", Some("required"));
        check(ground, "a\u{202e}b", "", Some("unprintable"));
        check(ground, "", "24/12", Some("date-short-year"));
        let said = SharingDraft { ground, reason: " x ".into(), ..SharingDraft::default() };
        assert_eq!(said.complete().unwrap().reason.as_deref(), Some("x"));
    }
}
