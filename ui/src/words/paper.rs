//! Kinds of sheets, and papers.

use crate::i18n::t;
use clinical::{LetterheadTemplate, SheetKind, SheetPaper};

/// What a sheet is.
pub(crate) fn sheet_kind(kind: SheetKind) -> &'static str {
    match kind {
        SheetKind::Prescription => t("paper.kind.prescription"),
        SheetKind::Summary => t("paper.kind.summary"),
        SheetKind::SickNote => t("paper.kind.sick-note"),
        SheetKind::Referral => t("paper.kind.referral"),
        SheetKind::Label => t("paper.kind.label"),
    }
}

/// What it is printed on.
pub(crate) fn sheet_paper(paper: SheetPaper) -> &'static str {
    match paper {
        SheetPaper::A4 => t("paper.a4"),
        SheetPaper::A5 => t("paper.a5"),
        SheetPaper::Letter => t("paper.letter"),
        SheetPaper::Roll80 => t("paper.roll-80"),
    }
}

/// How a sheet begins.
pub(crate) fn letterhead_template(template: LetterheadTemplate) -> &'static str {
    match template {
        LetterheadTemplate::Plain => t("letterhead.template.plain"),
        LetterheadTemplate::Centred => t("letterhead.template.centred"),
        LetterheadTemplate::Preprinted => t("letterhead.template.preprinted"),
    }
}
