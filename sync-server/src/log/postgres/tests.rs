//! The suites on a database, and what only a database that servers share can do.

mod apart;
mod begun;
mod database;
mod hung;
mod lost;
mod strangers;

use sync::fixtures::{clinic, device, run};
use sync::ids::ChallengeNonce;

use super::*;
use crate::log::suite::{self, CLINICS, shelf_in, shelf_suite};
use database::Kept;

shelf_in!(Kept);

impl suite::Operated for Kept {
    fn set_quota(&self, clinic: ClinicId, quota: Option<Quota>) {
        self.as_operator(async |owner| owner.set_quota(clinic, quota).await).unwrap();
    }

    fn usage(&self, clinic: ClinicId) -> Usage {
        self.as_operator(async |owner| owner.list(Some(clinic)).await).unwrap()[0].usage
    }
}

/// A shelf on a database of its own, which goes with it.
fn make(clinics: &[(ClinicId, LogEpoch)]) -> Kept {
    let database = Kept::make();
    for (clinic, log_epoch) in clinics {
        assert!(database.shelf.found(*clinic, *log_epoch, &[]).unwrap());
    }
    database
}

sync::envelope_log_suite!(make);
sync::floor_suite!(make);
sync::key_table_suite!(make);
sync::erasing_suite!(make);
shelf_suite!(make);

/// Two servers write one lane at the same moment: one of them is first, and nothing is there twice.
#[test]
fn two_servers_that_append_at_once_leave_no_hole() {
    let database = make(&CLINICS);
    let other = database.other_server();
    let envelopes = run(1, 1, 40);
    std::thread::scope(|scope| {
        let first = scope.spawn(|| push_all(&database.shelf, &envelopes));
        let second = scope.spawn(|| push_all(&other, &envelopes));
        first.join().unwrap();
        second.join().unwrap();
    });
    let query = PageQuery { after: 0, skip: &Have::new(), items_max: 100, bytes_max: 1 << 20 };
    let page = database.shelf.page(clinic(1), &query).unwrap();
    let ids: Vec<_> = page.items.iter().map(sync::wire::Item::id).collect();
    assert_eq!(ids, envelopes.iter().map(Envelope::id).collect::<Vec<_>>());
    assert_eq!(page.end.seq, 40);
}

/// One after the other, again and again while the other server is in between.
fn push_all(shelf: &PostgresShelf, envelopes: &[Envelope]) {
    for envelope in envelopes {
        loop {
            match shelf.append(clinic(1), std::slice::from_ref(envelope)) {
                Ok(verdicts) => {
                    let is_held = |it: &Verdict| {
                        matches!(it, Verdict::Stored { .. } | Verdict::Duplicate { .. })
                    };
                    assert!(verdicts.iter().all(is_held), "{verdicts:?}");
                    break;
                }
                Err(LogError::Busy) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }
}

/// A promotion or a restore gives the database another life, and each log begins one with it.
#[test]
fn a_database_with_another_life_is_another_log() {
    let database = make(&CLINICS);
    database.shelf.append(clinic(1), &run(1, 1, 3)).unwrap();
    let before = database.shelf.floor(clinic(1)).unwrap();
    assert_eq!(before.log_epoch, CLINICS[0].1);
    database.as_owner("UPDATE clinic SET life = 'another'");
    let after = database.shelf.floor(clinic(1)).unwrap();
    assert_ne!(after.log_epoch, before.log_epoch);
    assert_eq!(after.head, before.head, "what it holds stays");
    assert_eq!(database.other_server().floor(clinic(1)).unwrap(), after, "once for all servers");
}

/// Entries that were judged against a list that is another by now are not put beside it.
#[test]
fn a_list_of_members_has_no_hole_and_no_second_entry_at_a_place() {
    let database = make(&CLINICS);
    let state = || database.shelf.members_state(clinic(1)).unwrap().unwrap();
    let add = |indices: &[u32]| {
        let entries: Vec<_> = indices.iter().map(|index| suite::entry(1, *index)).collect();
        database.shelf.add_members(clinic(1), &entries)
    };
    add(&[0, 1]).unwrap();
    for odd in [&[1][..], &[3], &[2, 4], &[0]] {
        assert!(matches!(add(odd), Err(LogError::Busy)), "{odd:?}");
    }
    assert_eq!(state().count, 2);
    let before = state();
    database.as_owner("UPDATE clinic SET life = 'another'");
    assert_ne!(state(), before, "as many entries in another life are other entries");
}

/// A step that panics leaves no transaction behind for the next who gets the connection.
#[test]
fn a_step_that_ends_badly_ends_its_connection() {
    let database = make(&CLINICS);
    for _ in 0..20 {
        let shelf = &database.shelf;
        let failed = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let step = async |db: &Client| -> Result<(), StepError> {
                db.batch_execute("UPDATE clinic SET members = 7").await?;
                panic!("a step that ends badly")
            };
            shelf.write(Scope::Clinic(clinic(1)), step)
        }));
        assert!(failed.is_err());
    }
    assert_eq!(database.shelf.members_state(clinic(1)).unwrap().unwrap().count, 0);
    database.shelf.append(clinic(1), &run(1, 1, 1)).unwrap();
}

const NONCE: ChallengeNonce = ChallengeNonce([2; 32]);
const SPENT: Spent = Spent { nonce: ChallengeNonce([1; 32]), ends_at_ms: 60_000 };

#[test]
fn a_challenge_buys_one_token_at_all_servers_together() {
    let database = make(&CLINICS);
    let other = database.other_server();
    let caller = Caller {
        clinic: clinic(1),
        principal: sync::wire::Principal::Device(device(1)),
        expires_at_ms: 1_000_000,
    };
    assert!(database.shelf.keep_token([1; 32], &caller, SPENT, 0).unwrap());
    assert!(!other.keep_token([2; 32], &caller, SPENT, 0).unwrap());
    assert_eq!(other.token([2; 32]).unwrap(), None, "nothing is kept of it");
    // Not even by a server whose clock is some minutes ahead of the others is it forgotten too soon.
    let next = Spent { nonce: NONCE, ends_at_ms: 400_000 };
    assert!(other.keep_token([3; 32], &caller, next, 300_000).unwrap());
    assert!(!database.shelf.keep_token([4; 32], &caller, SPENT, 1).unwrap());
    // Those that ended long ago go.
    let last = Spent { nonce: ChallengeNonce([3; 32]), ends_at_ms: 990_000 };
    assert!(other.keep_token([5; 32], &caller, last, 900_000).unwrap());
    database.as_server(async |db| {
        db.batch_execute(&Scope::Clinic(clinic(1)).reading().begin).await.unwrap();
        let row = db.query_one("SELECT count(*) FROM spent", &[]).await.unwrap();
        assert_eq!(row.get::<_, i64>(0), 2);
    });
}

/// Places are given under the clinic's row: a place that is taken is no server that was faster.
#[test]
fn a_place_that_is_taken_is_damage_and_not_haste() {
    let database = make(&CLINICS);
    database.shelf.append(clinic(1), &run(1, 1, 3)).unwrap();
    database.as_owner("UPDATE clinic SET head = 1");
    let told = database.shelf.append(clinic(1), &run(2, 1, 1));
    assert!(matches!(told, Err(LogError::Append(_))), "{told:?}");
}

#[test]
fn a_migration_is_for_a_role_that_is_there_and_no_mightier_than_it_may_be() {
    let database = make(&CLINICS);
    let told = |role: &str| database.migrate_for(role).unwrap_err();
    for role in ["public", "PUBLIC", "nobody_at_all", ""] {
        assert!(matches!(told(role), DatabaseError::NoRole { .. }), "{role}");
    }
    assert!(matches!(told("postgres"), DatabaseError::TooMighty { .. }));
    database.migrate_for("fieldchart_app").unwrap();
}

/// What an address asks for stays, and what the servers need is said after it.
#[test]
fn options_in_an_address_are_kept() {
    let options = |url: &str| {
        let address = Address { url: url.to_owned(), authority: None };
        pool::config(&address).unwrap().0.get_options().unwrap().to_owned()
    };
    assert!(options("host=x user=y").starts_with("-c search_path=fieldchart "));
    let both = options("host=x user=y options='-c work_mem=8MB'");
    assert!(both.starts_with("-c work_mem=8MB -c search_path=fieldchart "), "{both}");
}

#[test]
fn where_a_database_lies_is_told_without_who_gets_in() {
    for (url, told) in [
        ("postgresql://who:secret@db/chart", "PostgreSQL, database chart at db:5432"),
        ("postgresql://who:secret@db:5433/chart", "PostgreSQL, database chart at db:5433"),
        ("host=/run/pg user=who password=secret", "PostgreSQL, database who at /run/pg"),
        ("host=a,b port=1,2 user=who dbname=x", "PostgreSQL, database x at a:1, b:2"),
        ("hostaddr=10.0.0.7 user=who dbname=x", "PostgreSQL, database x at 10.0.0.7"),
        ("secret", "PostgreSQL"),
    ] {
        assert_eq!(Address { url: url.to_owned(), authority: None }.told(), told);
    }
}

#[test]
fn a_database_knows_whether_it_has_clinics() {
    let database = make(&[]);
    let address = Address { url: database.url(), authority: None };
    let has = || database.run(async { Database::open(&address).await?.has_clinics().await });
    assert!(!has().unwrap());
    assert!(database.shelf.found(CLINICS[0].0, CLINICS[0].1, &[]).unwrap());
    assert!(has().unwrap());
}

#[test]
fn a_token_of_one_server_is_taken_by_the_other() {
    let database = make(&CLINICS);
    let caller = Caller {
        clinic: clinic(1),
        principal: sync::wire::Principal::Device(device(1)),
        expires_at_ms: 1000,
    };
    assert!(database.shelf.keep_token([7; 32], &caller, SPENT, 0).unwrap());
    assert_eq!(database.other_server().token([7; 32]).unwrap(), Some(caller));
    assert_eq!(database.other_server().token([8; 32]).unwrap(), None);
    // One that has ended goes when the clinic's next is kept.
    let (longer, other) =
        (Caller { expires_at_ms: 5000, ..caller }, Spent { nonce: NONCE, ..SPENT });
    assert!(database.shelf.keep_token([9; 32], &longer, other, 1000).unwrap());
    assert_eq!(database.shelf.token([7; 32]).unwrap(), None);
}

/// What was kept before anything was counted is counted by a migration, for an owner who may not
/// pass row-level security by.
#[test]
fn tables_of_the_first_release_are_counted() {
    use suite::Operated as _;
    let database = make(&CLINICS);
    database.shelf.append(clinic(1), &run(1, 1, 5)).unwrap();
    let key = WrappedKey { doc_tag: DocTag([1; 32]), wrapped: vec![1; 60] };
    database.shelf.put_keys(clinic(1), device(1), &[key]).unwrap();
    let before = database.usage(clinic(1));
    assert!(before.bytes > 92 && before.envelopes == 5, "{before:?}");
    database.as_owner(
        "DROP TABLE quota, region, beside, placed, spent, blob, room, room_message, cold_envelope,
             erased;
         DROP FUNCTION make_cold;
         ALTER TABLE clinic DROP COLUMN bytes, DROP COLUMN cold;
         DROP POLICY read_by_all ON schema_version;
         DROP POLICY written_by_owner ON schema_version;
         ALTER TABLE schema_version NO FORCE ROW LEVEL SECURITY, DISABLE ROW LEVEL SECURITY;
         UPDATE schema_version SET version = 1",
    );
    database.migrate().unwrap();
    assert_eq!(database.usage(clinic(1)), before);
    assert_eq!(database.usage(clinic(2)), Usage::default());
    assert!(database.refused(database.url()).is_none(), "row-level security holds again");
}

/// Counts how often it was told that it may have missed something.
#[derive(Debug, Default)]
struct Counting {
    missed: std::sync::atomic::AtomicUsize,
    told: tokio::sync::Notify,
}

impl Ear for Counting {
    fn heard(&self, _: ClinicId, _: u64) {}

    fn missed(&self) {
        self.missed.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        self.told.notify_one();
    }
}

#[test]
fn who_listens_again_is_told_that_it_may_have_missed_something() {
    let database = make(&CLINICS);
    let (bell, ear) = (Bell::default(), Counting::default());
    let address = Address { url: database.url(), authority: None };
    let told_again = async {
        for times in 1..=2 {
            while ear.missed.load(std::sync::atomic::Ordering::SeqCst) < times {
                ear.told.notified().await;
            }
            database
                .cut(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                      WHERE datname = current_database() AND query ILIKE '%fieldchart_wake%'
                      AND pid <> pg_backend_pid()",
                )
                .await;
        }
    };
    database.run(async {
        tokio::select! {
            () = bell.run(&address, &ear) => panic!("it ends only when it is dropped"),
            () = told_again => {}
            // Longer than a busy machine takes, and never waited for where things work.
            () = tokio::time::sleep(std::time::Duration::from_secs(60)) => panic!("it was not told"),
        }
    });
}
