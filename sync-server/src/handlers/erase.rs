//! ERASE KEYS: documents that nobody is to read any more.

use axum::extract::State;
use sync::serve;
use sync::wire::{ErasePut, KeysErased, RefusalCode};

use crate::auth::Caller;
use crate::bearer::Signed;
use crate::clinics::refusal;
use crate::refuse::{Refuse, Reply};
use crate::state::{App, Shared};

pub(crate) async fn keys(
    State(app): State<Shared>,
    Signed { caller, frame }: Signed<ErasePut>,
) -> Result<Reply<KeysErased>, Refuse> {
    Ok(Reply(app.work(move |app| answer(app, &caller, &frame)).await?))
}

fn answer(app: &App, caller: &Caller, request: &ErasePut) -> Result<KeysErased, RefusalCode> {
    let (device, known) = app.clinics.as_device(caller)?;
    if request.clinic != caller.clinic {
        return Err(RefusalCode::UnknownDevice);
    }
    let erased = serve::erase_keys(app.clinics.shelf(), &known.members, device, request);
    erased.map_err(refusal)?.map_err(|refusal| refusal.code)
}
