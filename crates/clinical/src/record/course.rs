//! When a course of treatment is over.

use super::{Chart, EntryKind, EntryRef, Stamp};
use crate::{
    Dosage, DosageDuration, DurationUnit, MedicationIntent, MedicationRequest, MedicationStatus,
    PartialDate,
};
use jiff::{Span, civil::Date};

/// What is written within a minute of its making was written with it.
const AT_ONCE_MS: i64 = 60_000;

/// The end of a medicine that was given for a while.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CourseEnd {
    /// The last day of it: begun in an evening, five days end on the sixth.
    pub day: Date,
    /// Whether that day is the one; else the course is over by then at the latest: of several
    /// dosages nothing says whether one follows the other or both run side by side.
    pub is_exact: bool,
}

impl CourseEnd {
    /// Whether the course is over on a day.
    pub fn is_over(&self, today: Date) -> bool {
        today > self.day
    }

    /// Whether it is over before something may have begun.
    pub fn is_before(&self, began: &PartialDate) -> bool {
        began.earliest().is_some_and(|began| self.is_over(began))
    }
}

impl Chart {
    /// When the course of a medicine is over; `None` where it goes on, or where that cannot be
    /// told: the day it began is not known, it is paused or disputed, or something of it cannot be
    /// read, or a computer whose clock is behind has written it anew. What was written anew after
    /// it began (another dose, an import) may have begun anew; what may be handed out again goes on
    /// after one supply.
    pub fn course_end(&self, medicine: &MedicationRequest) -> Option<CourseEnd> {
        let entry = EntryRef::new(EntryKind::Medication, medicine.id.uuid());
        let is_sure = medicine.order.status == MedicationStatus::Active
            && self.conflicts_of(entry).next().is_none()
            && !self.unreadable.contains(&entry)
            && medicine.order.dispense.as_ref().is_none_or(|it| it.repeats.unwrap_or(0) == 0);
        let began = medicine.about.authored_on.as_ref().filter(|_| is_sure)?.date()?;
        let (began, is_first) = match self.stamp_of(entry) {
            Some(stamp) => anew(began, stamp, made_ms(medicine))?,
            None => (began, true),
        };
        let day = after(&medicine.order.dosage, began)?;
        Some(CourseEnd { day, is_exact: is_first && medicine.order.dosage.len() == 1 })
    }
}

impl MedicationRequest {
    /// When it was begun, however much of that is known; `None` of what was reported here: the day
    /// on which it was written down says nothing of that.
    pub fn started(&self) -> Option<&PartialDate> {
        let was_told_here = self.about.intent == MedicationIntent::Statement
            && self.id.uuid().get_version_num() == 7;
        self.about.authored_on.as_ref().filter(|_| !was_told_here)
    }
}

/// The day of a stamp in UTC: that of the place is at most one before or after it.
fn day_of(stamp: Stamp) -> Option<Date> {
    let at = jiff::Timestamp::from_millisecond(stamp.at.unix_ms()).ok()?;
    Some(jiff::tz::Offset::UTC.to_datetime(at).date())
}

/// When an entry was made here, told by its id; `None` of what came out of a file.
fn made_ms(medicine: &MedicationRequest) -> Option<i64> {
    let (seconds, nanos) = medicine.id.uuid().get_timestamp()?.to_unix();
    i64::try_from(seconds).ok()?.checked_mul(1_000)?.checked_add(i64::from(nanos / 1_000_000))
}

/// From when a course is counted, and whether that is its first day: of one that was written anew
/// from the day after at the latest. Written before it was made, it was so by a clock that is
/// behind, nobody knows when.
fn anew(began: Date, stamp: Stamp, made_ms: Option<i64>) -> Option<(Date, bool)> {
    let written = day_of(stamp)?;
    let after_ms = made_ms.map_or(0, |made_ms| stamp.at.unix_ms().saturating_sub(made_ms));
    if after_ms < 0 {
        return None;
    }
    if after_ms <= AT_ONCE_MS && written <= began.tomorrow().ok()? {
        return Some((began, true));
    }
    Some((written.max(began).tomorrow().ok()?, false))
}

/// The day after all dosages, one following the other: none ends later.
fn after(dosages: &[Dosage], began: Date) -> Option<Date> {
    if dosages.is_empty() {
        return None;
    }
    dosages.iter().try_fold(began, |day, dosage| later(day, dosage.duration.as_ref()?))
}

fn later(day: Date, duration: &DosageDuration) -> Option<Date> {
    // `7.0` is seven; what is no whole number cannot be counted in days.
    let whole = duration.value.to_f64().to_string().parse::<i64>().ok();
    let number = whole.filter(|number| (1..=1_000).contains(number))?;
    // Never the ways that panic: their words are some sixty kilobytes of the window.
    let span = match duration.unit {
        DurationUnit::Day => Span::new().try_days(number),
        DurationUnit::Week => Span::new().try_weeks(number),
        DurationUnit::Month => Span::new().try_months(number),
        DurationUnit::Second | DurationUnit::Minute | DurationUnit::Hour | DurationUnit::Year => {
            return None;
        }
    };
    day.checked_add(span.ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        CodeableConcept, DeviceId, Instant, MedicationAbout, MedicationId, MedicationOrder,
        PractitionerId, uuid_v7, uuid_v8,
    };

    fn of(began: &str, lengths: &[(&str, DurationUnit)]) -> MedicationRequest {
        let dosage = |(value, unit): &(&str, DurationUnit)| Dosage {
            duration: Some(DosageDuration { value: value.parse().unwrap(), unit: *unit }),
            ..Dosage::default()
        };
        MedicationRequest {
            id: MedicationId::from_uuid(uuid_v7(1, [1; 10])),
            order: MedicationOrder::new(
                CodeableConcept::from_text("amoxicillin"),
                lengths.iter().map(dosage).collect(),
                MedicationStatus::Active,
            ),
            about: MedicationAbout {
                authored_on: began.parse().ok(),
                ..MedicationAbout::new(MedicationIntent::Order)
            },
        }
    }

    fn end(medicine: &MedicationRequest, written: Option<&str>) -> Option<String> {
        let entry = EntryRef::new(EntryKind::Medication, medicine.id.uuid());
        let stamp = written.map(|written| Stamp {
            author: PractitionerId::from_uuid(uuid_v7(1, [2; 10])),
            device: DeviceId::from_uuid(uuid_v7(1, [3; 10])),
            at: written.parse::<Instant>().unwrap(),
        });
        let stamps = stamp.map(|stamp| (entry, stamp)).into_iter().collect();
        let end = Chart { stamps, ..Chart::default() }.course_end(medicine)?;
        Some(format!("{}{}", if end.is_exact { "" } else { "by " }, end.day))
    }

    #[test]
    fn a_course_ends_after_its_dosages() {
        use DurationUnit::{Day, Hour, Month, Week, Year};
        let check = |began: &str, lengths: &[(&str, DurationUnit)], want: Option<&str>| {
            assert_eq!(end(&of(began, lengths), None).as_deref(), want, "{began} {lengths:?}");
        };
        check("2026-10-26", &[("5", Day)], Some("2026-10-31"));
        check("2026-10-26T10:00:00Z", &[("5.0", Day)], Some("2026-10-31"));
        check("2026-02-27", &[("2", Week)], Some("2026-03-13"));
        check("2026-01-31", &[("1", Month)], Some("2026-02-28"));
        // One after the other or side by side.
        check("2026-10-26", &[("5", Day), ("1", Week)], Some("by 2026-11-07"));
        check("2026-10-26", &[("5", Day), ("5", Day)], Some("by 2026-11-05"));
        check("2026-10", &[("5", Day)], None);
        check("2026", &[("5", Day)], None);
        check("", &[("5", Day)], None);
        check("2026-10-26", &[], None);
        check("2026-10-26", &[("2.5", Day)], None);
        check("2026-10-26", &[("1", Year)], None);
        check("2026-10-26", &[("48", Hour)], None);
        check("2026-10-26", &[("1e9", Day)], None);
        let mut open = of("2026-10-26", &[("5", Day), ("5", Day)]);
        open.order.dosage[1].duration = None;
        assert_eq!(end(&open, None), None);
    }

    #[test]
    fn what_was_written_anew_may_have_begun_anew() {
        let imported = MedicationId::from_uuid(uuid_v8([7; 16]));
        let made = |at: &str| {
            let at: Instant = at.parse().unwrap();
            MedicationId::from_uuid(uuid_v7(at.unix_ms(), [1; 10]))
        };
        let check = |id: MedicationId, written: &str, want: Option<&str>| {
            let course = MedicationRequest { id, ..of("2026-10-26", &[("5", DurationUnit::Day)]) };
            assert_eq!(end(&course, Some(written)).as_deref(), want, "{id} {written}");
        };
        check(imported, "2026-10-26T10:00:00Z", Some("2026-10-31"));
        check(imported, "2026-10-27T09:00:00Z", Some("2026-10-31"));
        check(imported, "2026-10-25T13:00:00Z", Some("2026-10-31"));
        check(imported, "2026-11-20T10:00:00Z", Some("by 2026-11-26"));
        let here = made("2026-10-26T10:00:00Z");
        check(here, "2026-10-26T10:00:00Z", Some("2026-10-31"));
        check(here, "2026-10-26T10:00:30Z", Some("2026-10-31"));
        check(here, "2026-10-26T18:00:00Z", Some("by 2026-11-01"));
        check(here, "2026-10-27T09:00:00Z", Some("by 2026-11-02"));
        check(here, "2026-11-20T10:00:00Z", Some("by 2026-11-26"));
        // By a clock that is behind: on which day, nobody knows.
        check(here, "2026-10-26T09:59:59Z", None);
        check(here, "2026-10-25T10:00:00Z", None);
        check(here, "2020-01-01T10:00:00Z", None);
        let eve = made("2026-10-25T13:00:00Z");
        check(eve, "2026-10-25T13:00:00Z", Some("2026-10-31"));
        check(eve, "2026-10-25T15:00:00Z", Some("by 2026-11-01"));
    }

    #[test]
    fn what_is_paused_or_not_wholly_read_goes_on() {
        let mut course = of("2026-10-26", &[("5", DurationUnit::Day)]);
        let unreadable = vec![EntryRef::new(EntryKind::Medication, course.id.uuid())];
        let chart = Chart { unreadable, ..Chart::default() };
        assert_eq!(chart.course_end(&course), None);
        course.order.status = MedicationStatus::OnHold;
        assert_eq!(end(&course, None), None);
    }

    #[test]
    fn a_course_is_over_after_its_last_day() {
        let end = CourseEnd { day: "2026-10-31".parse().unwrap(), is_exact: true };
        let on = |day: &str| end.is_over(day.parse().unwrap());
        assert_eq!((on("2026-10-31"), on("2026-11-01")), (false, true));
        let before = |began: &str| end.is_before(&began.parse().unwrap());
        assert!(before("2026-11-01") && before("2026-11"));
        assert!(!before("2026-10-31") && !before("2026-10") && !before("2026"));
    }

    #[test]
    fn what_was_told_here_does_not_begin_when_it_is_told() {
        let mut told = of("2026-10-26", &[]);
        assert!(told.started().is_some());
        told.about.intent = MedicationIntent::Statement;
        assert_eq!(told.started(), None);
        told.id = MedicationId::from_uuid(uuid_v8([7; 16]));
        assert!(told.started().is_some());
    }
}
