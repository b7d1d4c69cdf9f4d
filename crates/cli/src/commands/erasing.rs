//! Erasing one chart, and what was erased.

use super::{Desk, parse, show::counted};
use crate::{failure::Failure, output::on_one_line};
use api::ErasedView;
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
    let (number, ground) = (typed(desk)?, ground.to_owned());
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

fn typed(desk: &Desk) -> Result<String, Failure> {
    let unsaid = || {
        let text = "nobody typed the number of the chart; nothing was erased";
        Failure::Usage(text.to_owned())
    };
    if !desk.output.json {
        let asked = write!(io::stderr(), "Nothing brings it back. The number of the chart: ");
        asked.map_err(|_| unsaid())?;
    }
    let mut line = String::new();
    let read = io::stdin().read_line(&mut line).map_err(|_| unsaid())?;
    if read == 0 { Err(unsaid()) } else { Ok(line.trim().to_owned()) }
}

/// Lists what was erased.
pub(super) fn list(desk: &Desk) -> Result<(), Failure> {
    desk.sign_in()?;
    let erased = desk.call(api::ListErased {})?;
    desk.output.answer(&erased, |erased| told(erased));
    Ok(())
}

fn told(erased: &[ErasedView]) -> String {
    if erased.is_empty() {
        return "no chart was erased".to_owned();
    }
    let mut out: String = erased.iter().map(line).collect();
    out.push_str(&format!("\n{NOT_ERASED}\n"));
    out
}

fn line(one: &ErasedView) -> String {
    let mut out = format!(
        "{}  {}  by {}: {}\n",
        one.at,
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
    use clinical::{Instant, PatientId, uuid_v7};

    #[test]
    fn what_does_not_hold_yet_is_told() {
        assert_eq!(told(&[]), "no chart was erased");
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
        let text = told(std::slice::from_ref(&done));
        assert!(text.contains("MRN-1  by Dr Ana Reyes: asked for") && text.contains("by hand"));
        assert!(!text.contains("NOT DONE") && !text.contains("came for"), "{text}");
        let open = ErasedView {
            unsent: 2,
            came: 1,
            said: false,
            server: Some(false),
            swept: false,
            packs: 3,
            ..done
        };
        let text = told(&[open]);
        assert_eq!(text.matches("NOT DONE").count(), 4, "{text}");
        assert!(text.contains("2 changes that") && text.contains("1 batch came"), "{text}");
    }
}
