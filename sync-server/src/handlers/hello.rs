//! HELLO: where a device stands against the log.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderName, HeaderValue};
use sync::serve;
use sync::wire::{HelloReply, HelloRequest, RefusalCode, path};

use crate::auth::Caller;
use crate::bearer::Signed;
use crate::clinics::refusal;
use crate::clock::now_ms;
use crate::refuse::{Refuse, Reply};
use crate::state::{App, Shared};

pub(crate) async fn hello(
    State(app): State<Shared>,
    Signed { caller, frame }: Signed<HelloRequest>,
) -> Result<(HeaderMap, Reply<HelloReply>), Refuse> {
    let (region, reply) = app.work(move |app| answer(app, &caller, &frame)).await?;
    Ok((header(region.as_deref()), Reply(reply)))
}

/// Where the clinic is kept, for who asks.
fn header(region: Option<&str>) -> HeaderMap {
    let value = region.and_then(|name| HeaderValue::from_str(name).ok());
    let header = |value| (HeaderName::from_static(path::REGION_HEADER), value);
    value.map(header).into_iter().collect()
}

fn answer(
    app: &App,
    caller: &Caller,
    request: &HelloRequest,
) -> Result<(Option<String>, HelloReply), RefusalCode> {
    let (device, known) = app.clinics.as_device(caller)?;
    if (request.clinic, request.device) != (caller.clinic, device) {
        return Err(RefusalCode::UnknownDevice);
    }
    let members = known.members.head();
    let shelf = app.clinics.shelf();
    let reply = serve::hello(shelf, request, members, now_ms()).map_err(refusal)?;
    Ok((shelf.region(caller.clinic).map_err(refusal)?, reply))
}
