//! PUSH: envelopes are checked, appended as one durable whole, and told to who listens.

use axum::extract::State;
use sync::serve;
use sync::wire::{PushReply, PushRequest, RefusalCode, Verdict};

use crate::auth::Caller;
use crate::bearer::Signed;
use crate::metrics::Metrics;
use crate::refuse::{Refuse, Reply};
use crate::state::{App, Shared};

pub(crate) async fn push(
    State(app): State<Shared>,
    Signed { caller, frame }: Signed<PushRequest>,
) -> Result<Reply<PushReply>, Refuse> {
    Ok(Reply(app.work(move |app| take(app, &caller, &frame)).await?))
}

fn take(app: &App, caller: &Caller, request: &PushRequest) -> Result<PushReply, RefusalCode> {
    let (device, known) = app.clinics.as_device(caller)?;
    if request.clinic != caller.clinic {
        return Err(RefusalCode::UnknownDevice);
    }
    let pushed = serve::push(app.clinics.shelf(), &known.members, device, request);
    let reply = app.clinics.pushed(caller.clinic, pushed)?.map_err(|refusal| refusal.code)?;
    if reply.verdicts.iter().copied().any(is_written) {
        app.metrics.disk_full.set_len(0);
    }
    if let Some(head) = reply.verdicts.iter().copied().filter_map(newest).max() {
        app.announce(caller.clinic, head);
    }
    count(&app.metrics, &reply.verdicts);
    Ok(reply)
}

/// One that was known counts too: it may have been stored by a push whose answer was lost, and was
/// announced to nobody.
const fn newest(verdict: Verdict) -> Option<u64> {
    match verdict {
        Verdict::Stored { seq } | Verdict::Forked { seq } | Verdict::Duplicate { seq } => Some(seq),
        Verdict::Gap { .. } | Verdict::Refused(_) => None,
    }
}

/// Whether the disk took it.
const fn is_written(verdict: Verdict) -> bool {
    matches!(verdict, Verdict::Stored { .. } | Verdict::Forked { .. })
}

fn count(metrics: &Metrics, verdicts: &[Verdict]) {
    for verdict in verdicts {
        let counter = match verdict {
            Verdict::Stored { .. } | Verdict::Forked { .. } => &metrics.envelopes_appended_total,
            Verdict::Duplicate { .. } => &metrics.envelopes_known_total,
            Verdict::Gap { .. } | Verdict::Refused(_) => &metrics.envelopes_refused_total,
        };
        counter.add(1);
    }
}
