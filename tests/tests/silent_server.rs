//! A server that takes the connection and does not answer: work goes on beside it, and it is given
//! up and told by name, whether it says nothing at all or a byte now and then.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use api::{Command, ErrorCode, Origin, SyncPhase};
use app::App;
use clinical::PatientDraft;
use host::{Computer, Patience};
use std::{
    io::{Read, Write},
    net::{Shutdown, SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    sync::{
        Arc, Mutex,
        mpsc::{Receiver, channel},
    },
    thread,
    time::Duration,
};
use tests::{process::patience, scene::Scene};

const PASSWORD: &str = "a quiet morning in the clinic";
const PIN: &str = "sha256:00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
const A_DAY: Duration = Duration::from_secs(86_400);

/// Connections that are held; none once they are let go.
type Kept = Arc<Mutex<Option<Vec<TcpStream>>>>;

/// Whoever takes connections, tells of each, and keeps them until it goes.
struct Silent {
    address: SocketAddr,
    taken: Receiver<()>,
    kept: Kept,
}

impl Silent {
    /// Says nothing.
    fn new() -> Self {
        Self::with(|_| {})
    }

    /// Says the head of a TLS record, and then a byte of it now and then.
    fn trickling() -> Self {
        Self::with(|mut stream| {
            thread::spawn(move || {
                drop(stream.read(&mut [0; 4096]));
                let mut open = stream.write_all(&[22, 3, 3, 0x3f, 0xff]).is_ok();
                while open {
                    thread::park_timeout(Duration::from_millis(20));
                    open = stream.write_all(&[2]).is_ok();
                }
            });
        })
    }

    fn with(deal: impl Fn(TcpStream) + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (tell, taken) = channel();
        let kept: Kept = Arc::new(Mutex::new(Some(Vec::new())));
        let keeps = Arc::clone(&kept);
        thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                deal(stream.try_clone().unwrap());
                let mut kept = keeps.lock().unwrap();
                match kept.as_mut() {
                    Some(kept) => kept.push(stream),
                    None => drop(stream.shutdown(Shutdown::Both)),
                }
                drop(kept);
                if tell.send(()).is_err() {
                    return;
                }
            }
        });
        Self { address, taken, kept }
    }

    /// Ends every connection, those that come too, and whatever waits at one.
    fn let_go(&self) {
        for stream in self.kept.lock().unwrap().take().into_iter().flatten() {
            drop(stream.shutdown(Shutdown::Both));
        }
    }

    fn server(&self) -> String {
        format!("https://{}#{PIN}", self.address)
    }
}

fn call<C: Command>(app: &App<Computer>, command: C) -> C::Reply {
    app.call(command, Origin::Host).unwrap_or_else(|error| panic!("{}: {error}", C::NAME))
}

/// A clinic whose server is this one.
fn clinic(store: PathBuf, server: String, answer: Duration) -> App<Computer> {
    let patience = Patience { connect: A_DAY, answer, exchange: A_DAY, silence: A_DAY };
    let computer = Computer::new(store, Box::new(|_| {})).without_keyring().with_patience(patience);
    let app = App::new(computer);
    call(
        &app,
        api::CreateClinic {
            clinic_name: "Lakeside".to_owned(),
            user_name: "ana".to_owned(),
            name: "Dr Ana Reyes".to_owned(),
            password: PASSWORD.to_owned(),
            device_name: None,
            server: Some(server),
        },
    );
    app
}

#[test]
fn work_goes_on_while_a_server_does_not_answer() {
    let scene = Scene::new("silent-beside");
    let silent = Silent::new();
    let app = Arc::new(clinic(scene.store("a"), silent.server(), A_DAY));
    let syncing = Arc::clone(&app);
    let sync = thread::spawn(move || syncing.call(api::SyncNow {}, Origin::Sync));
    silent.taken.recv_timeout(patience()).expect("the exchange begins");
    let (tell, told) = channel();
    let working = Arc::clone(&app);
    thread::spawn(move || {
        let draft = PatientDraft { family: "Okello".to_owned(), ..PatientDraft::default() };
        let patient = call(&working, api::RegisterPatient { draft });
        call(&working, api::OpenChart { patient });
        let running = call(&working, api::GetSyncState {}).phase;
        call(&working, api::Lock {});
        let (user_name, password) = ("ana".to_owned(), PASSWORD.to_owned());
        let again = working.call(api::SignIn { user_name, password }, Origin::Host);
        drop(tell.send((running, again.map(drop))));
    });
    let worked = told.recv_timeout(patience());
    silent.let_go();
    drop(sync.join().unwrap());
    let (running, again) = worked.expect("nothing waits for the server");
    assert_eq!(running, SyncPhase::Running);
    assert!(again.is_ok(), "signing in again does not wait for the exchange: {again:?}");
}

#[test]
fn a_server_that_does_not_answer_is_given_up_and_told() {
    let scene = Scene::new("silent-told");
    for (name, silent) in [("silent", Silent::new()), ("trickling", Silent::trickling())] {
        let app = clinic(scene.store(name), silent.server(), Duration::from_millis(300));
        let view = call(&app, api::SyncNow {});
        let SyncPhase::Failed(error) = view.phase else { panic!("{name}: {view:?}") };
        assert_eq!(error.code, ErrorCode::ServerSilent, "{name}: {error}");
        assert!(error.detail.contains("does not answer"), "{name}: {error}");
        silent.let_go();
    }
}
