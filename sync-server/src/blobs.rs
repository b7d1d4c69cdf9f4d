//! Where the sealed bytes of blobs lie: a folder, or a store that speaks S3.
//!
//! A blob lies under its clinic and its own hash: written twice it is the same. What was written and
//! is not counted in the log (the server ended in between, or the clinic was over its quota by then)
//! is given to nobody, and is written over when it comes again.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream};
use futures_util::{StreamExt as _, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path as Place;
use object_store::prefix::PrefixStore;
use object_store::{
    GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload, WriteMultipart, parse_url_opts,
};
use sha2::{Digest, Sha256};
use sync::ids::{BlobId, ClinicId};
use thiserror::Error;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

/// Blobs written at one time: each holds up to two pieces in memory.
const WRITING_MAX: usize = 16;
/// How long a request waits for its turn.
const TURN_TIMEOUT: Duration = Duration::from_secs(10);
/// What is handed to the store at once; stores that speak S3 take no less.
const PIECE_BYTES: usize = 5 * 1024 * 1024;

/// So many are looked for at one time.
const ASKED_AT_ONCE: usize = 32;

/// How a store learns who asks, each by the words that say it.
const CREDENTIALS: [&[&str]; 5] = [
    &["aws_access_key_id", "aws_secret_access_key"],
    &["aws_web_identity_token_file", "aws_role_arn"],
    &["aws_container_credentials_relative_uri"],
    &["aws_container_credentials_full_uri", "aws_container_authorization_token_file"],
    &["aws_metadata_endpoint"],
];

/// Where they lie in a data folder.
pub(crate) const FOLDER: &str = "blobs";

/// The store of the sealed bytes.
#[derive(Debug)]
pub(crate) struct Blobs {
    store: Arc<dyn ObjectStore>,
    writing: Semaphore,
}

/// Why there is no store.
#[derive(Debug, Error)]
pub enum BlobsError {
    /// The address is none.
    #[error("the store of blobs cannot be used; its address has the form s3://BUCKET/FOLDER")]
    Address,
    /// Nothing says as whom it is asked.
    #[error(
        "the store of blobs is named and no credentials are: give AWS_ACCESS_KEY_ID and \
         AWS_SECRET_ACCESS_KEY in the environment (for the region eu alone EU_AWS_…); where the machine \
         has a role in its cloud, name what tells it, as AWS_METADATA_ENDPOINT=http://169.254.169.254"
    )]
    Credentials,
    /// The store says no.
    #[error("the store of blobs cannot be used")]
    Store(#[from] object_store::Error),
}

/// Why bytes were not kept.
#[derive(Debug, Error)]
pub(crate) enum PutError {
    #[error("the bytes are not those of this name")]
    OtherBytes,
    #[error("too many blobs are written at this moment")]
    Busy,
    #[error("the store of blobs did not do a step")]
    Store(#[from] object_store::Error),
}

/// Bytes of a blob as they come from the store.
pub(crate) type Pieces = BoxStream<'static, Result<Bytes, object_store::Error>>;

impl Blobs {
    fn over(store: Arc<dyn ObjectStore>) -> Self {
        Self { store, writing: Semaphore::new(WRITING_MAX) }
    }

    /// In memory, gone with the process.
    pub(crate) fn memory() -> Self {
        Self::over(Arc::new(InMemory::new()))
    }

    /// In a folder [`FOLDER`] of one that is there, made with the first blob; what is written is
    /// durable when it is answered.
    pub(crate) fn folder(path: &Path) -> Result<Self, BlobsError> {
        let store = LocalFileSystem::new_with_prefix(path)?.with_fsync(true);
        Ok(Self::over(Arc::new(PrefixStore::new(store, FOLDER))))
    }

    /// At an address, with what the environment says of it (`AWS_ACCESS_KEY_ID` and so on), or of
    /// that of the region.
    ///
    /// # Errors
    /// [`BlobsError`].
    pub(crate) fn at(address: &str, region: Option<&str>) -> Result<Self, BlobsError> {
        Self::at_with(address, words(std::env::vars(), region))
    }

    fn at_with(address: &str, mut words: BTreeMap<String, String>) -> Result<Self, BlobsError> {
        let address = url::Url::parse(address).map_err(|_| BlobsError::Address)?;
        if address.scheme() != "s3" {
            return Err(BlobsError::Address);
        }
        // A name with nothing behind it says nothing.
        words.retain(|_, value| !value.is_empty());
        if !has_credentials(&words) {
            return Err(BlobsError::Credentials);
        }
        // Its own TLS asks for a provider by default; a second one is refused and is the same.
        drop(rustls::crypto::ring::default_provider().install_default());
        let (store, prefix) = parse_url_opts(&address, words)?;
        Ok(Self::over(Arc::new(PrefixStore::new(store, prefix))))
    }

    /// Begins to write a blob that is to have `bytes` bytes.
    ///
    /// # Errors
    /// [`PutError`].
    pub(crate) async fn write(
        &self,
        clinic: ClinicId,
        id: BlobId,
        bytes: u64,
    ) -> Result<Writing<'_>, PutError> {
        let turn = timeout(TURN_TIMEOUT, self.writing.acquire()).await;
        let Ok(Ok(turn)) = turn else { return Err(PutError::Busy) };
        let place = place(clinic, id);
        let whole = usize::try_from(bytes).unwrap_or(usize::MAX);
        let kept = if whole <= PIECE_BYTES {
            Kept::Small(Vec::with_capacity(whole))
        } else {
            let upload = self.store.put_multipart(&place).await?;
            Kept::Large(WriteMultipart::new_with_chunk_size(upload, PIECE_BYTES))
        };
        let store = Arc::clone(&self.store);
        Ok(Writing { store, place, id, left: bytes, digest: Sha256::new(), kept, _turn: turn })
    }

    /// Of some blobs those that are there.
    ///
    /// # Errors
    /// What the store says, but for one that is not there.
    pub(crate) async fn there(
        &self,
        clinic: ClinicId,
        ids: Vec<BlobId>,
    ) -> Result<Vec<BlobId>, object_store::Error> {
        let asked =
            stream::iter(ids).map(async |id| match self.store.head(&place(clinic, id)).await {
                Ok(_) => Ok(Some(id)),
                Err(object_store::Error::NotFound { .. }) => Ok(None),
                Err(error) => Err(error),
            });
        let there: Vec<_> = asked.buffered(ASKED_AT_ONCE).try_collect().await?;
        Ok(there.into_iter().flatten().collect())
    }

    /// The bytes of a blob from a place on.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) async fn read(
        &self,
        clinic: ClinicId,
        id: BlobId,
        from: u64,
    ) -> Result<Pieces, object_store::Error> {
        let range = (from > 0).then_some(GetRange::Offset(from));
        let options = GetOptions { range, ..GetOptions::default() };
        let found = self.store.get_opts(&place(clinic, id), options).await?;
        Ok(Box::pin(found.into_stream().into_stream()))
    }
}

/// The stores of a server.
#[derive(Debug)]
pub(crate) enum Stores {
    /// It takes no blobs.
    None,
    /// One for every clinic.
    One(Blobs),
    /// One for each region that has one; of the clinics of others none are taken.
    ByRegion(BTreeMap<String, Blobs>),
}

impl Stores {
    /// That of a clinic in this region, where there are regions.
    pub(crate) fn of(&self, region: Option<&str>) -> Option<&Blobs> {
        match self {
            Self::None => None,
            Self::One(blobs) => Some(blobs),
            Self::ByRegion(blobs) => blobs.get(region?),
        }
    }
}

/// What an environment says of a store: the names that begin with `AWS_`, and over them those that
/// begin with the name of the region, as `EU_1_AWS_ENDPOINT`.
fn words(
    environment: impl Iterator<Item = (String, String)>,
    region: Option<&str>,
) -> BTreeMap<String, String> {
    let own = region.map(|name| format!("{}_", name.replace('-', "_")));
    let (mut words, mut own_words) = (BTreeMap::new(), BTreeMap::new());
    for (name, value) in environment {
        let name = name.to_ascii_lowercase();
        if name.starts_with("aws_") {
            words.insert(name, value);
        } else if let Some(name) = own.as_ref().and_then(|own| name.strip_prefix(own.as_str()))
            && name.starts_with("aws_")
        {
            own_words.insert(name.to_owned(), value);
        }
    }
    words.extend(own_words);
    words
}

/// Whether the words say as whom the store is asked, or that nobody signs. Otherwise the library would
/// ask the metadata address of a cloud, wherever it runs, and find out with the first blob.
fn has_credentials(words: &BTreeMap<String, String>) -> bool {
    let is_unsigned = words.get("aws_skip_signature").is_some_and(|it| it == "true");
    let says = |way: &&[&str]| way.iter().all(|word| words.contains_key(*word));
    is_unsigned || CREDENTIALS.iter().any(says)
}

/// A blob that is being written.
pub(crate) struct Writing<'a> {
    store: Arc<dyn ObjectStore>,
    place: Place,
    id: BlobId,
    /// Bytes that are still to come.
    left: u64,
    digest: Sha256,
    kept: Kept,
    _turn: SemaphorePermit<'a>,
}

/// What has come: in memory, or on its way in pieces.
enum Kept {
    Small(Vec<u8>),
    Large(WriteMultipart),
}

impl Writing<'_> {
    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`PutError`]; then nothing of the blob is kept.
    pub(crate) async fn take(&mut self, bytes: Bytes) -> Result<(), PutError> {
        let len = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        self.left = self.left.checked_sub(len).ok_or(PutError::OtherBytes)?;
        self.digest.update(&bytes);
        match &mut self.kept {
            Kept::Small(kept) => kept.extend_from_slice(&bytes),
            Kept::Large(upload) => {
                upload.wait_for_capacity(1).await?;
                upload.put(bytes);
            }
        }
        Ok(())
    }

    /// Keeps it, durably, if it is what its name says.
    ///
    /// # Errors
    /// [`PutError`]; then nothing of it is kept.
    pub(crate) async fn end(self) -> Result<(), PutError> {
        let digest: [u8; 32] = self.digest.finalize().into();
        if self.left > 0 || digest != self.id.0 {
            self.kept.give_up().await?;
            return Err(PutError::OtherBytes);
        }
        match self.kept {
            Kept::Small(kept) => {
                self.store.put(&self.place, PutPayload::from(kept)).await?;
            }
            Kept::Large(upload) => {
                upload.finish().await?;
            }
        }
        Ok(())
    }

    /// Forgets what has come.
    ///
    /// # Errors
    /// What the store says.
    pub(crate) async fn give_up(self) -> Result<(), object_store::Error> {
        self.kept.give_up().await
    }
}

impl Kept {
    async fn give_up(self) -> Result<(), object_store::Error> {
        match self {
            Self::Small(_) => Ok(()),
            Self::Large(upload) => upload.abort().await,
        }
    }
}

/// Where a blob lies in a data folder.
pub(crate) fn file_of(data: &Path, clinic: ClinicId, id: BlobId) -> PathBuf {
    data.join(FOLDER).join(place(clinic, id).as_ref())
}

/// A folder for each clinic, and in it one for each first byte.
fn place(clinic: ClinicId, id: BlobId) -> Place {
    let id = id.to_string();
    let first: String = id.chars().take(2).collect();
    Place::from_iter([clinic.to_string(), first, id])
}

#[cfg(test)]
mod tests;
