//! PULL: a page of the log, or of the wrapped keys beside it.

use axum::extract::State;
use sync::serve;
use sync::wire::{Item, KeysPage, KeysRequest, PullPage, PullRequest, RefusalCode};

use crate::auth::Caller;
use crate::bearer::Signed;
use crate::clinics::refusal;
use crate::refuse::{Refuse, Reply};
use crate::state::{App, Shared};

pub(crate) async fn pull(
    State(app): State<Shared>,
    Signed { caller, frame }: Signed<PullRequest>,
) -> Result<Reply<PullPage>, Refuse> {
    Ok(Reply(app.work(move |app| page(app, &caller, &frame)).await?))
}

pub(crate) async fn keys(
    State(app): State<Shared>,
    Signed { caller, frame }: Signed<KeysRequest>,
) -> Result<Reply<KeysPage>, Refuse> {
    let page = app.work(move |app| {
        app.clinics.as_device(&caller)?;
        if frame.clinic != caller.clinic {
            return Err(RefusalCode::UnknownDevice);
        }
        serve::keys(app.clinics.shelf(), &frame).map_err(refusal)
    });
    Ok(Reply(page.await?))
}

fn page(app: &App, caller: &Caller, request: &PullRequest) -> Result<PullPage, RefusalCode> {
    let (_, known) = app.clinics.as_device(caller)?;
    if request.clinic != caller.clinic {
        return Err(RefusalCode::UnknownDevice);
    }
    let members = known.members.head();
    let page = serve::pull(app.clinics.shelf(), request, members).map_err(refusal)?;
    let page = page.map_err(|refusal| refusal.code)?;
    app.metrics.envelopes_sent_total.add_len(page.items.len());
    app.metrics.page_bytes_total.add_len(page.items.iter().map(Item::encoded_len).sum());
    // An item may have been taken in under entries that came after the head was read.
    let members = app.clinics.known(caller.clinic)?.members.head();
    Ok(PullPage { members, ..page })
}
