//! Whether the server is up and its log whole: for load balancers and people.

use axum::extract::State;

use crate::state::Shared;

/// Says too where something that is stored was found damaged since the start. It is well all the
/// same: what is damaged is one clinic's, and the others are not to lose their server by it.
pub(crate) async fn health(State(app): State<Shared>) -> &'static str {
    if app.metrics.log_damaged.get() == 0 {
        "ok\n"
    } else {
        "ok, but damaged: put the log back from a copy\n"
    }
}
