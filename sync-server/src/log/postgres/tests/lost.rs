//! The cursor that loses rows: why places are given under the clinic's row.
//!
//! Writers take a number and commit a little later. A reader that goes on from the highest number it
//! saw passes what was numbered earlier and committed later. The test shows that it sees this on a
//! plain sequence, so that it would see it here.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};

use sync::wire::Item;

use super::*;

const WRITERS: u8 = 6;
const ROUNDS: u64 = 40;

#[test]
fn a_cursor_on_a_sequence_loses_rows_and_one_on_the_log_loses_none() {
    let database = make(&CLINICS);
    database.as_owner(
        "CREATE TABLE public.naive (seq bigserial PRIMARY KEY, word text NOT NULL);
         GRANT SELECT, INSERT ON public.naive TO fieldchart_app;
         GRANT USAGE ON SEQUENCE public.naive_seq_seq TO fieldchart_app",
    );
    let (written, seen) = naive(&database);
    assert!(seen < written, "{seen} of {written}: the test cannot see what it is for");
    let (written, seen) = ours(&database);
    assert_eq!(seen, written);
}

/// Rows written and seen with `seq > cursor` over a sequence.
fn naive(database: &Kept) -> (usize, usize) {
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            database.as_server(async |client| {
                let (mut cursor, mut seen) = (0_i64, 0);
                loop {
                    let last = done.load(Ordering::SeqCst);
                    let sql = "SELECT seq FROM public.naive WHERE seq > $1 ORDER BY seq";
                    let rows = client.query(sql, &[&cursor]).await.unwrap();
                    seen += rows.len();
                    cursor = rows.last().map_or(cursor, |row| row.get(0));
                    if last {
                        return seen;
                    }
                }
            })
        });
        let writers: Vec<_> = (0..WRITERS)
            .map(|writer| {
                scope.spawn(move || {
                    database.as_server(async |client| {
                        for round in 0..ROUNDS {
                            // The number is taken at the insert; the commit comes some turns later.
                            let held = (u64::from(writer) * 7 + round * 3) % 11;
                            let sql = format!(
                                "BEGIN; INSERT INTO public.naive (word) VALUES ('x');
                                 SELECT pg_sleep(0.001 * {held}); COMMIT"
                            );
                            client.batch_execute(&sql).await.unwrap();
                        }
                    });
                })
            })
            .collect();
        // The reader ends whatever became of the writers.
        let ended: Vec<_> = writers.into_iter().map(|writer| writer.join()).collect();
        done.store(true, Ordering::SeqCst);
        ended.into_iter().for_each(|ended| ended.unwrap());
        (usize::from(WRITERS) * usize::try_from(ROUNDS).unwrap(), reader.join().unwrap())
    })
}

/// Envelopes written and seen through the log, by as many servers.
fn ours(database: &Kept) -> (usize, usize) {
    let done = AtomicBool::new(false);
    let servers: Vec<_> = (1..=WRITERS).map(|writer| (writer, database.other_server())).collect();
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let (mut after, mut seen) = (0, BTreeSet::new());
            loop {
                let last = done.load(Ordering::SeqCst);
                let nothing = Have::new();
                let query =
                    PageQuery { after, skip: &nothing, items_max: 1000, bytes_max: 1 << 20 };
                let page = database.shelf.page(clinic(1), &query).unwrap();
                let places = usize::try_from(page.end.seq - page.start.seq).unwrap();
                assert_eq!(page.items.len(), places, "no hole");
                seen.extend(page.items.iter().map(Item::id));
                after = page.end.seq;
                if last && after == page.head {
                    return seen.len();
                }
            }
        });
        let writers: Vec<_> = servers
            .into_iter()
            .map(|(writer, server)| {
                scope.spawn(move || {
                    for envelope in run(writer, 1, ROUNDS) {
                        push_all(&server, &[envelope]);
                    }
                })
            })
            .collect();
        // The reader ends whatever became of the writers.
        let ended: Vec<_> = writers.into_iter().map(|writer| writer.join()).collect();
        done.store(true, Ordering::SeqCst);
        ended.into_iter().for_each(|ended| ended.unwrap());
        (usize::from(WRITERS) * usize::try_from(ROUNDS).unwrap(), reader.join().unwrap())
    })
}
