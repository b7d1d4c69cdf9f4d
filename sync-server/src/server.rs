//! The server from start to stop.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use sync::ids::{ClinicId, ServerPin};
use thiserror::Error;
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio::time::timeout;

use std::sync::Arc;

use crate::accept::{Door, serve, stopped};
use crate::blobs::{Blobs, BlobsError, Stores};
use crate::clinics::Clinics;
use crate::config::{Config, region};
use crate::data_dir::{DataDir, DataDirError};
use crate::forwarded::behind_proxy;
use crate::front::Place;
use crate::limits::BELL_TIMEOUT;
use crate::listen::{Listened, listen};
use crate::log::postgres::{Address, Bell, Database, DatabaseError, Ear, PostgresShelf};
use crate::log::{MemoryShelf, OpenError, Regions, SQLITE_FILE, Shelf, SqliteShelf};
use crate::metrics::Metrics;
use crate::random;
use crate::router::router;
use crate::state::{App, Shared};
use crate::tls::{Identity, IdentityError, load_or_make, pin_in};
use crate::wakes::Wakes;
use crate::words::{of_address, of_socket};

/// A server that runs in tasks of this process.
#[derive(Debug)]
pub struct Server {
    place: Place,
    is_behind_proxy: bool,
    pin: ServerPin,
    stop: watch::Sender<bool>,
    serving: JoinHandle<()>,
    _data: DataDir,
}

/// Why a server did not start.
#[derive(Debug, Error)]
pub enum ServeError {
    /// Its folder.
    #[error(transparent)]
    Data(#[from] DataDirError),
    /// Its key.
    #[error(transparent)]
    Identity(#[from] IdentityError),
    /// Its log.
    #[error(transparent)]
    Log(#[from] OpenError),
    /// There is a log in the folder, and a database was named for one.
    #[error(
        "the data folder has a log of its own, which a database does not take over; start on a folder \
         with identity.pem alone, and computers will bring what they have"
    )]
    OwnLog,
    /// A region was named twice.
    #[error("the region {name} is named twice")]
    RegionTwice {
        /// Its name.
        name: String,
    },
    /// The default is no region.
    #[error("no --region names {name}, which --default-region asks for")]
    NoRegion {
        /// Its name.
        name: String,
    },
    /// A store of blobs names no region, or one too many.
    #[error(
        "--blobs names one store, or with --region those of regions, each once, as NAME=s3://BUCKET/FOLDER"
    )]
    BlobsNamed,
    /// Its store of blobs.
    #[error(transparent)]
    Blobs(#[from] BlobsError),
    /// Its database.
    #[error(transparent)]
    Database(#[from] DatabaseError),
    /// Its address.
    #[error("{}", of_address(.address, .source))]
    Listen {
        /// The address asked for.
        address: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
    /// Its socket.
    #[error("{}", of_socket(.path, .source))]
    ListenAtPath {
        /// The socket asked for.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It would speak without TLS where others listen.
    #[error(
        "at {address} everybody between the proxy and this server could read what passes and ask in \
         anybody's name; let the proxy reach it at 127.0.0.1 or unix:PATH, or, where the network is \
         theirs alone, add --plain-on-network"
    )]
    Plain {
        /// The address asked for.
        address: Place,
    },
    /// Keys cannot be made.
    #[error("the system gives no randomness")]
    Randomness,
}

impl Server {
    /// Starts to serve.
    ///
    /// # Errors
    /// [`ServeError`]; then nothing runs.
    pub async fn start(config: &Config) -> Result<Self, ServeError> {
        if let Some(address) = config.front.behind_proxy.clone().filter(|_| config.front.is_open())
        {
            return Err(ServeError::Plain { address });
        }
        let data = DataDir::hold(&config.data)?;
        let first_start = !data.file(SQLITE_FILE).exists();
        if (config.database_url.is_some() || !config.region.is_empty()) && !first_start {
            return Err(ServeError::OwnLog);
        }
        let blobs = open_blobs(config)?;
        let Identity { tls, pin, shared_secret } =
            load_or_make(&data, first_start).map_err(in_folder(&config.data))?;
        let Opened { shelf, bells } = open_shelf(config, &data, pin).await?;
        // What this server shares with others is its own key's, whoever shows another before it.
        let pin = config.front.proxy_cert.as_deref().map_or(Ok(pin), pin_in)?;
        let Listened { entrance, place } = listen(config, tls).await?;
        let key = if shelf.is_shared() {
            shared_secret
        } else {
            random::bytes().map_err(|_| ServeError::Randomness)?
        };
        let (stop, stopped) = watch::channel(false);
        let metrics = Arc::<Metrics>::default();
        let clinics = Clinics::new(shelf, !config.no_new_clinics, Arc::clone(&metrics));
        let app =
            Arc::new(App::new((pin, key), (clinics, blobs), Arc::clone(&metrics), stopped.clone()));
        let (quiet, quieted) = watch::channel(false);
        let ringing: Vec<_> = bells
            .into_iter()
            .map(|(bell, address)| {
                tokio::spawn(ring(bell, address, Arc::clone(&app), quieted.clone()))
            })
            .collect();
        let router = router(app);
        let is_behind_proxy = config.front.behind_proxy.is_some();
        let router = if is_behind_proxy { behind_proxy(router) } else { router };
        let door = Door { entrance, router, metrics };
        let serving = tokio::spawn(async move {
            serve(door, stopped).await;
            quiet.send_replace(true);
            for bell in ringing {
                drop(bell.await);
            }
        });
        warn_of_no_blobs(config);
        if first_start
            && !config.memory
            && config.no_new_clinics
            && config.database_url.is_none()
            && config.region.is_empty()
        {
            tracing::warn!(
                "no log lies in the folder, and --no-new-clinics takes no clinic: nobody is let in. Lay the \
                 copy of the log there, or start without --no-new-clinics until the clinics are there"
            );
        }
        tracing::info!(%place, memory = config.memory, "the server listens");
        Ok(Self { place, is_behind_proxy, pin, stop, serving, _data: data })
    }

    /// Where it listens.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Whether a proxy ends TLS before it.
    #[must_use]
    pub const fn is_behind_proxy(&self) -> bool {
        self.is_behind_proxy
    }

    /// How devices recognise it, or the proxy before it: SHA-256 of the SubjectPublicKeyInfo.
    #[must_use]
    pub const fn pin(&self) -> ServerPin {
        self.pin
    }

    /// Takes no more connections, lets open exchanges end, and returns when they have.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if self.serving.await.is_err() {
            tracing::error!("the server did not end well");
        }
        tracing::info!("the server has stopped");
    }
}

/// A folder that is full or cannot be written to is told as one, whichever file met it.
fn in_folder(path: &Path) -> impl Fn(IdentityError) -> ServeError {
    move |error| match error {
        IdentityError::File(source) => {
            ServeError::Data(DataDirError::Unusable { path: path.to_owned(), source })
        }
        other @ (IdentityError::Make(_)
        | IdentityError::Damaged
        | IdentityError::Missing
        | IdentityError::Proxy { .. }) => ServeError::Identity(other),
    }
}

/// A shelf, with what tells the other servers that share it: once for each database.
struct Opened {
    shelf: Box<dyn Shelf>,
    bells: Vec<(Arc<Bell>, Address)>,
}

/// Tells and hears the other servers until no exchange is open any more, and what was appended by
/// the last of them is told.
async fn ring(bell: Arc<Bell>, address: Address, app: Shared, mut quiet: watch::Receiver<bool>) {
    let ended = async {
        stopped(&mut quiet).await;
        // A database that is gone is not waited for: devices ask now and then without being woken.
        drop(timeout(BELL_TIMEOUT, bell.silent()).await);
    };
    tokio::select! {
        () = bell.run(&address, &app.wakes) => {}
        () = ended => {}
    }
}

impl Ear for Wakes {
    fn heard(&self, clinic: ClinicId, head: u64) {
        self.announce(clinic, head);
    }

    fn missed(&self) {
        self.announce_all();
    }
}

async fn open_shelf(config: &Config, data: &DataDir, pin: ServerPin) -> Result<Opened, ServeError> {
    if let Some(default) = &config.default_region {
        return open_regions(config, default, pin).await;
    }
    if let Some(url) = &config.database_url {
        let (_, shelf, bell) = open_database(config, (None, url), pin).await?;
        return Ok(Opened { shelf: Box::new(shelf), bells: vec![bell] });
    }
    let shelf = open_local(config, data)?;
    Ok(Opened { shelf, bells: Vec::new() })
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
    let (mut databases, mut shelves, mut bells) = (Vec::new(), BTreeMap::new(), Vec::new());
    for (name, url) in &config.region {
        let (database, shelf, bell) = open_database(config, (Some(name), url), pin).await?;
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
    Ok(Opened { shelf: Box::new(regions), bells })
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

/// At the addresses; else in the data folder, where no other server keeps the log too.
fn open_blobs(config: &Config) -> Result<Stores, ServeError> {
    if !config.region.is_empty() {
        return open_blobs_of_regions(config);
    }
    match config.blobs.as_slice() {
        [] if config.memory => Ok(Stores::One(Blobs::memory())),
        [] if config.database_url.is_some() => Ok(Stores::None),
        [] => Ok(Stores::One(Blobs::folder(&config.data)?)),
        [address] => Ok(Stores::One(Blobs::at(address, None)?)),
        _ => Err(ServeError::BlobsNamed),
    }
}

/// Nobody is to learn from a clinic that its documents are on no server.
fn warn_of_no_blobs(config: &Config) {
    if config.database_url.is_some() && config.blobs.is_empty() {
        tracing::warn!("no documents are taken: FIELDCHART_BLOBS names no store for them");
    }
    for (name, _) in &config.region {
        let of = |blobs: &String| region(blobs).is_ok_and(|(of, _)| of == *name);
        if !config.blobs.iter().any(of) {
            tracing::warn!(region = %name, "no documents are taken: FIELDCHART_BLOBS names no store for this region");
        }
    }
}

/// A clinic's documents stay in its region, or nowhere.
fn open_blobs_of_regions(config: &Config) -> Result<Stores, ServeError> {
    let mut stores = BTreeMap::new();
    for named in &config.blobs {
        let (name, address) = region(named).map_err(|_| ServeError::BlobsNamed)?;
        if !config.region.iter().any(|(known, _)| *known == name) {
            return Err(ServeError::BlobsNamed);
        }
        let blobs = Blobs::at(&address, Some(&name))?;
        if stores.insert(name, blobs).is_some() {
            return Err(ServeError::BlobsNamed);
        }
    }
    Ok(Stores::ByRegion(stores))
}

fn open_local(config: &Config, data: &DataDir) -> Result<Box<dyn Shelf>, ServeError> {
    if config.memory {
        return Ok(Box::new(MemoryShelf::new(config.quota())));
    }
    let unusable = |source| DataDirError::Unusable { path: config.data.clone(), source };
    let path = data.private_file(SQLITE_FILE).map_err(unusable)?;
    Ok(Box::new(SqliteShelf::open(&path, config.quota())?))
}
