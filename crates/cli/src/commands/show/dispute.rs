//! Disputes: every version, by whom, and in what it differs.

use api::ConflictItem;
use clinical::{Conflict, EntryValue, Part, Stamp, StatusReason, Version, display};
use std::fmt::Write;

use super::clock::Clock;
use super::line::{self, identity, risk, status_line};
use crate::output::on_one_line;

/// What must be decided.
pub(crate) fn conflicts(items: &[ConflictItem], clock: Clock<'_>) -> String {
    if items.is_empty() {
        return "nothing is disputed".to_owned();
    }
    let one = |item: &ConflictItem| {
        let who = item.identity.as_ref().map(identity).unwrap_or_default();
        let allergies = allergies(item);
        let lines = versions(&item.conflict, item.reason.as_ref(), |stamp| {
            let person = item.people.get(&stamp.author).map_or("someone", String::as_str);
            let device = item.devices.get(&stamp.device).map_or("another computer", String::as_str);
            on_one_line(&format!("{person}, {device}, {}", clock.moment(stamp.at)))
        });
        let (id, ways) = (&item.conflict.id, ways(item));
        format!("{}  {who}\n  {allergies}\n  {id}\n{lines}{ways}", item.patient)
    };
    items.iter().map(one).collect()
}

/// What is to be heeded by who decides.
fn allergies(item: &ConflictItem) -> String {
    let (title, allergies) = (item.allergy_state.title(), item.allergies.join(", "));
    let known = if allergies.is_empty() { allergies } else { format!(": {allergies}") };
    on_one_line(&format!("{title}{known}"))
}

/// How each version is decided for.
fn ways(item: &ConflictItem) -> String {
    let Conflict { id, versions, .. } = &item.conflict;
    let changes: Vec<&str> = versions.iter().map(|version| version.change.as_str()).collect();
    let seen = Some(item.heads.as_str()).filter(|heads| !heads.is_empty());
    let seen = seen.map(|heads| format!(" --seen \"{heads}\"")).unwrap_or_default();
    let patient = item.patient;
    let way = |(number, version): (usize, &Version)| {
        let change = short(&version.change, &changes);
        let ended = ended(&version.value).map(|word| format!(" ({word})")).unwrap_or_default();
        format!(
            "    version {number}{ended} holds: fieldchart conflicts resolve --patient {patient} \
             --conflict {id} --change {change}{seen}\n"
        )
    };
    (1..).zip(versions).map(way).collect()
}

/// The first signs of a change, where they are of it alone.
fn short<'a>(change: &'a str, all: &[&str]) -> &'a str {
    let first = change.get(..CHANGE_SIGNS).unwrap_or(change);
    if whole_change(first, all) == Some(change) { first } else { change }
}

/// So many signs of a change name a version.
pub(crate) const CHANGE_SIGNS: usize = 8;

/// The whole change, of the first eight signs or more that are of one alone.
pub(crate) fn whole_change<'a>(named: &str, all: &[&'a str]) -> Option<&'a str> {
    let named = named.to_ascii_lowercase();
    let mut fitting = all.iter().filter(|change| change.starts_with(&named));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) if named.len() >= CHANGE_SIGNS => Some(*one),
        (Some(_) | None, _) => None,
    }
}

/// What stood before, then every version with its number: that it ends the entry and why, where the
/// chart holds a `reason`; what it differs in by name, then what all of them say.
pub(super) fn versions(
    conflict: &Conflict,
    reason: Option<&StatusReason>,
    name: impl Fn(&Stamp) -> String,
) -> String {
    let exact = |part: &Part<'_>| serde_json::to_string(part).unwrap_or_default();
    let told = conflict.told(words, exact);
    let mut out = "    DISPUTED, not yet decided:\n".to_owned();
    if conflict.differs_unseen() {
        out.push_str("    (in something this version of the program cannot show)\n");
    }
    if let Some(base) = &conflict.base {
        let differs: Vec<&str> = told
            .iter()
            .flat_map(|it| &it.differs)
            .map(|(part, _)| display::part_name(part))
            .collect();
        let _ = writeln!(out, "    before: {}", whole(base));
        for part in base.parts().iter().filter(|part| differs.contains(&display::part_name(part))) {
            let words = on_one_line(&words(part));
            let _ = writeln!(out, "        {}: {words}", display::part_name(part));
        }
    }
    for (number, (version, told)) in (1..).zip(conflict.versions.iter().zip(told)) {
        let (by, value) = (name(&version.stamp), whole(&version.value));
        let _ = writeln!(out, "    version {number}: {value}  ({by})  {}", version.change);
        if let Some(why) = reason.filter(|reason| version.ends_because(reason)) {
            let _ = writeln!(out, "        reason: {}", on_one_line(&why.text));
        }
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

/// What a part says, in the words of the window.
fn words(part: &Part<'_>) -> String {
    if let Part::Criticality(Some(criticality)) = part {
        risk(*criticality).to_owned()
    } else {
        display::part_words(part)
    }
}

/// What a version is called; that it is over, or was a mistake, comes before: the rest reads like what
/// holds.
fn whole(value: &EntryValue) -> String {
    let called = self::value(value);
    match ended(value) {
        Some(word) => format!("{word} — {called}"),
        None => called,
    }
}

/// That a version ends the entry, in capitals: `STOPPED`.
fn ended(value: &EntryValue) -> Option<String> {
    // Of an allergy it comes last that it was a mistake.
    let parts = value.parts();
    let part = parts.iter().rev().find(|part| part.ends())?;
    Some(match display::part_words(part).as_str() {
        "entered-in-error" => "RECORDED BY MISTAKE".to_owned(),
        code => code.replace('-', " ").to_uppercase(),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_signs_name_a_version_where_they_are_of_one_alone() {
        let all = ["abcdef0123", "abcdef0145", "cd567890ab"];
        let check = |named: &str, want: Option<&str>| {
            assert_eq!(whole_change(named, &all), want, "{named}");
        };
        check("abcdef012", Some("abcdef0123"));
        check("CD567890", Some("cd567890ab"));
        check("cd567890ab", Some("cd567890ab"));
        check("cd56789", None);
        check("abcdef01", None);
        check("ef567890", None);
        check("", None);
        assert_eq!(short("cd567890ab", &all), "cd567890");
        assert_eq!(short("abcdef0123", &all), "abcdef0123");
    }
}
