//! The parts of a chart, and what stands on every page: each a pure model and a view of it.

mod advice;
mod alike;
mod allergies;
mod banner;
mod carrying;
mod coming;
mod conflict;
mod documents;
mod erasing;
mod files;
mod job_chip;
mod lines;
mod medications;
mod merging;
mod notes;
mod part;
mod patient_box;
mod problems;
mod settled;
mod sharing;
mod sync_chip;
mod timeline;
mod visits;
mod vitals;
mod whereabouts;

pub(crate) use advice::{advice_list, alert_line, chart_advice, loud_of, tone};
pub(crate) use alike::{alike_list, who_line};
pub(crate) use allergies::{allergies, allergy_line, state_words};
pub(crate) use banner::{banner, identity_disputes};
pub(crate) use carrying::carrying;
pub(crate) use coming::{
    arriving, coming, coming_band, coming_before_registering, coming_words, part_chip, rest_words,
};
use conflict::conflict_card;
pub(crate) use conflict::{Picked, conflict_item, disputed_names, who_listed};
pub(crate) use documents::{documents, printed_before};
pub(crate) use erasing::erasing;
pub(crate) use files::files;
pub(crate) use job_chip::job_chip;
pub(crate) use medications::{
    current_medicines, medication_line, medications, undecided_medicines,
};
pub(crate) use merging::{also_words, merged, merging};
pub(crate) use notes::{notes, part_of_note};
#[cfg(test)]
pub(crate) use part::tests as samples;
pub(crate) use part::{ChartPart, is_nobodys};
pub(crate) use patient_box::{patient_box, patient_offer, subject_of};
pub(crate) use problems::problems;
pub(crate) use settled::{is_answered, settled};
pub(crate) use sharing::{line as sharing_line, must_compare, number as card_number, sharing};
pub(crate) use sync_chip::sync_chip;
pub(crate) use timeline::timeline;
pub(crate) use visits::{visit_disputes, visits};
pub(crate) use vitals::{jumps_from, last_signs, results, signs_line, signs_of, vitals, weights};
pub(crate) use whereabouts::{chart_whereabouts, places_of};
