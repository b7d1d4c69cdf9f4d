//! The one place that reads the clock and waits by it.

use crate::words::LocalTime;
use clinical::Instant;
use jiff::civil::Date;
use js_sys::Promise;
use leptos::prelude::set_timeout;
use std::time::Duration;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

/// This moment.
pub(crate) fn now() -> Instant {
    let seconds = js_sys::Date::now() / 1000.0;
    let since = Duration::try_from_secs_f64(seconds).unwrap_or_default();
    Instant::from_unix_ms(i64::try_from(since.as_millis()).unwrap_or_default())
}

/// A moment by the wall clock of this computer.
pub(crate) fn local(moment: Instant) -> LocalTime {
    let date = js_sys::Date::new(&JsValue::from_f64(milliseconds(moment)));
    let small = |value: u32| i8::try_from(value).unwrap_or_default();
    LocalTime {
        year: i16::try_from(date.get_full_year()).unwrap_or_default(),
        month: small(date.get_month()) + 1,
        day: small(date.get_date()),
        hour: small(date.get_hours()),
        minute: small(date.get_minutes()),
    }
}

/// A moment for an answer to come; tells how long it was.
pub(crate) async fn pause() -> Duration {
    const MOMENT: Duration = Duration::from_millis(20);
    let promise = Promise::new(&mut |resolve, _| {
        set_timeout(move || drop(resolve.call0(&JsValue::NULL)), MOMENT);
    });
    // A promise that is only ever kept.
    drop(JsFuture::from(promise).await);
    MOMENT
}

/// Milliseconds since 1970 as the browser counts them: in two parts, each of which it has exactly.
fn milliseconds(moment: Instant) -> f64 {
    const DAY_MS: i64 = 86_400_000;
    let (days, rest) = (moment.unix_ms() / DAY_MS, moment.unix_ms() % DAY_MS);
    let exact = |part: i64| i32::try_from(part).map(f64::from).unwrap_or_default();
    exact(days) * exact(DAY_MS) + exact(rest)
}

/// Today by the wall clock of this computer.
pub(crate) fn today() -> Date {
    let now = local(now());
    Date::new(now.year, now.month, now.day).unwrap_or_default()
}
