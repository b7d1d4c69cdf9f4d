//! A transaction's first statement is sent behind its beginning: where that fails, nothing is done.

use super::super::scope::Bounds;
use super::*;

const ONE: ClinicId = CLINICS[0].0;

/// The process that serves the connection which a step gets.
async fn process(db: &Client) -> Result<i32, StepError> {
    Ok(db.query_one("SELECT pg_backend_pid()", &[]).await?.try_get(0)?)
}

/// What a step that writes comes to in a transaction that is begun so, and whether it ran to its end.
fn written(kept: &Kept, begin: &str, writes: bool) -> (bool, bool) {
    let mut was_done = false;
    let step = async |db: &Client| {
        db.execute("UPDATE clinic SET keys_head = 7", &[]).await?;
        was_done = true;
        Ok(())
    };
    let bounds = Bounds { begin: begin.to_owned(), writes };
    let done = kept.run(kept.shelf.database.transact(bounds, step)).is_ok();
    (done, was_done)
}

#[test]
fn a_transaction_that_does_not_begin_does_nothing_and_its_connection_goes() {
    let kept = make(&CLINICS);
    let read = || kept.shelf.read(Scope::Clinic(ONE), async |db| process(db).await).unwrap();
    let scope = Scope::Clinic(ONE).writing().begin;
    for writes in [true, false] {
        for begin in ["SELECT 1 / 0".to_owned(), format!("{scope}; SELECT 1 / 0")] {
            let before = read();
            assert_eq!(written(&kept, &begin, writes), (false, false), "{begin}");
            assert_ne!(read(), before, "{begin}: nobody else gets that connection");
        }
    }
    assert_eq!(kept.shelf.keys(ONE, 0, 9).unwrap().head, 0);
    assert_eq!(written(&kept, &scope, true), (true, true), "begun, it is done");
    assert_eq!(kept.shelf.keys(ONE, 0, 9).unwrap().head, 7);
    assert_eq!(kept.shelf.keys(CLINICS[1].0, 0, 9).unwrap().head, 0);
}

/// Whoever else names a clinic for the servers' connections is not heard: outside a transaction they
/// see nothing.
#[test]
fn a_connection_is_of_no_clinic_whatever_the_role_or_the_address_says() {
    let kept = make(&CLINICS);
    kept.as_owner(&format!(
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET app.clinic = ''{ONE}''',
             current_database()); END $$"
    ));
    let url = format!("{} options='-c app.clinic={ONE} -c app.name={ONE}'", kept.url());
    let address = Address { url, authority: None };
    let database = kept.run(Database::open(&address)).unwrap();
    let bounds = Bounds { begin: "BEGIN".to_owned(), writes: false };
    let seen = kept.run(database.transact(bounds, async |db: &Client| {
        Ok(db.query("SELECT clinic FROM clinic", &[]).await?.len())
    }));
    assert_eq!(seen.unwrap(), 0);
}

/// One that only read is handed on before its end was answered: whoever comes next has a transaction
/// of its own, whatever became of the one before.
#[test]
fn what_comes_after_a_reading_is_of_its_own_clinic() {
    let kept = make(&CLINICS);
    let heads = |clinic: ClinicId| kept.shelf.floor(clinic).map(|bounds| bounds.head.seq);
    kept.shelf.append(ONE, &run(1, 1, 3)).unwrap();
    for round in 0..50 {
        let refused = kept.shelf.read(Scope::Clinic(ONE), async |db| {
            db.query("SELECT 1 / 0", &[]).await?;
            Ok(())
        });
        assert!(refused.is_err(), "{round}");
        assert_eq!((heads(ONE).unwrap(), heads(CLINICS[1].0).unwrap()), (3, 0), "{round}");
        assert!(matches!(heads(clinic(9)), Err(LogError::UnknownClinic)), "{round}");
    }
}
