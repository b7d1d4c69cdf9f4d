//! What the servers' role sees of another clinic: nothing, whatever it asks.

use tokio_postgres::Client;

use super::*;

/// Every table that holds something of a clinic, with a column that an UPDATE may set.
const TABLES: [(&str, &str); 15] = [
    ("clinic", "members = members + 1"),
    ("envelope", "bytes = ''"),
    ("cold_envelope", "bytes = ''"),
    ("lane", "counter = counter + 1"),
    ("wrapped_key", "wrapped = ''"),
    ("member_entry", "bytes = ''"),
    ("invite", "blob = ''"),
    ("token", "expires_at_ms = 0"),
    ("quota", "bytes_max = bytes_max + 1"),
    ("placed", "clinic = clinic"),
    ("spent", "ends_at_ms = 0"),
    ("blob", "bytes = 0"),
    ("erased", "doc_tag = doc_tag"),
    ("room", "ends_at_ms = 0"),
    ("room_message", "bytes = ''"),
];

fn full() -> Kept {
    let database = make(&CLINICS);
    let shelf = &database.shelf;
    shelf.append(clinic(1), &run(1, 1, 3)).unwrap();
    let first = PageQuery { after: 1, skip: &Have::new(), items_max: 0, bytes_max: 0 };
    let floor = shelf.page(clinic(1), &first).unwrap().start;
    shelf.raise_floor(clinic(1), floor, true).unwrap();
    let key = WrappedKey { doc_tag: DocTag([3; 32]), wrapped: vec![1] };
    shelf.put_keys(clinic(1), &[key]).unwrap();
    shelf.erase_keys(clinic(1), &[DocTag([9; 32])]).unwrap();
    shelf.keep_blob(clinic(1), BlobId([6; 32]), 9).unwrap();
    let invite =
        InvitePut { clinic: clinic(1), id: InviteId([5; 32]), expires_at_ms: 1000, blob: vec![1] };
    assert_eq!(shelf.put_invite(&invite, 0).unwrap(), Put::Kept);
    let (id, message) = (RoomId([8; 32]), RoomMessage { place: 0, bytes: vec![1] });
    let room = Room { id, clinic: clinic(1), ends_at_ms: 1000 };
    assert_eq!(shelf.open_room(&room, 0).unwrap(), RoomVerdict::Open { ends_at_ms: 1000 });
    let kept = shelf.put_in_room(&RoomPut { room: id, message }, 0).unwrap();
    assert_eq!(kept, Some(RoomStored::Kept));
    let caller = Caller {
        clinic: clinic(1),
        principal: sync::wire::Principal::Device(sync::fixtures::device(1)),
        expires_at_ms: 1000,
    };
    assert!(shelf.keep_token([7; 32], &caller, SPENT, 0).unwrap());
    database.as_owner("INSERT INTO member_entry VALUES (decode(repeat('01', 16), 'hex'), 0, 'x')");
    suite::Operated::set_quota(&database, clinic(1), Some(Quota::NONE));
    database.as_operator(async |owner| owner.place(clinic(1), true).await).unwrap();
    database
}

/// How many rows a statement met; `None` where it was refused.
async fn met(client: &Client, scope: &str, sql: &str) -> Option<u64> {
    client.batch_execute(&format!("BEGIN; {scope}")).await.unwrap();
    let met = client.execute(sql, &[]).await.ok();
    client.batch_execute("ROLLBACK").await.unwrap();
    met
}

#[test]
fn another_clinic_meets_no_row_of_any_table() {
    let database = full();
    let own = format!("SET LOCAL app.clinic = '{}'", clinic(1));
    let scopes = [
        format!("SET LOCAL app.clinic = '{}'", clinic(2)),
        "SET LOCAL app.clinic = ''".to_owned(),
        "RESET app.clinic".to_owned(),
        // Names of things that are not there.
        format!("SET LOCAL app.name = '{}'", "0a".repeat(32)),
    ];
    database.as_server(async |client| {
        for (table, set) in TABLES {
            let of_one =
                format!("SELECT FROM {table} WHERE clinic = decode(repeat('01', 16), 'hex')");
            assert!(met(client, &own, &of_one).await.unwrap() > 0, "{table} holds something");
            for scope in &scopes {
                let (where_one, copy) = (
                    "WHERE clinic = decode(repeat('01', 16), 'hex')",
                    format!("INSERT INTO {table} SELECT * FROM {table}"),
                );
                let asked = [
                    of_one.clone(),
                    format!("SELECT FROM {table} {where_one} FOR UPDATE"),
                    format!("UPDATE {table} SET {set} {where_one}"),
                    format!("DELETE FROM {table} {where_one}"),
                    copy,
                ];
                for sql in asked {
                    let rows = met(client, scope, &sql).await;
                    assert!(rows.is_none_or(|rows| rows == 0), "{scope}: {sql}: {rows:?}");
                }
            }
            // Not by the back door either: a partition is no way around its parent.
            let part = format!("SELECT FROM {table}_00");
            assert_eq!(met(client, &own, &part).await, None, "{part}");
        }
    });
}

#[test]
fn no_row_can_be_written_for_another_clinic() {
    let database = full();
    database.as_server(async |client| {
        let scope = format!("SET LOCAL app.clinic = '{}'", clinic(2));
        for sql in [
            "INSERT INTO lane VALUES (decode(repeat('01',16),'hex'), decode(repeat('09',16),'hex'),
                1, 1, decode(repeat('09',32),'hex'))",
            "INSERT INTO member_entry VALUES (decode(repeat('01',16),'hex'), 9, 'x')",
            "INSERT INTO room VALUES (decode(repeat('09',32),'hex'), decode(repeat('01',16),'hex'), 9)",
            "INSERT INTO room_message VALUES (decode(repeat('08',32),'hex'), 3,
                decode(repeat('02',16),'hex'), 'x')",
            "UPDATE clinic SET clinic = decode(repeat('01',16),'hex')",
        ] {
            assert_eq!(met(client, &scope, sql).await, None, "{sql}");
        }
    });
}

/// The catalogue, not the migration, says what holds: also of a table that somebody adds.
#[test]
fn row_level_security_is_forced_on_every_table() {
    let database = make(&CLINICS);
    let unforced = "SELECT count(*) FROM pg_class
        WHERE relnamespace = 'fieldchart'::regnamespace AND relkind IN ('r', 'p')
        AND relname <> 'schema_version' AND NOT (relrowsecurity AND relforcerowsecurity)";
    database.as_server(async |client| {
        let row = client.query_one(unforced, &[]).await.unwrap();
        assert_eq!(row.get::<_, i64>(0), 0);
        let all = "SELECT count(*) FROM pg_class WHERE relnamespace = 'fieldchart'::regnamespace
            AND relkind IN ('r', 'p')";
        let row = client.query_one(all, &[]).await.unwrap();
        assert!(row.get::<_, i64>(0) > 64, "the partitions count too");
    });
}

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
    assert!(matches!(refused(), Some(DatabaseError::Newer { found: 99, known: 8 })));
    database.as_owner("UPDATE schema_version SET version = 0");
    assert!(matches!(refused(), Some(DatabaseError::Older { found: 0, known: 8 })));
}

#[test]
fn the_key_of_the_servers_does_not_change() {
    let database = make(&CLINICS);
    database.as_owner("INSERT INTO server VALUES (true, decode(repeat('0a', 32), 'hex'))");
    database.as_server(async |client| {
        let change = "UPDATE server SET pin = decode(repeat('0b', 32), 'hex')";
        assert!(client.execute(change, &[]).await.is_err(), "nor does it change by itself");
    });
}
