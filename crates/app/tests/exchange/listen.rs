//! Listening to the server: who may, what is heard, and when it ends.

use super::{Station, call, clinic, create, server::Server};
use api::ErrorCode;
use app::{App, Ended, Heard};
use std::ops::ControlFlow;
use sync::session::Failure;

/// Listens until the `enough`th thing was heard.
fn heard(app: &App<Station>, enough: usize) -> (Vec<Heard>, Result<Ended, ErrorCode>) {
    let mut all = Vec::new();
    let ended = app.listen(&mut |heard| {
        all.push(heard);
        if all.len() < enough { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    });
    (all, ended.map_err(|error| error.code))
}

#[test]
fn what_the_server_says_is_heard_until_it_goes_silent() {
    let server = Server::default();
    let app = clinic(&Station::new(&server));
    call(&app, api::SyncNow {});
    server.say(Ok(None));
    server.say(Ok(Some(3)));
    server.say(Err(Failure::Unreachable));
    let (all, ended) = heard(&app, usize::MAX);
    assert_eq!(all, [Heard::Listening, Heard::Nothing, Heard::News]);
    assert_eq!(ended, Err(ErrorCode::Unreachable));
    // It can be begun anew, and ends when it is asked to.
    assert_eq!(heard(&app, 2), (vec![Heard::Listening, Heard::Nothing], Ok(Ended::Asked)));
}

#[test]
fn nobody_listens_alone_signed_out_or_to_a_server_that_is_away() {
    let server = Server::default();
    let station = Station::new(&server);
    let app = clinic(&station);
    server.set_away(true);
    assert_eq!(heard(&app, 1), (vec![], Err(ErrorCode::Unreachable)));
    call(&app, api::Lock {});
    assert_eq!(heard(&app, 1), (vec![], Err(ErrorCode::SignedOut)));
    let alone = Station::new(&server);
    let app = App::new(alone);
    create(&app, None);
    assert_eq!(heard(&app, 1), (vec![], Ok(Ended::Alone)));
}

#[test]
fn it_ends_with_the_session_and_with_the_server_that_is_set() {
    let server = Server::default();
    let station = Station::new(&server);
    let app = clinic(&station);
    call(&app, api::SyncNow {});
    let ends_when = |act: &dyn Fn()| {
        let ended = app.listen(&mut |heard| {
            if heard == Heard::Listening {
                act();
            }
            ControlFlow::Continue(())
        });
        assert_eq!(ended.map_err(|error| error.code), Ok(Ended::Changed));
    };
    ends_when(&|| {
        let server = format!("https://other.test:1#sha256:{}", "7".repeat(64));
        call(&app, api::SetServer { server, keeper_lost: false });
    });
    call(&app, api::SetServer { server: super::address(), keeper_lost: false });
    ends_when(&|| call(&app, api::Lock {}));
    // Someone who signs in anew is another session, also when nobody saw the gap.
    let sign_in = || {
        let (user_name, password) = ("ana".into(), crate::support::PASSWORD.into());
        call(&app, api::SignIn { user_name, password });
    };
    sign_in();
    ends_when(&|| {
        call(&app, api::Lock {});
        sign_in();
    });
}
