//! The form of the projections, held together with what it means.

use super::fixtures::*;
use crate::*;
use chart::{ChartDocument, ChartEdit, ClinicDocument, ClinicEdit, DocumentChange, DraftDocument};
use clinical::*;
use std::sync::Arc;

/// Every form there was, with the digest of the rows it makes of [`everything`]. A line is never
/// changed; new ones are added.
const FORMS: [(u32, &str); 15] = [
    (1, "81db67e5a0d28c12d2ca71271ca192b58fbe46b426941d0a571bd5a4676d3034"),
    // A medicine of which the status is not known holds; there is none among them.
    (2, "81db67e5a0d28c12d2ca71271ca192b58fbe46b426941d0a571bd5a4676d3034"),
    // A draft says who began it.
    (3, "9e8ab77243976d4f07104a5e1af49becc5e32be1936397c831393005a15a705c"),
    // A finding names in its row what it replaces.
    (4, "0aa6e24fa027593aaaf328f703664b8da18a70ffb2dd9752342be561ac36b90f"),
    // A task says in its row how pressing it is and whose.
    (5, "1463e51a6c894d7d94ce9d1813a056d143eac934263ff27af59baba10576b585"),
    // A finding says in its row whether it is a weight.
    (6, "3d0a5e4cfbe9af86bb53e93f8f6390846d3bfe500379d378ae765fb25ae37da4"),
    // The clinic's row has what its paper says.
    (7, "e703340cdbd9fd3ecda0f68805c1cca9875b92be431836f5a8bcfbc31de2d4bb"),
    // A patient’s row has whom to reach about them; the index has how the names sound and the year of
    // birth as one word.
    (8, "d57e1e40afc67da708d326897ab005d144fcae61b4e981b64cc0cec1a14ef221"),
    // A visit that was written apart is read member by member; there is none among them.
    (9, "d57e1e40afc67da708d326897ab005d144fcae61b4e981b64cc0cec1a14ef221"),
    // Entries are packed quickly: the same rows in other bytes.
    (10, "59c3aa0ad6045430288b1edcb85417f1c6e21c9cae4877b857de140cb4cba0ee"),
    // A chart has documents.
    (11, "ba206003d7051cb7b0d3e199d36c5ff69e526e4ddddb0beb5a5541e30b09256c"),
    // When charts passed between clinics has rows of its own.
    (12, "b01e708f2fc3d4ee4b7a8674417ae19f47fc19e0c5e3bb93e56751fce4d7c626"),
    // What stood before a conflict is what all knew of, and of telephones, addresses and contacts
    // written apart all are read; there is neither among them.
    (13, "b01e708f2fc3d4ee4b7a8674417ae19f47fc19e0c5e3bb93e56751fce4d7c626"),
    // Which charts are of one person has rows of its own.
    (14, "4ddcb2e1403f1ddca590f68d4bd196896d56d66f9da525541662670077b8c4e5"),
    // The clinic's row has its server; there is none among them.
    (15, "50fca4d1708ad142f7507f61f9c73b962ef5fa9be0b96c602eb8d98683aca00a"),
];

fn bytes(change: DocumentChange) -> Vec<Vec<u8>> {
    change.changes.into_iter().map(|raw| raw.bytes).collect()
}

/// A store with a row in every projection, made of nothing but fixed values. Never changed: what
/// it leaves out is held by another form's own fixture.
pub(super) fn everything() -> Kept {
    let kept = new_store();
    chart(&kept.store);
    clinic(&kept.store);
    draft(&kept.store, 800_000, false);
    draft(&kept.store, 800_010, true);
    kept
}

/// Thirty entries, of which two were ended with a reason and one is disputed.
fn chart(store: &Store) {
    let mut here = ChartDocument::new(patient_id(1), actor(1));
    let first = here.apply(&thirty_entries(1), stamp(1, 0)).unwrap();
    let there = ChartDocument::new(patient_id(1), actor(2));
    let (mut there, _) = there.merge(bytes(first.clone())).unwrap();
    let record = recorded(&mut here, first, 1);
    store.commit(Commit::local(vec![record])).unwrap();
    let ended = |kind, n| EntryRef::new(kind, id(n));
    let why = |entry, reason: &str| ChartEdit::Explain { entry, reason: reason.into() };
    edit(store, &mut here, 1, ChartEdit::Withdraw(ended(EntryKind::Observation, 1030)));
    edit(store, &mut here, 1, why(ended(EntryKind::Observation, 1030), "another patient’s"));
    edit(store, &mut here, 1, why(ended(EntryKind::Medication, 1005), "no pain any more"));
    edit(store, &mut here, 1, dose("10"));
    let apart = there.apply(&[dose("15")], stamp(2, 5)).unwrap();
    let waiting = store.document(chart_name(1)).unwrap().unwrap().waiting;
    let (mut here, merged) = here.merge([waiting, bytes(apart)].concat()).unwrap();
    let view = View::Chart(Arc::new(here.read()));
    let record = Record::merged(merged, view, audit(AuditAction::Merge, patient_id(1)));
    take_in(store, record);
    edit(store, &mut here, 1, linked());
    edit(store, &mut here, 1, letter());
    edit(store, &mut here, 1, shared());
}

fn letter() -> ChartEdit {
    let letter = DocumentReference {
        id: DocumentReferenceId::from_uuid(id(1100)),
        title: "Referral".into(),
        category: DocumentCategory::Letter,
        content_type: ContentType::Pdf,
        size: 48_200,
        hash: "0a".repeat(32),
        blob: "0b".repeat(32),
        author: PractitionerId::from_uuid(id(900_001)),
        date: Instant::from_unix_ms(1_700_000_000_000),
    };
    ChartEdit::RecordDocument(letter, chart::BlobKey([7; 32]))
}

fn shared() -> ChartEdit {
    let clinic = |n, name: &str| NamedClinic { id: ClinicId::from_uuid(id(n)), name: name.into() };
    let author = PractitionerId::from_uuid(id(900_001));
    ChartEdit::RecordSharing(Sharing {
        id: SharingId::from_uuid(id(1200)),
        from: clinic(900_500, "Lakeside Clinic"),
        to: clinic(900_501, "Hilltop"),
        ground: SharingGround::Referral,
        reason: Some("Echo, please".into()),
        until: "2026-12-24".parse().ok(),
        by: author,
        at: Instant::from_unix_ms(1_700_000_000_000),
        authors: vec![NamedAuthor { id: author, name: "Dr Amina Yusuf".into() }],
        told: Vec::new(),
    })
}

fn linked() -> ChartEdit {
    ChartEdit::RecordLink(PatientLink {
        id: PatientLinkId::from_uuid(id(1201)),
        shown: patient_id(1),
        replaced: patient_id(2),
        made: stamp(1, 0),
        ended: None,
    })
}

fn dose(dose: &str) -> ChartEdit {
    ChartEdit::RecordMedication(medication(1004, "Amlodipine", dose, "1"))
}

fn clinic(store: &Store) {
    let mut clinic = ClinicDocument::new(ClinicId::from_uuid(id(900_500)), actor(3));
    let person = |n, user_name: &str, removed_by: Vec<PractitionerId>| Practitioner {
        id: PractitionerId::from_uuid(id(n)),
        user_name: user_name.into(),
        name: "Dr Amina Yusuf".into(),
        role: Role::Admin,
        public_keys: vec!["00".repeat(32)],
        active: removed_by.is_empty(),
        removed_by,
        unconfirmed: false,
        credentials: Credentials::default(),
    };
    let amina = person(900_001, "amina", Vec::new());
    let edits = [
        ClinicEdit::Name("Lakeside Clinic".into()),
        ClinicEdit::RecordPerson(person(900_002, "ben", vec![amina.id])),
        ClinicEdit::RecordPerson(amina),
    ];
    let change = clinic.apply(&edits, stamp(1, 0)).unwrap();
    let view = View::Clinic(Box::new(clinic.read()));
    let record = Record::edited(change, view, audit(AuditAction::Administer, patient_id(1)));
    store.commit(Commit::local(vec![record])).unwrap();
}

fn draft(store: &Store, n: u64, is_signed: bool) {
    let note = CompositionId::from_uuid(id(n));
    let mut draft = DraftDocument::new(note, actor(4));
    let commit = |draft: &mut DraftDocument, change| {
        let view = View::Draft(draft.read().map(Box::new));
        let record = Record::edited(change, view, audit(AuditAction::Update, patient_id(1)));
        store.commit(Commit::local(vec![record])).unwrap();
    };
    let begun = draft.begin(patient_id(1), None, "Visit note", stamp(1, 0)).unwrap();
    commit(&mut draft, begun);
    let written = draft.write(NoteSectionCode::Plan, "Come back", stamp(1, 1)).unwrap();
    commit(&mut draft, written);
    if is_signed {
        let signed = draft.mark_signed(CompositionId::from_uuid(id(n + 1)), stamp(1, 2)).unwrap();
        commit(&mut draft, signed);
    }
}

#[test]
fn another_meaning_of_rows_is_another_form() {
    let kept = everything();
    for (table, _) in projections::TABLES {
        let text = format!("SELECT count(*) FROM {table}");
        let rows: i64 = kept.store.read(|r| Ok(r.db.query_row(&text, [], |r| r.get(0))?)).unwrap();
        assert!(rows > 0, "nothing is held of {table}");
    }
    let digest = kept.store.projection_digest().unwrap();
    let found: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
    let (form, held) = FORMS[FORMS.len() - 1];
    assert_eq!(
        form,
        projections::FORM,
        "projections::FORM was raised: add ({}, \"{found}\") at the end of FORMS",
        projections::FORM
    );
    assert_eq!(
        found,
        held,
        "the same documents are made to other rows than form {form} has. Stores of that form would \
         be left as they are: raise projections::FORM to {next}, so that they are made again when \
         they are opened, and add ({next}, \"{found}\") at the end of FORMS",
        next = form + 1
    );
}
