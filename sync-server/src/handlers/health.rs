//! Whether the server is up: for load balancers and people.

pub(crate) async fn health() -> &'static str {
    "ok\n"
}
