//! A chart is erased, and everything else stays.

use super::fixtures::*;
use crate::*;
use chart::ChartEdit;
use clinical::*;

const TAG: [u8; 32] = [0xab; 32];

fn key_name(tag: &[u8; 32], n: u8) -> String {
    let hex: String = tag.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sync/key/{hex}/{n:016x}")
}

fn named(name: String) -> NamedRow {
    NamedRow { name, bytes: vec![1, 2, 3] }
}

fn erasing(patient: u64) -> Erasing {
    let Stamp { author, at, .. } = stamp(1, 9);
    Erasing {
        row: ErasureRow {
            patient: patient_id(patient),
            number: "MRN-1".into(),
            ground: "asked for".into(),
            author,
            at,
        },
        tags: vec![TAG],
        audit: Some(audit(AuditAction::Administer, patient_id(patient))),
        named: vec![named("sync/after".into())],
        forget: vec!["sync/before".into()],
    }
}

fn chart_of(store: &Store, n: u64, family: &str) {
    let mut edits = thirty_entries(n);
    edits.push(ChartEdit::RecordPatient(person(n, family, "Grace", "1988", "1")));
    let (mut chart, record) = begin(n, &edits);
    store.commit(Commit::local(vec![record])).unwrap();
    let heads = chart.heads();
    store.compact(chart_name(n), &chart.save(), &heads).unwrap();
}

fn found(store: &Store, word: &str) -> usize {
    store.find_patients(word, 9).unwrap().len()
}

#[test]
fn an_erased_chart_is_gone_and_the_others_stand() {
    let kept = new_store();
    let store = &kept.store;
    chart_of(store, 1, "Plantedword");
    chart_of(store, 2, "Otherword");
    let before = store.counts().unwrap();
    store.put_named(&[named(key_name(&TAG, 1)), named(key_name(&[1; 32], 1))]).unwrap();
    store.put_named(&[named("sync/before".into())]).unwrap();
    let form = |form: String| FormTextRow {
        author: stamp(1, 1).author,
        form,
        body: "Plantedword".into(),
        at: Instant::from_unix_ms(1),
    };
    store.save_form_text(&form(format!("allergy/{}", patient_id(1)))).unwrap();
    store.save_form_text(&form(format!("allergy/{}", patient_id(2)))).unwrap();
    assert_eq!((found(store, "Plantedword"), found(store, "Otherword")), (1, 1));
    assert!(!store.is_unswept().unwrap());

    store.erase(&erasing(1)).unwrap();
    assert_eq!(store.document(chart_name(1)).unwrap(), None);
    assert_eq!((found(store, "Plantedword"), found(store, "Otherword")), (0, 1));
    assert!(store.chart(patient_id(1), Newest::default()).unwrap().is_none());
    assert!(store.chart(patient_id(2), Newest::default()).unwrap().is_some());
    let keys: Vec<_> = store.named_with_prefix("sync/key/").unwrap();
    assert_eq!(keys, [named(key_name(&[1; 32], 1))]);
    assert_eq!(store.named("sync/before").unwrap(), None);
    assert!(store.named("sync/after").unwrap().is_some());
    assert_eq!(store.form_texts(stamp(1, 1).author).unwrap().len(), 1);
    let erased = store.erased().unwrap();
    let [Erased { row, unsent, came }] = erased.as_slice() else { panic!("{erased:?}") };
    assert_eq!((row, *came), (&erasing(1).row, 0));
    assert_eq!(*unsent, before.outbox - store.counts().unwrap().outbox);
    assert!(*unsent > 0, "what was never sent is counted");
    assert_whole(store);

    // Nothing brings it back: no key, no change.
    store.put_named(&[named(key_name(&TAG, 2))]).unwrap();
    assert_eq!(store.named(&key_name(&TAG, 2)).unwrap(), None);
    let (_, record) = begin(1, &thirty_entries(1));
    assert!(matches!(store.commit(Commit::local(vec![record])), Err(StoreError::Erased)));
    let receipt = Receipt { came: vec![TAG, TAG, [9; 32]], ..Receipt::default() };
    store.receive(&receipt).unwrap();
    assert_eq!(store.erased().unwrap()[0].came, 2);
    store.erase(&erasing(1)).unwrap();
    assert_eq!(store.erased().unwrap().len(), 1, "twice is once");
    assert_whole(store);
}

#[test]
fn the_file_is_written_anew_after_an_erasing() {
    let kept = new_store();
    let store = &kept.store;
    (1..=12).for_each(|n| chart_of(store, n, &format!("Plantedword{n}")));
    for n in 1..=11 {
        store.erase(&erasing(n)).unwrap();
    }
    let pages = |store: &Store| {
        let ask = |name: &str| {
            store.read(|r| Ok(r.db.pragma_query_value(None, name, |row| row.get::<_, i64>(0))?))
        };
        (ask("freelist_count").unwrap(), ask("page_count").unwrap())
    };
    let (free, all) = pages(store);
    assert!(free > 0 && store.is_unswept().unwrap());
    assert!(store.sweep().unwrap());
    assert!(!store.is_unswept().unwrap());
    let (free_now, now) = pages(store);
    assert!(free_now == 0 && now < all, "{free_now} free of {now}, {free} of {all} before");
    let terms = "CREATE VIRTUAL TABLE IF NOT EXISTS temp.word
                 USING fts5vocab (main, patient_search, instance)";
    let terms = store.try_out(|tx| {
        tx.db.execute_batch(terms)?;
        let text = "SELECT DISTINCT term FROM temp.word WHERE term LIKE 'plantedword%'";
        sql::all(tx.db, text, [], |row| row.get::<_, String>(0))
    });
    assert_eq!(terms.unwrap(), ["plantedword12"], "no word of an erased chart is in the index");
    let wal = std::fs::read_dir(kept.path()).unwrap().map(|entry| entry.unwrap());
    let wal = wal.filter(|entry| entry.file_name().to_string_lossy().ends_with("-wal"));
    // Only the note that it was done stands in it.
    assert!(wal.map(|entry| entry.metadata().unwrap().len()).sum::<u64>() < 64 * 1024);
    assert!(store.sweep().unwrap(), "twice is once");
    assert_whole(store);
}
