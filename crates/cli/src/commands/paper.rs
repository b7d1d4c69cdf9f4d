//! Printing, what was printed, and what the clinic's paper says.

use super::{
    Desk,
    chart::{by_the_clock, tell_set_aside},
    parse,
    record::input,
    show,
    whom::one_person,
};
use crate::{
    arguments::{
        Command, LetterheadCommand, PaperWord, PrintArguments, PrintCommand, SheetsCommand,
    },
    failure::Failure,
};
use api::{ApiError, ErrorCode, PrintOutcome, SheetPicture};
use clinical::{
    Credentials, Letterhead, LetterheadTemplate, PrescriptionDraft, ReferralDraft, SheetDraft,
    SheetKind, SheetPaper, SickNoteDraft,
};
use serde::Deserialize;
use std::{collections::BTreeMap, path::Path};

/// What the clinic's paper says, as it is read: the address is one text, a line each.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default, deny_unknown_fields)]
struct LetterheadInput {
    name: String,
    address: String,
    telephone: String,
    registration: String,
    footer: String,
    language: String,
    template: Option<LetterheadTemplate>,
    papers: BTreeMap<SheetKind, SheetPaper>,
}

impl LetterheadInput {
    fn letterhead(self) -> Letterhead {
        let Self { name, address, telephone, registration, footer, language, template, papers } =
            self;
        let address = address.lines().map(str::to_owned).collect();
        Letterhead { name, address, telephone, registration, footer, language, template, papers }
    }
}

impl Command {
    /// The file that is printed into, where one is named.
    pub(super) fn printed_into(&self) -> Option<&Path> {
        if let Self::Print(command) = self { command.out() } else { None }
    }
}

impl PrintCommand {
    /// The file that is printed into, where one is named.
    fn out(&self) -> Option<&Path> {
        match self {
            Self::Prescription { how, .. }
            | Self::Summary { how, .. }
            | Self::SickNote { how, .. }
            | Self::Referral { how, .. }
            | Self::Label { how, .. } => how.out.as_deref(),
            Self::Copy { out, .. } => out.as_deref(),
        }
    }
}

/// Prints.
pub(super) fn print(desk: &Desk, command: &PrintCommand) -> Result<(), Failure> {
    if let Some(out) = command.out().filter(|out| out.symlink_metadata().is_ok()) {
        let detail =
            format!("{} is there already; nothing was printed. Name another file.", out.display());
        return Err(desk.failed(ApiError::new(ErrorCode::AlreadyExists, detail)));
    }
    let (how, sheet) = match command {
        PrintCommand::Prescription { how, medications, visit } => {
            let draft = PrescriptionDraft {
                medications: medications.iter().map(|id| parse(id)).collect::<Result<_, _>>()?,
                encounter: visit.as_deref().map(parse).transpose()?,
            };
            (how, SheetDraft::Prescription(draft))
        }
        PrintCommand::Summary { how, visit } => (how, SheetDraft::Summary(parse(visit)?)),
        PrintCommand::SickNote { how, from, until, remark } => {
            let (from, until, remark) = (from.clone(), until.clone(), remark.clone());
            (how, SheetDraft::SickNote(SickNoteDraft { from, until, remark, encounter: None }))
        }
        PrintCommand::Referral { how, .. } => (how, SheetDraft::Referral(letter(command))),
        PrintCommand::Label { how, copies } => return label(desk, how, *copies),
        PrintCommand::Copy { serial, .. } => {
            desk.sign_in()?;
            let printed = desk.call(api::ReprintSheet { serial: serial.clone() })?;
            let remarks =
                show::remarks(&printed.misread, printed.unsigned_note, &printed.unwritten);
            remarks.iter().for_each(|remark| desk.output.warn(remark));
            desk.output.answer(&printed, show::printed);
            return came_out(desk, printed.outcome);
        }
    };
    let PrintArguments { patient, paper, language, .. } = how;
    let (patient, paper, language) = (parse(patient)?, paper.map(paper_of), language.clone());
    desk.sign_in()?;
    let (preview, is_preview) = (sheet.clone(), how.preview);
    let preview = api::PreviewSheet { patient, sheet: preview, paper, language: language.clone() };
    let picture = desk.call(preview)?;
    tell_set_aside(desk, patient);
    if !looked_at(desk, &picture, is_preview) {
        return Ok(());
    }
    let printed = desk.call(api::PrintSheet { patient, sheet, paper, language })?;
    desk.output.answer(&printed, show::printed);
    came_out(desk, printed.outcome)
}

/// Tells what is to be looked at before something is printed; answers whether it is to be printed.
fn looked_at(desk: &Desk, picture: &SheetPicture, is_preview: bool) -> bool {
    if is_preview {
        let SheetPicture { pages, paper, language, misread, against, unsigned_note, unwritten } =
            picture;
        let answer = serde_json::json!({
            "pages": pages.len(), "paper": paper, "language": language, "misread": misread,
            "against": against, "unsignedNote": unsigned_note, "unwritten": unwritten,
        });
        desk.output.answer(&answer, |_| show::preview(picture));
        return false;
    }
    let remarks = show::remarks(&picture.misread, picture.unsigned_note, &picture.unwritten);
    remarks.iter().for_each(|remark| desk.output.warn(remark));
    if let Some(block) = show::against(&picture.against) {
        desk.output.warn(&block);
    }
    true
}

/// What was printed.
pub(super) fn sheets(desk: &Desk, command: &SheetsCommand) -> Result<(), Failure> {
    match command {
        SheetsCommand::List { patient, limit } => {
            let patient = patient.as_deref().map(parse).transpose()?;
            desk.sign_in()?;
            let items = desk.call(api::ListSheets { patient, limit: *limit })?;
            by_the_clock(desk, |clock| {
                desk.output.answer(&items, |items| show::sheets(items, clock));
            });
        }
        SheetsCommand::Verify { code } => {
            desk.sign_in()?;
            let verdict = desk.call(api::VerifySheet { code: code.clone() })?;
            by_the_clock(desk, |clock| {
                desk.output.answer(&verdict, |verdict| show::verdict(verdict, clock));
            });
            if let Some(why) = show::unvouched(verdict.standing) {
                return Err(desk.failed(ApiError::new(ErrorCode::Invalid, why)));
            }
        }
    }
    Ok(())
}

/// What the clinic's paper says.
pub(super) fn letterhead(desk: &Desk, command: &LetterheadCommand) -> Result<(), Failure> {
    desk.sign_in()?;
    match command {
        LetterheadCommand::Show => {
            let view = desk.call(api::GetLetterhead {})?;
            desk.output.answer(&view, show::letterhead);
        }
        LetterheadCommand::Set => {
            let letterhead = input::<LetterheadInput>(desk)?.letterhead();
            desk.call(api::SetLetterhead { letterhead })?;
            said(desk);
        }
        LetterheadCommand::Person { who, registration, qualification } => {
            let people = desk.call(api::ListPeople {})?;
            let person = one_person(&people, who).map_err(|error| desk.failed(error))?.id;
            let (registration, qualification) = (registration.clone(), qualification.clone());
            let credentials = Credentials { registration, qualification };
            desk.call(api::SetCredentials { person, credentials })?;
            said(desk);
        }
    }
    Ok(())
}

fn said(desk: &Desk) {
    let said = serde_json::json!({ "said": true });
    desk.output.answer(&said, |_| "the clinic's paper says so from now on".to_owned());
}

fn label(desk: &Desk, how: &PrintArguments, copies: u32) -> Result<(), Failure> {
    let PrintArguments { patient, paper, language, .. } = how;
    let (patient, paper, language) = (parse(patient)?, paper.map(paper_of), language.clone());
    desk.sign_in()?;
    let preview = api::PreviewLabel { patient, paper, language: language.clone() };
    if !looked_at(desk, &desk.call(preview)?, how.preview) {
        return Ok(());
    }
    let printed = desk.call(api::PrintLabel { patient, paper, language, copies })?;
    desk.output.answer(&printed, |printed| show::outcome(printed.outcome).to_owned());
    came_out(desk, printed.outcome)
}

/// A sheet that came out nowhere is kept and is told as a failure.
fn came_out(desk: &Desk, outcome: PrintOutcome) -> Result<(), Failure> {
    match outcome {
        PrintOutcome::Printer | PrintOutcome::Viewer | PrintOutcome::File => Ok(()),
        PrintOutcome::Nowhere => {
            let detail = "It came out nowhere. What has a number is kept: `fieldchart print copy \
                          NUMBER --out PATH` writes it to a file.";
            Err(desk.failed(ApiError::new(ErrorCode::Internal, detail)))
        }
    }
}

fn letter(command: &PrintCommand) -> ReferralDraft {
    let PrintCommand::Referral {
        to,
        urgent,
        situation,
        background,
        assessment,
        recommendation,
        ..
    } = command
    else {
        return ReferralDraft::default();
    };
    ReferralDraft {
        to: to.clone(),
        urgent: *urgent,
        situation: situation.clone(),
        background: background.clone(),
        assessment: assessment.clone(),
        recommendation: recommendation.clone(),
        encounter: None,
    }
}

const fn paper_of(word: PaperWord) -> SheetPaper {
    match word {
        PaperWord::A4 => SheetPaper::A4,
        PaperWord::A5 => SheetPaper::A5,
        PaperWord::Letter => SheetPaper::Letter,
        PaperWord::Roll80 => SheetPaper::Roll80,
    }
}
