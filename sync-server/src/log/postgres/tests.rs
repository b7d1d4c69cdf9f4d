//! The suites on a database, and what only a database that servers share can do.

mod database;
mod lost;
mod strangers;

use sync::fixtures::{clinic, run};

use super::*;
use crate::log::suite::{self, CLINICS, shelf_in, shelf_suite};
use crate::quota::Usage;
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
sync::key_table_suite!(make);
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

#[test]
fn a_token_of_one_server_is_taken_by_the_other() {
    let database = make(&CLINICS);
    let caller = Caller {
        clinic: clinic(1),
        principal: sync::wire::Principal::Device(sync::fixtures::device(1)),
        expires_at_ms: 1000,
    };
    database.shelf.keep_token([7; 32], &caller, 0).unwrap();
    assert_eq!(database.other_server().token([7; 32]).unwrap(), Some(caller));
    assert_eq!(database.other_server().token([8; 32]).unwrap(), None);
    // One that has ended goes when the clinic's next is kept.
    database.shelf.keep_token([9; 32], &Caller { expires_at_ms: 5000, ..caller }, 1000).unwrap();
    assert_eq!(database.shelf.token([7; 32]).unwrap(), None);
}

/// What was kept before anything was counted is counted by a migration, for an owner who may not
/// pass row-level security by.
#[test]
fn tables_of_the_first_release_are_counted() {
    use suite::Operated as _;
    let database = make(&CLINICS);
    database.shelf.append(clinic(1), &run(1, 1, 5)).unwrap();
    let key = WrappedKey { doc_tag: sync::ids::DocTag([1; 32]), wrapped: vec![1; 60] };
    database.shelf.put_keys(clinic(1), &[key]).unwrap();
    let before = database.usage(clinic(1));
    assert!(before.bytes > 92 && before.envelopes == 5, "{before:?}");
    database.as_owner(
        "DROP TABLE quota, region, placed; ALTER TABLE clinic DROP COLUMN bytes;
         UPDATE schema_version SET version = 1",
    );
    database.migrate().unwrap();
    assert_eq!(database.usage(clinic(1)), before);
    assert_eq!(database.usage(clinic(2)), Usage::default());
    assert!(database.refused(database.url()).is_none(), "row-level security holds again");
}
