//! The log as the command line names it: opened, looked at, and told where it lies.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use sync::ids::ServerPin;
use sync::log::EnvelopeLog as _;
use tokio::runtime::Handle;

use crate::config::Config;
use crate::data_dir::{DataDir, DataDirError};
use crate::log::postgres::{Address, Bell, Database, PostgresShelf};
use crate::log::{Beside, MemoryShelf, Regions, SQLITE_FILE, Shelf, SqliteShelf};
use crate::operate::Listed;
use crate::server::ServeError;

/// Says in the data folder that the log is in a database. Where the address is lost one day, with a file
/// of the environment, an empty log would be begun in the folder, and every clinic founded anew.
pub(crate) const MARK: &str = "log-in-database";
/// What stands in it.
const MARK_TEXT: &str = "The log of this server lies in a database: without its address the \
    server does not start on this folder.\n";

/// A shelf, with what tells the other servers that share it: once for each database.
pub(crate) struct Opened {
    pub(crate) shelf: Box<dyn Shelf>,
    pub(crate) bells: Vec<(Arc<Bell>, Address)>,
    /// What it lies in and where, for people.
    pub(crate) place: String,
    /// Whether a clinic lies in it; looked for where none may come.
    pub(crate) has_clinics: bool,
}

/// What a data folder says of the log.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Folder {
    has_log: bool,
    has_mark: bool,
}

impl Folder {
    /// Looks whether it goes with what the command line names.
    ///
    /// # Errors
    /// [`ServeError::OwnLog`], [`ServeError::NoAddress`].
    pub(crate) fn look(config: &Config, data: &DataDir) -> Result<Self, ServeError> {
        let mark = data.file(MARK);
        let folder = Self { has_log: data.file(SQLITE_FILE).exists(), has_mark: mark.exists() };
        match is_in_database(config) {
            true if folder.has_log => Err(ServeError::OwnLog),
            false if folder.has_mark => Err(ServeError::NoAddress { mark }),
            true | false => Ok(folder),
        }
    }

    /// Whether no server kept a log from here before.
    pub(crate) const fn is_new(self) -> bool {
        !self.has_log && !self.has_mark
    }
}

/// Opens the log, in a database or in the folder, and notes there that it is in a database.
///
/// # Errors
/// [`ServeError`].
pub(crate) async fn open(
    config: &Config,
    data: &DataDir,
    pin: ServerPin,
) -> Result<Opened, ServeError> {
    if !is_in_database(config) {
        return open_local(config, data);
    }
    let opened = match (&config.default_region, &config.database_url) {
        (Some(default), _) => open_regions(config, default, pin).await?,
        (None, Some(url)) => open_one(config, url, pin).await?,
        // The parser asks for a default beside regions.
        (None, None) => return Err(ServeError::NoRegion { name: String::new() }),
    };
    if !data.file(MARK).exists() {
        data.write_new(MARK, MARK_TEXT.as_bytes()).map_err(unusable(config))?;
    }
    Ok(opened)
}

const fn is_in_database(config: &Config) -> bool {
    config.database_url.is_some() || !config.region.is_empty()
}

async fn open_one(config: &Config, url: &str, pin: ServerPin) -> Result<Opened, ServeError> {
    let (database, shelf, bell) = open_database(config, (None, url), pin).await?;
    let has_clinics = !config.no_new_clinics || database.has_clinics().await?;
    let place = bell.1.told();
    Ok(Opened { shelf: Box::new(shelf), bells: vec![bell], place, has_clinics })
}

async fn open_regions(
    config: &Config,
    default: &str,
    pin: ServerPin,
) -> Result<Opened, ServeError> {
    let mut names = BTreeSet::new();
    if let Some((name, _)) = config.region.iter().find(|(name, _)| !names.insert(name)) {
        return Err(ServeError::RegionTwice { name: name.clone() });
    }
    if !config.region.iter().any(|(name, _)| name == default) {
        return Err(ServeError::NoRegion { name: default.to_owned() });
    }
    let (mut databases, mut shelves) = (Vec::new(), BTreeMap::new());
    let (mut bells, mut places) = (Vec::new(), Vec::new());
    let mut has_clinics = !config.no_new_clinics;
    for (name, url) in &config.region {
        let (database, shelf, bell) = open_database(config, (Some(name), url), pin).await?;
        has_clinics = has_clinics || database.has_clinics().await?;
        places.push(format!("region {name}: {}", bell.1.told()));
        databases.push(database);
        shelves.insert(name.clone(), shelf);
        bells.push(bell);
    }
    // What was mistyped is noted nowhere: each says yes before one keeps it.
    let named: Vec<&str> = config.region.iter().map(|(name, _)| name.as_str()).collect();
    for keep in [false, true] {
        for database in &databases {
            database.check_beside((&named, &config.without_region), keep).await?;
        }
    }
    let regions = Regions::new(shelves, default)
        .ok_or_else(|| ServeError::NoRegion { name: default.to_owned() })?;
    Ok(Opened { shelf: Box::new(regions), bells, place: places.join("; "), has_clinics })
}

async fn open_database(
    config: &Config,
    (region, url): (Option<&String>, &str),
    pin: ServerPin,
) -> Result<(Arc<Database>, PostgresShelf, (Arc<Bell>, Address)), ServeError> {
    let address = Address { url: url.to_owned(), authority: config.database_ca.clone() };
    let database = Database::open(&address).await?;
    database.check_pin(&pin).await?;
    database.check_region(region.map(String::as_str)).await?;
    let database = Arc::new(database);
    let shelf = PostgresShelf::new(Arc::clone(&database), Handle::current(), config.quota());
    let bell = (shelf.bell(), address);
    Ok((database, shelf, bell))
}

fn open_local(config: &Config, data: &DataDir) -> Result<Opened, ServeError> {
    let bells = Vec::new();
    if config.memory {
        let shelf = Box::new(MemoryShelf::new(config.quota()));
        let (place, has_clinics) = ("memory".to_owned(), !config.no_new_clinics);
        return Ok(Opened { shelf, bells, place, has_clinics });
    }
    let path = data.private_file(SQLITE_FILE).map_err(unusable(config))?;
    let shelf = SqliteShelf::open(&path, config.quota())?;
    let has_clinics = !config.no_new_clinics || has_clinics(&path, &shelf)?;
    let place = format!("the file {}", path.display());
    Ok(Opened { shelf: Box::new(shelf), bells, place, has_clinics })
}

/// A clinic for which something was decided is listed before it comes, and has no log then.
fn has_clinics(path: &Path, shelf: &SqliteShelf) -> Result<bool, ServeError> {
    let is_here = |listed: &Listed| shelf.floor(listed.clinic).is_ok();
    // What cannot be read now is told to who asks for it.
    Ok(Beside::to_read(path)?.list(None).map_or(true, |all| all.iter().any(is_here)))
}

fn unusable(config: &Config) -> impl Fn(std::io::Error) -> DataDirError {
    |source| DataDirError::Unusable { path: config.data.clone(), source }
}
