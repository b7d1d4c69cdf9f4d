//! The membership log: read by devices and guests with an invite, written by whoever signs.

use std::time::Instant;

use axum::Extension;
use axum::extract::State;
use sync::ids::LogEpoch;
use sync::serve::members_page_len;
use sync::wire::{
    MembersPage, MembersPush, MembersReply, MembersRequest, MembersVerdict, RefusalCode,
};

use crate::accept::Peer;
use crate::auth::Caller;
use crate::bearer::{MaybeSigned, Signed};
use crate::clock::now_ms;
use crate::random;
use crate::refuse::{Refuse, Reply};
use crate::state::{App, Shared};

pub(crate) async fn read(
    State(app): State<Shared>,
    Signed { caller, frame }: Signed<MembersRequest>,
) -> Result<Reply<MembersPage>, Refuse> {
    Ok(Reply(app.work(move |app| page(app, &caller, frame)).await?))
}

pub(crate) async fn push(
    State(app): State<Shared>,
    Extension(Peer(peer)): Extension<Peer>,
    MaybeSigned { caller, frame }: MaybeSigned<MembersPush>,
) -> Result<Reply<MembersReply>, Refuse> {
    if caller.is_none() {
        app.rates.stranger.take(peer, Instant::now()).map_err(Refuse::wait)?;
    }
    let reply = app.work(move |app| {
        let log_epoch = LogEpoch(random::bytes()?);
        let reply = app.clinics.push_members(&frame, caller.as_ref(), log_epoch, now_ms())?;
        if reply.verdict == MembersVerdict::Stored {
            app.metrics.disk_full.set_len(0);
            // The log is no longer than it was; who listens looks at the members too.
            app.announce(frame.clinic, 0);
        }
        Ok(reply)
    });
    Ok(Reply(reply.await?))
}

fn page(app: &App, caller: &Caller, request: MembersRequest) -> Result<MembersPage, RefusalCode> {
    app.clinics.key_of(caller.clinic, caller.principal, now_ms())?;
    if request.clinic != caller.clinic {
        return Err(RefusalCode::UnknownDevice);
    }
    let known = app.clinics.known(caller.clinic)?;
    let from = usize::try_from(request.from).unwrap_or(usize::MAX);
    let rest = known.entries.get(from..).unwrap_or(&[]);
    let entries = rest.iter().take(members_page_len(rest)).cloned().collect();
    Ok(MembersPage { entries, head: known.members.head() })
}
