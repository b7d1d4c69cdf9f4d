//! What operators decide about single clinics, beside the servers: quotas and regions.

use std::io::{self, Write};
use std::path::Path;

use sync::ids::ClinicId;
use sync::log::LogError;
use thiserror::Error;

use crate::bench_serve::BenchError;
use crate::config::{Kept, PlaceOf, QuotaOf};
use crate::log::postgres::{Address, DatabaseError, Owner};
use crate::log::{Home, OpenError, SQLITE_FILE, Shelf as _, SqliteShelf};
use crate::quota::{Quota, Usage, told};

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
    let clinic = asked.clinic;
    let listed = match &asked.kept {
        Kept { data: Some(folder), .. } => {
            let shelf = shelf_in(folder)?;
            if let Some(quota) = decided(asked, shelf.quota(clinic)?) {
                shelf.set_quota(clinic, quota)?;
            }
            shelf.list(Some(clinic))?
        }
        kept => {
            let owner = Owner::connect(&address(kept)).await?;
            let before = owner.list(Some(clinic)).await?.into_iter().find_map(|it| it.quota);
            if let Some(quota) = decided(asked, before.unwrap_or(Quota::NONE)) {
                owner.set_quota(clinic, quota).await?;
            }
            owner.list(Some(clinic)).await?
        }
    };
    write(&listed)
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
    let listed = match &kept.data {
        Some(folder) => shelf_in(folder)?.list(None)?,
        None => Owner::connect(&address(kept)).await?.list(None).await?,
    };
    write(&listed)
}

/// What is to be kept, where anything was decided; the inner `None` is the default.
#[allow(clippy::option_option, reason = "nothing to do, or nothing to keep")]
fn decided(asked: &QuotaOf, before: Quota) -> Option<Option<Quota>> {
    if asked.default {
        return Some(None);
    }
    (!asked.limits.names_none()).then(|| Some(asked.limits.over(before)))
}

/// A server may run on the folder meanwhile: the file takes two programs.
fn shelf_in(folder: &Path) -> Result<SqliteShelf, OperateError> {
    let path = folder.join(SQLITE_FILE);
    if !path.is_file() {
        return Err(OperateError::NoLog);
    }
    Ok(SqliteShelf::open(&path, Quota::NONE)?)
}

fn address(kept: &Kept) -> Address {
    Address {
        url: kept.database_url.clone().unwrap_or_default(),
        authority: kept.database_ca.clone(),
    }
}

fn write(listed: &[Listed]) -> Result<(), OperateError> {
    let mut out = io::stdout().lock();
    listed.iter().try_for_each(|listed| writeln!(out, "{}", line(listed)))?;
    Ok(())
}

/// One line for a clinic, in words that stay in their order for scripts.
fn line(listed: &Listed) -> String {
    let Listed { clinic, usage: Usage { bytes, envelopes }, quota } = listed;
    let quota = match quota {
        None => "quota by default".to_owned(),
        Some(Quota { bytes_max, envelopes_max, devices_max }) => {
            let [bytes, envelopes, devices] =
                [bytes_max, envelopes_max, devices_max].map(|max| told(*max));
            format!("quota bytes {bytes}, envelopes {envelopes}, devices {devices}")
        }
    };
    format!("{clinic} has bytes {bytes}, envelopes {envelopes}; {quota}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clinic_is_one_line() {
        let listed = |quota| Listed {
            clinic: ClinicId([0xab; 16]),
            usage: Usage { bytes: 7, envelopes: 2 },
            quota,
        };
        let id = "ab".repeat(16);
        assert_eq!(line(&listed(None)), format!("{id} has bytes 7, envelopes 2; quota by default"));
        let quota = Quota { bytes_max: 20, ..Quota::NONE };
        assert_eq!(
            line(&listed(Some(quota))),
            format!("{id} has bytes 7, envelopes 2; quota bytes 20, envelopes none, devices none")
        );
    }
}
