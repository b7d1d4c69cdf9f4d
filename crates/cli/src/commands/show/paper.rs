//! Answers about paper.

use super::{clock::Clock, line::counted};
use crate::output::on_one_line;
use api::{LetterheadView, PrintOutcome, SheetItem, SheetPrinted, SheetStanding, SheetVerdict};
use std::fmt::Write;

/// Where a sheet went.
pub(crate) const fn outcome(outcome: PrintOutcome) -> &'static str {
    match outcome {
        PrintOutcome::Printer => "given to the printer",
        PrintOutcome::Viewer => "no printer took it: opened in the viewer",
        PrintOutcome::File => "written to the file",
        PrintOutcome::Nowhere => "neither a printer nor a viewer took it",
    }
}

/// A sheet was printed.
pub(crate) fn printed(printed: &SheetPrinted) -> String {
    let pages = counted(u64::from(printed.pages), "page", "pages");
    let copy = if printed.copy > 1 { format!(", copy {}", printed.copy) } else { String::new() };
    let mut out = format!("{}{copy}, {pages}: {}\n", printed.serial, outcome(printed.outcome));
    for one in &printed.misread {
        let (text, instead) = (on_one_line(&one.text), &one.instead);
        let medicine = on_one_line(&one.medicine);
        let _ = writeln!(out, "! {medicine}: \"{text}\" is misread; write {instead}");
    }
    if !printed.unwritten.is_empty() {
        let _ = writeln!(out, "! a box stands in the place of {}", printed.unwritten);
    }
    out
}

/// What was printed.
pub(crate) fn sheets(items: &[SheetItem], clock: Clock<'_>) -> String {
    if items.is_empty() {
        return "nothing was printed on this computer\n".to_owned();
    }
    items.iter().map(|item| line(item, clock) + "\n").collect()
}

/// Whether the clinic vouches for a sheet, as far as that can be told.
pub(crate) const fn is_ours(verdict: &SheetVerdict) -> bool {
    match verdict.standing {
        SheetStanding::Genuine | SheetStanding::GenuineElsewhere | SheetStanding::NumberKnown => {
            true
        }
        SheetStanding::NumberNotHere | SheetStanding::Mistyped | SheetStanding::Forged => false,
    }
}

/// Whether a sheet is one of the clinic's.
pub(crate) fn verdict(verdict: &SheetVerdict, clock: Clock<'_>) -> String {
    let mut out = String::from(match verdict.standing {
        SheetStanding::Genuine => "genuine: it says what is kept here",
        SheetStanding::GenuineElsewhere => "genuine: it was printed on another computer",
        SheetStanding::NumberKnown => {
            "the number was given out here; scan the square code to know who made the paper"
        }
        SheetStanding::NumberNotHere => "the number was not given out on this computer",
        SheetStanding::Mistyped => "this is no number and no code of a sheet",
        SheetStanding::Forged => "FORGED: nobody of the clinic signed it",
    });
    if let Some(name) = &verdict.signed_by {
        let _ = write!(out, "\nsigned by {}", on_one_line(name));
    }
    if let Some(patient) = &verdict.patient {
        let _ = write!(out, "\nabout {}", on_one_line(patient));
    }
    if let Some(sheet) = &verdict.sheet {
        let _ = write!(out, "\n{}", line(sheet, clock));
    }
    out
}

/// What the clinic's paper says.
pub(crate) fn letterhead(view: &LetterheadView) -> String {
    let said = &view.letterhead;
    let name = if said.name.is_empty() { &view.clinic_name } else { &said.name };
    let mut lines = vec![name];
    lines.extend(&said.address);
    lines.extend([&said.telephone, &said.registration, &said.footer]);
    let lines = lines.into_iter().filter(|line| !line.is_empty());
    let mut out: String = lines.map(|line| on_one_line(line) + "\n").collect();
    for (kind, paper) in &said.papers {
        let _ = writeln!(out, "{}: {}", kind.code(), paper.code());
    }
    let _ = writeln!(out, "languages: {}", view.languages.join(", "));
    out
}

fn line(item: &SheetItem, clock: Clock<'_>) -> String {
    let copies = match item.copies {
        1 => String::new(),
        copies => format!("  printed {copies} times"),
    };
    let (kind, paper, by) = (item.kind.code(), item.paper.code(), on_one_line(&item.by));
    let at = clock.moment(item.at);
    format!(
        "{}  {at}  {kind} ({paper}, {})  {}  {by}{copies}",
        item.serial, item.language, item.patient
    )
}
