//! Codes in the palette: `#` and what one calls an illness finds its diagnosis. Beside a chart the
//! one that is chosen opens the form that records it; elsewhere it is shown, and told what can be
//! done with it. Nothing is put into the clipboard.

use crate::backend::{ask_for, question};
use crate::components::{Offer, Offered, status};
use crate::forms::diagnoses_answered;
use crate::frame::{Frame, Sheet};
use crate::host::clock;
use crate::i18n::{t, tf};
use crate::markup::prelude::*;
use api::FindDiagnoses;
use clinical::{Coding, ICD_10_CM};

/// What a line begins with that asks for codes.
pub(super) const SIGN: char = '#';
/// So many are offered.
const HITS_MAX: u32 = 10;

/// The codes of an open palette.
#[derive(Clone, Copy)]
pub(super) struct Codes {
    frame: Frame,
    /// The line asks for codes.
    sought: RwSignal<bool>,
    /// The one that was chosen where no chart is.
    shown: RwSignal<Option<Coding>>,
}

impl Codes {
    pub(super) fn of(frame: Frame) -> Self {
        Self { frame, sought: RwSignal::new(false), shown: RwSignal::new(None) }
    }

    /// The line says something else.
    pub(super) fn typed(self, text: &str) {
        self.shown.set(None);
        self.sought.set(wanted(self.frame.is_clinical(), text).is_some());
    }

    /// Answers a line that asks for codes; whether it does.
    pub(super) fn ask(self, text: &str, offered: RwSignal<Offered>) -> bool {
        let Some(query) = wanted(self.frame.is_clinical(), text) else { return false };
        let asked = question(&FindDiagnoses { query: query.to_owned(), limit: HITS_MAX });
        let to = text.to_owned();
        let heed = move |answer| {
            offered.try_set(diagnoses_answered(to, answer));
        };
        ask_for(asked, Box::new(heed));
        true
    }

    /// Whether what is offered are codes: those of the line before may still be listed.
    pub(super) fn are(self, offered: &Offered) -> bool {
        wanted(self.frame.is_clinical(), &offered.to).is_some()
    }

    /// Opens the form of the one that was chosen, or shows it; what stands in the line from now on.
    pub(super) fn chosen(self, offer: &Offer) -> String {
        let code = Coding::new(ICD_10_CM, &offer.id, &offer.label);
        match self.frame.subject.get_untracked() {
            Some(subject) => {
                self.frame.palette.close();
                self.frame.open(Sheet::Diagnosis(subject, code));
                String::new()
            }
            None => {
                self.shown.set(Some(code));
                format!("{SIGN}{}", offer.id)
            }
        }
    }

    /// Below the line: what can be typed, or what becomes of a code.
    pub(super) fn said(self) -> AnyView {
        let shown = move || self.shown.get().map(|code| card(&code));
        let hint = move || match (self.sought.get(), self.frame.subject.get()) {
            (true, Some(subject)) => {
                let name = subject.line(clock::today()).name;
                tf("palette.code.here", &[("name", &name)])
            }
            (true, None) => t("palette.code.elsewhere").to_owned(),
            (false, _) if self.frame.is_clinical() => {
                format!("{} {}", t("palette.hint"), t("palette.hint.code"))
            }
            (false, _) => t("palette.hint").to_owned(),
        };
        view! {
            {status(shown.into_any())}
            <p class="hint">{hint}</p>
        }
        .into_any()
    }
}

/// What is looked for by a line that asks for codes. Reception records no diagnosis, and asks for
/// none.
fn wanted(is_clinical: bool, text: &str) -> Option<&str> {
    text.strip_prefix(SIGN).filter(|_| is_clinical).map(str::trim)
}

fn card(code: &Coding) -> AnyView {
    let (number, name) = (code.code.clone(), code.display.clone());
    view! {
        <p class="palette-code" data-testid="palette-code">
            <b><bdi>{number}</bdi></b>
            " "
            <bdi>{name}</bdi>
            " "
            <span class="written">{t("palette.code.system")}</span>
        </p>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sign_asks_for_codes_and_only_where_diagnoses_are_recorded() {
        let check = |is_clinical: bool, text: &str, want: Option<&str>| {
            assert_eq!(wanted(is_clinical, text), want, "{is_clinical} {text}");
        };
        check(true, "#htn", Some("htn"));
        check(true, "# heart attack ", Some("heart attack"));
        check(true, "#", Some(""));
        check(true, "htn #", None);
        check(true, "okello", None);
        check(false, "#htn", None);
    }
}
