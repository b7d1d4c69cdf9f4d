//! What the page of the day shows.

use crate::i18n::{t, tf, tn};
use crate::words::{IdentityLine, LocalTime, by_wall_clock, identity_line, joined};
use api::{TodayView, VisitItem};
use clinical::{EncounterId, EncounterStatus, Identity, Instant, PartialDate, PatientId};
use jiff::civil::Date;

/// After so many minutes a wait is long, and after so many too long.
const LONG_MIN: i64 = 30;
const TOO_LONG_MIN: i64 = 60;

/// Where a visit is listed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Column {
    /// Waits to be seen.
    Waiting,
    /// With a clinician.
    With,
    /// Over.
    Gone,
    /// Of a day before, and never ended.
    LeftOpen,
}

/// How long somebody has waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    /// Not long.
    Fair,
    /// Long.
    Long,
    /// Too long.
    TooLong,
}

/// One line of a list.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Row {
    /// Whose visit.
    pub patient: PatientId,
    /// Which.
    pub encounter: EncounterId,
    /// Who it is, as far as that is known here.
    pub identity: Option<Identity>,
    /// Their name.
    pub name: String,
    /// Born when, and the sex.
    pub about: String,
    /// Why they came.
    pub reason: Option<String>,
    /// How long they have waited, or when they came or went.
    pub when: String,
    /// Whether that is long.
    pub wait: Wait,
    /// Who sees them.
    pub with: Option<String>,
    /// A note of it waits to be signed.
    pub unsigned: bool,
    /// People disagree on it.
    pub disputed: bool,
    /// Another visit of the patient goes on too.
    pub doubled: bool,
    /// The heads of the chart it was read from.
    pub heads: String,
}

/// The clock a list is read by.
#[derive(Clone, Copy)]
pub(super) struct Clock {
    /// This moment.
    pub now: Instant,
    /// Today.
    pub today: Date,
    /// The wall clock.
    pub local: fn(Instant) -> LocalTime,
}

/// The lines of one list: who waits longest first, who went last first.
pub(super) fn rows(view: &TodayView, column: Column, clock: Clock) -> Vec<Row> {
    let here = view.visits.iter().filter(|visit| column_of(visit) == column);
    let mut rows: Vec<Row> = here.map(|visit| row(visit, column, clock)).collect();
    if column == Column::Gone {
        rows.reverse();
    }
    rows
}

fn column_of(visit: &VisitItem) -> Column {
    match (visit.is_today, visit.status) {
        (_, EncounterStatus::Finished) => Column::Gone,
        // Only one on which people disagree is listed.
        (_, EncounterStatus::Cancelled | EncounterStatus::EnteredInError) => Column::Gone,
        (false, _) => Column::LeftOpen,
        (true, status) if status.is_waiting() => Column::Waiting,
        (true, _) => Column::With,
    }
}

/// Born, sex and number, so that namesakes are told apart. What is not known is named, or left out.
fn about(line: IdentityLine) -> String {
    let not_known = t("identity.not-known");
    let sex = match line.sex == not_known {
        true => format!("{} {not_known}", t("banner.sex")),
        false => line.sex.to_owned(),
    };
    let number = Some(line.number).filter(|number| number != not_known);
    [line.born, sex].into_iter().chain(number).collect::<Vec<_>>().join(" · ")
}

fn row(visit: &VisitItem, column: Column, clock: Clock) -> Row {
    let line = visit.identity.as_ref().map(|identity| identity_line(identity, clock.today));
    let line = line.map(|line| (line.name.clone(), about(line)));
    let (name, about) = line.unwrap_or_else(|| (t("identity.not-known").to_owned(), String::new()));
    let (when, wait) = when(visit, column, clock);
    Row {
        patient: visit.patient,
        encounter: visit.encounter,
        identity: visit.identity.clone(),
        name,
        about,
        reason: visit.reason.clone(),
        when,
        wait,
        with: (!visit.with.is_empty()).then(|| joined(visit.with.clone())),
        unsigned: visit.unsigned,
        disputed: visit.disputed,
        doubled: visit.doubled,
        heads: visit.heads.clone(),
    }
}

fn when(visit: &VisitItem, column: Column, clock: Clock) -> (String, Wait) {
    let written = |date: &PartialDate| by_wall_clock(date, clock.today, clock.local);
    match column {
        Column::Waiting => waited(visit.start.as_ref(), clock.now),
        Column::Gone => (visit.end.as_ref().map(written).unwrap_or_default(), Wait::Fair),
        Column::With | Column::LeftOpen => {
            let since = visit.start.as_ref().map(written).unwrap_or_default();
            (tf("today.since", &[("when", &since)]), Wait::Fair)
        }
    }
}

/// The minutes since somebody came. A clock that is behind has nobody wait less than none.
fn waited(start: Option<&PartialDate>, now: Instant) -> (String, Wait) {
    let Some(start) = start.and_then(PartialDate::unix_ms) else {
        return (t("identity.not-known").to_owned(), Wait::Fair);
    };
    let minutes = ((now.unix_ms() - start) / 60_000).max(0);
    let wait = match minutes {
        TOO_LONG_MIN.. => Wait::TooLong,
        LONG_MIN.. => Wait::Long,
        _ => Wait::Fair,
    };
    (tn("today.minutes", minutes.unsigned_abs()), wait)
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{AdministrativeGender, HumanName, uuid_v7};

    fn visit(n: u8, status: EncounterStatus, start: &str, is_today: bool) -> VisitItem {
        let identity = Identity {
            name: vec![HumanName::new("Okello", "Grace")],
            gender: AdministrativeGender::Female,
            birth_date: Some("1980-03-14".parse().unwrap()),
            birth_date_estimated: false,
            identifier: Vec::new(),
        };
        VisitItem {
            patient: PatientId::from_uuid(uuid_v7(i64::from(n), [n; 10])),
            identity: Some(identity),
            encounter: EncounterId::from_uuid(uuid_v7(i64::from(n), [n; 10])),
            status,
            reason: Some("cough".into()),
            start: Some(start.parse().unwrap()),
            end: None,
            with: vec!["Dr Amina".into()],
            is_today,
            unsigned: false,
            disputed: false,
            doubled: false,
            heads: String::new(),
        }
    }

    fn clock() -> Clock {
        fn local(_: Instant) -> LocalTime {
            LocalTime { year: 2026, month: 11, day: 27, hour: 9, minute: 0 }
        }
        let now = "2026-11-27T10:00:00+03:00".parse().unwrap();
        Clock { now, today: jiff::civil::date(2026, 11, 27), local }
    }

    #[test]
    fn each_visit_stands_in_one_list() {
        let check = |status: EncounterStatus, is_today: bool, want: Column| {
            assert_eq!(
                column_of(&visit(1, status, "2026-11-27T09:00:00+03:00", is_today)),
                want,
                "{}",
                status.code()
            );
        };
        check(EncounterStatus::Arrived, true, Column::Waiting);
        check(EncounterStatus::Triaged, true, Column::Waiting);
        check(EncounterStatus::InProgress, true, Column::With);
        check(EncounterStatus::OnLeave, true, Column::With);
        check(EncounterStatus::Finished, true, Column::Gone);
        check(EncounterStatus::EnteredInError, true, Column::Gone);
        check(EncounterStatus::Cancelled, false, Column::Gone);
        check(EncounterStatus::Arrived, false, Column::LeftOpen);
    }

    #[test]
    fn a_line_says_who_and_how_long() {
        let check = |start: &str, want: (&str, Wait)| {
            let row =
                row(&visit(1, EncounterStatus::Arrived, start, true), Column::Waiting, clock());
            assert_eq!((row.when.as_str(), row.wait), want, "{start}");
        };
        check("2026-11-27T10:00:00+03:00", ("0 min", Wait::Fair));
        check("2026-11-27T09:31:00+03:00", ("29 min", Wait::Fair));
        check("2026-11-27T09:30:00+03:00", ("30 min", Wait::Long));
        check("2026-11-27T09:00:00+03:00", ("60 min", Wait::TooLong));
        // By a clock that is ahead.
        check("2026-11-27T10:05:00+03:00", ("0 min", Wait::Fair));
        let one = visit(1, EncounterStatus::Arrived, "2026-11-27T10:00:00+03:00", true);
        let row = row(&one, Column::Waiting, clock());
        assert_eq!(row.name, "OKELLO, Grace");
        assert_eq!(row.about, "14-Mar-1980 (46y) · Female");
        let line = |sex: &'static str, number: &str| IdentityLine {
            name: row.name.clone(),
            born: "about 2022 (about 4y)".to_owned(),
            sex,
            number: number.to_owned(),
        };
        let not_known = t("identity.not-known");
        assert_eq!(about(line("Male", "417")), "about 2022 (about 4y) · Male · 417");
        assert_eq!(about(line(not_known, not_known)), "about 2022 (about 4y) · Sex Not known");
        assert_eq!(row.with.as_deref(), Some("Dr Amina"));
    }

    #[test]
    fn who_went_last_stands_first() {
        let gone = |n, start: &str| VisitItem {
            end: Some(start.parse().unwrap()),
            ..visit(n, EncounterStatus::Finished, start, true)
        };
        let view = TodayView {
            day: "2026-11-27".parse().unwrap(),
            visits: vec![
                gone(1, "2026-11-27T08:00:00+03:00"),
                gone(2, "2026-11-27T08:30:00+03:00"),
            ],
            more: 0,
        };
        let when: Vec<String> =
            rows(&view, Column::Gone, clock()).into_iter().map(|row| row.when).collect();
        assert_eq!(when, ["08:30", "08:00"]);
        assert_eq!(rows(&view, Column::Waiting, clock()), []);
    }
}
