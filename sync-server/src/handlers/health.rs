//! Whether the server is up and its log whole: for load balancers and people.

use axum::extract::State;
use axum::http::StatusCode;

use crate::state::Shared;

/// Answers 503 once something that is stored was found damaged since the start.
pub(crate) async fn health(State(app): State<Shared>) -> (StatusCode, &'static str) {
    if app.metrics.log_damaged.get() == 0 {
        (StatusCode::OK, "ok\n")
    } else {
        (StatusCode::SERVICE_UNAVAILABLE, "damaged: put the log back from a copy\n")
    }
}
