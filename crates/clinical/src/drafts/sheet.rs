//! The forms of paper: what a sheet is to say, what the clinic's paper says.

use super::check;
use crate::{
    Credentials, EncounterId, Finding, Letterhead, MedicationId, PartialDate, SheetKind, possible,
};
use serde::{Deserialize, Serialize};

/// The longest line of a letterhead, in characters.
const LINE_MAX: usize = 160;
/// Lines of an address.
const LINES_MAX: usize = 6;

/// A sheet that is to be printed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", tag = "kind", content = "of")]
pub enum SheetDraft {
    /// Medicines to be handed out.
    Prescription(PrescriptionDraft),
    /// What a visit came to.
    Summary(EncounterId),
    /// That somebody cannot work or go to school.
    SickNote(SickNoteDraft),
    /// A letter to a colleague.
    Referral(ReferralDraft),
}

/// Which medicines are prescribed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct PrescriptionDraft {
    /// These; where none is named, all that were ordered in the visit and are to be taken.
    pub medications: Vec<MedicationId>,
    /// The visit it is of.
    pub encounter: Option<EncounterId>,
}

/// That somebody cannot work or go to school. It holds no diagnosis unless one is written in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct SickNoteDraft {
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
    /// Anything else that is to be said.
    pub remark: String,
    /// The visit it is of.
    pub encounter: Option<EncounterId>,
}

/// A patient is sent to somebody else: situation, background, assessment, recommendation (SBAR).
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
pub struct ReferralDraft {
    /// To whom.
    pub to: String,
    /// Whether it cannot wait.
    pub urgent: bool,
    /// Why.
    pub situation: String,
    /// What went before.
    pub background: String,
    /// What is thought of it.
    pub assessment: String,
    /// What is asked for.
    pub recommendation: String,
    /// The visit it is of.
    pub encounter: Option<EncounterId>,
}

impl SheetDraft {
    /// What it is.
    pub const fn kind(&self) -> SheetKind {
        match self {
            Self::Prescription(_) => SheetKind::Prescription,
            Self::Summary(_) => SheetKind::Summary,
            Self::SickNote(_) => SheetKind::SickNote,
            Self::Referral(_) => SheetKind::Referral,
        }
    }

    /// The visit it is of.
    pub const fn encounter(&self) -> Option<EncounterId> {
        match self {
            Self::Prescription(draft) => draft.encounter,
            Self::Summary(encounter) => Some(*encounter),
            Self::SickNote(draft) => draft.encounter,
            Self::Referral(draft) => draft.encounter,
        }
    }
}

impl SickNoteDraft {
    /// The first and the last day.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn days(&self) -> Result<(PartialDate, PartialDate), Vec<Finding>> {
        let mut findings = Vec::new();
        text("remark", &self.remark, &mut findings);
        let [from, until] = [("from", &self.from), ("until", &self.until)].map(|(path, typed)| {
            check::required(path, typed, &mut findings);
            let day = check::date(path, typed, &mut findings);
            if day.as_ref().is_some_and(|day| day.date().is_none()) {
                let detail = "Please write the whole day.";
                findings.push(Finding::error(path, "date-shape", detail));
            }
            day
        });
        if let (Some(from), Some(until)) = (&from, &until)
            && possible::is_before(until, from)
        {
            let detail = "This is before the first day.";
            findings.push(Finding::error("until", "end-before-start", detail));
        }
        match (from, until) {
            (Some(from), Some(until)) => check::finish((from, until), findings),
            (None, _) | (_, None) => Err(findings),
        }
    }
}

impl ReferralDraft {
    /// The letter without blanks around its parts.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn complete(&self) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut part = |path, typed: &String| text(path, typed, &mut findings);
        let letter = Self {
            situation: part("situation", &self.situation),
            background: part("background", &self.background),
            assessment: part("assessment", &self.assessment),
            recommendation: part("recommendation", &self.recommendation),
            to: check::required("to", &self.to, &mut findings),
            ..self.clone()
        };
        if letter.situation.is_empty() {
            findings.push(Finding::error("situation", "required", "Please fill this in."));
        }
        check::finish(letter, findings)
    }
}

impl Letterhead {
    /// The letterhead as it is kept: each line of it is one line, and no longer than paper takes.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn complete(&self) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let address = self.address.iter().filter(|line| !line.trim().is_empty());
        let address: Vec<String> =
            address.map(|typed| line("address", typed, &mut findings)).collect();
        if address.len() > LINES_MAX {
            let detail = format!("Please keep this to {LINES_MAX} lines.");
            findings.push(Finding::error("address", "too-long", detail));
        }
        let mut one = |path, typed: &String| line(path, typed, &mut findings);
        let letterhead = Self {
            name: one("name", &self.name),
            telephone: one("telephone", &self.telephone),
            registration: one("registration", &self.registration),
            footer: one("footer", &self.footer),
            language: one("language", &self.language),
            address,
            template: self.template,
            papers: self.papers.clone(),
        };
        check::finish(letterhead, findings)
    }
}

impl Credentials {
    /// What stands beside a name as it is kept.
    ///
    /// # Errors
    /// One finding for each field to mend.
    pub fn complete(&self) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let mut one = |path, typed: &String| line(path, typed, &mut findings);
        let credentials = Self {
            registration: one("registration", &self.registration),
            qualification: one("qualification", &self.qualification),
        };
        check::finish(credentials, findings)
    }
}

fn line(path: &str, typed: &str, findings: &mut Vec<Finding>) -> String {
    let line = check::line(path, typed, findings).unwrap_or_default();
    too_long(path, &line, LINE_MAX, findings);
    line
}

fn text(path: &str, typed: &str, findings: &mut Vec<Finding>) -> String {
    check::text(path, typed, findings).unwrap_or_default()
}

fn too_long(path: &str, text: &str, max: usize, findings: &mut Vec<Finding>) {
    if text.chars().count() > max && !findings.iter().any(|finding| finding.path == path) {
        let detail = format!("Please keep this under {max} characters.");
        findings.push(Finding::error(path, "too-long", detail));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(findings: &[Finding]) -> Vec<(&str, &str)> {
        findings.iter().map(|one| (one.path.as_str(), one.code.as_str())).collect()
    }

    #[test]
    fn a_sick_note_has_two_whole_days_in_their_order() {
        let check = |from: &str, until: &str, want: &[(&str, &str)]| {
            let draft =
                SickNoteDraft { from: from.into(), until: until.into(), ..Default::default() };
            let days = draft.days();
            assert_eq!(told(days.as_ref().err().map_or(&[][..], Vec::as_slice)), want, "{from}");
        };
        check("2026-11-27", "2026-11-27", &[]);
        check("27 Nov 2026", "2026-12-01", &[]);
        check("", "2026-12-01", &[("from", "required")]);
        check("2026-11", "2026-12-01", &[("from", "date-shape")]);
        check("2026-11-27", "2026-11-26", &[("until", "end-before-start")]);
        check("soon", "2026-11-26", &[("from", "date-shape")]);
    }

    #[test]
    fn a_letter_says_to_whom_and_why() {
        let found = ReferralDraft::default().complete().unwrap_err();
        assert_eq!(told(&found), [("to", "required"), ("situation", "required")]);
        let long = ReferralDraft {
            to: "Cardiology".into(),
            situation: " Chest pain.\nSince May. ".into(),
            background: "x".repeat(check::TEXT_MAX + 1),
            ..Default::default()
        };
        assert_eq!(told(&long.complete().unwrap_err()), [("background", "too-long")]);
        let letter = ReferralDraft { background: String::new(), ..long }.complete().unwrap();
        assert_eq!(letter.situation, "Chest pain.\nSince May.");
    }

    #[test]
    fn a_letterhead_is_lines_that_paper_takes() {
        let letterhead = Letterhead {
            name: " Lakeside ".into(),
            address: vec!["Shore Road 4".into(), "  ".into(), "Amolatar".into()],
            ..Letterhead::default()
        };
        let kept = letterhead.complete().unwrap();
        assert_eq!((kept.name.as_str(), kept.address.len()), ("Lakeside", 2));
        assert_eq!(kept.complete().unwrap(), kept);
        let wrong = Letterhead {
            telephone: "1\n2".into(),
            footer: "x".repeat(LINE_MAX + 1),
            address: vec!["a".into(); LINES_MAX + 1],
            ..letterhead
        };
        let found = wrong.complete().unwrap_err();
        let want = [("address", "too-long"), ("telephone", "unprintable"), ("footer", "too-long")];
        assert_eq!(told(&found), want);
    }
}
