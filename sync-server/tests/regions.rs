//! Clinics of several regions at one server: each in the database of its region alone.

use std::fs;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::Stdio;

use crate::common::database::TestDatabase;
use crate::common::s3::S3;
use crate::common::{Process, World, command, fails, now_ms, read_log, refused};
use crate::operator::operate;
use crate::shared::heard;
use bytes::Bytes;
use sha2::{Digest, Sha256};
use sync::fixtures::{clinic, run, wrapped_key};
use sync::ids::{BlobId, DocTag, InviteId};
use sync::wire::{BlobsRequest, InviteGet, InvitePut, PushRequest, RefusalCode};
use tempfile::tempdir;
use tokio_postgres::Client;

/// The arguments of a server with both regions; east is the default.
fn both(east: &TestDatabase, west: &TestDatabase) -> [String; 6] {
    let region = |name: &str, database: &TestDatabase| format!("{name}={}", database.url());
    [
        "--region".to_owned(),
        region("east", east),
        "--region".to_owned(),
        region("west", west),
        "--default-region".to_owned(),
        "east".to_owned(),
    ]
}

fn start(folder: &Path, arguments: &[String]) -> Process {
    Process::start_with(folder, &arguments.iter().map(String::as_str).collect::<Vec<_>>())
}

fn place(
    number: u8,
    home: &str,
    east: &TestDatabase,
    west: &TestDatabase,
) -> Result<String, String> {
    let id = clinic(number).to_string();
    let [east, west] = [("east", east), ("west", west)]
        .map(|(name, database)| format!("{name}={}", database.owner_url()));
    operate(&["place", &id, home, "--region", &east, "--region", &west]).map_err(|(_, told)| told)
}

/// How many rows of all tables are a clinic's.
async fn rows_of(database: &TestDatabase, number: u8) -> i64 {
    let admin = database.admin().await;
    let tables = "SELECT c.relname::text FROM pg_class c
        WHERE relnamespace = 'fieldchart'::regnamespace AND relkind IN ('r', 'p')";
    let tables: Vec<String> =
        admin.query(tables, &[]).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(tables.len() > 64, "{tables:?}");
    let mut rows = 0;
    for table in tables {
        rows += count(&admin, &table, number).await;
    }
    rows
}

async fn count(admin: &Client, table: &str, number: u8) -> i64 {
    let sql = format!("SELECT count(*) FROM {table} one WHERE to_jsonb(one) ->> 'clinic' = $1");
    let id = format!("\\x{}", clinic(number));
    admin.query_one(&sql, &[&id]).await.unwrap().get(0)
}

/// A clinic that uses everything that leaves rows.
async fn fill(server: &Process, number: u8) -> World {
    let world = World::found(number);
    let mut courier = world.courier(server.client(), 1);
    courier.members_push(world.entries.clone()).await.unwrap();
    let envelopes = if number == 1 { run(1, 1, 3) } else { Vec::new() };
    let keys = vec![wrapped_key(DocTag([number; 32]), 1, 0)];
    courier.push(&PushRequest { clinic: world.clinic, keys, envelopes }).await.unwrap();
    let invite = InvitePut {
        clinic: world.clinic,
        id: InviteId([number; 32]),
        expires_at_ms: now_ms() + 60_000,
        blob: vec![number; 8],
    };
    courier.invite_put(&invite).await.unwrap();
    world
}

#[tokio::test]
async fn a_clinic_is_in_the_database_of_its_region_and_in_no_other() {
    let [east, west] = [TestDatabase::make().await, TestDatabase::make().await];
    let told = place(2, "west", &east, &west).unwrap();
    assert_eq!(told, format!("{} is to be in west\n", clinic(2)));
    let folder = tempdir().unwrap();
    let server = start(folder.path(), &both(&east, &west));
    let (in_east, in_west) = (fill(&server, 1).await, fill(&server, 2).await);
    for (database, here, elsewhere) in [(&east, 1, 2), (&west, 2, 1)] {
        assert!(rows_of(database, here).await > 5);
        assert_eq!(rows_of(database, elsewhere).await, 0);
    }
    // Nor does anything else of a row name the one in the west (in the east's, 01 is a device too).
    let admin = east.admin().await;
    for table in ["clinic", "envelope", "lane", "wrapped_key", "member_entry", "invite", "token"] {
        let sql = format!("SELECT count(*) FROM {table} one WHERE one::text LIKE $1");
        let row = admin.query_one(&sql, &[&format!("%{}%", clinic(2))]).await.unwrap();
        assert_eq!(row.get::<_, i64>(0), 0, "{table}");
    }
    // Whoever asks does not know of regions: what has a name alone is found too.
    for number in [1, 2] {
        let get = InviteGet { id: InviteId([number; 32]) };
        assert_eq!(server.client().invite_get(&get).await.unwrap().blob, vec![number; 8]);
    }
    // Another server, which has seen none of them, finds each; and a token holds at both.
    let other = tempdir().unwrap();
    fs::copy(folder.path().join("identity.pem"), other.path().join("identity.pem")).unwrap();
    let second = start(other.path(), &both(&east, &west));
    for (world, region) in [(&in_east, "east"), (&in_west, "west")] {
        let client = second.client();
        assert_eq!(client.region(), None);
        let mut courier = world.courier(client.clone(), 1);
        let hello = courier.hello(&world.hello(1)).await.unwrap();
        assert_eq!(hello.keys_head, 1);
        assert_eq!(client.region().as_deref(), Some(region), "who asks is told where it is kept");
    }
    let mut courier = in_east.courier(second.client(), 1);
    assert_eq!(read_log(&in_east, &mut courier).await.1, run(1, 1, 3));
    let stranger = World::found(9);
    let hello = stranger.courier(second.client(), 1).hello(&stranger.hello(1)).await;
    assert_eq!(refused(hello), RefusalCode::UnknownClinic);
}

#[tokio::test]
async fn who_listens_in_a_region_is_woken_by_another_server() {
    let [east, west] = [TestDatabase::make().await, TestDatabase::make().await];
    place(1, "west", &east, &west).unwrap();
    let folders = [tempdir().unwrap(), tempdir().unwrap()];
    let first = start(folders[0].path(), &both(&east, &west));
    let copy = folders[1].path().join("identity.pem");
    fs::copy(folders[0].path().join("identity.pem"), copy).unwrap();
    let second = start(folders[1].path(), &both(&east, &west));
    let world = World::found(1);
    let mut at_first = world.courier(first.client(), 1);
    at_first.members_push(world.entries.clone()).await.unwrap();
    let mut listening = world.courier(second.client(), 1).wake().await.unwrap();
    heard(&mut listening, &mut at_first, &world).await;
}

#[tokio::test]
async fn mistakes_with_regions_are_told_and_move_nothing() {
    let [east, west] = [TestDatabase::make().await, TestDatabase::make().await];
    let folder = tempdir().unwrap();
    let arguments = both(&east, &west);
    let server = start(folder.path(), &arguments);
    fill(&server, 1).await;
    server.kill();
    let told = place(1, "west", &east, &west).unwrap_err();
    assert!(told.contains("is in east already, and stays there"), "{told}");
    let told = place(2, "north", &east, &west).unwrap_err();
    assert!(told.contains("no --region names north"), "{told}");
    // Placed again before anybody founded it, it is in the last place alone.
    for home in ["east", "west", "east"] {
        place(3, home, &east, &west).unwrap();
    }
    assert_eq!(rows_of(&east, 3).await, 1);
    assert_eq!(rows_of(&west, 3).await, 0);
    let check = |arguments: &[String], words: &str| {
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let (code, told) = fails(folder.path(), &arguments);
        assert!(code > 0 && told.contains(words), "{told}");
    };
    let swapped = both(&west, &east);
    check(&swapped, "named for the region east is that of the region west");
    let without = ["--database-url".to_owned(), east.url()];
    check(&without, "named for no region is that of the region east");
    // Nor may a region be left out by mistake: its clinics would be founded anew in the other.
    let east_alone =
        [&both(&east, &west)[..2], &["--default-region".into(), "east".into()]].concat();
    check(&east_alone, "the region west was served beside this one and is not named");
    let said = [&east_alone[..], &["--without-region".into(), "west".into()]].concat();
    drop(start(folder.path(), &said));
    check(&[], "lies in a database");
    let mut none = arguments.clone();
    none[5] = "north".to_owned();
    check(&none, "no --region names north");
    check(&arguments[..2], "--default-region");
    let mut twice = arguments.clone();
    twice[3] = twice[1].clone();
    check(&twice, "the region east is named twice");
}

/// A server that keeps the documents of some regions, each in a store of its own.
fn with_stores(folder: &Path, arguments: &[String], stores: &[(&str, &S3)]) -> Process {
    let mut command = command(folder);
    command.args(arguments).args(["--listen", "127.0.0.1:0"]).envs(S3::WORDS);
    for (name, store) in stores {
        command.arg("--blobs").arg(format!("{name}=s3://bucket/{name}"));
        command.env(format!("{}_AWS_ENDPOINT", name.to_uppercase()), &store.endpoint);
    }
    Process::of(command.stderr(Stdio::null()).spawn().unwrap())
}

#[tokio::test]
async fn documents_lie_in_the_store_of_their_region_or_nowhere() {
    let [east, west] = [TestDatabase::make().await, TestDatabase::make().await];
    place(2, "west", &east, &west).unwrap();
    let folder = tempdir().unwrap();
    let (arguments, stores) = (both(&east, &west), [S3::serve(), S3::serve()]);
    let [in_east, in_west] = &stores;
    let server = with_stores(folder.path(), &arguments, &[("east", in_east), ("west", in_west)]);
    let sealed = Bytes::from(vec![7; 6 << 20]);
    let id = BlobId(Sha256::digest(&sealed).into());
    let mut worlds = Vec::new();
    for number in [1, 2] {
        let world = fill(&server, number).await;
        let mut courier = world.courier(server.client(), 1);
        courier.put_blob(id, sealed.clone()).await.unwrap();
        let ids = BlobsRequest { clinic: world.clinic, ids: vec![id] };
        assert_eq!(courier.blobs(&ids).await.unwrap().ids, [id]);
        let mut come = Vec::new();
        let mut take = |bytes: &[u8]| {
            come.extend_from_slice(bytes);
            ControlFlow::Continue(())
        };
        courier.get_blob((id, 0), &mut take).await.unwrap();
        assert!(come == sealed);
        worlds.push(world);
    }
    for (store, name, number) in [(in_east, "east", 1), (in_west, "west", 2)] {
        let keys = store.keys();
        assert_eq!(keys.len(), 1, "{keys:?}");
        assert!(keys[0].starts_with(&format!("{name}/{}/", clinic(number))), "{keys:?}");
        assert_eq!(store.left(), 0);
    }
    server.kill();
    // Where the region has no store, documents of its clinics are not taken into another's.
    let server = with_stores(folder.path(), &arguments, &[("east", in_east)]);
    let other = Bytes::from_static(b"another");
    let id = BlobId(Sha256::digest(&other).into());
    let told = worlds[1].courier(server.client(), 1).put_blob(id, other.clone()).await;
    assert_eq!(refused(told), RefusalCode::NotFound);
    worlds[0].courier(server.client(), 1).put_blob(id, other).await.unwrap();
    assert_eq!((in_east.keys().len(), in_west.keys().len()), (2, 1));
    server.kill();
    for odd in ["s3://bucket", "north=s3://bucket", "east=s3://b;east=s3://c"] {
        let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        arguments.extend(["--blobs", odd]);
        let (code, told) = fails(folder.path(), &arguments);
        assert!(code == 1 && told.contains("NAME=s3://BUCKET/FOLDER"), "{odd}: {told}");
    }
}
