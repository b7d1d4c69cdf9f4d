//! From what stands on a sheet to its pages.

use super::content::{
    Allergies, Body, ClinicLines, ItemBody, Medicines, PersonLines, PrescriptionBody, SheetContent,
    SignLine, Weighed,
};
use api::{ApiError, ErrorCode, Misread};
use clinical::{AllergyState, Finding, PartialDate, SheetPaper};
use print::{Language, PrintError, Printing, Remark, Sheet};

/// How and when a sheet is printed.
#[derive(Debug, Clone)]
pub(super) struct Manner {
    pub(super) paper: SheetPaper,
    pub(super) language: Language,
    /// Seconds since the Unix epoch.
    pub(super) at: i64,
    pub(super) at_local: PartialDate,
    pub(super) copy: u32,
}

impl Manner {
    pub(super) fn printing(&self) -> Printing {
        let Self { paper, language, at, at_local, copy } = self.clone();
        Printing { paper, language, at, at_local, copy }
    }
}

/// What names a sheet: its number, and what its square code holds.
pub(super) type Marks<'a> = (&'a str, &'a str);

/// Lays a sheet out.
///
/// # Errors
/// `invalid` where there is nothing on it; `internal`.
pub(super) fn lay(
    content: &SheetContent,
    marks: Marks<'_>,
    manner: &Manner,
) -> Result<Sheet, ApiError> {
    let printing = manner.printing();
    let laid = match &content.body {
        Body::Prescription(body) => {
            print::prescription(&prescription(content, body, marks), &printing)
        }
        Body::Summary(body) => print::summary(
            &letter(content, marks),
            &print::Summary {
                reason: body.reason.clone(),
                vitals: body.vitals.iter().map(sign).collect(),
                assessment: body.assessment.clone(),
                plan: body.plan.clone(),
                medicines: medicines(&body.medicines),
                allergies: allergies(&body.allergies),
                follow_up: body.follow_up.clone(),
                is_unsigned: body.unsigned,
            },
            &printing,
        ),
        Body::SickNote(body) => {
            let (from, until) = (body.from.clone(), body.until.clone());
            let (remark, is_school) = (body.remark.clone(), body.school);
            let note = print::SickNote { from, until, remark, is_school };
            print::sick_note(&letter(content, marks), &note, &printing)
        }
        Body::Referral(body) => print::referral(
            &letter(content, marks),
            &print::Referral {
                weight: weight(&body.weighed),
                to: body.to.clone(),
                urgent: body.urgent,
                situation: body.situation.clone(),
                background: body.background.clone(),
                assessment: body.assessment.clone(),
                recommendation: body.recommendation.clone(),
                medicines: medicines(&body.medicines),
                allergies: allergies(&body.allergies),
            },
            &printing,
        ),
    };
    laid.map_err(not_laid)
}

/// What others may misread in a sheet.
pub(super) fn misread(content: &SheetContent) -> Vec<Misread> {
    let Body::Prescription(body) = &content.body else { return Vec::new() };
    let told = |Remark { place, text, instead, rule }| {
        let order = &body.items.get(place)?.order;
        let (medicine, rule) = (order.medication.label().to_owned(), rule.to_owned());
        Some(Misread { path: format!("medications/{place}"), medicine, text, instead, rule })
    };
    prescription(content, body, ("", "")).misread().into_iter().filter_map(told).collect()
}

/// Whether a note of the visit a sheet sums up is not signed.
pub(super) fn is_unsigned(content: &SheetContent) -> bool {
    match &content.body {
        Body::Summary(body) => body.unsigned,
        Body::Prescription(_) | Body::SickNote(_) | Body::Referral(_) => false,
    }
}

/// The clinic as the crate that prints takes it.
pub(super) fn letterhead(clinic: &ClinicLines) -> print::Letterhead {
    print::Letterhead {
        name: clinic.name.clone(),
        address: clinic.address.clone(),
        telephone: said(&clinic.telephone),
        registration: said(&clinic.registration),
        footer: said(&clinic.footer),
        template: clinic.template,
        demonstration: clinic.demonstration,
    }
}

/// A person likewise.
pub(super) fn person(person: &PersonLines) -> print::Person {
    let PersonLines { identity, age, address, guardian } = person.clone();
    print::Person { identity, age, address, guardian }
}

/// Why a sheet cannot be laid out.
pub(super) fn not_laid(error: PrintError) -> ApiError {
    match error {
        PrintError::Nothing => {
            let detail = "There is no medicine to prescribe.";
            ApiError::invalid(vec![Finding::error("medications", "required", detail)])
        }
        PrintError::Code | PrintError::Font | PrintError::File => {
            ApiError::new(ErrorCode::Internal, format!("The record is safe: {error}."))
        }
    }
}

fn prescription(
    content: &SheetContent,
    body: &PrescriptionBody,
    (serial, code): Marks<'_>,
) -> print::Prescription {
    print::Prescription {
        letterhead: letterhead(&content.clinic),
        person: person(&content.person),
        prescriber: author(content),
        written: content.written.clone(),
        weight: weight(&body.weighed),
        allergies: allergies(&body.allergies),
        items: body.items.iter().map(item).collect(),
        serial: serial.to_owned(),
        code: code.to_owned(),
    }
}

fn weight(weighed: &Weighed) -> Option<print::Weight> {
    let Weighed { weight, weight_before: jumps_from } = weighed.clone();
    let (value, measured) = weight?;
    Some(print::Weight { value, measured, jumps_from })
}

fn sign(line: &SignLine) -> (String, String) {
    match line.clone() {
        SignLine::Apart(sign, value) => (sign, value),
        SignLine::Whole(line) => (line, String::new()),
    }
}

fn letter(content: &SheetContent, (serial, code): Marks<'_>) -> print::Letter {
    print::Letter {
        letterhead: letterhead(&content.clinic),
        person: person(&content.person),
        author: author(content),
        written: content.written.clone(),
        serial: serial.to_owned(),
        code: code.to_owned(),
    }
}

fn author(content: &SheetContent) -> print::Prescriber {
    let author = &content.author;
    print::Prescriber { name: author.name.clone(), registration: said(&author.registration) }
}

fn item(item: &ItemBody) -> print::Item {
    let ItemBody { order, controlled, instruction, against, reason } = item.clone();
    print::Item { order, controlled, instruction, against, reason }
}

fn medicines(medicines: &Medicines) -> print::Medicines {
    let Medicines { agreed, disputed, despite, .. } = medicines;
    let all = agreed.iter().chain(disputed).enumerate().map(|(place, order)| {
        let told = despite.iter().find(|one| one.place == place);
        let (against, reason) =
            told.map(|one| (one.against.clone(), one.reason.clone())).unwrap_or_default();
        print::Taken { order: order.clone(), against, reason }
    });
    let mut all = all.collect::<Vec<_>>().into_iter();
    let agreed = all.by_ref().take(agreed.len()).collect();
    let of_one = |count: usize| all.by_ref().take(count).collect();
    let disputed = medicines.versions().into_iter().map(of_one).collect();
    print::Medicines { agreed, disputed }
}

fn allergies(allergies: &Allergies) -> (AllergyState, Vec<String>) {
    (allergies.state, allergies.known.clone())
}

fn said(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}
