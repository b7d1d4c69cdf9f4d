//! The counters, for whoever watches the server.

use axum::extract::State;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

use crate::state::Shared;

pub(crate) async fn metrics(State(app): State<Shared>) -> impl IntoResponse {
    let reach = app.clinics.shelf().reach();
    app.metrics.databases.set_len(reach.all);
    app.metrics.databases_unreachable.set_len(reach.lost);
    ([(CONTENT_TYPE, "text/plain; version=0.0.4")], app.metrics.page())
}
