//! What one computer records reaches another because the server says so, and not because anyone
//! asks now and then: here nobody asks. Over a real server.
#![allow(clippy::expect_used, clippy::panic, reason = "what goes wrong here ends the test")]

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use api::{Command, Event, Origin};
use app::{App, Host};
use clinical::{Instant, PatientDraft, PatientId};
use host::{Bell, Computer, Exchange, Pace};
use sync::{carrier::Carrier, ids::ServerPin, session::Failure};
use tests::{process::wait_for, scene::Scene};
use vault::{KeyringPort, keyring::NoKeyring};

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

/// A computer without a keyring.
struct Desk(Computer);

impl Host for Desk {
    fn now(&self) -> Instant {
        self.0.now()
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        self.0.fill_random(bytes);
    }

    fn keyring(&self) -> &dyn KeyringPort {
        &NoKeyring
    }

    fn directory(&self) -> &Path {
        self.0.directory()
    }

    fn device_name(&self) -> String {
        "A computer".to_owned()
    }

    fn connect(&self, url: &str, pin: ServerPin) -> Result<Box<dyn Carrier>, Failure> {
        self.0.connect(url, pin)
    }

    fn emit(&self, event: Event) {
        self.0.emit(event);
    }
}

/// A program that runs, and what rings it.
struct Program {
    app: Arc<App<Desk>>,
    bell: Bell,
}

impl Program {
    fn new(store: PathBuf) -> Self {
        let bell = Bell::default();
        let rung = bell.clone();
        let computer = Computer::new(store, Box::new(move |event| rung.heed(&event)));
        Self { app: Arc::new(App::new(Desk(computer))), bell }
    }

    fn exchange(&self) -> Exchange {
        Exchange::keep_going(self.app.clone(), &self.bell, DEAF).expect("two threads")
    }

    fn call<C: Command>(&self, command: C) -> C::Reply {
        let name = C::NAME;
        let reply = self.app.call(command, Origin::Window("main".to_owned()));
        reply.unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn register(&self, family: &str) -> PatientId {
        let draft = PatientDraft { family: family.to_owned(), ..PatientDraft::default() };
        self.call(api::RegisterPatient { draft })
    }

    fn waits_for(&self, patient: PatientId) {
        wait_for("a chart that another computer made", || {
            self.app.call(api::OpenChart { patient }, Origin::Host).ok().map(drop)
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
        server: Some(server.address().to_owned()),
    });
    let code = a.call(api::MakeDeviceCode {}).code;
    let (device_name, password) = ("Room 2".to_owned(), PASSWORD.to_owned());
    b.call(api::JoinClinic { code, device_name, password });
    let exchanges = [a.exchange(), b.exchange()];
    for family in ["Okello", "Otieno", "Achieng"] {
        b.waits_for(a.register(family));
        a.waits_for(b.register(family));
    }
    // The server ends, and with it the streams; they are opened again where it comes back.
    let server = server.stop().start_again();
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
    assert_eq!([&a, &b].map(|program| Arc::strong_count(&program.app)), [1, 1]);
    drop(server);
}
