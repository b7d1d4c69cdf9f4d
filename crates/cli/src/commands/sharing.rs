//! One chart passes from one clinic to another.

use super::{
    Desk,
    chart::by_the_clock,
    document::path_of,
    parse,
    places::{unwritten, write},
    show,
    show::{Clock, counted},
};
use crate::{
    arguments::{GroundWord, ShareCommand},
    failure::Failure,
    output::on_one_line,
};
use api::{
    ApiError, CardKnown, CardView, ErrorCode, GivenEntry, GivenHere, GivenOverwrites, GivenView,
    SharedChart, SharedFile, TakenIn,
};
use clinical::{EntryKind, Sharing, SharingDraft, SharingGround, display::banner_name};
use std::{
    fs::File,
    io::{self, Read as _, Write as _},
    path::Path,
};

/// A card is a few hundred characters.
const CARD_BYTES_MAX: u64 = 16 << 10;
/// Over entries that a file would overwrite.
const WOULD: &str = "entries that are here and would read OTHERWISE:";
/// Beside the counts of a chart.
const MISTAKES_TOO: &str = "what was recorded by mistake counted too";
/// What giving is, in plain words.
const GIVEN: &str = "What is given cannot be taken back: they keep it under their own rules.";

/// Shows the card, gives, looks, takes in.
pub(super) fn run(desk: &Desk, command: &ShareCommand) -> Result<(), Failure> {
    match command {
        ShareCommand::Card { out } => card(desk, out.as_deref()),
        ShareCommand::Out { patient, to, ground, reason, until, out } => {
            let draft = SharingDraft {
                ground: Some(of(*ground)),
                reason: reason.clone(),
                until: until.clone(),
            };
            give(desk, patient, to, (draft, out))
        }
        ShareCommand::Look { file } => {
            let path = path_of(desk, file)?;
            desk.sign_in()?;
            let view = desk.call(api::LookAtGiven { path })?;
            by_the_clock(desk, |clock| {
                desk.output.answer(&view, |view| looked(view, clock));
            });
            Ok(())
        }
        ShareCommand::In { file, compared, seen } => {
            let path = path_of(desk, file)?;
            take_in(desk, &path, (*compared, seen.as_deref()))
        }
    }
}

/// Lists when charts passed from one clinic to another.
pub(super) fn list(desk: &Desk) -> Result<(), Failure> {
    desk.sign_in()?;
    let shared = desk.call(api::ListShared {})?;
    by_the_clock(desk, |clock| {
        desk.output.answer(&shared, |shared| listed(shared, clock));
    });
    Ok(())
}

fn card(desk: &Desk, out: Option<&Path>) -> Result<(), Failure> {
    desk.sign_in()?;
    // What a terminal shows is the code itself.
    let card = CardView { square: None, ..desk.call(api::GetCard {})? };
    if let Some(out) = out {
        let written = File::create_new(out).and_then(|mut file| {
            writeln!(file, "{}", card.card)?;
            file.sync_all()
        });
        written.map_err(|error| {
            let is_there = error.kind() == io::ErrorKind::AlreadyExists;
            let code = if is_there { ErrorCode::AlreadyExists } else { ErrorCode::ReadOnlyDisk };
            let detail = format!("The card was not written: {} ({error}).", out.display());
            desk.failed(unwritten(ApiError::new(code, detail), out))
        })?;
    }
    desk.output.answer(&card, |card| {
        format!(
            "{}\n\nnumber  {}\n\n{}\n\nWhoever has this card can give this clinic charts; it opens \
             nothing. They compare the number with you before the first one.",
            on_one_line(&card.name),
            card.number,
            card.card
        )
    });
    Ok(())
}

fn give(
    desk: &Desk,
    patient: &str,
    to: &str,
    (draft, out): (SharingDraft, &Path),
) -> Result<(), Failure> {
    let (patient, path) = (parse(patient)?, path_of(desk, out)?);
    let card = card_of(desk, to)?;
    desk.sign_in()?;
    let view = desk.call(api::ReadCard { card: card.clone() })?;
    let compared = match view.known {
        CardKnown::New | CardKnown::Met | CardKnown::Doubtful => {
            if !compare(desk, &view)? {
                let detail = "Nothing was given: the numbers differ. This is not the card of that \
                              clinic.";
                return Err(desk.failed(ApiError::new(ErrorCode::NumbersDiffer, detail)));
            }
            true
        }
        CardKnown::Known | CardKnown::Own | CardKnown::Differs => false,
    };
    let shared = write(desk, api::ShareChart { patient, card, compared, draft, path }, out)?;
    desk.output.answer(&shared, gave);
    Ok(())
}

/// The card as it was typed, or as a file holds it.
fn card_of(desk: &Desk, to: &str) -> Result<String, Failure> {
    let Ok(file) = File::open(to) else { return Ok(to.to_owned()) };
    let mut text = String::new();
    let read = file.take(CARD_BYTES_MAX).read_to_string(&mut text);
    let failed = |_| {
        let detail = "Nothing was given: the file of the card cannot be read.";
        desk.failed(ApiError::new(ErrorCode::UnreadableFile, detail))
    };
    read.map(|_| text).map_err(failed)
}

/// Takes a file in. What would overwrite entries that are here is shown first, and asked about, unless
/// it was seen before or nobody reads along.
fn take_in(desk: &Desk, path: &str, (compared, seen): (bool, Option<&str>)) -> Result<(), Failure> {
    desk.sign_in()?;
    let take = |seen| api::TakeInGiven { path: path.to_owned(), compared, seen };
    let taken = match desk.call(take(seen.map(str::to_owned))) {
        Err(Failure::Failed(error)) if !desk.output.json && is_unseen(&error) => {
            let view = desk.call(api::LookAtGiven { path: path.to_owned() })?;
            let Some(overwrites) = &view.overwrites else {
                return Err(Failure::Failed(error));
            };
            let asked = format!("{}Take it in so? yes or no: ", overwritten(overwrites, WOULD));
            if !ask(desk, &asked, "nobody said whether it is to be taken in so")? {
                let detail = "Nothing was taken in.";
                return Err(desk.failed(ApiError::new(ErrorCode::Changed, detail)));
            }
            desk.call(take(Some(overwrites.seen.clone())))?
        }
        answer => answer?,
    };
    desk.output.answer(&taken, took);
    Ok(())
}

/// Whether nobody looked at what would overwrite entries.
fn is_unseen(error: &ApiError) -> bool {
    error.findings.iter().any(|finding| finding.code == "not-looked")
}

/// Asks whether the number is the one the other clinic shows.
fn compare(desk: &Desk, view: &CardView) -> Result<bool, Failure> {
    let asked = format!(
        "The card is of {}:\n\n    {}\n\nDo they show the same number? Ask them face to face, or by \
         a telephone number you know. yes or no: ",
        on_one_line(&view.name),
        view.number
    );
    ask(desk, &asked, "nobody said whether the numbers are the same")
}

/// Asks something that is answered by yes or no.
fn ask(desk: &Desk, question: &str, silence: &str) -> Result<bool, Failure> {
    let unanswered =
        || Failure::Usage(format!("{silence}; answer on the terminal or on standard input"));
    loop {
        if !desk.output.json {
            write!(io::stderr(), "{question}").map_err(|_| unanswered())?;
        }
        let mut line = String::new();
        if io::stdin().read_line(&mut line).map_err(|_| unanswered())? == 0 {
            return Err(unanswered());
        }
        match line.trim().to_lowercase().as_str() {
            "yes" | "y" => return Ok(true),
            "no" | "n" => return Ok(false),
            _ => {}
        }
    }
}

fn gave(shared: &SharedFile) -> String {
    let mut out = format!(
        "{} for {}, {} bytes\n",
        on_one_line(&shared.file),
        on_one_line(&shared.sharing.to.name),
        shared.bytes
    );
    if shared.files > 0 {
        out.push_str(&format!("with {}\n", counted(shared.files, "file", "files")));
    }
    if shared.left_out > 0 {
        let files = counted(shared.left_out, "file", "files");
        out.push_str(&format!("NOT in it: {files} not on this computer, or too large\n"));
    }
    out.push_str(GIVEN);
    out
}

fn looked(view: &GivenView, clock: Clock<'_>) -> String {
    let mut out = format!("{}\n", on_one_line(&banner_name(&view.identity)));
    out.push_str(&from(&view.from, &view.by));
    out.push_str(&said(&view.sharing, clock));
    for one in &view.hearsay {
        let (giver, to) = (on_one_line(&one.from.name), on_one_line(&one.to.name));
        let by = on_one_line(&view.from.name);
        let at = clock.moment(one.at);
        out.push_str(&format!("  as {by} says, {giver} gave it to {to} {at}\n"));
    }
    let counts = view.counts.iter().filter(|(_, count)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(kind, count)| counted(u64::from(*count), words(*kind).0, words(*kind).1))
        .collect();
    out.push_str(&format!("  in it: {} ({MISTAKES_TOO})\n", counts.join(", ")));
    if view.files > 0 || view.left_out > 0 {
        let (come, not) = (counted(view.files, "file", "files"), view.left_out);
        out.push_str(&format!("  {come} along, {not} not\n"));
    }
    out.push_str(&match &view.here {
        GivenHere::New => "not here: a new chart would be made\n".to_owned(),
        GivenHere::Merges { changes: 0, .. } => {
            "here already, and nothing in it is new\n".to_owned()
        }
        GivenHere::Merges { changes, conflicts } => format!(
            "here already: {} would come, {} to decide\n",
            counted(*changes, "change", "changes"),
            counted(*conflicts, "conflict", "conflicts")
        ),
        GivenHere::Erased { at, ground } => {
            let (at, ground) = (clock.moment(*at), on_one_line(ground));
            format!("ERASED here {at} ({ground}): it would not be taken in\n")
        }
    });
    if let Some(overwrites) = &view.overwrites {
        out.push_str(&overwritten(overwrites, WOULD));
        out.push_str(&format!("to take it in so: --seen \"{}\"\n", overwrites.seen));
    }
    if !view.alike.is_empty() {
        out.push_str("who here may be the same person:\n");
        view.alike.iter().for_each(|it| out.push_str(&format!("{}\n", show::duplicate(it))));
    }
    if view.in_our_name > 0 {
        let changes = counted(view.in_our_name, "change", "changes");
        out.push_str(&format!(
            "CAREFUL: {changes} in the name of people of this clinic that this computer does not \
             hold: sync first. Where they are still unknown then, nobody here made them.\n"
        ));
    }
    out
}

fn took(taken: &TakenIn) -> String {
    let mut out = match (taken.is_new, taken.changes) {
        (true, _) => format!("a new chart: {}\n", taken.patient),
        (false, 0) => format!("nothing in it was new: {}\n", taken.patient),
        (false, changes) => {
            format!("{} into {}\n", counted(changes, "change", "changes"), taken.patient)
        }
    };
    if taken.conflicts > 0 {
        let conflicts = counted(taken.conflicts, "conflict", "conflicts");
        out.push_str(&format!("{conflicts} to decide: `fieldchart conflicts`\n"));
    }
    if let Some(overwrites) = &taken.overwrites {
        out.push_str(&overwritten(overwrites, "entries that were here and read OTHERWISE now:"));
    }
    if taken.left_out > 0 {
        let files = counted(taken.left_out, "file", "files");
        out.push_str(&format!("{files} of it not here\n"));
    }
    out.push_str(&from(&taken.from, ""));
    out
}

/// Entries that were here, and what becomes of each field.
fn overwritten(overwrites: &GivenOverwrites, title: &str) -> String {
    let words = |value: &Option<String>| value.clone().unwrap_or_else(|| "-".to_owned());
    let line = |one: &GivenEntry| {
        let (was, becomes) = (words(&one.was), words(&one.becomes));
        let how = if one.is_disputed { "  (to decide)" } else { "" };
        let line = format!("{} {} {}: {was} -> {becomes}{how}", one.entry, one.label, one.field);
        format!("  {}\n", on_one_line(&line))
    };
    let mut out = format!("{title}\n");
    out.extend(overwrites.entries.iter().map(line));
    if overwrites.more > 0 {
        out.push_str(&format!("  and {} more\n", overwrites.more));
    }
    out
}

fn from(card: &CardView, by: &str) -> String {
    let by = if by.is_empty() { String::new() } else { format!(", by {}", on_one_line(by)) };
    let known = match card.known {
        CardKnown::Known | CardKnown::Own => "compared before",
        CardKnown::New => "NEW here: compare their number before you trust it",
        CardKnown::Met => "met before, and nobody compared their number yet",
        CardKnown::Doubtful => {
            "a chart came by ANOTHER number in this clinic's name: compare this one, or trust neither"
        }
        CardKnown::Differs => "NOT the number of this clinic that was compared here",
    };
    format!("  from {}{by}\n  number {} ({known})\n", on_one_line(&card.name), card.number)
}

fn said(sharing: &Sharing, clock: Clock<'_>) -> String {
    let mut out = format!("  {}, {}", sharing.ground.word(), clock.moment(sharing.at));
    if let Some(until) = &sharing.until {
        out.push_str(&format!(", until {until}"));
    }
    out.push('\n');
    if let Some(reason) = &sharing.reason {
        out.push_str(&format!("  {}\n", on_one_line(reason)));
    }
    out
}

fn listed(shared: &[SharedChart], clock: Clock<'_>) -> String {
    if shared.is_empty() {
        return "no chart passed from one clinic to another".to_owned();
    }
    let line = |one: &SharedChart| {
        format!(
            "{}  {}  {} -> {}, by {}: {}{}{}\n",
            clock.moment(one.sharing.at),
            on_one_line(&one.name),
            on_one_line(&one.sharing.from.name),
            on_one_line(&one.sharing.to.name),
            on_one_line(&one.by),
            one.sharing.ground.word(),
            one.sharing.until.as_ref().map(|day| format!(", until {day}")).unwrap_or_default(),
            one.told_by
                .as_ref()
                .map(|by| format!("  (as {} says)", on_one_line(by)))
                .unwrap_or_default()
        )
    };
    let mut out: String = shared.iter().map(line).collect();
    out.push_str(&format!("\n{GIVEN}\n"));
    out
}

const fn words(kind: EntryKind) -> (&'static str, &'static str) {
    match kind {
        EntryKind::Patient => ("patient", "patients"),
        EntryKind::Allergy => ("allergy", "allergies"),
        EntryKind::Condition => ("problem", "problems"),
        EntryKind::Encounter => ("visit", "visits"),
        EntryKind::Medication => ("medicine", "medicines"),
        EntryKind::Observation => ("finding", "findings"),
        EntryKind::Composition => ("note", "notes"),
        EntryKind::Task => ("task", "tasks"),
        EntryKind::Source => ("original", "originals"),
        EntryKind::Document => ("file", "files"),
    }
}

const fn of(word: GroundWord) -> SharingGround {
    match word {
        GroundWord::Referral => SharingGround::Referral,
        GroundWord::Transfer => SharingGround::Transfer,
        GroundWord::Request => SharingGround::Request,
    }
}
