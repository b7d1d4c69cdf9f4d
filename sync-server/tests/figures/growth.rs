//! What a clinic costs a machine: disk and processor for what it sends. With these rows an
//! operator reckons how many clinics a machine bears (docs/OPERATIONS.md).

use std::fs;
use std::slice;
use std::time::Duration;

use link::{Courier, WakeStream};
use sync::cursor::Cursor;
use sync::envelope::Envelope;
use sync::fixtures::{device, envelope, key};
use sync::have::Position;
use sync::ids::{EnvelopeId, Token};
use sync::wire::{HelloRequest, Item, LogVerdict, Principal};
use tempfile::tempdir;
use tokio_postgres::Client;

use crate::common::database::TestDatabase;
use crate::common::{Process, World, last, log_epoch, stored};
use crate::processor::stat;
use crate::row;

/// Bytes of a body, about what a recorded entry takes.
const BODY: usize = 512;
/// Envelopes that come a hundred at a time.
const MANY: usize = 20_000;
/// Envelopes that come one at a time.
const ALONE: usize = 500;
/// Computers of the clinic: the first one sends, the others fetch.
const COMPUTERS: u8 = 10;

pub(crate) async fn growth() {
    let (folder, database) = (tempdir().unwrap(), TestDatabase::make().await);
    let server = Process::start_with(folder.path(), &["--database-url", &database.url()]);
    let mut world = World::found(1);
    (2..=COMPUTERS).for_each(|number| world.join(number, -3_600_000));
    world.courier(server.client(), 1).members_push(world.entries.clone()).await.unwrap();
    let mut clinic = Clinic::of(&world, &server, database.admin().await).await;
    clinic.in_hundreds().await;
    clinic.one_by_one(&server).await;
}

/// A clinic at a server, whose computer has signed in.
struct Clinic<'a> {
    world: &'a World,
    courier: Courier,
    meter: Meter,
}

impl<'a> Clinic<'a> {
    async fn of(world: &'a World, server: &Process, database: Client) -> Self {
        let mut courier = world.courier(server.client(), 1);
        courier.hello(&world.hello(1)).await.unwrap();
        let meter = Meter::of(server.pid(), database).await;
        Self { world, courier, meter }
    }

    async fn push(&mut self, envelopes: &[Envelope]) {
        let reply = self.courier.push(&self.world.push(envelopes)).await.unwrap();
        assert_eq!(reply.verdicts.len(), envelopes.len());
    }

    /// What waited for the network goes out.
    async fn in_hundreds(&mut self) {
        let sent = sealed(1, MANY);
        let before = self.meter.begin().await;
        for push in sent.chunks(100) {
            self.push(push).await;
        }
        let spent = self.meter.end(before).await;
        let what = format!("what 1000 envelopes of {BODY} bytes cost, pushed 100 at a time");
        row(&what, &spent.told(MANY), "", "");
    }

    /// What is recorded goes out at once, and everyone else is woken and fetches it.
    async fn one_by_one(&mut self, server: &Process) {
        let sent = sealed(2, ALONE);
        let here = self.here().await;
        let mut sender = Computer::of((self.world, server), 1, here).await;
        let mut others = Vec::new();
        for number in 2..=COMPUTERS {
            let other = Computer::of((self.world, server), number, here).await;
            let listening = other.listen().await;
            others.push((other, listening));
        }
        let before = self.meter.begin().await;
        for (at, one) in sent.iter().enumerate() {
            sender.send(one, (at > 0).then(|| last(&sent[..at]))).await;
            for (other, listening) in &mut others {
                listening.beyond(other.read.mark.seq).await;
                other.fetch().await;
            }
        }
        let spent = self.meter.end(before).await;
        let what = format!(
            "what 1000 envelopes of {BODY} bytes cost, each pushed by itself and fetched by {} \
             others that are woken, each time over a new connection",
            others.len()
        );
        row(&what, &spent.told(ALONE), "", "");
    }

    /// The end of the log.
    async fn here(&mut self) -> Cursor {
        let log_epoch = log_epoch(self.world, &mut self.courier).await;
        let head = self.courier.hello(&self.world.hello(1)).await.unwrap().head;
        let page = self.courier.pull(&self.world.pull(log_epoch, head)).await.unwrap();
        Cursor { log_epoch, mark: page.start }
    }
}

/// A computer of a clinic as it is between exchanges: each has a connection of its own, and the
/// token of an earlier one.
struct Computer<'a> {
    world: &'a World,
    server: &'a Process,
    number: u8,
    token: Token,
    read: Cursor,
}

impl<'a> Computer<'a> {
    async fn of((world, server): (&'a World, &'a Process), number: u8, read: Cursor) -> Self {
        let principal = Principal::Device(device(number));
        let signed_in = server.client().sign_in(world.clinic, principal, &key(number)).await;
        Self { world, server, number, token: signed_in.unwrap().token, read }
    }

    async fn listen(&self) -> Listening {
        let client = self.server.client();
        let wakes = client.wake(&self.token).await.unwrap();
        Listening { _client: client, wakes }
    }

    /// Gives one, the next after `own`. What stands in the log is known from its answer.
    async fn send(&mut self, one: &Envelope, own: Option<(u32, Position)>) {
        let client = self.meet(own).await;
        let push = self.world.push(slice::from_ref(one));
        let reply = client.push(&self.token, &push).await.unwrap();
        assert_eq!(reply.verdicts, stored(self.read.mark.seq + 1, 1));
        self.read.mark = self.read.mark.then(one.id());
    }

    async fn fetch(&mut self) {
        let client = self.meet(None).await;
        let next = self.world.pull(self.read.log_epoch, self.read.mark.seq);
        let page = client.pull(&self.token, &next).await.unwrap();
        assert!(matches!(page.items.as_slice(), [Item::Whole(_)]));
        self.read.mark = page.end;
    }

    async fn meet(&self, own: Option<(u32, Position)>) -> link::Client {
        let client = self.server.client();
        let here = self.world.hello(self.number);
        let hello = HelloRequest { cursor: Some(self.read), own, ..here };
        assert_eq!(client.hello(&self.token, &hello).await.unwrap().log, LogVerdict::Same);
        client
    }
}

/// The wakes that one computer hears.
struct Listening {
    _client: link::Client,
    wakes: WakeStream,
}

impl Listening {
    /// Waits until the log holds more than so many.
    async fn beyond(&mut self, seq: u64) {
        while self.wakes.next().await.unwrap() <= seq {}
    }
}

/// What the first device sends, signed before anything is measured.
fn sealed(generation: u32, count: usize) -> Vec<Envelope> {
    let mut prev = EnvelopeId::NONE;
    (1..=count as u64)
        .map(|counter| {
            let next = envelope(1, generation, counter, prev, (counter as u8, BODY));
            prev = next.id();
            next
        })
        .collect()
}

/// What is read of the server's process, of the database's and of the database itself.
struct Meter {
    server: u32,
    postmaster: u32,
    database: Client,
}

/// What was used until now, or between two looks.
#[derive(Clone, Copy, Debug)]
struct Used {
    server: Duration,
    database: Duration,
    /// Bytes of the database's own log.
    written: i64,
    kept: Kept,
}

/// What the database keeps: bytes of tables and of their indexes, and rows.
#[derive(Clone, Copy, Debug)]
struct Kept {
    tables: i64,
    indexes: i64,
    rows: i64,
}

impl Meter {
    async fn of(server: u32, database: Client) -> Self {
        let row = database.query_one("SELECT pg_backend_pid()", &[]).await.unwrap();
        let backend = u32::try_from(row.get::<_, i32>(0)).unwrap();
        Self { server, postmaster: stat(backend).unwrap().parent, database }
    }

    async fn begin(&self) -> Used {
        let kept = self.kept().await;
        self.used(kept).await
    }

    /// What was used since. Putting the tables in order, to see what they take, is not in it.
    async fn end(&self, before: Used) -> Used {
        let used = self.used(before.kept).await;
        let kept = self.kept().await;
        Used {
            server: used.server.saturating_sub(before.server),
            database: used.database.saturating_sub(before.database),
            written: used.written - before.written,
            kept: Kept {
                tables: kept.tables - before.kept.tables,
                indexes: kept.indexes - before.kept.indexes,
                rows: kept.rows - before.kept.rows,
            },
        }
    }

    async fn kept(&self) -> Kept {
        // Each by itself: it takes no transaction.
        for order in ["VACUUM", "CHECKPOINT"] {
            self.database.batch_execute(order).await.unwrap();
        }
        let asked = "SELECT sum(pg_table_size(oid))::bigint, sum(pg_indexes_size(oid))::bigint,
                 (SELECT count(*) FROM envelope) + (SELECT count(*) FROM lane)
                     + (SELECT count(*) FROM token) + (SELECT count(*) FROM spent)
             FROM pg_class WHERE relnamespace = 'fieldchart'::regnamespace AND relkind = 'r'";
        let row = self.database.query_one(asked, &[]).await.unwrap();
        Kept { tables: row.get(0), indexes: row.get(1), rows: row.get(2) }
    }

    async fn used(&self, kept: Kept) -> Used {
        let asked = "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint";
        let written = self.database.query_one(asked, &[]).await.unwrap().get(0);
        let (mut server, mut database) = (Duration::ZERO, Duration::ZERO);
        for entry in fs::read_dir("/proc").unwrap().flatten() {
            let number = entry.file_name().to_str().and_then(|name| name.parse::<u32>().ok());
            // It may have ended since.
            let Some((number, stat)) = number.and_then(|it| Some((it, stat(it)?))) else {
                continue;
            };
            if number == self.server {
                server += stat.took;
            } else if number == self.postmaster || stat.parent == self.postmaster {
                database += stat.took;
            }
        }
        Used { server, database, written, kept }
    }
}

impl Used {
    /// For 1000 envelopes, where there were so many.
    fn told(&self, count: usize) -> String {
        let each = 1000.0 / count as f64;
        let ms = |took: Duration| took.as_secs_f64() * 1000.0 * each;
        let kib = |bytes: i64| bytes as f64 / 1024.0 * each;
        format!(
            "{:.0} ms of processor of the server, {:.0} ms of PostgreSQL; {:.0} rows, {:.0} KiB of \
             tables and {:.0} KiB of indexes on its disk, {:.0} KiB written to its log",
            ms(self.server),
            ms(self.database),
            self.kept.rows as f64 * each,
            kib(self.kept.tables),
            kib(self.kept.indexes),
            kib(self.written),
        )
    }
}
