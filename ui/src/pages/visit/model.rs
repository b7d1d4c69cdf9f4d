//! What the page of a visit shows.

use crate::sections::{is_nobodys, last_signs, signs_of};
use crate::words::People;
use api::ChartView;
use clinical::{
    Composition, Encounter, EncounterAmendment, EncounterId, EntryKind, EntryRef, NoteSectionCode,
};

/// A visit under way, or over by now.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Visit {
    /// Why and when again, as the form begins.
    pub amendment: EncounterAmendment,
    /// When the patient came.
    pub since: String,
    /// Who sees them; empty when nobody does.
    pub with: String,
    /// It goes on.
    pub is_open: bool,
    /// What was measured in it.
    pub signs: Vec<(String, String)>,
}

/// Reads the visit; nothing where it is not among the newest of the chart, or was a mistake.
pub(super) fn visit(view: &ChartView, people: &People<'_>, id: EncounterId) -> Option<Visit> {
    let visit = view.chart.encounters.iter().find(|visit| visit.id == id)?;
    Some(Visit {
        amendment: EncounterAmendment::of(visit),
        since: visit.start.as_ref().map(|start| people.dated(start)).unwrap_or_default(),
        with: people.names(visit.participant.iter().copied()),
        is_open: view.chart.goes_on(visit),
        signs: signs_of(view, id),
    })
}

/// What can be done on the page of a visit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// It goes on.
    Open,
    /// It is over, was a mistake, or is not among the newest of the chart.
    Over,
    /// It goes on, and whose it is has not arrived from another computer.
    Nobodys,
}

/// How a visit stands in a chart.
pub(super) fn stands(view: &ChartView, id: EncounterId) -> Stands {
    let visit = view.chart.encounters.iter().find(|visit| visit.id == id);
    match visit.filter(|visit| view.chart.goes_on(visit)) {
        Some(_) if is_nobodys(view) => Stands::Nobodys,
        Some(_) => Stands::Open,
        None => Stands::Over,
    }
}

/// What becomes of a field of a visit when the chart was read again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// The chart says what it said, or what is typed.
    Agrees,
    /// Nothing was typed since: the field says what the chart says now.
    Takes,
    /// Somebody else wrote it while something is typed: both are shown.
    Apart,
}

/// What becomes of a field in which `typed` stands, where the chart said `stood` and now `stands`.
pub(super) fn course(typed: &str, stood: &str, stands: &str) -> Course {
    let (typed, stood, stands) = (typed.trim(), stood.trim(), stands.trim());
    if stands == stood || stands == typed {
        Course::Agrees
    } else if typed == stood {
        Course::Takes
    } else {
        Course::Apart
    }
}

/// What was found and written the last time.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Before {
    /// The note signed last.
    pub note: Option<LastNote>,
    /// The last value of each vital sign that was not measured in this visit, and when.
    pub signs: Vec<(String, String, String)>,
}

/// A signed note to look at.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct LastNote {
    /// Who signed it.
    pub author: String,
    /// When.
    pub when: String,
    /// Its parts.
    pub parts: Vec<(NoteSectionCode, String)>,
}

/// Reads what was before a visit.
pub(super) fn before(view: &ChartView, people: &People<'_>, id: EncounterId) -> Before {
    let stands = |note: &&Composition| {
        let entry = EntryRef::new(EntryKind::Composition, note.id.uuid());
        let corrected = view.chart.compositions.iter().any(|it| it.replaces == Some(note.id));
        note.encounter != Some(id) && !corrected && !view.chart.withdrawn.contains(&entry)
    };
    let notes = view.chart.compositions.iter().filter(stands);
    let last = notes.max_by_key(|note| (note.signed_at, note.id));
    let note = last.map(|note| LastNote {
        author: people.name(note.author),
        when: people.at(note.signed_at),
        parts: note.section.iter().map(|part| (part.code, part.text.clone())).collect(),
    });
    Before { note, signs: last_signs(view, people, id) }
}

/// The visit that goes on with a clinician, or else the one in which the patient waits: what the
/// chart leads to.
pub(crate) fn open_visit(view: &ChartView) -> Option<&Encounter> {
    let open = view.chart.encounters.iter().filter(|visit| view.chart.goes_on(visit));
    open.max_by_key(|visit| (!visit.status.is_waiting(), visit.id))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sections::samples::{chart_view, people, stamp, uuid};
    use clinical::{
        CodeableConcept, CompositionId, EncounterClass, EncounterStatus, Instant, NoteSection,
        ObservationId, VitalsDraft,
    };

    fn encounter(n: u8, status: EncounterStatus) -> Encounter {
        Encounter {
            id: EncounterId::from_uuid(uuid(n)),
            status,
            class: EncounterClass::Ambulatory,
            kind: Vec::new(),
            reason: vec![CodeableConcept::from_text("cough")],
            start: Some("2026-11-24T08:30:00+03:00".parse().unwrap()),
            end: None,
            participant: vec![stamp().author],
            follow_up: Some("2026-12-08".parse().unwrap()),
        }
    }

    fn measured(view: &mut ChartView, n: u8, encounter: Option<u8>, sign: (&str, &str)) {
        let values = [(sign.0.to_owned(), sign.1.to_owned())].into();
        let encounter = encounter.map(|n| EncounterId::from_uuid(uuid(n)));
        let draft = VitalsDraft { values, encounter };
        let taken = "2026-11-20T08:30:00+03:00".parse().unwrap();
        let make_id = || ObservationId::from_uuid(uuid(n));
        view.chart.observations.extend(draft.complete(make_id, &taken).unwrap());
    }

    #[test]
    fn a_visit_says_what_is_known_of_it() {
        let mut view = chart_view();
        view.chart.encounters = vec![encounter(4, EncounterStatus::InProgress)];
        measured(&mut view, 20, Some(4), ("weight", "70.5"));
        measured(&mut view, 21, None, ("heartRate", "72"));
        let id = EncounterId::from_uuid(uuid(4));
        let read = visit(&view, &people(&view), id).unwrap();
        assert_eq!((read.since.as_str(), read.with.as_str()), ("08:30", "Dr Amina"));
        assert_eq!(read.amendment.follow_up, "2026-12-08");
        assert_eq!(read.signs.len(), 1);
        assert_eq!(read.signs[0].1, "70.5\u{a0}kg");
        let before = before(&view, &people(&view), id);
        assert_eq!(before.signs.len(), 1);
        assert_eq!(before.signs[0].1, "72\u{a0}/min");
        assert_eq!(visit(&view, &people(&view), EncounterId::from_uuid(uuid(5))), None);
    }

    #[test]
    fn nothing_is_written_into_a_visit_of_nobody_known() {
        let id = EncounterId::from_uuid(uuid(4));
        let check = |status, is_known: bool, want: Stands| {
            let mut view = chart_view();
            view.chart.encounters = vec![encounter(4, status)];
            view.chart.patient = view.chart.patient.filter(|_| is_known);
            assert_eq!(stands(&view, id), want);
        };
        check(EncounterStatus::InProgress, true, Stands::Open);
        check(EncounterStatus::Finished, true, Stands::Over);
        check(EncounterStatus::InProgress, false, Stands::Nobodys);
        check(EncounterStatus::Finished, false, Stands::Over);
        assert_eq!(stands(&chart_view(), id), Stands::Over);
    }

    #[test]
    fn what_somebody_else_wrote_never_takes_away_what_is_typed() {
        let check = |typed: &str, stood: &str, stands: &str, want: Course| {
            assert_eq!(course(typed, stood, stands), want, "{typed:?} {stood:?} {stands:?}");
        };
        check("cough", "cough", "cough", Course::Agrees);
        check("cough, fever", "cough", "cough", Course::Agrees);
        check("cough, fever", "cough", " cough, fever ", Course::Agrees);
        check("cough", "cough", "rash", Course::Takes);
        check(" cough ", "cough", "", Course::Takes);
        check("cough, fever", "cough", "rash", Course::Apart);
        check("", "cough", "rash", Course::Apart);
        check("rash", "", "burn", Course::Apart);
    }

    #[test]
    fn the_note_before_is_the_last_that_stands() {
        let note = |n: u8, encounter: Option<u8>, replaces: Option<u8>| Composition {
            id: CompositionId::from_uuid(uuid(n)),
            draft: CompositionId::from_uuid(uuid(n)),
            encounter: encounter.map(|n| EncounterId::from_uuid(uuid(n))),
            title: "Visit note".into(),
            author: stamp().author,
            contributors: Vec::new(),
            signed_at: Instant::from_unix_ms(i64::from(n)),
            section: vec![NoteSection { code: NoteSectionCode::Plan, text: n.to_string() }],
            heads: Vec::new(),
            replaces: replaces.map(|n| CompositionId::from_uuid(uuid(n))),
            signature: None,
        };
        let check = |notes: Vec<Composition>, withdrawn: Option<u8>, want: Option<&str>| {
            let mut view = chart_view();
            view.chart.compositions = notes;
            let mistake = |n| EntryRef::new(EntryKind::Composition, uuid(n));
            view.chart.withdrawn = withdrawn.map(mistake).into_iter().collect();
            let id = EncounterId::from_uuid(uuid(99));
            let last = before(&view, &people(&view), id).note;
            assert_eq!(last.map(|note| note.parts[0].1.clone()).as_deref(), want);
        };
        check(Vec::new(), None, None);
        check(vec![note(1, None, None), note(2, None, None)], None, Some("2"));
        check(vec![note(1, None, None), note(2, Some(99), None)], None, Some("1"));
        check(vec![note(1, None, None), note(2, None, None)], Some(2), Some("1"));
        check(vec![note(1, None, None), note(2, None, Some(1))], None, Some("2"));
    }

    #[test]
    fn the_chart_leads_to_the_visit_that_goes_on() {
        let mut view = chart_view();
        view.chart.encounters = vec![
            encounter(4, EncounterStatus::InProgress),
            encounter(5, EncounterStatus::Arrived),
            encounter(6, EncounterStatus::Finished),
        ];
        assert_eq!(open_visit(&view).map(|visit| visit.id), Some(EncounterId::from_uuid(uuid(4))));
        view.chart.withdrawn = vec![EntryRef::new(EntryKind::Encounter, uuid(4))];
        assert_eq!(open_visit(&view).map(|visit| visit.id), Some(EncounterId::from_uuid(uuid(5))));
        view.chart.encounters.clear();
        assert_eq!(open_visit(&view), None);
    }
}
