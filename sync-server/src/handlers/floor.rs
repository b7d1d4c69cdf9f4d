//! RAISE FLOOR: from where devices that know nothing begin.

use axum::extract::State;
use sync::serve;
use sync::wire::{FloorPut, FloorStored, RefusalCode};

use crate::auth::Caller;
use crate::bearer::Signed;
use crate::clinics::refusal;
use crate::refuse::{Refuse, Reply};
use crate::state::{App, Shared};

pub(crate) async fn raise(
    State(app): State<Shared>,
    Signed { caller, frame }: Signed<FloorPut>,
) -> Result<Reply<FloorStored>, Refuse> {
    Ok(Reply(app.work(move |app| answer(app, &caller, &frame)).await?))
}

fn answer(app: &App, caller: &Caller, request: &FloorPut) -> Result<FloorStored, RefusalCode> {
    let (_, known) = app.clinics.as_device(caller)?;
    if request.clinic != caller.clinic {
        return Err(RefusalCode::UnknownDevice);
    }
    let raised = serve::raise_floor(app.clinics.shelf(), &known.members, request);
    raised.map_err(refusal)?.map_err(|refusal| refusal.code)
}
