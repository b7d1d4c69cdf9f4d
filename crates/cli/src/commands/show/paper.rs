//! Answers about paper.

use super::{
    clock::Clock,
    line::{counted, loudness},
};
use crate::output::on_one_line;
use api::{
    Against, LetterheadView, Misread, PrintOutcome, SheetItem, SheetPicture, SheetPrinted,
    SheetStanding, SheetVerdict,
};
use clinical::AlertTier;
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
    format!("{}{copy}, {pages}: {}\n", printed.serial, outcome(printed.outcome))
}

/// A sheet as it would be printed.
pub(crate) fn preview(picture: &SheetPicture) -> String {
    let pages = counted(u64::try_from(picture.pages.len()).unwrap_or(u64::MAX), "page", "pages");
    let mut out = format!("{} ({}), {pages}\n", picture.paper.code(), picture.language);
    for remark in remarks(&picture.misread, picture.unsigned_note, &picture.unwritten) {
        let _ = writeln!(out, "! {remark}");
    }
    if let Some(block) = against(&picture.against) {
        let _ = writeln!(out, "! {block}");
    }
    out
}

/// What on the chart speaks against a prescription, a line each under the loudest title: paper goes
/// where nobody sees the chart. Nothing where nothing does.
pub(crate) fn against(all: &[Against]) -> Option<String> {
    let title = loudness(AlertTier::Block);
    let lines: Vec<String> = all.iter().map(|one| format!("\n  {}", stands(one))).collect();
    let what = "the chart speaks against this prescription";
    (!lines.is_empty()).then(|| format!("{title}: {what}{}", lines.concat()))
}

fn stands(one: &Against) -> String {
    match one {
        Against::Alert { paths, issue } => {
            on_one_line(&format!("{}: {}", paths.join(", "), issue.detail))
        }
        Against::Undecided { entry, names } => {
            let known = on_one_line(&names.join(" or "));
            let name = if known.is_empty() { "a medicine".to_owned() } else { known };
            format!("{name}: two people wrote it differently and nobody has decided ({entry})")
        }
    }
}

/// What of a sheet is to be looked at, a line each.
pub(crate) fn remarks(misread: &[Misread], unsigned_note: bool, unwritten: &str) -> Vec<String> {
    let mut lines: Vec<String> = misread.iter().map(remark).collect();
    if unsigned_note {
        lines.push("a note of this visit is not signed and is not on this sheet".to_owned());
    }
    if !unwritten.is_empty() {
        lines.push(format!("a box stands in the place of {}", on_one_line(unwritten)));
    }
    lines
}

fn remark(one: &Misread) -> String {
    let Misread { path, instead, .. } = one;
    let (medicine, text) = (on_one_line(&one.medicine), on_one_line(&one.text));
    let said = match one.rule.as_str() {
        "no-dose" | "no-frequency" | "no-quantity" | "no-weight" => text,
        "odd-weight" => format!("the weight is not to be believed as it stands ({text})"),
        "other-dose" => format!("\"{text}\" tells another dose"),
        _ => format!("\"{text}\" is misread"),
    };
    format!("{path} {medicine}: {said}; write {instead}")
}

/// What was printed.
pub(crate) fn sheets(items: &[SheetItem], clock: Clock<'_>) -> String {
    if items.is_empty() {
        return "nothing was printed on this computer\n".to_owned();
    }
    items.iter().map(|item| line(item, clock) + "\n").collect()
}

/// Why the clinic does not vouch for a sheet, as far as that can be told, and what to do; nothing where
/// it does.
pub(crate) const fn unvouched(standing: SheetStanding) -> Option<&'static str> {
    match standing {
        SheetStanding::Genuine | SheetStanding::GenuineElsewhere | SheetStanding::NumberKnown => {
            None
        }
        SheetStanding::NumberNotHere => Some(
            "By the number alone this cannot be told on this computer: scan the square code, or ask \
             the computer that printed it.",
        ),
        SheetStanding::Mistyped => Some("A sign of it is wrong: type it again."),
        SheetStanding::Forged => Some("This sheet is none that the clinic vouches for."),
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

#[cfg(test)]
mod tests {
    use super::*;
    use clinical::{DetectedIssue, EntryKind, EntryRef, uuid_v7};

    #[test]
    fn only_a_forged_sheet_is_told_to_be_none_of_the_clinics() {
        let check = |standing, want: Option<&str>| {
            let why = unvouched(standing);
            assert_eq!(why.is_some(), want.is_some(), "{standing:?}: {why:?}");
            assert!(why.unwrap_or_default().contains(want.unwrap_or_default()), "{why:?}");
        };
        check(SheetStanding::Genuine, None);
        check(SheetStanding::GenuineElsewhere, None);
        check(SheetStanding::NumberKnown, None);
        check(
            SheetStanding::NumberNotHere,
            Some("cannot be told on this computer: scan the square"),
        );
        check(SheetStanding::Mistyped, Some("type it again"));
        check(SheetStanding::Forged, Some("none that the clinic vouches for"));
    }

    #[test]
    fn what_the_chart_says_against_a_prescription_stands_under_one_title() {
        let entry = EntryRef::new(EntryKind::Medication, uuid_v7(1, [1; 10]));
        let alert = |paths: &[&str], detail: &str| Against::Alert {
            paths: paths.iter().map(|path| (*path).to_owned()).collect(),
            issue: DetectedIssue {
                rule: "x".to_owned(),
                tier: AlertTier::Interrupt,
                subject: vec![entry],
                detail: detail.to_owned(),
                source: String::new(),
                said: None,
            },
        };
        let undecided = |names: &[&str]| Against::Undecided {
            entry,
            names: names.iter().map(|name| (*name).to_owned()).collect(),
        };
        let check = |all: &[Against], want: &[&str]| {
            let title = "STOP AND LOOK: the chart speaks against this prescription";
            let want: String = want.iter().map(|line| format!("\n  {line}")).collect();
            let want = (!want.is_empty()).then(|| title.to_owned() + &want);
            assert_eq!(against(all), want);
            let picture = SheetPicture {
                pages: vec![String::new()],
                paper: clinical::SheetPaper::A5,
                language: "en".to_owned(),
                misread: Vec::new(),
                against: all.to_vec(),
                unsigned_note: false,
                unwritten: String::new(),
            };
            let block = want.map(|block| format!("! {block}\n")).unwrap_or_default();
            assert_eq!(preview(&picture), format!("a5 (en), 1 page\n{block}"));
        };
        check(&[], &[]);
        check(
            &[alert(&["medications/0"], "amoxicillin: an\nallergy"), undecided(&["warfarin"])],
            &[
                "medications/0: amoxicillin: an allergy",
                &format!(
                    "warfarin: two people wrote it differently and nobody has decided ({entry})"
                ),
            ],
        );
        check(
            &[alert(&["medications/0", "medications/2"], "Twice."), undecided(&[])],
            &[
                "medications/0, medications/2: Twice.",
                &format!(
                    "a medicine: two people wrote it differently and nobody has decided ({entry})"
                ),
            ],
        );
        let both = against(&[undecided(&["apixaban", "warfarin"])]).unwrap();
        assert!(both.contains("\n  apixaban or warfarin: two people"), "{both}");
    }
}
