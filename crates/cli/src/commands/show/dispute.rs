//! Disputes: every version, by whom, and in what it differs.

use api::ConflictItem;
use clinical::{Conflict, EntryValue, Part, Stamp, display};
use std::fmt::Write;

use super::clock::Clock;
use super::line::{self, identity, status_line};
use crate::output::on_one_line;

/// What must be decided.
pub(crate) fn conflicts(items: &[ConflictItem], clock: Clock<'_>) -> String {
    if items.is_empty() {
        return "nothing is disputed".to_owned();
    }
    let one = |item: &ConflictItem| {
        let who = item.identity.as_ref().map(identity).unwrap_or_default();
        let lines = versions(&item.conflict, |stamp| {
            let person = item.people.get(&stamp.author).map_or("someone", String::as_str);
            let device = item.devices.get(&stamp.device).map_or("another computer", String::as_str);
            on_one_line(&format!("{person}, {device}, {}", clock.moment(stamp.at)))
        });
        format!("{}  {who}\n  {}\n{lines}", item.patient, item.conflict.id)
    };
    items.iter().map(one).collect()
}

/// Every version: what it differs in by name, then what all of them say.
pub(super) fn versions(conflict: &Conflict, name: impl Fn(&Stamp) -> String) -> String {
    let exact = |part: &Part<'_>| serde_json::to_string(part).unwrap_or_default();
    let told = conflict.told(display::part_words, exact);
    let mut out = "    DISPUTED, not yet decided:\n".to_owned();
    if conflict.differs_unseen() {
        out.push_str("    (in something this version of the program cannot show)\n");
    }
    for (version, told) in conflict.versions.iter().zip(told) {
        let by = name(&version.stamp);
        let _ = writeln!(out, "    ? {}  ({by})  {}", value(&version.value), version.change);
        for (part, words) in &told.differs {
            let _ = writeln!(out, "        {}: {}", display::part_name(part), on_one_line(words));
        }
        if !told.common.is_empty() {
            let one = |(part, words): &(Part<'_>, String)| {
                format!("{}: {words}", display::part_name(part))
            };
            let common: Vec<String> = told.common.iter().map(one).collect();
            let _ = writeln!(out, "        ({})", on_one_line(&common.join("; ")));
        }
    }
    out
}

/// What a version is called; what it says follows part by part.
fn value(value: &EntryValue) -> String {
    match value {
        EntryValue::Allergy(allergy) => on_one_line(allergy.label()),
        EntryValue::Medication(order) => status_line(order),
        EntryValue::Identity(identity) => line::identity(identity),
        EntryValue::CodeStatus(Some(code)) => on_one_line(code.label()),
        EntryValue::CodeStatus(None) => "withdrawn".to_owned(),
        EntryValue::EncounterAbout(about) => match display::labels(&about.reason) {
            none if none.is_empty() => "visit, no reason recorded".to_owned(),
            reasons => on_one_line(&format!("visit: {reasons}")),
        },
        EntryValue::EncounterState(state) => format!("visit [{}]", state.status.code()),
        EntryValue::Unreadable => display::UNREADABLE.to_owned(),
    }
}
