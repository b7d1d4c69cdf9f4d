//! The days in what `record` reads: a program writes them as ISO 8601 has them. What a person may
//! type in the window (an age, a day before its month) would be a guess here that nobody sees.

use clinical::{
    AllergyDraft, ConditionDraft, Finding, PartialDate, PartialDateError, PatientDraft,
};

/// What of a draft is a day.
pub(super) trait Days {
    /// Its fields that are days, by name.
    fn days(&self) -> Vec<(&'static str, &str)>;
}

impl Days for PatientDraft {
    fn days(&self) -> Vec<(&'static str, &str)> {
        vec![("birthDate", &self.birth_date)]
    }
}

impl Days for AllergyDraft {
    fn days(&self) -> Vec<(&'static str, &str)> {
        vec![("onset", &self.onset)]
    }
}

impl Days for ConditionDraft {
    fn days(&self) -> Vec<(&'static str, &str)> {
        vec![("onset", &self.onset)]
    }
}

/// A finding for each day that is written in another way. One that is not in the calendar is told
/// by the draft itself.
pub(super) fn misread(days: &[(&str, &str)]) -> Vec<Finding> {
    let is_other = |text: &str| {
        !text.trim().is_empty()
            && text.trim().parse::<PartialDate>() == Err(PartialDateError::Shape)
    };
    let detail = "Write the day as 1980-03-14, 1980-03 or 1980. Nothing was saved.";
    let other = days.iter().filter(|(_, text)| is_other(text));
    other.map(|(path, _)| Finding::error(path, "date-shape", detail)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_days_that_can_be_read_in_one_way_are_taken() {
        let check = |text: &str, taken: bool| {
            let found = misread(&[("birthDate", text)]);
            assert_eq!(found.is_empty(), taken, "{text}");
            assert!(found.iter().all(|found| found.code == "date-shape"), "{text}");
        };
        for text in ["", " ", "1980", "1980-03", " 1980-03-14 ", "1980-02-30", "0000"] {
            check(text, true);
        }
        for text in ["46", "46 y", "8 m", "04/03/1980", "4 3 1980", "14-Mar-1980", "03/1980", "x"] {
            check(text, false);
        }
    }
}
