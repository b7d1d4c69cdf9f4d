//! Whether the server is up, and its log whole and in reach: for load balancers and people.

use axum::extract::State;
use axum::http::StatusCode;

use crate::log::Reach;
use crate::state::Shared;

/// Fails where no database of the log can be reached: another server may be better off. It is well
/// where one of several cannot, or where something that is stored was found damaged since the start,
/// and says so: that is some clinics', and the others are not to lose their server by it.
pub(crate) async fn health(State(app): State<Shared>) -> (StatusCode, String) {
    of(app.clinics.shelf().reach(), app.metrics.log_damaged.get() > 0)
}

fn of(Reach { all, lost }: Reach, is_damaged: bool) -> (StatusCode, String) {
    if lost > 0 && lost == all {
        let told = "the database of the log cannot be reached\n";
        return (StatusCode::SERVICE_UNAVAILABLE, told.to_owned());
    }
    let regions = match lost {
        0 => String::new(),
        lost => format!(", but {lost} of {all} regions cannot be reached"),
    };
    let damage = if is_damaged { ", but damaged: put the log back from a copy" } else { "" };
    (StatusCode::OK, format!("ok{regions}{damage}\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fails_where_nothing_can_be_reached_and_says_what_else_is_wrong() {
        for (all, lost, is_damaged, status, told) in [
            (1, 0, false, 200, "ok\n"),
            (1, 0, true, 200, "ok, but damaged: put the log back from a copy\n"),
            (1, 1, true, 503, "the database of the log cannot be reached\n"),
            (2, 2, false, 503, "the database of the log cannot be reached\n"),
            (2, 1, false, 200, "ok, but 1 of 2 regions cannot be reached\n"),
        ] {
            let (found, words) = of(Reach { all, lost }, is_damaged);
            assert_eq!((found.as_u16(), words.as_str()), (status, told));
        }
    }
}
