//! Erasing one chart, and what was erased.

use super::{
    Desk,
    chart::by_the_clock,
    parse,
    show::{Clock, counted, read_back},
};
use crate::{
    failure::Failure,
    output::{harmless, on_one_line},
};
use api::{ChartView, Command as _, ErasedView, ErrorCode, Origin, Stage};
use clinical::{PatientId, chart_number};
use serde_json::json;
use std::io::{self, Write as _};

/// What is not erased by it.
const NOT_ERASED: &str = "What is on paper, in exports, on sticks and in copies of stores is not \
                          erased by this: it must be found and destroyed by hand. Computers that \
                          were removed do not hear of it.";

/// Erases a chart, once its number was typed.
pub(super) fn erase(desk: &Desk, patient: &str, ground: &str) -> Result<(), Failure> {
    let patient = parse(patient)?;
    desk.sign_in()?;
    // Who may not is not asked: no number helps, and the program keeps a row of who tried.
    let number = if may_erase(desk)? { typed(desk, patient)? } else { String::new() };
    let ground = ground.to_owned();
    desk.call(api::EraseChart { patient, number: number.clone(), ground })?;
    let erased = json!({ "erased": patient, "number": number });
    desk.output.answer(&erased, |_| {
        format!(
            "erased here: {number}. The other computers follow with what they exchange next; \
             `sync` tells them and the server.\n{NOT_ERASED}"
        )
    });
    Ok(())
}

/// Whether the role of whoever is signed in may erase.
fn may_erase(desk: &Desk) -> Result<bool, Failure> {
    Ok(match desk.call(api::GetStatus {})?.stage {
        Stage::SignedIn(session) => app::may(session.role, api::EraseChart::NAME),
        Stage::FirstRun | Stage::Joining { .. } | Stage::SignedOut { .. } | Stage::Blocked(_) => {
            false
        }
    })
}

/// Whose chart it is, where people read it, and the question for its number. A chart that does not open
/// is erased all the same; one that is nowhere is not asked about.
fn question(desk: &Desk, patient: PatientId) -> Result<String, Failure> {
    let opened = match desk.app.call(api::OpenChart { patient }, Origin::Host) {
        Ok(view) => Some(view),
        Err(error) if error.code == ErrorCode::NotFound => return Err(desk.failed(error)),
        Err(_) => None,
    };
    let mut asked = String::new();
    by_the_clock(desk, |clock| asked = asked_of(opened.as_ref(), clock));
    Ok(harmless(&asked))
}

fn asked_of(opened: Option<&ChartView>, clock: Clock<'_>) -> String {
    let who = opened.map(|view| read_back(view, &[], clock)).unwrap_or_default();
    let patient = opened.and_then(|view| view.chart.patient.as_ref());
    let number = patient.map(|one| chart_number(&one.identity, one.id));
    let number = number.map(|number| on_one_line(&format!(", {number}, to erase it")));
    let number = number.unwrap_or_else(|| " to erase it".to_owned());
    format!("{who}Nothing brings it back. Type the number of the chart{number}: ")
}

fn typed(desk: &Desk, patient: PatientId) -> Result<String, Failure> {
    let unsaid = || {
        let text = "nobody typed the number of the chart; nothing was erased";
        Failure::Usage(text.to_owned())
    };
    if !desk.output.json {
        let question = question(desk, patient)?;
        write!(io::stderr(), "{question}").map_err(|_| unsaid())?;
    }
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line).map_err(|_| unsaid())?;
    if read == 0 { Err(unsaid()) } else { Ok(line.trim().to_owned()) }
}

/// Lists what was erased.
pub(super) fn list(desk: &Desk) -> Result<(), Failure> {
    desk.sign_in()?;
    let erased = desk.call(api::ListErased {})?;
    by_the_clock(desk, |clock| desk.output.answer(&erased, |erased| told(erased, clock)));
    Ok(())
}

fn told(erased: &[ErasedView], clock: Clock<'_>) -> String {
    if erased.is_empty() {
        return "no chart was erased".to_owned();
    }
    let mut out: String = erased.iter().map(|one| line(one, clock)).collect();
    out.push_str(&format!("\n{NOT_ERASED}\n"));
    out
}

fn line(one: &ErasedView, clock: Clock<'_>) -> String {
    let mut out = format!(
        "{}  {}  by {}: {}\n",
        clock.moment(one.at),
        on_one_line(&one.number),
        on_one_line(&one.by),
        on_one_line(&one.ground)
    );
    let mut add = |holds: bool, text: String| {
        if holds {
            out.push_str(&format!("  {text}\n"));
        }
    };
    let changes = counted(one.unsent, "change", "changes");
    add(one.unsent > 0, format!("{changes} that had not left this computer went with it."));
    let batches = counted(one.came, "batch", "batches");
    add(one.came > 0, format!("{batches} came for an erased chart since, and were not taken in."));
    add(!one.said, "NOT DONE: the others have not been told. Sync.".to_owned());
    let server = "NOT DONE: the server still has keys of it. Sync.";
    add(one.server == Some(false), server.to_owned());
    let swept = "NOT DONE: the file of this store still has pages of it. They go with a later \
                 exchange, unless the file is longer than a gibibyte: then join anew in an empty \
                 folder and destroy this one.";
    add(!one.swept, swept.to_owned());
    let packs = counted(one.packs, "pack", "packs");
    let packs = format!(
        "NOT DONE: {packs} of other computers still hold an erased chart, until these have synced."
    );
    add(one.packs > 0, packs);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{Instant, uuid_v7};

    #[test]
    fn what_does_not_hold_yet_is_told() {
        let now = Instant::from_unix_ms(0);
        let clock = Clock { now, offset: &|_| clinical::UtcOffset::from_seconds(3 * 3600) };
        assert_eq!(told(&[], clock), "no chart was erased");
        let done = ErasedView {
            patient: PatientId::from_uuid(uuid_v7(1, [0; 10])),
            number: "MRN-1".into(),
            ground: "asked\nfor".into(),
            by: "Dr Ana Reyes".into(),
            at: Instant::from_unix_ms(0),
            unsent: 0,
            came: 0,
            said: true,
            server: Some(true),
            swept: true,
            packs: 0,
        };
        let text = told(std::slice::from_ref(&done), clock);
        assert!(text.starts_with("01-Jan-1970 03:00  MRN-1"), "{text}");
        assert!(text.contains("MRN-1  by Dr Ana Reyes: asked for") && text.contains("by hand"));
        assert!(!text.contains("NOT DONE") && !text.contains("came for"), "{text}");
        let open = ErasedView {
            unsent: 2,
            came: 1,
            said: false,
            server: Some(false),
            swept: false,
            packs: 3,
            ..done.clone()
        };
        let text = told(&[open, done], clock);
        assert_eq!(text.matches("NOT DONE").count(), 4, "of one of the two: {text}");
        assert!(text.contains("2 changes that") && text.contains("1 batch came"), "{text}");
    }
}
