//! Answers about who may come in, on which computer, and what was done.

use api::{AuditFrom, AuditItem, AuditPage, ClinicOpened, DeviceView, PersonView, RecoveryKit};
use std::fmt::Write;

use super::clock::Clock;
use crate::output::on_one_line;

/// A clinic was made.
pub(crate) fn created(opened: &ClinicOpened) -> String {
    let session = &opened.session;
    let made = format!("{} is made; {} is signed in.", session.clinic_name, session.name);
    format!("{}\n{}", on_one_line(&made), told_once(opened))
}

/// A clinic was joined; whether a joining was begun here `before`, which told a code of its own.
pub(crate) fn joined(opened: &ClinicOpened, before: bool) -> String {
    let session = &opened.session;
    let joined = format!("joined {} as {}", session.clinic_name, session.name);
    let void = if before { VOID } else { "" };
    format!("{}\n{void}{}", on_one_line(&joined), told_once(opened))
}

const VOID: &str =
    "This was begun before: a recovery code that was told then is void. This one counts.\n";

/// A clinic was brought back by its recovery kit, as it was [`joined`]; with what is left to do.
pub(crate) fn recovered(opened: &ClinicOpened, before: bool) -> String {
    format!("{}\n{AFTER_RECOVERY}", joined(opened, before))
}

const AFTER_RECOVERY: &str =
    "Next: the computers that are lost are of the clinic still. Remove each, by its id:

    fieldchart device list
    fieldchart device revoke ID

Then make a new kit, `fieldchart clinic recovery-kit`: the paper that was used is void by it.
";

/// The recovery code, and that the password is all there is besides, where nobody chose that.
fn told_once(opened: &ClinicOpened) -> String {
    let code = recovery_code(&opened.recovery_code);
    let alone = if opened.keyring_absent { PASSWORD_ALONE } else { "" };
    format!("{code}{alone}")
}

const PASSWORD_ALONE: &str = "
Note: this computer's keyring cannot be reached, or keeps nothing: the password alone protects the
store here. FIELDCHART_KEYRING=none chooses that without this word.
";

/// A recovery code, the only time it is seen.
pub(crate) fn recovery_code(code: &str) -> String {
    format!("Recovery code, told this once. Print it and lock it away:\n\n    {code}\n")
}

/// The recovery kit of the clinic, the only time it is seen.
pub(crate) fn kit(kit: &RecoveryKit) -> String {
    format!(
        "Recovery kit of {}, told this once. Print it and lock it away, not beside a computer.\n\n    \
         code    {}\n    clinic  {}\n    server  {}\n\nWhere every computer is lost: install Fieldchart \
         on a new one and run\n\n    fieldchart clinic recover --clinic {} --server '{}'\n\nIt brings back \
         {}. Whoever has this paper and reaches the server reads the record:\nmake a new kit where it \
         was lost or seen; the old one is void then.\n",
        on_one_line(&kit.clinic_name),
        kit.code,
        kit.clinic,
        kit.server,
        kit.clinic,
        kit.server,
        on_one_line(&kit.people.join(", ")),
    )
}

/// The clinic's computers.
pub(crate) fn devices(devices: &[DeviceView], clock: Clock<'_>) -> String {
    let line = |device: &DeviceView| {
        let here = if device.here { "  (this one)" } else { "" };
        let revoked = match (device.revoked, device.leaving) {
            (true, _) => "  (removed)",
            (false, true) => "  (removed here; the clinic's list does not say it yet)",
            (false, false) => "",
        };
        let name = if device.kit { "recovery kit on paper" } else { &on_one_line(&device.name) };
        let heard = device.heard.map(|at| format!("  (last heard from at {})", clock.moment(at)));
        let heard = heard.unwrap_or_default();
        format!("{}  {name}{here}{revoked}{heard}\n", device.id)
    };
    devices.iter().map(line).collect()
}

/// A computer was removed: what that comes to, for it and for what is on it.
pub(crate) fn revoked(device: &DeviceView, later: &str) -> String {
    let (id, name) = (device.id, &device.name);
    let what = if device.kit {
        format!("the recovery kit on paper ({id}) opens nothing any more{later}\n")
    } else {
        format!(
            "“{name}” ({id}) is removed from the clinic{later}. This is final: it joins again only in \
             another folder. What it recorded and did not send comes by a stick: there `fieldchart \
             sync --bundle-out FILE`, here `fieldchart sync --bundle-in FILE`, then `fieldchart sync \
             --quarantine` names it and `fieldchart sync --take-in` takes it in."
        )
    };
    on_one_line(what.trim_end())
}

/// The clinic's people.
pub(crate) fn people(people: &[PersonView]) -> String {
    let line = |person: &PersonView| {
        let here = match (person.active, person.here) {
            (false, _) if person.unconfirmed => {
                "  (waits for an administrator to add them anew, or to remove them)"
            }
            (false, _) => "  (works here no more)",
            (true, true) => "  (can sign in here)",
            (true, false) => "",
        };
        let line = on_one_line(&format!("{}  {}", person.user_name, person.name));
        format!("{line}  {}{here}\n", person.role.code())
    };
    people.iter().map(line).collect()
}

/// A part of the audit log.
pub(crate) fn audit(page: &AuditPage, from: AuditFrom, clock: Clock<'_>) -> String {
    let line = |row: &AuditItem| {
        let whose = row.patient.map(|patient| format!("  {patient}")).unwrap_or_default();
        let who = on_one_line(&format!("{} ({})", row.name, row.device));
        let what = format!("{} {}", row.action, on_one_line(&row.resource));
        let outcome = if row.outcome == "success" { "" } else { row.outcome.as_str() };
        let at = clock.moment(row.at);
        format!("{:>8}  {at}  {who}  {what}{whose}  {outcome}", row.seq).trim_end().to_owned()
    };
    let mut out: String = page.rows.iter().map(|row| line(row) + "\n").collect();
    if page.rows.is_empty() {
        out.push_str("there are no such rows\n");
    }
    match (page.more, from, page.rows.last()) {
        (true, AuditFrom::After(_), Some(last)) => {
            let _ = writeln!(out, "there is more: --after {}", last.seq);
        }
        (true, AuditFrom::Newest | AuditFrom::Before(_), _) => {
            out.push_str("there are older rows: --after 0, or a higher --limit\n");
        }
        (true | false, AuditFrom::After(_) | AuditFrom::Newest | AuditFrom::Before(_), _) => {}
    }
    out
}
