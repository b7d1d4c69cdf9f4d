//! What is decided about what was set aside and about alarms, and the switch for the local network.

use super::Desk;
use crate::{
    arguments::{DecidingArguments, Switch},
    failure::Failure,
};
use api::SyncAlarm;
use serde_json::json;

/// Hex digits of a batch's whole name.
const DIGITS: usize = 64;
/// Batches that are looked through for one of which the first digits were given.
const LOOKED_AT: u32 = 500;

/// Carries out the one that is asked for.
pub(super) fn run(desk: &Desk, asked: &DecidingArguments) -> Result<(), Failure> {
    desk.sign_in()?;
    if let Some(switch) = asked.lan {
        return set_lan(desk, switch);
    }
    if asked.retry_set_aside {
        let came_in = desk.call(api::RetrySetAside {})?;
        desk.output.answer(&json!({ "cameIn": came_in }), |_| format!("{came_in} came in"));
        return Ok(());
    }
    if asked.looked_into {
        let count = look_into(desk)?;
        let text = |_: &_| format!("{count} alarms were looked into");
        desk.output.answer(&json!({ "lookedInto": count }), text);
        return Ok(());
    }
    if asked.take_in.is_empty() {
        let left = decide(desk, &asked.leave, false)?;
        desk.output.answer(&json!({ "left": left }), |_| told("left aside for good", &left));
    } else {
        let taken = decide(desk, &asked.take_in, true)?;
        desk.output.answer(&json!({ "takenIn": taken }), |_| told("taken in", &taken));
    }
    Ok(())
}

fn set_lan(desk: &Desk, switch: Switch) -> Result<(), Failure> {
    let (on, word) = match switch {
        Switch::On => (true, "on"),
        Switch::Off => (false, "off"),
    };
    desk.call(api::SetLan { on })?;
    desk.output.answer(&json!({ "lan": word }), |_| format!("the local network is {word} here"));
    Ok(())
}

/// Says of each alarm that it was looked into; of how many.
fn look_into(desk: &Desk) -> Result<usize, Failure> {
    let view = desk.call(api::GetSyncState {})?;
    let raised: Vec<_> = view.alarms.into_iter().filter(SyncAlarm::can_be_seen).collect();
    for SyncAlarm { alarm, at, .. } in raised.iter().cloned() {
        desk.call(api::SeeAlarm { alarm, at })?;
    }
    Ok(raised.len())
}

/// Decides on batches; answers their whole names.
fn decide(desk: &Desk, named: &[String], take_in: bool) -> Result<Vec<String>, Failure> {
    let envelopes = whole_names(desk, named)?;
    desk.call(api::DecideSetAside { envelopes: envelopes.clone(), take_in })?;
    Ok(envelopes)
}

/// The whole names of batches, of which the first digits are enough where they are of one alone.
fn whole_names(desk: &Desk, named: &[String]) -> Result<Vec<String>, Failure> {
    let named: Vec<String> = named.iter().map(|name| name.to_ascii_lowercase()).collect();
    if named.iter().all(|name| name.len() == DIGITS) {
        return Ok(named);
    }
    let aside = desk.call(api::ListQuarantine { limit: LOOKED_AT })?;
    let all: Vec<&str> = aside.items.iter().map(|item| item.envelope.as_str()).collect();
    named.iter().map(|name| whole(name, &all)).collect()
}

fn whole(name: &str, all: &[&str]) -> Result<String, Failure> {
    let mut fitting = all.iter().filter(|one| !name.is_empty() && one.starts_with(name));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok((*one).to_owned()),
        (None, _) => Err(Failure::Usage(format!("nothing that begins with {name} is set aside"))),
        (Some(_), Some(_)) => Err(Failure::Usage(format!("{name} begins the names of several"))),
    }
}

fn told(what: &str, batches: &[String]) -> String {
    batches.iter().map(|batch| format!("{what}: {batch}\n")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_digits_name_a_batch_where_they_are_of_one_alone() {
        let check = |name: &str, want: Option<&str>| {
            let all = ["ab12", "ab34", "cd56"];
            assert_eq!(whole(name, &all).ok().as_deref(), want, "{name}");
        };
        check("ab1", Some("ab12"));
        check("cd56", Some("cd56"));
        check("ab", None);
        check("ef", None);
        check("", None);
    }
}
