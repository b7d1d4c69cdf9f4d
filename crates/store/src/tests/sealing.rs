//! Envelopes, cursors, peers, quarantine and named values.

use super::fixtures::*;
use crate::*;
use chart::ChartEdit;
use clinical::Instant;

fn envelope(n: u8, counter: u64) -> EnvelopeRow {
    EnvelopeRow { id: [n; 32], device: [1; 16], generation: 1, counter, bytes: vec![n; 3] }
}

#[test]
fn what_is_sealed_is_kept_with_its_place() {
    let kept = new_store();
    let (_, record) = begin(1, &thirty_entries(1));
    kept.store.commit(Commit::local(vec![record])).unwrap();
    let item = kept.store.outbox(0, 1).unwrap().remove(0);
    let replica = ReplicaRow { device: [1; 16], generation: 1, counter: 1, prev_id: [7; 32] };
    let have =
        HaveRow { peer: SELF.into(), device: [1; 16], generation: 1, counter: 1, id: [7; 32] };
    let cursor =
        CursorRow { server: "https://x".into(), log_epoch: [3; 16], seq: 9, chain: [4; 32] };
    let sealing = Sealing {
        sealed: vec![SealedChange { ord: item.ord, generation: 1, counter: 1 }],
        replica: Some(replica.clone()),
        moved: Vec::new(),
        receipt: Receipt {
            envelopes: vec![envelope(7, 1)],
            cursor: Some(cursor.clone()),
            have: vec![have.clone()],
            ..Receipt::default()
        },
    };
    kept.store.seal(&sealing).unwrap();
    assert_eq!(kept.store.outbox(0, 10).unwrap(), []);
    assert_eq!(kept.store.replica().unwrap(), Some(replica));
    assert_eq!(kept.store.envelope(&[7; 32]).unwrap(), Some(envelope(7, 1)));
    assert_eq!(kept.store.cursor("https://x").unwrap(), Some(cursor));
    assert_eq!(kept.store.have(SELF).unwrap(), [have]);
    assert_eq!(kept.store.document(chart_name(1)).unwrap().unwrap().loose.len(), 1);
}

/// What stands between those that were sealed, and what of them a snapshot covers, is told apart.
#[test]
fn of_what_waits_only_what_was_sealed_goes() {
    let kept = new_store();
    let mut charts: Vec<_> = (1..=3)
        .map(|n| {
            let (chart, record) = begin(n, &[ChartEdit::RecordPatient(grace(n))]);
            kept.store.commit(Commit::local(vec![record])).unwrap();
            chart
        })
        .collect();
    for round in 0..4 {
        for (chart, n) in charts.iter_mut().zip(1..) {
            let problem = problem(100 * n + round, "Asthma");
            edit(&kept.store, chart, n, ChartEdit::RecordCondition(problem));
        }
    }
    let waiting = kept.store.outbox(0, 100).unwrap();
    assert_eq!(waiting.len(), 15);
    let is_first = |item: &&OutboxItem| item.document == chart_name(1);
    // All of the first chart in one envelope, and in another the two changes after its last but one.
    let mut sealed: Vec<SealedChange> = waiting
        .iter()
        .filter(is_first)
        .map(|item| SealedChange { ord: item.ord, generation: 1, counter: 1 })
        .collect();
    let between = waiting.get(10..12).unwrap();
    sealed.extend(between.iter().map(|it| SealedChange { ord: it.ord, generation: 1, counter: 2 }));
    kept.store.seal(&Sealing { sealed, ..Sealing::default() }).unwrap();
    let left: Vec<_> = kept.store.outbox(0, 100).unwrap();
    let want: Vec<_> =
        waiting.iter().filter(|it| !is_first(it) && !between.contains(it)).cloned().collect();
    assert_eq!(left, want);
    assert_whole(&kept.store);
}

#[test]
fn envelopes_are_kept_once_and_forks_both() {
    let kept = new_store();
    let envelopes =
        vec![envelope(1, 1), envelope(2, 2), envelope(3, 2), envelope(1, 1), envelope(4, 3)];
    kept.store.receive(&Receipt { envelopes, ..Receipt::default() }).unwrap();
    assert_eq!(kept.store.counts().unwrap().envelopes, 4);
    let ids = |after| -> Vec<u8> {
        kept.store.envelopes(&[1; 16], 1, after, 10).unwrap().iter().map(|e| e.id[0]).collect()
    };
    assert_eq!(ids(0), [1, 2, 3, 4]);
    assert_eq!(ids(2), [4]);
    assert!(kept.store.knows_envelope(&[3; 32]).unwrap());
    assert!(!kept.store.knows_envelope(&[9; 32]).unwrap());
}

#[test]
fn quarantine_keeps_what_cannot_be_taken_in() {
    let kept = new_store();
    let row = |reason: &str| QuarantineRow {
        envelope: [5; 32],
        device: [1; 16],
        tag: [6; 32],
        at: Instant::from_unix_ms(4),
        reason: reason.into(),
        bytes: vec![1, 2, 3],
    };
    let put = |reason| Receipt { quarantine: vec![row(reason)], ..Receipt::default() };
    kept.store.receive(&put("decrypt")).unwrap();
    kept.store.receive(&put("merge")).unwrap();
    let aside = || kept.store.quarantine(&["decrypt", "merge"], 0, 10).unwrap().rows;
    assert_eq!(aside(), [row("merge")]);
    assert_eq!(kept.store.set_aside_of(&[6; 32]).unwrap(), [([5; 32], "merge".to_owned())]);
    assert_eq!(kept.store.set_aside_of(&[7; 32]).unwrap(), []);
    // The same id for another reason may be another copy: what came last is kept.
    let other = QuarantineRow { bytes: vec![4, 5], ..row("decrypt") };
    kept.store.receive(&Receipt { quarantine: vec![other.clone()], ..Receipt::default() }).unwrap();
    assert_eq!(aside(), [other]);
    kept.store.receive(&Receipt { released: vec![[5; 32]], ..Receipt::default() }).unwrap();
    assert_eq!(aside(), []);
}

#[test]
fn quarantine_is_read_by_reason_in_pages_of_so_many_bytes() {
    let kept = new_store();
    let row = |n: u8, reason: &str, len: usize| QuarantineRow {
        envelope: [n; 32],
        device: [1; 16],
        tag: [0; 32],
        at: Instant::from_unix_ms(4),
        reason: reason.into(),
        bytes: vec![n; len],
    };
    let junk = (1..=40).map(|n| row(n, "junk", 9));
    let large = (41..=43).map(|n| row(n, "keys", 5 << 20));
    let rest = [row(44, "members", 9), row(45, "member", 9), row(46, "keys", 0)];
    let quarantine: Vec<_> = junk.chain(large).chain(rest).collect();
    kept.store.receive(&Receipt { quarantine, ..Receipt::default() }).unwrap();
    let (mut after, mut pages) = (0, Vec::new());
    loop {
        let page = kept.store.quarantine(&["keys", "members"], after, 10).unwrap();
        let Some(end) = page.end else { break };
        after = end;
        pages.push(page.rows.iter().map(|row| row.envelope[0]).collect::<Vec<_>>());
    }
    assert_eq!(pages, [vec![41, 42], vec![43, 44]], "neither others nor what is not whole");
    let first = kept.store.quarantine(&["junk"], 0, 3).unwrap();
    assert_eq!(first.rows.len(), 3);
    let whole = |reasons: &[&str]| kept.store.set_aside_whole(reasons).unwrap();
    assert_eq!(whole(&["keys"]), WholeAside { envelopes: 3, bytes: 15 << 20 });
    assert_eq!(whole(&["keys", "junk"]), WholeAside { envelopes: 43, bytes: (15 << 20) + 360 });
    assert_eq!(kept.store.devices_of_names("keys").unwrap(), [[1; 16]]);
    assert_eq!(kept.store.devices_of_names("junk").unwrap(), Vec::<[u8; 16]>::new());
}

#[test]
fn named_values_are_found_by_name_and_prefix() {
    let kept = new_store();
    let row = |name: &str| NamedRow { name: name.into(), bytes: name.as_bytes().to_vec() };
    let rows = ["member/2", "member/1", "members", "device/keys", "memb_r/1"].map(row);
    kept.store.put_named(&rows).unwrap();
    let names = |prefix| -> Vec<String> {
        kept.store.named_with_prefix(prefix).unwrap().into_iter().map(|row| row.name).collect()
    };
    assert_eq!(names("member/"), ["member/1", "member/2"]);
    assert_eq!(names("member"), ["member/1", "member/2", "members"]);
    assert_eq!(names("nothing"), Vec::<String>::new());
    assert_eq!(kept.store.named("device/keys").unwrap().as_deref(), Some(&b"device/keys"[..]));
    kept.store.remove_named("device/keys").unwrap();
    assert_eq!(kept.store.named("device/keys").unwrap(), None);
}
