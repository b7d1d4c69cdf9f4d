//! A computer is admitted by a number that two windows show, with a real server between them, or with
//! nothing but the network.

use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::server::SyncServer;
use tests::window::{Scheme, Window};

use crate::{acts, sight};

/// A page by day and by night, where nothing is cut off and axe finds nothing wrong.
fn judge(window: &Window, page: &str) {
    window.picture(page);
    window.picture_in(Scheme::Dark, page);
    sight::nothing_is_cut_off(window, page);
    window.must_be_accessible(page);
}

/// A window of a clinic, and one of a computer that is in none.
struct Two {
    scene: Scene,
    server: Option<SyncServer>,
    clinic: Window,
    newcomer: Window,
}

impl Two {
    fn open(name: &str, [here, there]: [&str; 2]) -> Self {
        let scene = Scene::new(name);
        let server = scene.server();
        Computer::of(&scene, "a").found_clinic(Some(server.address()));
        let clinic = scene.open_speaking("a", here);
        let newcomer = scene.open_speaking("b", there);
        Self { scene, server: Some(server), clinic, newcomer }.begun()
    }

    /// Two that no server is set for, on one network.
    fn nearby(name: &str) -> Self {
        let scene = Scene::new(name);
        let founder = Computer::of(&scene, "a");
        founder.found_clinic(None);
        founder.register(&json!({ "family": "Okello", "given": "Grace" }));
        let here = || vec![("FIELDCHART_LAN", "127.0.0.1:0".to_owned())];
        let [clinic, newcomer] = ["a", "b"].map(|computer| scene.open_with(computer, here()));
        Self { scene, server: None, clinic, newcomer }.begun()
    }

    /// Where a number can be asked for on both.
    fn begun(self) -> Self {
        let Self { clinic, newcomer, .. } = &self;
        acts::enter(clinic, PASSWORD, "Lakeside");
        clinic.press("Sync");
        clinic.see("By comparing a number");
        newcomer.see("Welcome to Fieldchart");
        newcomer.press("Join a clinic");
        newcomer.see_focus("#join-code");
        newcomer.press("By comparing a number");
        newcomer.see_focus("#enter-room");
        self
    }

    /// Both come into one room; the number that the two show.
    fn meet(&self) -> String {
        let (room, server) = self.open_room();
        self.enter(&room, &server);
        let number = shown(&self.clinic);
        assert_eq!(shown(&self.newcomer), number);
        self.clinic.see("The other computer calls itself Room 2.");
        number
    }

    fn open_room(&self) -> (String, String) {
        self.clinic.submit("Let a computer in");
        self.clinic.see("Waiting for the other computer");
        self.clinic.see_focus("#meeting");
        let room = self.clinic.texts(".meeting-number code").concat();
        let server = self.clinic.texts(".meeting dd").concat();
        let is_address = match self.server {
            Some(_) => server.starts_with("https://"),
            None => server.starts_with("127.0.0.1:"),
        };
        assert!(room.len() == 12 && is_address, "{room} {server}");
        (room, server)
    }

    fn enter(&self, room: &str, server: &str) {
        self.newcomer.fill("Short code", room);
        self.newcomer.fill("Address", server);
        self.newcomer.fill("Name for this computer", "Room 2");
        self.newcomer.submit("Find the other computer");
    }

    fn both(&self) -> [(&Window, &'static str); 2] {
        [(&self.clinic, "clinic"), (&self.newcomer, "newcomer")]
    }

    /// On both, a page each.
    fn judge(&self, page: &str) {
        for (window, side) in self.both() {
            judge(window, &format!("{page}-{side}"));
        }
    }
}

/// The number on the screen, where the keyboard has come to it and no answer is in its place.
fn shown(window: &Window) -> String {
    window.see("Do both screens show this number?");
    window.see_focus("#meeting");
    let number = window.texts(".meeting-number [aria-hidden]").concat();
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    assert!(number.len() == 8 && digits.len() == 7, "{number}");
    // Who hears the page hears the same digits, one by one.
    let heard =
        window.ask("return document.querySelector('.meeting-number .only-heard').textContent", &[]);
    let heard: Vec<char> =
        heard.as_str().unwrap_or_default().chars().filter(char::is_ascii_digit).collect();
    assert_eq!(heard, digits);
    number
}

#[test]
fn two_windows_that_show_the_same_number_are_of_one_clinic() {
    let two = Two::open("admitted-by-number", ["en", "en"]);
    let Two { clinic, newcomer, .. } = &two;
    judge(clinic, "before-clinic");
    judge(newcomer, "before-newcomer");
    // What is mistyped is told beside what was typed.
    let (room, server) = two.open_room();
    judge(clinic, "room");
    newcomer.submit("Find the other computer");
    newcomer.see("Please correct this");
    two.enter(&room.replace(|sign: char| sign.is_alphanumeric(), "A"), &server);
    newcomer.see("The code does not work");
    judge(newcomer, "mistyped");
    two.enter(&room, &server);
    let number = shown(newcomer);
    assert_eq!(shown(clinic), number);
    clinic.see("The other computer calls itself Room 2.");
    two.judge("comparing");
    // One yes lets nobody in.
    newcomer.press("The numbers are the same");
    newcomer.see("Waiting for the answer at the other computer");
    newcomer.see_focus("#meeting");
    judge(newcomer, "answered");
    clinic.see("Do both screens show this number?");
    clinic.press("The numbers are the same");
    clinic.see("Room 2 may join the clinic");
    newcomer.see("This computer is let in");
    newcomer.see_focus("#meeting");
    two.judge("admitted");
    // Whose password is chosen is said beside it.
    newcomer.see("(ana)");
    newcomer.fill("Password", acts::PASSWORD);
    newcomer.fill("Password once more", acts::PASSWORD);
    newcomer.submit("Join as this person");
    newcomer.see("Your recovery code");
    newcomer.see("Room 2");
    acts::keep_recovery_code_of(newcomer, "Lakeside");
    clinic.press("Done");
    clinic.see("Let a computer in");
    // It is in the list as soon as the server has said so.
    clinic.see("Remove from the clinic");
    clinic.see_part("sync-page", "Room 2");
    newcomer.press("Sync");
    newcomer.see_part("sync-page", "Nothing going on");
    drop(two.scene);
}

#[test]
fn without_a_server_two_windows_on_one_network_are_of_one_clinic() {
    let two = Two::nearby("admitted-nearby");
    let Two { clinic, newcomer, .. } = &two;
    two.judge("before");
    let (room, address) = two.open_room();
    judge(clinic, "room");
    two.enter(&room, &address);
    let number = shown(clinic);
    assert_eq!(shown(newcomer), number);
    for window in [newcomer, clinic] {
        window.press("The numbers are the same");
    }
    clinic.see("Room 2 may join the clinic");
    newcomer.see("This computer is let in");
    two.judge("admitted");
    newcomer.fill("Password", acts::PASSWORD);
    newcomer.fill("Password once more", acts::PASSWORD);
    newcomer.submit("Join as this person");
    newcomer.see("Your recovery code");
    acts::keep_recovery_code_of(newcomer, "Lakeside");
    clinic.press("Done");
    clinic.see_part("sync-page", "Room 2");
    acts::open_chart(newcomer, "Okello");
    newcomer.press("Sync");
    newcomer.see_part("sync-page", "Nothing going on");
    two.judge("joined");

    // The clinic's first server is set where the list of computers is kept; the other one hears of it.
    let server = two.scene.server();
    newcomer.see("keeps the clinic\u{2019}s list of computers");
    newcomer.fill("Server", server.address());
    newcomer.submit("Set the server");
    newcomer.see_part("sync-page", "The server does not know the clinic yet");
    judge(newcomer, "server-elsewhere");
    clinic.fill("Server", server.address());
    clinic.submit("Set the server");
    clinic.see_part("sync-page", "On the server");
    newcomer.press("Sync now");
    newcomer.see_part("sync-page", "On the server");
    newcomer.see_no("keeps the clinic\u{2019}s list of computers");
    two.judge("served");
}

/// In two languages, one of them read from the right: a number that differs stops both at once, and
/// what was begun can be stopped and begun again.
#[test]
fn a_number_that_differs_stops_both_windows() {
    let two = Two::open("numbers-differ", ["fr", "ar"]);
    let Two { clinic, newcomer, .. } = &two;
    two.judge("before");
    let (room, server) = two.open_room();
    judge(clinic, "room");
    clinic.press("Stop");
    clinic.see_focus("#meeting");
    // A room that was stopped is found by nobody who answers: the way back is there.
    two.enter(&room, &server);
    newcomer.see("Waiting for the other computer");
    newcomer.see_focus("#meeting");
    judge(newcomer, "waiting");
    newcomer.press("Stop");
    newcomer.see_focus("#enter-room");

    two.meet();
    two.judge("comparing");
    newcomer.press("They differ");
    for (window, side) in two.both() {
        window.see("The two computers show different numbers");
        window.see_focus("#meeting");
        judge(window, &format!("differ-{side}"));
    }
    clinic.see("A computer that was to be admitted showed another number than this one");
    clinic.press("Begin again");
    newcomer.press("Begin again");
    newcomer.see_focus("#enter-room");
    let typed = newcomer.ask("return document.getElementById('enter-deviceName').value", &[]);
    assert_eq!(typed.as_str(), Some("Room 2"), "what was typed stays");
    assert!(!clinic.text().contains("Room 2"), "nobody was let in");
    assert!(!two.scene.store("b").join("fieldchart.db").exists());

    // Locking ends it: nobody goes on with what another began.
    two.meet();
    clinic.press("Lock");
    acts::enter(clinic, PASSWORD, "Lakeside");
    clinic.press("Sync");
    clinic.see("Let a computer in");
    assert!(clinic.texts(".meeting-number").is_empty());
}
