//! Nothing of a chart lies readable in any file.

use super::fixtures::*;
use crate::*;
use chart::ChartEdit;
use clinical::*;

#[test]
fn planted_words_are_in_no_file() {
    let kept = new_store();
    let plant = |n: u64| format!("Zxqv{n:03}Plantedword");
    let mut edits = thirty_entries(1);
    for n in 0..30 {
        edits.push(ChartEdit::RecordCondition(problem(7000 + n, &plant(n))));
    }
    edits.push(ChartEdit::RecordComposition(note(7100, &plant(31))));
    edits.push(ChartEdit::RecordPatient(person(1, &plant(32), &plant(33), "1988", "1")));
    let (mut chart, record) = begin(1, &edits);
    kept.store.commit(Commit::local(vec![record])).unwrap();
    let heads = chart.heads();
    kept.store.compact(chart_name(1), &chart.save(), &heads).unwrap();
    let text = DraftTextRow {
        draft: CompositionId::from_uuid(id(1)),
        section: NoteSectionCode::Plan,
        text: plant(34),
        at: Instant::from_unix_ms(1),
    };
    kept.store.save_draft_text(&text).unwrap();
    kept.store.put_named(&[NamedRow { name: plant(35), bytes: plant(36).into_bytes() }]).unwrap();
    let mut event = audit(AuditAction::Print, patient_id(1));
    event.resource = plant(37);
    kept.store.record_audit(&[event]).unwrap();
    assert_eq!(kept.store.find_patients(&plant(32), 2).unwrap().len(), 1);

    // With the log full, after it was written back, and closed.
    let path = kept.path();
    let names = scan(&path);
    assert!(names.iter().any(|name| name.ends_with("-wal")), "{names:?}");
    kept.store.rest().unwrap();
    scan(&path);
    let _dir = kept.close();
    scan(&path);
}

fn scan(dir: &std::path::Path) -> Vec<String> {
    let utf16: Vec<u8> = "zxqv".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let needles: [&[u8]; 6] =
        [b"zxqv", b"Zxqv", &utf16, b"Plantedword", b"SQLite format 3", b"CREATE TABLE"];
    let mut names = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        for needle in needles {
            assert!(!bytes.windows(needle.len()).any(|w| w == needle), "{path:?} tells {needle:?}");
        }
        names.push(path.to_string_lossy().into_owned());
    }
    names
}
