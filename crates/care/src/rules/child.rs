//! A medicine that is not usually given to children so young, and one for which the age is not
//! known.

use super::{Taken, is_applied, is_of};
use crate::drug::{FOR_NO_CHILD, ForNoChild, Under};
use clinical::{AlertTier, Chart, DetectedIssue, EntryRef, PartialDate, Said};

/// The rule of this file.
pub const CHILD: &str = "child-medicine";

/// What speaks against a medicine for somebody of this age. Where the day of birth is not exact the
/// youngest age counts that it allows.
pub(crate) fn find(
    chart: &Chart,
    written: &Taken<'_>,
    today: Option<&PartialDate>,
) -> Vec<DetectedIssue> {
    let (Some(today), Some(patient)) = (today, &chart.patient) else { return Vec::new() };
    let orders = written.orders.iter().filter(|(order, _)| !is_applied(order));
    let mut issues = Vec::new();
    for (order, named) in orders {
        let rows = FOR_NO_CHILD.iter().filter(|row| row.inns.iter().any(|inn| is_of(named, inn)));
        for row in rows {
            let medicine = order.medication.label();
            match patient.identity.birth_date.as_ref() {
                Some(born) if is_younger(born, today, row.under) => {
                    issues.push(too_young(written.entry, medicine, row));
                }
                Some(_) => {}
                None => issues.push(age_unknown(written.entry, medicine, row)),
            }
        }
    }
    issues
}

/// Whether somebody may be younger on a day: by the last day that the date of birth may mean.
fn is_younger(born: &PartialDate, today: &PartialDate, under: Under) -> bool {
    let (Some(first), Some(now)) = (born.earliest(), today.date()) else { return false };
    let (month, day) = match (born.date(), born.month()) {
        (Some(exact), _) => (exact.month(), exact.day()),
        (None, Some(_)) => (first.month(), 31),
        (None, None) => (12, 31),
    };
    let years = i32::from(now.year()) - i32::from(first.year());
    let months = years * 12 + i32::from(now.month()) - i32::from(month);
    let months = months - i32::from(now.day() < day);
    match under {
        Under::Days(under) => match born.date() {
            Some(exact) => exact.duration_until(now).as_hours() / 24 < i64::from(under),
            None => months * 30 < under,
        },
        Under::Months(under) => months < under,
        Under::Years(under) => months < under * 12,
    }
}

fn too_young(entry: Option<EntryRef>, medicine: &str, row: &ForNoChild) -> DetectedIssue {
    let (code, number, unit) = match row.under {
        Under::Days(days) => ("child-days", days, "days"),
        Under::Months(months) => ("child-months", months, "months"),
        Under::Years(years) => ("child-years", years, "years"),
    };
    let number = number.to_string();
    DetectedIssue {
        rule: CHILD.to_owned(),
        tier: AlertTier::Interrupt,
        subject: entry.into_iter().collect(),
        detail: format!(
            "{medicine} is not usually given to children younger than {number} {unit}."
        ),
        source: row.source.to_owned(),
        said: Some(Said::new(code, &[("medicine", medicine), ("number", &number)])),
    }
}

fn age_unknown(entry: Option<EntryRef>, medicine: &str, row: &ForNoChild) -> DetectedIssue {
    let detail = format!(
        "{medicine} is not usually given to young children, and when the patient was born is not \
         known."
    );
    DetectedIssue {
        rule: CHILD.to_owned(),
        tier: AlertTier::Inline,
        subject: entry.into_iter().collect(),
        detail,
        source: row.source.to_owned(),
        said: Some(Said::new("child-unknown", &[("medicine", medicine)])),
    }
}
