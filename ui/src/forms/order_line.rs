//! The line that a form of a medicine makes.

use super::{Form, preview};
use crate::i18n::t;
use crate::sections::medication_line;
use crate::words;
use clinical::{Finding, MedicationDraft, MedicationId, MedicationRequest};
use leptos::prelude::*;

/// The line as it will be read, as soon as there is more of it than the name; in its place what
/// must be said before it can be read.
pub(super) fn line_so_far(form: Form<MedicationDraft>) -> Option<AnyView> {
    let order = match form.draft.with(complete) {
        Ok(medicine) => medicine.order,
        Err(findings) => {
            let unsaid = findings.iter().find(|finding| finding.code == "period-unit")?;
            let said = words::finding(unsaid);
            return Some(view! { <p class="fault" role="status">{said}</p> }.into_any());
        }
    };
    if order.dosage.is_empty() {
        return None;
    }
    let line = view! {
        <p class="quoted" aria-label=t("medication.line")>{medication_line(&order)}</p>
    };
    Some(line.into_any())
}

/// What is typed as a line of the medication list, of no id.
pub(super) fn complete(draft: &MedicationDraft) -> Result<MedicationRequest, Vec<Finding>> {
    draft.complete(MedicationId::from_uuid(preview::no_id()), preview::today())
}

/// The line in one text, for what tells that it was recorded: the name alone while it is no line.
pub(super) fn order_words(draft: &MedicationDraft) -> String {
    match complete(draft) {
        Ok(medicine) => words::medicine(&medicine.order),
        Err(_) => draft.medication.trim().to_owned(),
    }
}
