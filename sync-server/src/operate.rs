//! What operators decide about single clinics, beside the servers: quotas and regions.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sync::ids::ClinicId;
use sync::log::LogError;
use thiserror::Error;

use crate::backup::BackupError;
use crate::bench_serve::BenchError;
use crate::config::{Kept, PlaceOf, QuotaOf};
use crate::log::postgres::{Address, DatabaseError, Owner};
use crate::log::{Beside, Home, OpenError, SQLITE_FILE};
use crate::quota::{BY_DEFAULT, Quota, Usage, told};

/// Why nothing was decided.
#[derive(Debug, Error)]
pub enum OperateError {
    /// The folder has no log.
    #[error("there is no log of a server in this folder")]
    NoLog,
    /// Its log.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// Its log, once it is open.
    #[error(transparent)]
    Log(#[from] LogError),
    /// The database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// No such region.
    #[error("no --region names {name}")]
    NoRegion {
        /// Its name.
        name: String,
    },
    /// The clinic is in another region.
    #[error("the clinic is in {region} already, and stays there")]
    Founded {
        /// Where it is.
        region: String,
    },
    /// What is copied.
    #[error(transparent)]
    Backup(#[from] BackupError),
    /// What is measured.
    #[error(transparent)]
    Bench(#[from] BenchError),
    /// Nobody reads the answer.
    #[error("the answer cannot be written")]
    Output(#[from] io::Error),
}

/// A clinic as it is listed.
pub(crate) struct Listed {
    pub(crate) clinic: ClinicId,
    pub(crate) usage: Usage,
    /// `None` where nothing was decided for it.
    pub(crate) quota: Option<Quota>,
}

/// Decides what a clinic may have, where something is named, and says what it has and may have.
///
/// # Errors
/// [`OperateError`]; then nothing was decided.
pub async fn quota(asked: &QuotaOf) -> Result<(), OperateError> {
    match &asked.kept {
        Kept { data: Some(folder), .. } => quota_in(folder, asked),
        kept => {
            let (clinic, owner) = (asked.clinic, Owner::connect(&address(kept)).await?);
            let listed = owner.list(Some(clinic)).await?;
            if let Some(quota) = decided(asked, &listed) {
                owner.set_quota(clinic, quota).await?;
            }
            write(&owner.list(Some(clinic)).await?, None)
        }
    }
}

fn quota_in(folder: &Path, asked: &QuotaOf) -> Result<(), OperateError> {
    let (path, clinic) = (log_in(folder)?, Some(asked.clinic));
    let log = Beside::to_read(&path)?;
    if let Some(quota) = decided(asked, &log.list(clinic)?) {
        Beside::to_decide(&path)?.set_quota(asked.clinic, quota)?;
    }
    write(&log.list(clinic)?, log.default_quota())
}

/// Decides in which region a clinic is founded that is still to come: in one alone.
///
/// # Errors
/// [`OperateError`].
pub async fn place(asked: &PlaceOf) -> Result<(), OperateError> {
    let PlaceOf { clinic, home, region, database_ca } = asked;
    if !region.iter().any(|(name, _)| name == home) {
        return Err(OperateError::NoRegion { name: home.clone() });
    }
    let mut owners = Vec::new();
    for (name, url) in region {
        let address = Address { url: url.clone(), authority: database_ca.clone() };
        let owner = Owner::connect(&address).await?;
        if owner.home(*clinic).await? == Home::Founded && name != home {
            return Err(OperateError::Founded { region: name.clone() });
        }
        owners.push((name, owner));
    }
    for (name, owner) in &owners {
        owner.place(*clinic, *name == home).await?;
    }
    writeln!(io::stdout(), "{clinic} is to be in {home}")?;
    Ok(())
}

/// Says what every clinic has and may have.
///
/// # Errors
/// [`OperateError`].
pub async fn clinics(kept: &Kept) -> Result<(), OperateError> {
    let Some(folder) = &kept.data else {
        return write(&Owner::connect(&address(kept)).await?.list(None).await?, None);
    };
    let log = Beside::to_read(&log_in(folder)?)?;
    write(&log.list(None)?, log.default_quota())
}

/// What is to be kept, where anything was decided; the inner `None` is the default. What is not named
/// stays as it was decided before.
#[allow(clippy::option_option, reason = "nothing to do, or nothing to keep")]
fn decided(asked: &QuotaOf, listed: &[Listed]) -> Option<Option<Quota>> {
    if asked.default {
        return Some(None);
    }
    let before = listed.iter().find_map(|it| it.quota).unwrap_or(Quota::UNDECIDED);
    (!asked.limits.names_none()).then(|| Some(asked.limits.over(before)))
}

/// A server may run on the folder meanwhile: the file takes two programs.
fn log_in(folder: &Path) -> Result<PathBuf, OperateError> {
    let path = folder.join(SQLITE_FILE);
    if path.is_file() { Ok(path) } else { Err(OperateError::NoLog) }
}

fn address(kept: &Kept) -> Address {
    Address {
        url: kept.database_url.clone().unwrap_or_default(),
        authority: kept.database_ca.clone(),
    }
}

/// With what every clinic may have, where that is known.
fn write(listed: &[Listed], default: Option<Quota>) -> Result<(), OperateError> {
    let mut out = io::stdout().lock();
    listed.iter().try_for_each(|listed| writeln!(out, "{}", line(listed, default)))?;
    Ok(())
}

/// One line for a clinic, in words that stay in their order for scripts.
fn line(listed: &Listed, default: Option<Quota>) -> String {
    let Listed { clinic, usage, quota } = listed;
    let counts = Quota::of(*quota, default.unwrap_or(Quota::UNDECIDED));
    let quota = match (quota, default) {
        (None, None) => "quota by default".to_owned(),
        (None, Some(default)) => format!("quota by default: {}", limits(default, default)),
        (Some(decided), _) => format!("quota {}", limits(*decided, counts)),
    };
    let Usage { bytes, envelopes } = usage;
    let over = over(*usage, counts);
    format!("{clinic} has bytes {bytes}, envelopes {envelopes}; {quota}{over}")
}

/// What was decided; for the rest what counts, and that it does by default.
fn limits(decided: Quota, counts: Quota) -> String {
    let limit = |decided: u64, counts: u64| match (decided, counts) {
        (BY_DEFAULT, BY_DEFAULT) => "by default".to_owned(),
        (BY_DEFAULT, counts) => format!("{} by default", told(counts)),
        (decided, _) => told(decided),
    };
    let bytes = limit(decided.bytes_max, counts.bytes_max);
    let envelopes = limit(decided.envelopes_max, counts.envelopes_max);
    let devices = limit(decided.devices_max, counts.devices_max);
    format!("bytes {bytes}, envelopes {envelopes}, devices {devices}")
}

/// What a clinic has used up: nothing more of it is taken in.
fn over(usage: Usage, counts: Quota) -> String {
    let bytes = (usage.bytes >= counts.bytes_max).then_some("bytes");
    let envelopes = (usage.envelopes >= counts.envelopes_max).then_some("envelopes");
    let used_up: Vec<&str> = bytes.into_iter().chain(envelopes).collect();
    if used_up.is_empty() { String::new() } else { format!("; over: {}", used_up.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clinic_is_one_line() {
        let check = |quota: Option<Quota>, default: Option<Quota>, words: &str| {
            let usage = Usage { bytes: 7, envelopes: 2 };
            let listed = Listed { clinic: ClinicId([0xab; 16]), usage, quota };
            let id = "ab".repeat(16);
            let expected = format!("{id} has bytes 7, envelopes 2; {words}");
            assert_eq!(line(&listed, default), expected, "{quota:?} {default:?}");
        };
        let bytes = |bytes_max| Some(Quota { bytes_max, ..Quota::UNDECIDED });
        let all = Quota { envelopes_max: 2, devices_max: 40, ..Quota::NONE };
        check(None, None, "quota by default");
        check(
            None,
            Some(all),
            "quota by default: bytes none, envelopes 2, devices 40; over: envelopes",
        );
        check(
            bytes(20),
            Some(all),
            "quota bytes 20, envelopes 2 by default, devices 40 by default; over: envelopes",
        );
        check(bytes(20), None, "quota bytes 20, envelopes by default, devices by default");
        check(Some(Quota::NONE), Some(all), "quota bytes none, envelopes none, devices none");
        check(
            Some(Quota { bytes_max: 7, envelopes_max: 1, devices_max: 0 }),
            Some(Quota::NONE),
            "quota bytes 7, envelopes 1, devices 0; over: bytes, envelopes",
        );
    }
}
