//! The rows of the log in words, what was done again and again told once.

use crate::i18n::{find, tf};
use api::AuditItem;
use clinical::{Instant, PatientId};

/// Something somebody did, once or several times on end.
pub(super) struct Deed {
    /// When it was done first.
    pub first: Instant,
    /// When it was done last.
    pub last: Instant,
    /// How often.
    pub times: u32,
    /// Who.
    pub name: String,
    /// On which computer.
    pub device: String,
    /// What, in words.
    pub did: String,
    /// Whose chart.
    pub patient: Option<PatientId>,
    /// Who that is, where it is known here.
    pub patient_name: Option<String>,
    /// Why nothing came of it.
    pub undone: Option<Undone>,
}

/// Why nothing came of a deed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Undone {
    /// The role may not.
    Refused,
    /// A password or code was wrong.
    Failed,
}

/// The deeds of a page, the newest first; rows come in the order in which they were written.
pub(super) fn deeds(rows: Vec<AuditItem>) -> Vec<Deed> {
    let mut deeds: Vec<Deed> = Vec::new();
    for deed in rows.into_iter().map(one) {
        match deeds.last_mut().filter(|before| is_again(before, &deed)) {
            Some(before) => {
                before.times += 1;
                before.last = deed.last;
            }
            None => deeds.push(deed),
        }
    }
    deeds.reverse();
    deeds
}

fn is_again(before: &Deed, deed: &Deed) -> bool {
    let of = |deed: &Deed| {
        (deed.name.clone(), deed.device.clone(), deed.did.clone(), deed.patient, deed.undone)
    };
    of(before) == of(deed)
}

fn one(row: AuditItem) -> Deed {
    let did = did(&row);
    // What the program does by itself stands under who was signed in, and is no deed of theirs.
    let is_by_itself = row.action == "merge" || row.purpose == "system";
    let name = if is_by_itself { tf("audit.by-itself", &[("name", &row.name)]) } else { row.name };
    let undone = match row.outcome.as_str() {
        "refused" => Some(Undone::Refused),
        "failure" => Some(Undone::Failed),
        _ => None,
    };
    Deed {
        first: row.at,
        last: row.at,
        times: 1,
        name,
        device: row.device,
        did,
        patient: row.patient,
        patient_name: row.patient_name,
        undone,
    }
}

/// What was done. A deed of a newer version has no words here: its kind and its name are shown.
fn did(row: &AuditItem) -> String {
    // What is behind the stroke is the sheet, or what else it was about; behind the plus, how often beyond those listed.
    let (command, sheet) = match row.resource.split_once('/') {
        Some((command, sheet)) => (command, Some(sheet)),
        None => (row.resource.as_str(), None),
    };
    let (command, more) = match command.split_once('+') {
        Some((command, more)) => (command, Some(more)),
        None => (command, None),
    };
    let Some(words) = find(&format!("audit.of.{command}")) else {
        let kind = find(&format!("audit.did.{}", row.action)).unwrap_or(&row.action);
        return format!("{kind} {}", row.resource);
    };
    let sheet = sheet.map(|what| match command {
        // A number, or a clinic.
        "erase-chart" | "share-chart" | "take-in-given" => what.to_owned(),
        _ => tf("audit.sheet", &[("serial", what)]),
    });
    let more = more.map(|more| format!("+{more}"));
    let parts = Some(words.to_owned()).into_iter().chain(sheet).chain(more);
    parts.collect::<Vec<_>>().join(" · ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::PractitionerId;
    use uuid::Uuid;

    fn row(seq: u64, resource: &str, outcome: &str) -> AuditItem {
        AuditItem {
            seq,
            at: Instant::from_unix_ms(i64::try_from(seq).unwrap() * 60_000),
            author: PractitionerId::from_uuid(Uuid::nil()),
            name: "Dr Ana Reyes".into(),
            device: "Ward 1".into(),
            action: "update".into(),
            resource: resource.into(),
            patient: None,
            patient_name: None,
            outcome: outcome.into(),
            purpose: "treatment".into(),
        }
    }

    #[test]
    fn a_deed_is_told_in_words() {
        let check = |resource: &str, want: &str| {
            assert_eq!(did(&row(1, resource, "success")), want);
        };
        check("record-allergy", "Recorded an allergy");
        check("print-sheet/A-0007", "Printed a sheet · Sheet A-0007");
        check("share-chart/Gulu", "Gave a chart to another clinic · Gulu");
        check("erase-chart/MRN-1", "Erased a chart · MRN-1");
        check("sign-in+4", "Signed in · +4");
        check("transmogrify", "changed transmogrify");
        assert_eq!(find("audit.of.chart"), None);
    }

    #[test]
    fn what_the_program_does_by_itself_is_nobodys_deed() {
        let of = |action: &str, purpose: &str| {
            let row = AuditItem {
                action: action.into(),
                purpose: purpose.into(),
                ..row(1, "sync", "success")
            };
            one(row).name
        };
        let by_itself = "by itself, while Dr Ana Reyes was signed in";
        assert_eq!(of("merge", "treatment"), by_itself);
        assert_eq!(of("update", "system"), by_itself);
        assert_eq!(of("update", "treatment"), "Dr Ana Reyes");
    }

    #[test]
    fn what_is_done_again_and_again_is_told_once() {
        let rows = vec![
            row(1, "open-chart", "success"),
            row(2, "save-draft", "success"),
            row(3, "save-draft", "success"),
            row(4, "save-draft", "success"),
            row(5, "save-draft", "refused"),
        ];
        let told: Vec<_> = deeds(rows)
            .iter()
            .map(|deed| (deed.times, deed.first.unix_ms() / 60_000, deed.last.unix_ms() / 60_000))
            .collect();
        assert_eq!(told, [(1, 5, 5), (3, 2, 4), (1, 1, 1)]);
    }
}
