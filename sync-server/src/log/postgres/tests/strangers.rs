//! Databases and roles on which no server starts, and what no role of a server changes.

use tokio_postgres::error::SqlState;

use super::*;

#[test]
fn a_server_refuses_a_role_or_a_table_that_passes_security_by() {
    let database = make(&CLINICS);
    let mighty = database.url().replace("user=fieldchart_app", "user=postgres");
    let told = database.refused(mighty);
    assert!(
        matches!(&told, Some(DatabaseError::TooMighty { role }) if role == "postgres"),
        "{told:?}"
    );
    database.as_owner("ALTER TABLE lane NO FORCE ROW LEVEL SECURITY");
    let told = database.refused(database.url());
    assert!(
        matches!(&told, Some(DatabaseError::NotForced { table }) if table == "lane"),
        "{told:?}"
    );
}

#[test]
fn a_database_without_its_tables_or_with_newer_ones_is_told() {
    let database = make(&CLINICS);
    let refused = || database.refused(database.url());
    assert!(refused().is_none());
    database.as_owner("UPDATE schema_version SET version = 99");
    assert!(matches!(refused(), Some(DatabaseError::Newer { found: 99, known: 12 })));
    database.as_owner("UPDATE schema_version SET version = 0");
    assert!(matches!(refused(), Some(DatabaseError::Older { found: 0, known: 12 })));
}

#[test]
fn the_key_of_the_servers_does_not_change() {
    let database = make(&CLINICS);
    database.as_owner("INSERT INTO server VALUES (true, decode(repeat('0a', 32), 'hex'))");
    database.as_server(async |client| {
        let change = "UPDATE server SET pin = decode(repeat('0b', 32), 'hex')";
        let refused = client.execute(change, &[]).await.unwrap_err();
        assert_eq!(refused.code(), Some(&SqlState::INSUFFICIENT_PRIVILEGE));
    });
}
