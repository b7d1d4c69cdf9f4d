//! Finding patients by what people type.

use super::fixtures::*;
use crate::*;
use chart::ChartEdit;
use clinical::{Patient, PatientDraft};

fn clinic() -> Kept {
    let kept = new_store();
    let people = [
        person(1, "Okello", "Grace Akinyi", "1988-03-14", "+254 712 345 678"),
        person(2, "Müller", "Jürgen", "1950-12", "+49 30 901820"),
        person(3, "王", "小明", "2001-07-09", "138 0013 8000"),
        person(4, "محمد", "فاطمة", "1979", "0100 555 0199"),
        person(5, "O'Brien", "Mary-Jane", "1988-04-03", "(555) 867-5309"),
        person(6, "Петрова", "Наталья", "1965-02-28", "+7 495 123-45-67"),
        person(7, "Okelo", "Grace", "", ""),
        person(8, "Nguyễn", "Thị Ánh", "2015-10-30", "0903 123 456"),
    ];
    let records = people
        .into_iter()
        .zip(1..)
        .map(|(patient, n)| begin(n, &[ChartEdit::RecordPatient(patient)]).1);
    kept.store.commit(Commit::local(records.collect())).unwrap();
    kept
}

#[test]
fn patients_are_found_as_people_type() {
    use Matched::{BirthDate, Identifier, Name, Phone};
    let kept = clinic();
    let check = |typed: &str, want: &[u64], matched: &[Matched]| {
        let found = kept.store.find_patients(typed, 20).unwrap();
        let ids: Vec<_> = found.iter().map(|f| f.row.patient.id).collect();
        let want: Vec<_> = want.iter().map(|n| patient_id(*n)).collect();
        assert_eq!(ids, want, "{typed}");
        if let Some(first) = found.first() {
            assert_eq!(first.matched, matched, "{typed}");
        }
    };
    // Whole words come first, then beginnings, each by name.
    check("okel", &[1, 7], &[Name]);
    check("okelo", &[7], &[Name]);
    check("OKELLO grace", &[1], &[Name]);
    check("gr ok", &[1, 7], &[Name]);
    check("grace 14mar88", &[1], &[BirthDate, Name]);
    for typed in
        ["14mar88", "14/3/1988", "14.03.88", "1988-03-14", "14 mar 1988", "14031988", "3/14/1988"]
    {
        check(typed, &[1], &[BirthDate]);
    }
    check("1988", &[5, 1], &[BirthDate]);
    check("dec 1950", &[2], &[BirthDate]);
    check("1979", &[4], &[BirthDate]);
    check("14 mar", &[1], &[BirthDate]);
    for typed in [
        "0712345678",
        "712345678",
        "+254712345678",
        "0712 345",
        "254 712 345 678",
        "+254 712 345 678",
    ] {
        check(typed, &[1], &[Phone]);
    }
    check("555 8675309", &[5], &[Phone]);
    check("MRN-000003", &[3], &[Identifier]);
    check("mrn000003", &[3], &[Identifier]);
    for typed in ["muller", "Müller jurgen", "MULL"] {
        check(typed, &[2], &[Name]);
    }
    for typed in ["王", "小明", "wang", "xiaoming", "wang xiao"] {
        check(typed, &[3], &[Name]);
    }
    for typed in ["محمد", "mohammed", "muhammad", "fatima mohamed"] {
        check(typed, &[4], &[Name]);
    }
    for typed in ["o'brien", "obrien", "mary jane", "mary-jane", "maryjane"] {
        check(typed, &[5], &[Name]);
    }
    for typed in ["Наталья", "natal", "petrova"] {
        check(typed, &[6], &[Name]);
    }
    for typed in ["nguyen anh", "Nguyễn"] {
        check(typed, &[8], &[Name]);
    }
    for nobody in ["zzz", "okello 1989", "*", "\"", "NEAR(a b)", "tokens:ok", "- -", "99999"] {
        check(nobody, &[], &[]);
    }
}

/// What was typed of somebody: family and given name, birth date, telephone, number, town.
fn typed([family, given, born, phone, number, city]: [&str; 6]) -> Patient {
    let draft = PatientDraft {
        family: family.into(),
        given: given.into(),
        birth_date: born.into(),
        phone: phone.into(),
        identifier: number.into(),
        city: city.into(),
        ..PatientDraft::default()
    };
    draft.so_far(patient_id(999), &"2026-11-24".parse().unwrap())
}

#[test]
fn who_is_registered_again_is_found_by_what_is_alike() {
    use Likeness::*;
    let kept = clinic();
    let check = |of: [&str; 6], want: &[(u64, &[Likeness], bool)]| {
        let found = kept.store.find_alike(&typed(of), 5).unwrap();
        let found: Vec<_> =
            found.iter().map(|it| (it.row.patient.id, it.reasons.as_slice(), it.strong)).collect();
        let want = want.iter().map(|(n, why, strong)| (patient_id(*n), *why, *strong));
        assert_eq!(found, want.collect::<Vec<_>>(), "{of:?}");
    };
    // Whole, and in whatever order the names are typed.
    check(["Okello", "Grace Akinyi", "14/3/1988", "", "", ""], &[(1, &[Name, BirthDate], true)]);
    check(["Grace", "Okello", "14/3/1988", "", "", ""], &[(1, &[SwappedNames, BirthDate], true)]);
    check(["OKELLO", "grace", "14/3/1988", "", "", ""], &[(1, &[Name, BirthDate], true)]);
    // A letter off, at the end or the beginning of a name.
    check(
        ["Okelo", "Grace", "14/3/1988", "", "", ""],
        &[(1, &[BirthDate, SimilarName], false), (7, &[Name], false)],
    );
    check(["Akello", "Grace", "14/3/1988", "", "", ""], &[(1, &[BirthDate, SimilarName], false)]);
    check(["Okello", "Garce", "", "0712 345678", "", ""], &[(1, &[Phone, SimilarName], true)]);
    // Day and month the other way round, a part that was mistaken, a year that was guessed.
    check(
        ["O’Brien", "Mary-Jane", "4/3/1988", "", "", ""],
        &[(5, &[Name, SwappedBirthDate], false)],
    );
    check(["Okello", "Grace", "15/3/1988", "", "", ""], &[(1, &[Name, CloseBirthDate], false)]);
    check(
        ["Okelo", "Grace", "14/3/1978", "", "", ""],
        &[(7, &[Name], false), (1, &[SimilarName, CloseBirthDate], false)],
    );
    check(["Okello", "Grace", "38", "", "", ""], &[(1, &[Name, CloseBirthDate], false)]);
    check(["Okello", "Grace", "39", "", "", ""], &[(1, &[Name, CloseBirthDate], false)]);
    // In another script, by another spelling of the same sound.
    check(["Muhammad", "Fatma", "1979", "", "", ""], &[(4, &[SimilarName, CloseBirthDate], false)]);
    check(["Wang", "Xiaoming", "9/7/2001", "", "", ""], &[(3, &[Name, BirthDate], true)]);
    // A telephone as it is written in the country and from abroad, a number with its letters or not.
    check(["Akinyi", "Rose", "", "0712345678", "", ""], &[(1, &[Phone], false)]);
    check(["", "", "", "", "mrn 000003", ""], &[(3, &[Identifier], false)]);
    check(["Wang", "Xiao", "", "", "000003", ""], &[(3, &[Identifier, Name], true)]);
    // A twin, or the same under another name: a person can tell.
    check(["Okello", "Peter", "14/3/1988", "", "", ""], &[(1, &[BirthDate, FamilyName], false)]);
    // Who has one thing in common with many is nobody.
    for nobody in [
        ["", "", "", "", "", ""],
        ["Okello", "", "", "", "", ""],
        ["Okello", "Peter", "15/3/1988", "", "", ""],
        ["Okello", "Grace", "2/9/2015", "", "", ""],
        ["Achieng", "Mary", "14/3/1988", "", "", ""],
        ["", "", "14/3/1988", "", "", ""],
        ["Kintu", "Sam", "4/4/1970", "0712 345 678", "", ""],
        ["\" OR \"", "*", "", "", "", ""],
    ] {
        let found = kept.store.find_alike(&typed(nobody), 5).unwrap();
        let found: Vec<_> = found.iter().map(|it| &it.reasons).collect();
        assert_eq!(found, Vec::<&Vec<Likeness>>::new(), "{nobody:?}");
    }
}

#[test]
fn nothing_typed_gives_what_was_changed_last() {
    let kept = clinic();
    let (_, again) =
        begin(3, &[ChartEdit::RecordPatient(person(3, "王", "小明", "2001-07-09", "1"))]);
    kept.store.commit(Commit::local(vec![again])).unwrap();
    let found = kept.store.find_patients("  ", 3).unwrap();
    let ids: Vec<_> = found.iter().map(|f| f.row.patient.id).collect();
    assert_eq!(ids, [3, 8, 7].map(patient_id));
    assert_eq!(found[0].matched, [Matched::Recent]);
}

#[test]
fn an_amended_name_is_found_and_the_old_one_is_not() {
    let kept = new_store();
    let (mut chart, record) = begin(1, &thirty_entries(1));
    kept.store.commit(Commit::local(vec![record])).unwrap();
    edit(
        &kept.store,
        &mut chart,
        1,
        ChartEdit::RecordPatient(person(1, "Wanjiru", "Ann", "1988", "1")),
    );
    assert_eq!(kept.store.find_patients("okello", 5).unwrap(), []);
    assert_eq!(kept.store.find_patients("wanj", 5).unwrap().len(), 1);
    kept.store.optimize().unwrap();
    assert_eq!(kept.store.find_patients("wanj", 5).unwrap().len(), 1);
    assert_whole(&kept.store);
}

#[test]
fn pages_of_patients_go_by_name() {
    let kept = clinic();
    let mut seen = Vec::new();
    let mut after: Option<PageEnd> = None;
    loop {
        let page = kept.store.patients(after.as_ref(), 3).unwrap();
        seen.extend(page.rows.iter().map(|row| row.patient.id));
        match page.next {
            Some(next) => after = Some(next),
            None => break,
        }
    }
    assert_eq!(seen, [4, 2, 8, 5, 1, 7, 6, 3].map(patient_id));
    assert_eq!(kept.store.patient(patient_id(2)).unwrap().unwrap().patient.id, patient_id(2));
    assert_eq!(kept.store.patient(patient_id(99)).unwrap(), None);
}

#[test]
fn hostile_queries_are_harmless() {
    let kept = clinic();
    for typed in [
        "a".repeat(100_000),
        "\u{0}".into(),
        "((((".into(),
        "x AND OR NOT".into(),
        "🙂 \u{202e}abc".into(),
        "¶1988 §kl ¤".into(),
    ] {
        kept.store.find_patients(&typed, 1_000_000).unwrap();
    }
}

/// A connection that checked before keeps what it saw of the index.
#[test]
fn an_index_that_was_written_since_the_last_check_is_not_told_as_broken() {
    let kept = new_store();
    let mut charts: Vec<_> = (1..=4)
        .map(|n| {
            let (chart, record) = begin(n, &[ChartEdit::RecordPatient(grace(n))]);
            kept.store.commit(Commit::local(vec![record])).unwrap();
            chart
        })
        .collect();
    assert_whole(&kept.store);
    for round in 0..12 {
        for (chart, n) in charts.iter_mut().zip(1..) {
            let family = format!("Okello{round}");
            let patient = person(n, &family, "Grace", "1988-03-14", "");
            edit(&kept.store, chart, n, ChartEdit::RecordPatient(patient));
            assert_whole(&kept.store);
        }
    }
}
