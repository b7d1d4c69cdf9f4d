//! One suite on every store that is to be had here.

#[allow(dead_code, reason = "the tests beside this crate use the rest")]
#[path = "../../tests/common/s3.rs"]
mod s3;

use sync::fixtures::clinic;

use super::*;
use s3::S3;

/// A store with the folder it lies in, where it lies in one.
struct Store {
    blobs: Blobs,
    _folder: Option<tempfile::TempDir>,
}

fn in_folder() -> Store {
    let folder = tempfile::tempdir().unwrap();
    Store { blobs: Blobs::folder(folder.path()).unwrap(), _folder: Some(folder) }
}

fn in_memory() -> Store {
    Store { blobs: Blobs::memory(), _folder: None }
}

/// In what speaks S3 as far as it is asked here; it goes with the runtime of the test.
fn in_s3() -> Store {
    let S3 { endpoint, .. } = S3::serve();
    let said = [("AWS_ENDPOINT", endpoint.as_str())].into_iter().chain(S3::WORDS);
    let said = said.map(|(name, value)| (name.to_owned(), value.to_owned()));
    let blobs = Blobs::at_with("s3://bucket/folder", words(said, None)).unwrap();
    Store { blobs, _folder: None }
}

macro_rules! blobs_suite {
    ($($store:ident: $($name:ident)*;)*) => {$(
        mod $store {
            $(#[tokio::test]
            async fn $name() {
                super::$name(&super::$store().blobs).await;
            })*
        }
    )*};
}

blobs_suite! {
    in_folder: what_is_written_is_read what_is_not_its_name_is_not_kept a_blob_is_of_one_clinic
        few_are_written_at_once those_that_are_there_are_told;
    in_memory: what_is_written_is_read what_is_not_its_name_is_not_kept a_blob_is_of_one_clinic
        few_are_written_at_once those_that_are_there_are_told;
    in_s3: what_is_written_is_read what_is_not_its_name_is_not_kept a_blob_is_of_one_clinic
        few_are_written_at_once those_that_are_there_are_told;
}

fn id(bytes: &[u8]) -> BlobId {
    BlobId(Sha256::digest(bytes).into())
}

/// Bytes that differ by their place.
fn bytes(len: usize) -> Vec<u8> {
    (0..len).map(|at| u8::try_from(at * 7 % 251).unwrap()).collect()
}

async fn put(blobs: &Blobs, name: BlobId, told: usize, sent: &[u8]) -> Result<(), PutError> {
    let told = u64::try_from(told).unwrap();
    let mut writing = blobs.write(clinic(1), name, told).await?;
    for piece in sent.chunks(100_000) {
        if let Err(error) = writing.take(Bytes::copy_from_slice(piece)).await {
            writing.give_up().await?;
            return Err(error);
        }
    }
    writing.end().await
}

async fn read(blobs: &Blobs, name: BlobId, from: u64) -> Option<Vec<u8>> {
    let pieces = blobs.read(clinic(1), name, from).await.ok()?;
    let pieces: Vec<Bytes> = pieces.try_collect().await.ok()?;
    Some(pieces.concat())
}

async fn what_is_written_is_read(blobs: &Blobs) {
    for len in [0, 1, 4096, PIECE_BYTES, PIECE_BYTES + 1, 2 * PIECE_BYTES + 17] {
        let sealed = bytes(len);
        let name = id(&sealed);
        assert_eq!(read(blobs, name, 0).await, None, "{len}");
        // Twice is once.
        for _ in 0..2 {
            put(blobs, name, len, &sealed).await.unwrap();
            assert!(read(blobs, name, 0).await.as_ref() == Some(&sealed), "{len}");
        }
        if len > 1 {
            let from = len - 1;
            let rest = read(blobs, name, u64::try_from(from).unwrap()).await;
            assert_eq!(rest.as_deref(), sealed.get(from..), "{len}");
        }
    }
}

async fn what_is_not_its_name_is_not_kept(blobs: &Blobs) {
    for len in [64, PIECE_BYTES + 64] {
        let sealed = bytes(len);
        let name = id(&sealed);
        let other = [&sealed[..len - 1], &[9]].concat();
        for (told, sent) in [
            (len, &other[..]),
            (len, &sealed[..len - 1]),
            (len - 1, &sealed[..]),
            (len + 1, &sealed[..]),
            (len, &[]),
        ] {
            let kept = put(blobs, name, told, sent).await;
            assert!(matches!(kept, Err(PutError::OtherBytes)), "{told} of {len}: {kept:?}");
            assert_eq!(read(blobs, name, 0).await, None);
        }
    }
}

async fn a_blob_is_of_one_clinic(blobs: &Blobs) {
    let sealed = bytes(64);
    put(blobs, id(&sealed), 64, &sealed).await.unwrap();
    assert!(blobs.read(clinic(2), id(&sealed), 0).await.is_err());
}

async fn those_that_are_there_are_told(blobs: &Blobs) {
    let sealed = [bytes(64), bytes(65)];
    for sealed in &sealed {
        put(blobs, id(sealed), sealed.len(), sealed).await.unwrap();
    }
    let asked = vec![id(&sealed[1]), BlobId([9; 32]), id(&sealed[0])];
    let there = blobs.there(clinic(1), asked.clone()).await.unwrap();
    assert_eq!(there, [id(&sealed[1]), id(&sealed[0])]);
    assert_eq!(blobs.there(clinic(2), asked).await.unwrap(), []);
}

async fn few_are_written_at_once(blobs: &Blobs) {
    let mut writing = Vec::new();
    for _ in 0..WRITING_MAX {
        writing.push(blobs.write(clinic(1), BlobId([1; 32]), 8).await.unwrap());
    }
    assert_eq!(blobs.writing.available_permits(), 0);
    writing.pop().unwrap().give_up().await.unwrap();
    blobs.write(clinic(1), BlobId([1; 32]), 8).await.unwrap();
}

#[test]
fn an_address_that_is_none_is_told() {
    for odd in ["", "bucket", "/var/blobs", "ftp://x", "file:///tmp"] {
        assert!(matches!(Blobs::at(odd, None), Err(BlobsError::Address)), "{odd}");
    }
}

/// Nobody is asked for credentials whom nothing names.
#[test]
fn a_store_is_used_where_something_says_who_asks() {
    let check = |said: &[(&str, &str)], is_used: bool| {
        let said = said.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        let store = Blobs::at_with("s3://bucket/folder", words(said, None));
        let is_told = matches!(&store, Err(BlobsError::Credentials));
        assert_eq!((store.is_ok(), is_told), (is_used, !is_used), "{store:?}");
    };
    let (id, secret) = (("AWS_ACCESS_KEY_ID", "who"), ("AWS_SECRET_ACCESS_KEY", "secret"));
    check(&[id, secret], true);
    check(&[], false);
    check(&[("AWS_REGION", "eu-1"), ("AWS_ENDPOINT", "https://store")], false);
    check(&[id], false);
    check(&[secret], false);
    check(&[(id.0, ""), (secret.0, "")], false);
    check(&[("AWS_METADATA_ENDPOINT", "http://169.254.169.254")], true);
    check(&[("AWS_METADATA_ENDPOINT", "")], false);
    check(&[("AWS_WEB_IDENTITY_TOKEN_FILE", "/run/token")], false);
    check(&[("AWS_WEB_IDENTITY_TOKEN_FILE", "/run/token"), ("AWS_ROLE_ARN", "role")], true);
    check(&[("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "/v2")], true);
    check(&[("AWS_SKIP_SIGNATURE", "true")], true);
    check(&[("AWS_SKIP_SIGNATURE", "false")], false);
    check(&[("EU_AWS_ACCESS_KEY_ID", "who"), ("EU_AWS_SECRET_ACCESS_KEY", "secret")], false);
}

#[test]
fn a_region_has_words_of_its_own() {
    let environment = [
        ("AWS_ENDPOINT", "all"),
        ("AWS_REGION", "all"),
        ("EU_1_AWS_ENDPOINT", "eu"),
        ("EU_1_NAME", "x"),
        ("US_AWS_ENDPOINT", "us"),
        ("PATH", "x"),
    ];
    let said = |region| {
        let all = environment.map(|(name, value)| (name.to_owned(), value.to_owned()));
        words(all.into_iter(), region).into_iter().map(|(name, value)| name + "=" + &value)
    };
    assert_eq!(said(None).collect::<Vec<_>>(), ["aws_endpoint=all", "aws_region=all"]);
    assert_eq!(said(Some("eu-1")).collect::<Vec<_>>(), ["aws_endpoint=eu", "aws_region=all"]);
    assert_eq!(said(Some("ap")).collect::<Vec<_>>(), ["aws_endpoint=all", "aws_region=all"]);
}
