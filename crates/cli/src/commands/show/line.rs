//! What stands on one line wherever it is told.

use clinical::{Identity, MedicationOrder, MedicationStatus, display};

use crate::output::on_one_line;

fn order(order: &MedicationOrder) -> String {
    let (name, parts) = display::medication_line(order);
    on_one_line(&std::iter::once(name).chain(parts).collect::<Vec<_>>().join(" — "))
}

pub(super) fn status_line(order: &MedicationOrder) -> String {
    let unknown = order.status == MedicationStatus::Unknown;
    let status = if unknown { "status not known" } else { order.status.code() };
    format!("{} [{status}]", self::order(order))
}

pub(super) fn identity(identity: &Identity) -> String {
    let born = identity.birth_date.as_ref().map(display::date);
    let numbers: Vec<&str> = identity.identifier.iter().map(|id| id.value.as_str()).collect();
    let born = born.unwrap_or_else(|| "Not known".to_owned());
    let (name, sex) = (display::banner_name(identity), identity.gender.code());
    on_one_line(format!("{name}  Born {born}  {sex}  {}", numbers.join(", ")).trim_end())
}
