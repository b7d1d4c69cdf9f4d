//! Counters since the start, in the text format of Prometheus. None names a clinic or a device.

use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

macro_rules! counters {
    ($($(#[doc = $help:literal])* $name:ident: $kind:literal;)*) => {
        /// What the server counts.
        #[derive(Debug, Default)]
        pub(crate) struct Metrics {
            $($(#[doc = $help])* pub(crate) $name: Count,)*
        }

        impl Metrics {
            /// The page that `/metrics` serves.
            pub(crate) fn page(&self) -> String {
                let mut page = String::new();
                $(line(&mut page, stringify!($name), $kind, concat!($($help),*), &self.$name);)*
                page
            }
        }
    };
}

counters! {
    /// Connections open now.
    connections_open: "gauge";
    /// Connections taken.
    connections_total: "counter";
    /// Connections turned away: too many, or no TLS 1.3 handshake in time.
    connections_refused_total: "counter";
    /// Requests answered.
    requests_total: "counter";
    /// Requests answered with a status of 400 to 499, or refused for the quota of a clinic.
    requests_refused_total: "counter";
    /// Requests answered with a status of 500 to 599, but for those refused for the quota of a clinic.
    requests_failed_total: "counter";
    /// Envelopes appended.
    envelopes_appended_total: "counter";
    /// Envelopes that were there already.
    envelopes_known_total: "counter";
    /// Envelopes refused.
    envelopes_refused_total: "counter";
    /// Envelopes sent in pages.
    envelopes_sent_total: "counter";
    /// Pushes and joins refused because the clinic has all that its quota allows.
    quota_refusals_total: "counter";
    /// Clinics whose newest push here was refused for their quota.
    clinics_over_quota: "gauge";
    /// 1 once something that is stored was found damaged since the start.
    log_damaged: "gauge";
    /// 1 from a write for which there was no room on the disk until one is taken in.
    disk_full: "gauge";
    /// Databases the log lies in; a file or memory counts as one.
    databases: "gauge";
    /// Databases of the log that cannot be reached now.
    databases_unreachable: "gauge";
    /// Bytes of request bodies read.
    body_bytes_total: "counter";
    /// Bytes of the envelopes in pages sent.
    page_bytes_total: "counter";
    /// Wake streams open now.
    wake_streams_open: "gauge";
    /// Wake-ups sent.
    wakes_sent_total: "counter";
}

/// A number that goes up, and in gauges down.
#[derive(Debug, Default)]
pub(crate) struct Count(AtomicU64);

impl Count {
    pub(crate) fn add(&self, more: u64) {
        self.0.fetch_add(more, Ordering::Relaxed);
    }

    pub(crate) fn add_len(&self, more: usize) {
        self.add(u64::try_from(more).unwrap_or(u64::MAX));
    }

    pub(crate) fn set_len(&self, now: usize) {
        self.0.store(u64::try_from(now).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    pub(crate) fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// Counts one on a gauge for as long as it lives.
#[derive(Debug)]
pub(crate) struct Held {
    metrics: Arc<Metrics>,
    gauge: fn(&Metrics) -> &Count,
}

impl Held {
    pub(crate) fn on(metrics: &Arc<Metrics>, gauge: fn(&Metrics) -> &Count) -> Self {
        gauge(metrics).add(1);
        Self { metrics: Arc::clone(metrics), gauge }
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        (self.gauge)(&self.metrics).0.fetch_sub(1, Ordering::Relaxed);
    }
}

fn line(page: &mut String, name: &str, kind: &str, help: &str, count: &Count) {
    let (help, value) = (help.trim(), count.get());
    // Writing to a String cannot fail.
    let _never = writeln!(
        page,
        "# HELP fieldchart_sync_{name} {help}\n# TYPE fieldchart_sync_{name} {kind}\n\
         fieldchart_sync_{name} {value}"
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_each_counter() {
        let metrics = Arc::new(Metrics::default());
        metrics.envelopes_appended_total.add(3);
        let held = Held::on(&metrics, |metrics| &metrics.connections_open);
        insta::assert_snapshot!(metrics.page());
        drop(held);
        assert!(metrics.page().contains("fieldchart_sync_connections_open 0\n"));
    }
}
