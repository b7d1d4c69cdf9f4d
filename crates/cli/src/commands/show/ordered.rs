//! A medicine that was recorded, as it reads.

use api::Recorded;
use clinical::{MedicationDraft, Timing, display};

use super::recorded;
use crate::output::on_one_line;

/// The line that was recorded, as the chart reads it back or, where it was not opened, as it was
/// written, and how many times a day that is, where "3 every 8 hours" may have been meant as three;
/// then its entries, and what the rules say.
pub(crate) fn ordered(read_back: &str, entries: &Recorded, draft: &MedicationDraft) -> String {
    format!("{}{}", line(read_back, draft), recorded(entries))
}

fn line(read_back: &str, draft: &MedicationDraft) -> String {
    let order = draft.order(&mut Vec::new());
    let (name, parts) = display::medication_line(&order);
    let name = Some(name).filter(|name| !name.is_empty());
    let line = name.into_iter().chain(parts).collect::<Vec<_>>().join(" — ");
    let dosage = order.dosage.first();
    let timing = dosage.and_then(|dosage| dosage.timing.as_ref());
    let often = timing.and_then(Timing::times_in_24_hours);
    let often = often.map(|times| format!("! that is {times} times in 24 hours\n"));
    let line = on_one_line(&line) + "\n";
    let line = if read_back.is_empty() { line } else { read_back.to_owned() };
    line + &often.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::DurationUnit;

    #[test]
    fn what_was_recorded_is_read_back() {
        let check = |times: &str, period: &str, want: &str| {
            let draft = MedicationDraft {
                medication: " amoxicillin\n".into(),
                dose: "500".into(),
                unit: "mg".into(),
                frequency: times.into(),
                period: period.into(),
                period_unit: Some(DurationUnit::Hour).filter(|_| !period.is_empty()),
                quantity: if period.is_empty() { "21" } else { "" }.into(),
                form: if period.is_empty() { "capsules" } else { "" }.into(),
                ..MedicationDraft::default()
            };
            let often = line("", &draft).split_inclusive('\n').skip(1).collect::<String>();
            assert_eq!(
                line("as the chart has it\n", &draft),
                "as the chart has it\n".to_owned() + &often
            );
            assert_eq!(line("", &draft).replace('\u{a0}', " "), want);
        };
        check(
            "3",
            "",
            "amoxicillin — capsule — DOSE 500 mg — 3 times daily — QUANTITY 21 capsules\n",
        );
        check("1", "8", "amoxicillin — DOSE 500 mg — every 8 hours\n");
        let nine = "! that is 9 times in 24 hours\n";
        check("3", "8", &format!("amoxicillin — DOSE 500 mg — 3 times every 8 hours\n{nine}"));
    }
}
