//! How far a file is that is written or read here, and how far an exchange has come: in counts and
//! bytes.

use super::file_size;
use crate::i18n::{t, tf};
use api::{FileAct, FileProgress, SyncProgress};

/// What is going on.
pub(crate) fn carrying_name(act: FileAct) -> &'static str {
    match act {
        FileAct::WriteBundle | FileAct::GiveChart => t("file.writing"),
        FileAct::ReadBundle | FileAct::ReadGiven => t("file.reading"),
        FileAct::WriteDocuments => t("file.writing-documents"),
        FileAct::ReadDocuments => t("file.reading-documents"),
    }
}

/// How much of it is done, and of how much: by bytes, or by count where nobody knows the bytes.
pub(crate) fn carried_of(far: &FileProgress) -> Option<(u64, u64)> {
    let by_bytes = far.bytes_of.map(|all| (far.bytes, all));
    by_bytes.or_else(|| far.count_of.map(|all| (far.count, all)))
}

/// How far it is.
pub(crate) fn carrying_words(act: FileAct, far: &FileProgress) -> String {
    let done = file_size(whole(far.bytes));
    let size = file_size(far.bytes_of.unwrap_or(far.bytes));
    let n = far.count.to_string();
    let all = far.count_of.unwrap_or(far.count).to_string();
    let key = match act {
        FileAct::WriteBundle => "file.write-bundle",
        FileAct::ReadBundle => "file.read-bundle",
        FileAct::GiveChart => "file.give-chart",
        FileAct::ReadGiven => "file.read-given",
        FileAct::WriteDocuments | FileAct::ReadDocuments => "file.documents",
    };
    tf(key, &[("n", &n), ("all", &all), ("done", &done), ("size", &size)])
}

/// Whole thousands or millions of bytes: what is not all done does not read so.
const fn whole(bytes: u64) -> u64 {
    match bytes {
        0..1_000_000 => bytes - bytes % 1_000,
        1_000_000.. => bytes - bytes % 1_000_000,
    }
}

/// How far an exchange has come; what carried nothing is not told.
pub(crate) fn exchange_words(now: &SyncProgress) -> Vec<String> {
    let number = |n: u64| n.to_string();
    let sent = (now.sent > 0).then(|| {
        let values = [("n", number(now.sent)), ("size", file_size(now.sent_bytes))];
        tf("sync.progress.sent", &values.each_ref().map(|(name, text)| (*name, text.as_str())))
    });
    let received = (now.received > 0).then(|| {
        let all = number(now.received.saturating_add(now.to_receive));
        let size = file_size(now.received_bytes);
        let values = [("n", number(now.received)), ("all", all), ("size", size)];
        tf("sync.progress.received", &values.each_ref().map(|(name, text)| (*name, text.as_str())))
    });
    let speed = now.line_speed().map(speed_words);
    sent.into_iter().chain(received).chain(speed).collect()
}

/// How fast a line is.
pub(crate) fn speed_words(bytes_per_second: u64) -> String {
    tf("sync.speed", &[("size", &file_size(bytes_per_second))])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::{speak, tags};

    #[test]
    fn how_far_a_file_is_is_told_in_counts_and_bytes() {
        let far = FileProgress {
            count: 3,
            count_of: Some(9),
            bytes: 2_999_999,
            bytes_of: Some(48_000_000),
        };
        let check = |act, expected: &str| assert_eq!(carrying_words(act, &far), expected);
        check(FileAct::WriteBundle, "Batches written: 3 of 9 (2 MB).");
        check(FileAct::ReadBundle, "2 MB of 48 MB are read; batches of changes so far: 3.");
        check(FileAct::GiveChart, "2 MB of 48 MB are written; files of the chart: 3.");
        check(FileAct::ReadGiven, "2 MB of 48 MB are read.");
        let documents = FileProgress { bytes_of: None, ..far };
        for act in [FileAct::WriteDocuments, FileAct::ReadDocuments] {
            assert_eq!(carrying_words(act, &documents), "Documents: 3 of 9 (2 MB).");
        }
        for tag in tags() {
            let acts = [FileAct::WriteBundle, FileAct::ReadBundle, FileAct::GiveChart];
            for act in acts {
                let said = speak(tag, || carrying_words(act, &far));
                assert!(said.contains('3') && !said.contains('{'), "{tag}: {said}");
            }
        }
    }

    #[test]
    fn how_far_an_exchange_has_come_is_told_in_counts_and_bytes() {
        let now = SyncProgress {
            sent: 2,
            sent_bytes: 1025,
            received: 300,
            received_bytes: 2_000_001,
            to_receive: 700,
            line_ms: 0,
            coming: None,
        };
        let told = exchange_words(&now);
        assert_eq!(told, ["Batches sent: 2 (2 KB).", "Batches received: 300 of 1000 (3 MB)."]);
        let timed = SyncProgress { line_ms: 4_000, ..now };
        assert_eq!(exchange_words(&timed).last().unwrap(), "501 KB a second");
        assert_eq!(exchange_words(&SyncProgress { received: 0, ..now }).len(), 1);
        let few = SyncProgress { received_bytes: 900, ..timed };
        assert_eq!(exchange_words(&few).len(), 2, "too little went to tell how fast");
        assert!(exchange_words(&SyncProgress::default()).is_empty());
    }
}
