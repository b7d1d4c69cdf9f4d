//! The list of the day looks at the day, however many visits lie before it.

use super::fixtures::*;
use crate::{projections::encounter::since_text, *};
use chart::ChartEdit;
use clinical::*;
use rusqlite::StatementStatus;

#[test]
fn the_list_of_the_day_looks_at_no_visit_before_it() {
    let kept = new_store();
    let old = (0..300).map(|n| encounter(1_000 + n, "2026-01-05T08:00:00Z"));
    let today = encounter(2_000, "2026-11-27T08:00:00Z");
    let mut edits: Vec<ChartEdit> =
        old.chain([today.clone()]).map(ChartEdit::RecordEncounter).collect();
    edits.push(ChartEdit::RecordPatient(grace(1)));
    let (_, record) = begin(1, &edits);
    kept.store.commit(Commit::local(vec![record])).unwrap();

    let at = |text: &str| text.parse::<PartialDate>().unwrap().unix_ms().unwrap();
    let (open_since, since) = (at("2026-11-20"), at("2026-11-27"));
    let [from, to] = [open_since, since].map(Instant::from_unix_ms);
    let rows = kept.store.encounters_since(from, to, 50).unwrap();
    assert_eq!(rows.iter().map(|row| row.encounter.id).collect::<Vec<_>>(), [today.id]);
    let steps = kept.store.read(|r: &mut pool::Reader| {
        let mut statement = r.db.prepare(&since_text())?;
        let mut rows = statement.query((open_since, since, 50))?;
        while rows.next()?.is_some() {}
        drop(rows);
        Ok(statement.get_status(StatementStatus::VmStep))
    });
    assert!(steps.unwrap() < 200, "the steps of some rows, and not of hundreds");
}
