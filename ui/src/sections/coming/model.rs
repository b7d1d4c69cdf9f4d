//! How much of a record is here, in words.

use crate::i18n::{fill, t, tf, tn};
use api::Coming;

/// A million bytes.
const MB: u64 = 1_000_000;

/// Charts and bytes that are here, of how many where that is known.
pub(crate) fn coming_words(coming: &Coming) -> String {
    let (charts, size) = (coming_charts(coming), coming_size(coming));
    [Some(charts), size].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The same in short, for where it always stands: charts alone, and nothing once all of them are here.
pub(super) fn share_words(coming: &Coming) -> Option<String> {
    let is_part = coming.charts_of.is_none_or(|all| coming.charts < all);
    // How many are here says nothing of how many are not.
    let is_untold = coming.charts_of.is_none() && coming.by_choice;
    let said = || if is_untold { t("coming.part.title").to_owned() } else { coming_charts(coming) };
    is_part.then(said)
}

/// Charts that are here, of how many where that is known.
fn coming_charts(coming: &Coming) -> String {
    match coming.charts_of {
        Some(all) => fill(&tn("coming.charts", coming.charts), &[("all", &all.to_string())]),
        None if coming.by_choice => tn("coming.part.some", coming.charts),
        None => tn("coming.some", coming.charts),
    }
}

/// What is fetched where all charts are to be here: how many, and how large they are, as far as that
/// is known.
pub(crate) fn rest_words(coming: &Coming) -> String {
    let charts = coming.charts_of.map(|all| all.saturating_sub(coming.charts));
    let charts = match charts.filter(|absent| *absent > 0) {
        Some(absent) => tn("hold.rest", absent),
        None => t("hold.rest.unknown").to_owned(),
    };
    let bytes = coming.bytes_of.map(|all| megabytes(all.saturating_sub(coming.bytes)));
    [Some(charts), bytes].into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// The bytes that are here, of how many; nothing where that is not known.
fn coming_size(coming: &Coming) -> Option<String> {
    let all = coming.bytes_of?;
    if coming.by_choice {
        let absent = megabytes(all.saturating_sub(coming.bytes));
        return Some(tf("coming.part.size", &[("size", &absent)]));
    }
    Some(tf("coming.size", &[("done", &tenths(coming.bytes)), ("all", &megabytes(all))]))
}

fn megabytes(bytes: u64) -> String {
    tf("coming.mb", &[("number", &tenths(bytes))])
}

/// Millions of bytes with one decimal, rounded down: what is not all here does not read so.
fn tenths(bytes: u64) -> String {
    let (whole, tenth) = (bytes / MB, bytes % MB / (MB / 10));
    tf("coming.decimal", &[("whole", &whole.to_string()), ("tenth", &tenth.to_string())])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::tests::{speak, tags};

    #[test]
    fn charts_and_bytes_are_counted_as_far_as_they_are_known() {
        let check = |charts, charts_of, bytes, bytes_of, expected: &str| {
            let goes_on = true;
            let coming =
                Coming { charts, charts_of, bytes, bytes_of, goes_on, ..Coming::default() };
            assert_eq!(coming_words(&coming), expected);
        };
        let (charts, bytes) = (Some(500), Some(12_449_999));
        check(51, charts, 3_199_999, bytes, "51 of 500 charts are here · 3.1 of 12.4 MB");
        check(1, charts, 99_999, bytes, "1 of 500 charts is here · 0.0 of 12.4 MB");
        check(0, charts, 99_999, bytes, "0 of 500 charts are here · 0.0 of 12.4 MB");
        let part = Coming {
            charts: 51,
            charts_of: charts,
            bytes: 3_200_000,
            bytes_of: bytes,
            by_choice: true,
            ..Coming::default()
        };
        assert_eq!(coming_words(&part), "51 of 500 charts are here · 9.2 MB are not here");
        check(1, None, 0, None, "1 chart is here, and more are coming");
        check(7, None, 0, None, "7 charts are here, and more are coming");
    }

    #[test]
    fn in_short_charts_are_counted_until_all_are_here() {
        let of = |charts, charts_of, by_choice| {
            share_words(&Coming { charts, charts_of, by_choice, ..Coming::default() })
        };
        let check = |charts, charts_of, by_choice, expected: Option<&str>| {
            assert_eq!(of(charts, charts_of, by_choice).as_deref(), expected);
        };
        check(1, Some(91), true, Some("1 of 91 charts is here"));
        check(51, Some(91), true, Some("51 of 91 charts are here"));
        check(51, Some(91), false, Some("51 of 91 charts are here"));
        check(91, Some(91), true, None);
        check(7, None, true, Some("Not all charts are on this computer"));
        check(7, None, false, Some("7 charts are here, and more are coming"));
        for tag in tags() {
            for charts in [0, 1, 2, 3, 11] {
                let said = speak(tag, || of(charts, Some(91), true)).unwrap();
                assert!(said.contains("91") && !said.contains('{'), "{tag}: {said}");
            }
        }
    }

    #[test]
    fn what_is_fetched_is_told_before_it_is() {
        let check = |charts, charts_of, bytes_of, expected: &str| {
            let bytes = 3_200_000;
            let coming = Coming { charts, charts_of, bytes, bytes_of, ..Coming::default() };
            assert_eq!(rest_words(&coming), expected);
        };
        let bytes = Some(12_400_000);
        check(51, Some(500), bytes, "449 charts are fetched from the server · 9.2 MB");
        check(499, Some(500), None, "1 chart is fetched from the server");
        check(500, Some(500), bytes, "All other charts are fetched from the server · 9.2 MB");
        check(7, None, None, "All other charts are fetched from the server");
    }
}
