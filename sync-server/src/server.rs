//! The server from start to stop.

use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use sync::ids::{ClinicId, ServerPin};
use thiserror::Error;
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
use crate::handles;
use crate::limits::{BELL_TIMEOUT, CLOSE_TIMEOUT};
use crate::listen::{Listened, listen};
use crate::log::OpenError;
use crate::log::postgres::{Address, Bell, DatabaseError, Ear};
use crate::metrics::Metrics;
use crate::opened::{Folder, Opened, open};
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
    /// The log was in a database, and none is named.
    #[error(
        "the log of this server lies in a database, as {mark} says, and no address of one is given: an \
         empty log would be begun, and every clinic founded anew. Give the address again \
         (FIELDCHART_DATABASE_URL, or FIELDCHART_REGIONS; with systemd in /etc/fieldchart-sync.env); where \
         the log is to begin anew in the folder, remove that file first", mark = .mark.display()
    )]
    NoAddress {
        /// The file that says it.
        mark: PathBuf,
    },
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
        let folder = Folder::look(config, &data)?;
        let blobs = open_blobs(config)?;
        let Identity { tls, pin, shared_secret } =
            load_or_make(&data, folder.is_new()).map_err(in_folder(&config.data))?;
        let Opened { shelf, bells, place: log, has_clinics } = open(config, &data, pin).await?;
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
        handles::raise();
        warn_of_no_blobs(config);
        if !has_clinics {
            tracing::warn!(
                "no clinic lies in the log, and --no-new-clinics takes none: nobody is let in. Put the copy \
                 of the log back, or start without --no-new-clinics until the clinics are there"
            );
        }
        tracing::info!(%place, log, "the server listens");
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

    /// Takes no more connections, lets open exchanges end, and returns when they have and the log is
    /// closed.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if self.serving.await.is_err() {
            tracing::error!("the server did not end well");
        }
        // Whoever hears of the stop lives as long as what it serves: then the log is closed too.
        if timeout(CLOSE_TIMEOUT, self.stop.closed()).await.is_err() {
            tracing::warn!("the log was not closed in time; the next start mends it");
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
    let mut addresses = BTreeMap::new();
    for named in &config.blobs {
        let (name, address) = region(named).map_err(|_| ServeError::BlobsNamed)?;
        let is_known = config.region.iter().any(|(known, _)| *known == name);
        if !is_known || addresses.insert(name, address).is_some() {
            return Err(ServeError::BlobsNamed);
        }
    }
    let opened = addresses.into_iter().map(|(name, address)| {
        let blobs = Blobs::at(&address, Some(&name))?;
        Ok((name, blobs))
    });
    Ok(Stores::ByRegion(opened.collect::<Result<_, BlobsError>>()?))
}
