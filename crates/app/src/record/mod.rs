//! Writing the chart: one file for each thing that can be recorded.

mod allergies;
mod conditions;
mod conflicts;
mod diagnoses;
mod duplicates;
mod encounters;
mod medications;
mod merging;
mod patients;
mod prescribing;
mod queue;
mod tasks;
mod under_way;
mod undo;
mod vitals;
mod withdrawal;

pub(crate) use allergies::record_allergy;
pub(crate) use conditions::{end_condition, record_condition};
pub(crate) use conflicts::{decide, list_conflicts};
pub(crate) use diagnoses::find_diagnoses;
pub(crate) use duplicates::{alike_to, find_duplicates};
pub(crate) use encounters::{begin_encounter, end_encounter};
pub(crate) use medications::{
    change_dosage, record_medication, renew_medication, review_medication, stop_medication,
};
pub(crate) use merging::{compare_patients, merge_patients, refuse_merged, separate_patients};
pub(crate) use patients::{amend_patient, find_patients, register_patient};
pub(crate) use prescribing::{read_instruction, read_prescription};
pub(crate) use queue::{amend_encounter, cancel_encounter, check_in, get_today, see_patient};
pub(crate) use tasks::{list_tasks, settle_task};
pub(crate) use undo::undo_edit;
pub(crate) use vitals::{correct_vitals, record_vitals};
pub(crate) use withdrawal::withdraw_entry;
