//! What one computer records reaches another because the server says so, and not because anyone
//! asks now and then: here nobody asks. Over a real server.
#![allow(clippy::expect_used, clippy::panic, reason = "what goes wrong here ends the test")]

use std::{
    ops::ControlFlow,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use api::{ApiError, Command, Origin, SyncView};
use app::{App, Ended, Heard};
use clinical::{PatientDraft, PatientId};
use host::{Bell, Computer, Exchange, Exchanging, Pace};
use tests::{process::wait_for, scene::Scene};

const PASSWORD: &str = "a quiet morning in the clinic";
const A_DAY: Duration = Duration::from_secs(86_400);
/// Nobody asks by the clock.
const DEAF: Pace = Pace {
    settle: Duration::from_millis(5),
    gather: Duration::from_millis(5),
    ask: A_DAY,
    ask_while_listening: A_DAY,
    retry_min: A_DAY,
    retry_max: Duration::from_millis(200),
    listen_again: Duration::from_millis(20),
};

/// The use-cases, and how often they began to hear the server.
struct Watched {
    app: App<Computer>,
    began: AtomicUsize,
}

impl Exchanging for Watched {
    fn sync_now(&self) -> Result<SyncView, ApiError> {
        self.app.sync_now()
    }

    fn listen(&self, heard: &mut dyn FnMut(Heard) -> ControlFlow<()>) -> Result<Ended, ApiError> {
        self.app.listen(&mut |next| {
            if next == Heard::Listening {
                self.began.fetch_add(1, Ordering::SeqCst);
            }
            heard(next)
        })
    }

    fn carry_files(&self) -> Result<(), ApiError> {
        self.app.carry_files()
    }

    fn chance(&self) -> u32 {
        self.app.chance()
    }
}

/// A program that runs, and what rings it.
struct Program {
    watched: Arc<Watched>,
    bell: Bell,
}

impl Program {
    fn new(store: PathBuf) -> Self {
        let bell = Bell::default();
        let rung = bell.clone();
        let computer = Computer::new(store, Box::new(move |event| rung.heed(&event)));
        let (app, began) = (App::new(computer.without_keyring()), AtomicUsize::default());
        Self { watched: Arc::new(Watched { app, began }), bell }
    }

    fn exchange(&self) -> Exchange {
        Exchange::keep_going(self.watched.clone(), &self.bell, DEAF).expect("two threads")
    }

    /// How often it began to hear the server.
    fn began(&self) -> usize {
        self.watched.began.load(Ordering::SeqCst)
    }

    fn hears(&self, times: usize) {
        wait_for("the server to be heard", || (self.began() >= times).then_some(()));
    }

    fn call<C: Command>(&self, command: C) -> C::Reply {
        let name = C::NAME;
        let reply = self.watched.app.call(command, Origin::Window("main".to_owned()));
        reply.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn register(&self, family: &str) -> PatientId {
        let draft = PatientDraft { family: family.to_owned(), ..PatientDraft::default() };
        self.call(api::RegisterPatient { draft })
    }

    fn waits_for(&self, patient: PatientId) {
        wait_for("a chart that another computer made", || {
            self.watched.app.call(api::OpenChart { patient }, Origin::Host).ok().map(drop)
        });
    }
}

#[test]
fn what_one_records_another_has_because_the_server_says_so() {
    let scene = Scene::new("wake");
    let server = scene.server();
    let [a, b] = ["a", "b"].map(|name| Program::new(scene.store(name)));
    a.call(api::CreateClinic {
        clinic_name: "Lakeside".to_owned(),
        user_name: "ana".to_owned(),
        name: "Dr Ana Reyes".to_owned(),
        password: PASSWORD.to_owned(),
        device_name: None,
        server: Some(server.address().to_owned()),
    });
    let code = a.call(api::MakeDeviceCode {}).code;
    let (device_name, password) = ("Room 2".to_owned(), PASSWORD.to_owned());
    b.call(api::JoinClinic { code, device_name, password });
    let exchanges = [a.exchange(), b.exchange()];
    [&a, &b].into_iter().for_each(|program| program.hears(1));
    for family in ["Okello", "Otieno", "Achieng"] {
        b.waits_for(a.register(family));
        a.waits_for(b.register(family));
    }
    // Beginning to hear the server is news too: here nobody began again, so it was the server that
    // said so each time.
    assert_eq!([&a, &b].map(Program::began), [1, 1]);
    // The server ends, and with it the streams; they are opened again where it comes back.
    let server = server.stop().start_again();
    [&a, &b].into_iter().for_each(|program| program.hears(2));
    b.waits_for(a.register("Wanjiru"));
    a.waits_for(b.register("Kamau"));
    // Whoever locks is not told any more, and ends what listens for them.
    b.call(api::Lock {});
    let late = a.register("Njoroge");
    let (user_name, password) = ("ana".to_owned(), PASSWORD.to_owned());
    b.call(api::SignIn { user_name, password });
    b.waits_for(late);
    exchanges.into_iter().for_each(Exchange::end);
    // Nothing of the two threads is left that holds the program.
    assert_eq!([&a, &b].map(|program| Arc::strong_count(&program.watched)), [1, 1]);
    drop(server);
}
