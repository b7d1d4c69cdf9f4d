//! What the servers' role can do with the rows of another clinic: nothing, whatever it asks of any
//! table of the catalogue.

use std::collections::BTreeSet;

use tokio_postgres::Client;
use tokio_postgres::error::SqlState;

use super::*;

/// A table that holds something of clinics.
#[derive(Clone, Copy, Debug)]
struct Table {
    name: &'static str,
    /// What an UPDATE may set, without reading the row.
    set: &'static str,
    /// The column of the name by which a row is found without knowing its clinic.
    found_by: Option<&'static str>,
}

const TABLES: [Table; 15] = [
    table("clinic", "members = 0"),
    table("envelope", "bytes = ''"),
    table("cold_envelope", "bytes = ''"),
    table("lane", "counter = 1"),
    table("wrapped_key", "wrapped = ''"),
    table("member_entry", "bytes = ''"),
    Table { found_by: Some("id"), ..table("invite", "blob = ''") },
    Table { found_by: Some("name"), ..table("token", "expires_at_ms = 0") },
    table("quota", "bytes_max = 1"),
    table("placed", "clinic = decode(repeat('01', 16), 'hex')"),
    table("spent", "ends_at_ms = 0"),
    table("blob", "bytes = 0"),
    table("erased", "doc_tag = decode(repeat('09', 32), 'hex')"),
    Table { found_by: Some("id"), ..table("room", "ends_at_ms = 0") },
    Table { found_by: Some("room"), ..table("room_message", "bytes = ''") },
];

/// Tables that hold nothing of any clinic, and why every server may see all of them.
const OF_NO_CLINIC: [(&str, &str); 4] = [
    ("schema_version", "the version of the tables, which a server compares with its own"),
    ("server", "the pin of the key that all servers of the database have"),
    ("region", "the region that this database is"),
    ("beside", "the regions that were served beside it"),
];

const fn table(name: &'static str, set: &'static str) -> Table {
    Table { name, set, found_by: None }
}

const OF_ONE: &str = "WHERE clinic = decode(repeat('01', 16), 'hex')";
const AS_OTHER: &str = "SET LOCAL app.clinic = '02020202020202020202020202020202'";
/// Of nothing that is there.
const A_NAME: &str = "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a";

/// A database in which clinic 1 has a row in every table, and clinic 2 none.
fn full() -> Kept {
    let database = make(&CLINICS[..1]);
    let shelf = &database.shelf;
    shelf.append(clinic(1), &run(1, 1, 3)).unwrap();
    let first = PageQuery { after: 1, skip: &Have::new(), items_max: 0, bytes_max: 0 };
    let floor = shelf.page(clinic(1), &first).unwrap().start;
    shelf.raise_floor(clinic(1), floor, true).unwrap();
    let key = WrappedKey { doc_tag: DocTag([3; 32]), wrapped: vec![1] };
    shelf.put_keys(clinic(1), device(1), &[key]).unwrap();
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
        principal: sync::wire::Principal::Device(device(1)),
        expires_at_ms: 1000,
    };
    assert!(shelf.keep_token([7; 32], &caller, SPENT, 0).unwrap());
    database.as_owner("INSERT INTO member_entry VALUES (decode(repeat('01', 16), 'hex'), 0, 'x')");
    suite::Operated::set_quota(&database, clinic(1), Some(Quota::NONE));
    database.as_operator(async |owner| owner.place(clinic(1), true).await).unwrap();
    database
}

/// What PostgreSQL said to a statement.
#[derive(Debug, PartialEq, Eq)]
enum Said {
    Rows(u64),
    Refused(SqlState),
}

const DENIED: Said = Said::Refused(SqlState::INSUFFICIENT_PRIVILEGE);
/// The row is there already: nothing but its key stood in the way of a second one.
const THERE: Said = Said::Refused(SqlState::UNIQUE_VIOLATION);

async fn say(client: &Client, scope: &str, sql: &str) -> Said {
    client.batch_execute(&format!("BEGIN; {scope}")).await.unwrap();
    let said = match client.execute(sql, &[]).await {
        Ok(rows) => Said::Rows(rows),
        Err(error) => Said::Refused(error.code().unwrap().clone()),
    };
    client.batch_execute("ROLLBACK").await.unwrap();
    said
}

/// A row of clinic 1, as the owner of the cluster copied it.
struct Copied {
    /// The row, as a value in a statement.
    row: String,
    /// What a transaction names that may do everything with it.
    own: String,
}

async fn copy(admin: &Client, table: &Table) -> Copied {
    let named = table.found_by.unwrap_or("NULL");
    let sql = format!(
        "SELECT quote_literal(r::text), encode({named}, 'hex') FROM {} AS r {OF_ONE} LIMIT 1",
        table.name
    );
    let row = admin.query_one(&sql, &[]).await.unwrap();
    let name: Option<String> = row.get(1);
    let own = format!(
        "SET LOCAL app.clinic = '{}'; SET LOCAL app.name = '{}'",
        clinic(1),
        // Who has a message written names its room.
        name.filter(|_| table.name == "room_message").unwrap_or_default()
    );
    Copied { row: format!("{}::{}", row.get::<_, &str>(0), table.name), own }
}

/// What is asked of each table: the right it takes, and the statement. Where nothing is read of a row,
/// no policy for reading stands before it.
fn asked(table: &Table, copied: &Copied) -> [(&'static str, String); 7] {
    let Table { name, set, .. } = *table;
    [
        ("SELECT", format!("SELECT FROM {name} {OF_ONE}")),
        ("UPDATE", format!("SELECT FROM {name} {OF_ONE} FOR UPDATE")),
        ("UPDATE", format!("UPDATE {name} SET {set} {OF_ONE}")),
        ("UPDATE", format!("UPDATE {name} SET {set}")),
        ("DELETE", format!("DELETE FROM {name} {OF_ONE}")),
        ("DELETE", format!("DELETE FROM {name}")),
        ("INSERT", format!("INSERT INTO {name} SELECT ({}).*", copied.row)),
    ]
}

/// Whether the role of a connection was given a right to a table, or to a column of it.
async fn may(client: &Client, table: &Table, right: &str) -> bool {
    let sql = "SELECT CASE WHEN $2 = 'UPDATE' THEN has_any_column_privilege($1, $2)
                      ELSE has_table_privilege($1, $2) END";
    client.query_one(sql, &[&table.name, &right]).await.unwrap().get(0)
}

/// What is not as it is to be, when everything is asked of one table as the servers' role.
async fn breaches(client: &Client, table: &Table, copied: &Copied) -> Vec<String> {
    let others = [
        AS_OTHER.to_owned(),
        "SET LOCAL app.clinic = ''".to_owned(),
        "RESET app.clinic".to_owned(),
        format!("SET LOCAL app.name = '{A_NAME}'"),
    ];
    let mut found = Vec::new();
    let mut check = |scope: &str, sql: &str, said: Said, fine: bool| {
        if !fine {
            found.push(format!("{scope}: {sql}: {said:?}"));
        }
    };
    for (right, sql) in asked(table, copied) {
        let (may, is_insert) = (may(client, table, right).await, right == "INSERT");
        let said = say(client, &copied.own, &sql).await;
        let fine = match said {
            _ if !may => said == DENIED,
            _ if is_insert => said == THERE,
            Said::Rows(rows) => rows > 0,
            Said::Refused(_) => false,
        };
        check(&copied.own, &sql, said, fine);
        for scope in &others {
            let said = say(client, scope, &sql).await;
            let fine = said == if may && !is_insert { Said::Rows(0) } else { DENIED };
            check(scope, &sql, said, fine);
        }
    }
    // Nor is a row given away, or one written under a name that the writer chose.
    let given = format!("UPDATE {} SET clinic = decode(repeat('02', 16), 'hex')", table.name);
    let said = say(client, &copied.own, &given).await;
    let fine = said == DENIED;
    check(&copied.own, &given, said, fine);
    if let Some(column) = table.found_by {
        let scope = format!("{AS_OTHER}; SET LOCAL app.name = '{A_NAME}'");
        let renamed = format!(
            "INSERT INTO {} SELECT (jsonb_populate_record({}, '{{\"{column}\": \"\\\\x{A_NAME}\"}}')).*",
            table.name, copied.row
        );
        let said = say(client, &scope, &renamed).await;
        let fine = said == DENIED;
        check(&scope, &renamed, said, fine);
    }
    found
}

/// Everything that is not as it is to be, of all tables.
async fn all_breaches(client: &Client, admin: &Client) -> Vec<String> {
    let mut found = Vec::new();
    for table in &TABLES {
        found.extend(breaches(client, table, &copy(admin, table).await).await);
    }
    found
}

/// What the catalogue has in the schema: the first column of what is asked of it.
async fn catalogue(client: &Client, sql: &str) -> BTreeSet<String> {
    client.query(sql, &[]).await.unwrap().iter().map(|row| row.get(0)).collect()
}

/// Tables of which the owner can see what is another's, or could as far as the catalogue tells.
async fn unforced(client: &Client) -> BTreeSet<String> {
    let sql = "SELECT relname::text FROM pg_class
        WHERE relnamespace = 'fieldchart'::regnamespace AND relkind IN ('r', 'p')
        AND NOT (relrowsecurity AND relforcerowsecurity)";
    catalogue(client, sql).await
}

fn names<'a>(of: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    of.into_iter().map(str::to_owned).collect()
}

#[test]
fn nothing_of_another_clinic_is_read_changed_or_written() {
    let database = full();
    database.as_both(async |client, admin| {
        let found = all_breaches(client, admin).await;
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}

/// What the role may not do at all, its policies keep from it too: a mistake in a grant mixes no two
/// clinics.
#[test]
fn policies_hold_whatever_was_granted() {
    let database = full();
    database.as_owner("GRANT ALL ON ALL TABLES IN SCHEMA fieldchart TO fieldchart_app");
    database.as_both(async |client, admin| {
        let found = all_breaches(client, admin).await;
        assert!(found.is_empty(), "{}", found.join("\n"));
    });
}

#[test]
fn a_message_is_of_the_clinic_of_its_room() {
    let database = full();
    database.as_server(async |client| {
        let scope = format!("{AS_OTHER}; SET LOCAL app.name = '{}'", "08".repeat(32));
        let message = |clinic: &str| {
            format!(
                "INSERT INTO room_message VALUES (decode(repeat('08', 32), 'hex'), 3,
                    decode(repeat('{clinic}', 16), 'hex'), 'x')"
            )
        };
        assert_eq!(say(client, &scope, &message("01")).await, Said::Rows(1), "it names the room");
        assert_eq!(say(client, &scope, &message("02")).await, DENIED);
    });
}

/// The catalogue, not this file, says which tables there are: also of one that somebody adds.
#[test]
fn every_table_of_the_catalogue_is_asked() {
    let database = make(&CLINICS);
    database.as_server(async |client| {
        let schema = "relnamespace = 'fieldchart'::regnamespace";
        let whole = format!(
            "SELECT relname::text FROM pg_class
             WHERE {schema} AND relkind IN ('r', 'p') AND NOT relispartition"
        );
        let mut known = names(TABLES.iter().map(|table| table.name));
        known.extend(names(OF_NO_CLINIC.map(|(name, _why)| name)));
        assert_eq!(catalogue(client, &whole).await, known);
        let other_doors = format!(
            "SELECT relname::text FROM pg_class
             WHERE {schema} AND relkind NOT IN ('r', 'p', 'i', 'I', 't')"
        );
        assert_eq!(catalogue(client, &other_doors).await, names([]), "no view, no sequence");
        let mighty = "SELECT proname::text FROM pg_proc
            WHERE pronamespace = 'fieldchart'::regnamespace AND prosecdef";
        assert_eq!(catalogue(client, mighty).await, names(["make_cold"]));
        let past_policies = format!(
            "SELECT relname::text FROM pg_class WHERE {schema} AND relkind IN ('r', 'p')
             AND has_table_privilege(oid, 'TRUNCATE, REFERENCES, TRIGGER')"
        );
        assert_eq!(catalogue(client, &past_policies).await, names([]));
        // A partition is no way around its parent.
        let parts = format!("SELECT relname::text FROM pg_class WHERE {schema} AND relispartition");
        let mut asked = 0;
        for part in catalogue(client, &format!("{parts} AND relkind = 'r'")).await {
            let own = format!("SET LOCAL app.clinic = '{}'", clinic(1));
            assert_eq!(say(client, &own, &format!("SELECT FROM {part}")).await, DENIED, "{part}");
            asked += 1;
        }
        assert_eq!(asked, 5 * 16);
    });
}

#[test]
fn row_level_security_is_forced_on_every_table() {
    let database = full();
    database.as_both(async |client, admin| {
        assert_eq!(unforced(client).await, names([]));
        admin.batch_execute("SET ROLE fieldchart_owner").await.unwrap();
        for Table { name, .. } in TABLES {
            let seen = say(admin, "RESET app.clinic", &format!("SELECT FROM {name}")).await;
            assert_eq!(seen, Said::Rows(0), "{name}, as its owner");
        }
    });
}

/// A mistake in a grant lets no server say of what version the tables are.
#[test]
fn the_version_of_the_tables_is_read_by_all_and_written_by_their_owner_alone() {
    let database = make(&CLINICS);
    database.as_owner("GRANT ALL ON schema_version TO fieldchart_app");
    database.as_both(async |client, admin| {
        admin.batch_execute("SET ROLE fieldchart_owner").await.unwrap();
        for (sql, as_server) in [
            ("SELECT FROM schema_version", Said::Rows(1)),
            ("UPDATE schema_version SET version = 99", Said::Rows(0)),
            ("DELETE FROM schema_version", Said::Rows(0)),
            ("INSERT INTO schema_version VALUES (99)", DENIED),
        ] {
            assert_eq!(say(client, "", sql).await, as_server, "{sql}, as a server");
            assert_eq!(say(admin, "", sql).await, Said::Rows(1), "{sql}, as its owner");
        }
    });
}

/// The tests above can fail: what is broken on purpose is told by them, table by table.
#[test]
fn what_is_broken_is_noticed() {
    let database = full();
    database.as_owner("GRANT ALL ON ALL TABLES IN SCHEMA fieldchart TO fieldchart_app");
    database.as_both(async |client, admin| {
        for table in &TABLES {
            let name = table.name;
            let copied = copy(admin, table).await;
            for (command, policy, told) in [
                ("SELECT", "USING (true)", "SELECT FROM"),
                ("INSERT", "WITH CHECK (true)", "INSERT INTO"),
                ("UPDATE", "USING (true)", "UPDATE "),
                ("UPDATE", "USING (false) WITH CHECK (true)", " SET clinic = "),
                ("DELETE", "USING (true)", "DELETE FROM"),
            ] {
                let break_it = format!("CREATE POLICY broken ON {name} FOR {command} {policy}");
                admin.batch_execute(&break_it).await.unwrap();
                let found = breaches(client, table, &copied).await;
                assert!(found.iter().any(|it| it.contains(told)), "{break_it}: {found:?}");
                admin.batch_execute(&format!("DROP POLICY broken ON {name}")).await.unwrap();
            }
            for (broken, mended) in [("NO FORCE", "FORCE"), ("DISABLE", "ENABLE")] {
                let alter = |how: &str| format!("ALTER TABLE {name} {how} ROW LEVEL SECURITY");
                admin.batch_execute(&alter(broken)).await.unwrap();
                assert!(unforced(client).await.contains(name), "{name}: {broken}");
                admin.batch_execute(&alter(mended)).await.unwrap();
            }
            let wrong = Table { set: "no_such_column = 1", ..*table };
            let found = breaches(client, &wrong, &copied).await;
            assert!(found.iter().any(|it| it.contains("42703")), "{name}: {found:?}");
        }
    });
}
