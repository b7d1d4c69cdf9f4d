//! HELLO: where a device stands against the log.

use axum::extract::State;
use sync::serve;
use sync::wire::{HelloReply, HelloRequest, RefusalCode};

use crate::auth::Caller;
use crate::bearer::Signed;
use crate::clinics::refusal;
use crate::clock::now_ms;
use crate::refuse::{Refuse, Reply};
use crate::state::{App, Shared};

pub(crate) async fn hello(
    State(app): State<Shared>,
    Signed { caller, frame }: Signed<HelloRequest>,
) -> Result<Reply<HelloReply>, Refuse> {
    Ok(Reply(app.work(move |app| answer(app, &caller, &frame)).await?))
}

fn answer(app: &App, caller: &Caller, request: &HelloRequest) -> Result<HelloReply, RefusalCode> {
    let (device, known) = app.clinics.as_device(caller)?;
    if (request.clinic, request.device) != (caller.clinic, device) {
        return Err(RefusalCode::UnknownDevice);
    }
    let members = known.members.head();
    serve::hello(app.clinics.shelf(), request, members, now_ms()).map_err(refusal)
}
