//! What the list of printed documents shows.

use crate::i18n::{fill, tf, tn};
use crate::words::{self, LocalTime};
use api::SheetItem;
use clinical::Instant;
use jiff::civil::Date;

/// Something that was printed here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Document {
    /// Its number, the short code at its foot.
    pub serial: String,
    /// What it is.
    pub kind: &'static str,
    /// Who printed it, and when.
    pub printed: String,
    /// How often it was printed again, and who did so last; nothing of an original alone.
    pub again: Option<String>,
    /// What tells it from all others, for whoever hears it.
    pub name: String,
}

/// Reads the list, the newest first: a document stays as old as it is, however often it is printed.
pub(super) fn documents(
    items: &[SheetItem],
    today: Date,
    local: fn(Instant) -> LocalTime,
) -> Vec<Document> {
    let mut items: Vec<&SheetItem> = items.iter().collect();
    items.sort_by(|a, b| b.first_at.cmp(&a.first_at).then_with(|| b.serial.cmp(&a.serial)));
    let when = |at| words::moment(local(at), today);
    items.into_iter().map(|item| document(item, when)).collect()
}

fn document(item: &SheetItem, when: impl Fn(Instant) -> String) -> Document {
    let kind = words::sheet_kind(item.kind);
    let times = u64::from(item.copies.saturating_sub(1));
    let last = [("who", item.by.as_str()), ("when", &when(item.at))];
    let first = [("who", item.first_by.as_str()), ("when", &when(item.first_at))];
    Document {
        serial: item.serial.clone(),
        kind,
        printed: tf("documents.by", &first),
        again: (times > 0).then(|| fill(&tn("documents.again", times), &last)),
        name: crate::i18n::line(&[kind.to_owned(), item.serial.clone()], " "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::{speak, tags};
    use crate::sections::part::tests::uuid;
    use clinical::{PatientId, SheetKind, SheetPaper};

    const DAY_MS: i64 = 24 * 60 * 60 * 1000;

    /// Printed on a day of November, and each copy a day after the one before.
    fn item(serial: &str, kind: SheetKind, day: i64, copies: u32) -> SheetItem {
        let at = |day: i64| Instant::from_unix_ms(day * DAY_MS);
        SheetItem {
            serial: serial.into(),
            kind,
            patient: PatientId::from_uuid(uuid(9)),
            encounter: None,
            first_at: at(day),
            first_by: "Dr Amina".into(),
            at: at(day + i64::from(copies) - 1),
            by: if copies == 1 { "Dr Amina" } else { "Nurse Ben" }.into(),
            copies,
            paper: SheetPaper::A5,
            language: "en".into(),
            code: "FCS1:code".into(),
            digest: "00".into(),
        }
    }

    fn local(at: Instant) -> LocalTime {
        let day = i8::try_from(at.unix_ms() / DAY_MS).unwrap();
        LocalTime { year: 2026, month: 11, day, hour: 9, minute: 5 }
    }

    fn read(items: &[SheetItem]) -> Vec<Document> {
        documents(items, jiff::civil::date(2026, 11, 27), local)
    }

    #[test]
    fn a_document_says_what_it_is_and_who_printed_it_when() {
        let check = |day: i64, copies: u32, printed: &str, again: Option<&str>| {
            let [read] = read(&[item("7KQ3-0F2M-9AXC", SheetKind::SickNote, day, copies)])
                .try_into()
                .unwrap();
            assert_eq!((read.kind, read.serial.as_str()), ("Sick note", "7KQ3-0F2M-9AXC"));
            assert_eq!((read.printed.as_str(), read.again.as_deref()), (printed, again));
            assert_eq!(read.name, "Sick note 7KQ3-0F2M-9AXC");
        };
        check(27, 1, "Dr Amina, 09:05", None);
        check(4, 1, "Dr Amina, 04-Nov-2026 09:05", None);
        let once = "Printed again by Nurse Ben, 05-Nov-2026 09:05";
        check(4, 2, "Dr Amina, 04-Nov-2026 09:05", Some(once));
        let twice = "Printed again 2 times, last by Nurse Ben, 27-Nov-2026 09:05";
        let twice = twice.replace("27-Nov-2026 ", "");
        check(25, 3, "Dr Amina, 25-Nov-2026 09:05", Some(&twice));
    }

    #[test]
    fn the_newest_stands_first_whatever_was_printed_again() {
        let kind = SheetKind::Prescription;
        let items = [item("B", kind, 4, 9), item("C", kind, 5, 1), item("A", kind, 4, 1)];
        let serials: Vec<_> = read(&items).into_iter().map(|it| it.serial).collect();
        assert_eq!(serials, ["C", "B", "A"]);
        assert_eq!(read(&[]), []);
    }

    #[test]
    fn every_language_says_it_all() {
        for tag in tags() {
            let said = speak(tag, || read(&[item("7KQ3", SheetKind::Summary, 4, 5)]));
            let again = said[0].again.clone().unwrap();
            assert!(again.contains("Nurse Ben") && again.contains('4'), "{tag}: {again}");
            assert!(!again.contains('{') && said[0].printed.contains("Dr Amina"), "{tag}");
        }
    }
}
