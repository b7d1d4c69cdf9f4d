//! A computer is admitted by a number that two people compare, and by nothing less.

use super::*;
use api::{AdmissionView, AlarmKind, ApiError, Event, Topic};
use app::{Admission, Admitted, Awaited, Entrance, MetAdmitter, MetJoiner, Waited};
use std::collections::BTreeMap;
use vault::{
    random::FixedEntropy,
    sas::{Admitter, Joiner, Message},
};

const URL: &str = "https://sync.test:8443";

fn open(app: &App<Station>) -> Admission {
    app.open_room(600).unwrap()
}

fn enter(app: &App<Station>, code: &str) -> Entrance {
    app.enter_room(code, URL, "Consulting room 2").unwrap()
}

fn still<W: std::fmt::Debug, T: std::fmt::Debug>(looked: Result<Waited<W, T>, ApiError>) -> W {
    match looked.unwrap() {
        Waited::Still(still) => still,
        Waited::Came(came) => panic!("it came already: {came:?}"),
    }
}

fn came<W: std::fmt::Debug, T>(looked: Result<Waited<W, T>, ApiError>) -> T {
    match looked.unwrap() {
        Waited::Came(came) => came,
        Waited::Still(still) => panic!("still waiting: {still:?}"),
    }
}

/// A clinic, one more computer, and their keys shown to each other.
struct Met {
    server: Server,
    clinic: App<Station>,
    newcomer: App<Station>,
    here: MetJoiner,
    there: MetAdmitter,
}

fn met() -> Met {
    let server = Server::default();
    let (clinic, newcomer) = (clinic(&Station::new(&server)), App::new(Station::new(&server)));
    let admission = open(&clinic);
    let admission = still(clinic.meet_joiner(admission));
    let entrance = enter(&newcomer, &admission.code);
    let entrance = still(newcomer.meet_admitter(entrance));
    // The clinic's key is shown once the other has committed to one, and not before.
    assert_eq!(server.room().keys().copied().collect::<Vec<_>>(), [0]);
    let admission = still(clinic.meet_joiner(admission));
    let there = came(newcomer.meet_admitter(entrance));
    let here = came(clinic.meet_joiner(admission));
    Met { server, clinic, newcomer, here, there }
}

/// What the clinic handed out: entries of the list of computers, and alarms of differing numbers.
fn handed_out(server: &Server, clinic: &App<Station>) -> (usize, usize) {
    let alarms = call(clinic, api::GetSyncState {}).alarms;
    let differed = alarms.iter().filter(|one| one.alarm == AlarmKind::NumbersDiffered).count();
    (server.state().list_len(), differed)
}

/// The rows of the log about admitting, as outcomes.
fn rows(clinic: &App<Station>) -> Vec<String> {
    let from = api::AuditFrom::Newest;
    let rows = call(clinic, api::ReadAudit { patient: None, from, limit: 100 }).rows;
    let about = rows.into_iter().filter(|row| row.resource == "admit-device");
    about.map(|row| format!("{} {}", row.action, row.outcome)).collect()
}

#[test]
fn two_computers_that_show_the_same_number_are_of_one_clinic() {
    let Met { server, clinic, newcomer, here, there } = met();
    let patient = register(&clinic, "Okello");
    allergy(&clinic, patient, "Penicillin");
    assert_eq!(here.number(), there.number());
    assert!(here.number().is(&there.number().to_string()));
    let (before, _) = handed_out(&server, &clinic);
    // Whoever is at the clinic's computer says yes first; nothing passes before the other did.
    let admitted = clinic.compared_here(here, true).unwrap();
    let admitted = still(clinic.hand_over(admitted));
    assert_eq!((handed_out(&server, &clinic), rows(&clinic).len()), ((before, 0), 0));
    let awaited = newcomer.compared_there(there, true).unwrap();
    let awaited = still(newcomer.receive_code(awaited));
    came(clinic.hand_over(admitted));
    assert_eq!(handed_out(&server, &clinic), (before + 1, 0), "the invitation");
    assert_eq!(rows(&clinic), ["administer success"]);
    let code = came(newcomer.receive_code(awaited));
    let said: Vec<u8> = server.room().into_values().flatten().collect();
    let secret = code.replace('-', "");
    for part in [&code.as_bytes()[..9], &secret.as_bytes()[..9]] {
        assert!(!said.windows(part.len()).any(|seen| seen == part), "the server saw the code");
    }
    let device_name = "Consulting room 2".to_owned();
    call(&newcomer, api::JoinClinic { code, device_name, password: PASSWORD.into() });
    synced(&clinic);
    synced(&newcomer);
    assert_eq!(chart(&newcomer, patient).allergies.len(), 1);
    assert_eq!(handed_out(&server, &clinic).0, before + 2);
    let devices = call(&clinic, api::ListDevices {});
    assert!(devices.iter().any(|device| device.name == "Consulting room 2"), "{devices:?}");
}

#[test]
fn a_no_on_either_side_hands_nothing_over_and_is_told_on_both() {
    let Met { server, clinic, newcomer, here, there } = met();
    let (before, _) = handed_out(&server, &clinic);
    let told = clinic.compared_here(here, false).unwrap_err();
    assert_eq!(told.code, ErrorCode::NumbersDiffer);
    assert_eq!(handed_out(&server, &clinic), (before, 1));
    assert_eq!(rows(&clinic), ["administer failure"]);
    let awaited = newcomer.compared_there(there, true).unwrap();
    let told = newcomer.receive_code(awaited).unwrap_err();
    assert_eq!(told.code, ErrorCode::NumbersDiffer);

    let Met { server, clinic, newcomer, here, there } = met();
    let (before, _) = handed_out(&server, &clinic);
    let admitted = clinic.compared_here(here, true).unwrap();
    let told = newcomer.compared_there(there, false).unwrap_err();
    assert_eq!(told.code, ErrorCode::NumbersDiffer);
    assert_eq!(clinic.hand_over(admitted).unwrap_err().code, ErrorCode::NumbersDiffer);
    assert_eq!(handed_out(&server, &clinic), (before, 1));
    // The computer is clean: it can join in another room.
    assert_eq!(call(&newcomer, api::GetStatus {}).stage, api::Stage::FirstRun);
    drop(enter(&newcomer, &open(&clinic).code));
}

/// The server itself stands between the two, with a key towards each.
#[test]
fn whoever_stands_between_is_seen_and_gets_nothing_by_answering_for_people() {
    let server = Server::default();
    let (clinic, newcomer) = (clinic(&Station::new(&server)), App::new(Station::new(&server)));
    let admission = open(&clinic);
    let entrance = enter(&newcomer, &admission.code);
    let id = vault::room_code::RoomCode::parse(&admission.code).unwrap().derive_room_id();
    let mut entropy = FixedEntropy::new(9);
    let joiner = Joiner::make(id, &mut entropy);
    let admitter = Admitter::make(id, &mut entropy);
    let lies = |place: u8, message: Message| BTreeMap::from([(place, message.to_bytes())]);
    server.furnish(&lies(0, Message::Commitment(joiner.commitment())));
    let admission = still(clinic.meet_joiner(admission));
    let Message::Key(shown) = Message::from_bytes(&server.room()[&1]).unwrap() else { panic!() };
    server.furnish(&lies(2, Message::Key(joiner.public())));
    let here = came(clinic.meet_joiner(admission));
    server.furnish(&lies(1, Message::Key(admitter.public())));
    let there = came(newcomer.meet_admitter(entrance));
    assert_ne!(here.number(), there.number());
    // It says yes for the person at the newcomer, whose computer never did.
    let (before, _) = handed_out(&server, &clinic);
    let forged = vault::hpke_box::seal_to(&shown, b"", b"same", &mut entropy).unwrap();
    server.furnish(&lies(3, Message::Sealed(forged)));
    let admitted: Admitted = clinic.compared_here(here, true).unwrap();
    assert_eq!(clinic.hand_over(admitted).unwrap_err().code, ErrorCode::NumbersDiffer);
    assert_eq!(handed_out(&server, &clinic), (before, 1));
    // And sends the newcomer a code of its own making.
    let awaited: Awaited = newcomer.compared_there(there, true).unwrap();
    let forged = vault::hpke_box::seal_to(&[9; 32], b"", b"ABCD", &mut entropy).unwrap();
    server.furnish(&lies(4, Message::Sealed(forged)));
    assert_eq!(newcomer.receive_code(awaited).unwrap_err().code, ErrorCode::NumbersDiffer);
}

/// A server that has a side's key and says it could not take it gets no second word heard: with that
/// key in hand, one could be made that brings the numbers together.
#[test]
fn what_was_heard_first_holds_also_where_an_answer_was_lost() {
    let server = Server::default();
    let (clinic, newcomer) = (clinic(&Station::new(&server)), App::new(Station::new(&server)));
    let begun = || {
        server.end_rooms();
        let admission = open(&clinic);
        let entrance = enter(&newcomer, &admission.code);
        let id = vault::room_code::RoomCode::parse(&admission.code).unwrap().derive_room_id();
        (admission, entrance, id)
    };
    let (admission, entrance, id) = begun();
    server.lose_room_answer();
    let admission = still(clinic.meet_joiner(admission));
    assert!(server.room().contains_key(&1), "the server has the clinic's key");
    let chosen = Joiner::make(id, &mut FixedEntropy::new(3));
    let lies = [Message::Commitment(chosen.commitment()), Message::Key(chosen.public())];
    server.furnish(&[0, 2].into_iter().zip(lies.map(|lie| lie.to_bytes())).collect());
    let admission = still(clinic.meet_joiner(admission));
    let told = clinic.meet_joiner(admission).unwrap_err();
    assert_eq!(told.code, ErrorCode::NumbersDiffer, "another commitment than the first");
    drop(entrance);

    let (admission, entrance, id) = begun();
    let admission = still(clinic.meet_joiner(admission));
    server.lose_room_answer();
    let entrance = still(newcomer.meet_admitter(entrance));
    let mut room = server.room();
    assert!(room.contains_key(&2), "the server has the newcomer's key");
    let chosen = Admitter::make(id, &mut FixedEntropy::new(3));
    room.insert(1, Message::Key(chosen.public()).to_bytes());
    server.furnish(&room);
    let there = came(newcomer.meet_admitter(entrance));
    let here = came(clinic.meet_joiner(admission));
    assert_eq!(here.number(), there.number(), "the clinic's key, and no other");
}

#[test]
fn a_key_that_was_not_committed_to_and_a_room_of_another_form_are_refused() {
    let server = Server::default();
    let (clinic, newcomer) = (clinic(&Station::new(&server)), App::new(Station::new(&server)));
    let check = |place: u8, bytes: Vec<u8>, code: ErrorCode, alarms: usize| {
        server.end_rooms();
        let admission = open(&clinic);
        let entrance = enter(&newcomer, &admission.code);
        let admission = still(clinic.meet_joiner(admission));
        let met = came(newcomer.meet_admitter(entrance));
        let mut room = server.room();
        room.insert(place, bytes);
        server.furnish(&room);
        assert_eq!(clinic.meet_joiner(admission).unwrap_err().code, code);
        assert_eq!(handed_out(&server, &clinic).1, alarms);
        drop(met);
    };
    check(2, vec![2, 2], ErrorCode::NewerVersion, 0);
    check(2, Message::Key([7; 32]).to_bytes(), ErrorCode::NumbersDiffer, 1);
    check(2, vec![1, 9], ErrorCode::NumbersDiffer, 1);
    check(2, Message::Differs.to_bytes(), ErrorCode::NumbersDiffer, 1);
}

#[test]
fn rooms_that_lead_nowhere_are_told() {
    let server = Server::default();
    let (clinic, newcomer) = (clinic(&Station::new(&server)), App::new(Station::new(&server)));
    let refused = |code: &str| newcomer.enter_room(code, URL, "").unwrap_err();
    assert_eq!(refused("ABCD-EFGH-JK").code, ErrorCode::BadCode, "mistyped");
    let admission = open(&clinic);
    let code = admission.code.clone();
    let other = open(&clinic).code;
    assert_ne!(code, other);
    server.end_rooms();
    let told = refused(&code);
    assert_eq!(told.code, ErrorCode::BadCode);
    assert!(told.detail.contains("no such room"), "{told}");
    assert_eq!(clinic.meet_joiner(admission).unwrap_err().code, ErrorCode::NotFound);
    let told = newcomer.enter_room(&code, "sync.test", "").unwrap_err();
    assert_eq!(told.code, ErrorCode::Invalid);
    // One comes first.
    let admission = open(&clinic);
    let first = enter(&newcomer, &admission.code);
    let late = App::new(Station::new(&server));
    let told = late.enter_room(&admission.code, URL, "").unwrap_err();
    assert_eq!(told.code, ErrorCode::BadCode);
    assert!(told.detail.contains("another computer"), "{told}");
    // A network that is away for a moment ends nothing.
    server.set_away(true);
    let (first, admission) = (newcomer.meet_admitter(first), clinic.meet_joiner(admission));
    let (first, admission) = (still(first), still(admission));
    server.set_away(false);
    let admission = still(clinic.meet_joiner(admission));
    let there = came(newcomer.meet_admitter(first));
    assert_eq!(there.number(), came(clinic.meet_joiner(admission)).number());
    // A computer of a clinic is no newcomer, and who is not signed in admits nobody.
    assert_eq!(clinic.enter_room(&code, URL, "").unwrap_err().code, ErrorCode::AlreadyExists);
    assert_eq!(newcomer.open_room(60).unwrap_err().code, ErrorCode::SignedOut);
}

/// How it stands at the window of the clinic, and at the newcomer's.
fn stand(met: &Windows) -> (AdmissionView, AdmissionView) {
    (call(&met.clinic, api::GetAdmission {}), call(&met.newcomer, api::GetEntrance {}))
}

/// A clinic and a newcomer, as their windows work them; each look is one by each of the hosts.
struct Windows {
    server: Server,
    stations: [Station; 2],
    clinic: App<Station>,
    newcomer: App<Station>,
}

impl Windows {
    fn new() -> Self {
        let server = Server::default();
        let stations = [Station::new(&server), Station::new(&server)];
        let (clinic, newcomer) = (clinic(&stations[0]), App::new(stations[1].clone()));
        Self { server, stations, clinic, newcomer }
    }

    fn meet(&self) -> String {
        let AdmissionView::Waiting { room, server, .. } = call(&self.clinic, api::OpenRoom {})
        else {
            panic!("the room is open");
        };
        let device_name = "Consulting room 2".to_owned();
        let enter = api::EnterRoom { room: room.to_lowercase(), server, device_name };
        let AdmissionView::Waiting { room: entered, .. } = call(&self.newcomer, enter) else {
            panic!("it is in the room");
        };
        assert_eq!(entered, room);
        self.look(3);
        let (AdmissionView::Comparing { number, name }, there) = stand(self) else {
            panic!("{:?}", stand(self));
        };
        assert_eq!(there, AdmissionView::Comparing { number: number.clone(), name: None });
        assert_eq!(name.as_deref(), Some("Consulting room 2"), "as it calls itself");
        number
    }

    fn look(&self, times: usize) {
        for _ in 0..times {
            assert!(self.clinic.look_into_rooms(), "{:?}", stand(self));
            assert!(self.newcomer.look_into_rooms(), "{:?}", stand(self));
        }
    }

    /// How often either window was told, since it was last asked.
    fn told(&self) -> [usize; 2] {
        self.stations.each_ref().map(|station| {
            let events = std::mem::take(&mut *station.desk.events.lock().unwrap());
            let is_of_it = |event: &Event| matches!(event, Event::Changed { topics, .. } if topics.contains(&Topic::Admission));
            events.iter().filter(|event| is_of_it(event)).count()
        })
    }
}

fn code_of(view: &AdmissionView) -> Option<ErrorCode> {
    match view {
        AdmissionView::Failed(error) => Some(error.code),
        _ => None,
    }
}

#[test]
fn two_windows_admit_a_computer_by_its_number() {
    let windows = Windows::new();
    let number = windows.meet();
    assert!(windows.told().iter().all(|told| *told >= 2), "it came, and is to be compared");
    windows.look(2);
    assert_eq!(windows.told(), [0, 0], "nothing is told while nothing is new");
    let early = api::JoinAdmitted { password: PASSWORD.into() };
    assert_eq!(refused(&windows.newcomer, early), ErrorCode::BadCode);
    call(&windows.newcomer, api::AnswerEntrance { same: true });
    windows.look(2);
    let (here, there) = stand(&windows);
    assert!(matches!(here, AdmissionView::Comparing { .. }), "one yes is none: {here:?}");
    assert_eq!(there, AdmissionView::Answered { number: number.clone() });
    let here = call(&windows.clinic, api::AnswerAdmission { same: true });
    assert_eq!(here, AdmissionView::Answered { number });
    assert!(!windows.clinic.look_into_rooms(), "the invitation is handed over");
    assert!(!windows.newcomer.look_into_rooms(), "and it has come");
    let admitted = AdmissionView::Admitted { name: Some("Consulting room 2".into()) };
    assert_eq!(stand(&windows), (admitted.clone(), admitted));
    assert_eq!(rows(&windows.clinic), ["administer success"]);
    // A password that is none costs nothing.
    let weak = api::JoinAdmitted { password: "weak".into() };
    assert_eq!(refused(&windows.newcomer, weak), ErrorCode::Invalid);
    call(&windows.newcomer, api::JoinAdmitted { password: PASSWORD.into() });
    synced(&windows.clinic);
    let devices = call(&windows.clinic, api::ListDevices {});
    assert!(devices.iter().any(|device| device.name == "Consulting room 2"), "{devices:?}");
    assert_eq!(call(&windows.newcomer, api::GetEntrance {}), AdmissionView::None);
    call(&windows.clinic, api::EndAdmission {});
    assert_eq!(call(&windows.clinic, api::GetAdmission {}), AdmissionView::None);
}

#[test]
fn a_no_at_one_window_ends_it_at_the_other_at_once() {
    let windows = Windows::new();
    for at_clinic in [true, false] {
        windows.server.end_rooms();
        windows.meet();
        let before = handed_out(&windows.server, &windows.clinic).0;
        if at_clinic {
            call(&windows.clinic, api::AnswerAdmission { same: false });
            assert!(!windows.newcomer.look_into_rooms());
        } else {
            call(&windows.newcomer, api::AnswerEntrance { same: false });
            assert!(!windows.clinic.look_into_rooms());
        }
        let (here, there) = stand(&windows);
        let differ = Some(ErrorCode::NumbersDiffer);
        assert_eq!((code_of(&here), code_of(&there)), (differ, differ), "{at_clinic}");
        assert_eq!(handed_out(&windows.server, &windows.clinic).0, before, "nothing");
        assert_eq!(handed_out(&windows.server, &windows.clinic).1, 1);
        // What was said too late changes nothing.
        call(&windows.clinic, api::AnswerAdmission { same: true });
        assert_eq!(code_of(&stand(&windows).0), differ);
    }
}

#[test]
fn what_is_under_way_ends_with_the_session_the_room_and_a_word() {
    let windows = Windows::new();
    windows.meet();
    call(&windows.clinic, api::Lock {});
    assert!(!windows.clinic.look_into_rooms());
    let clinic = &windows.clinic;
    call(clinic, api::SignIn { user_name: "ana".into(), password: PASSWORD.into() });
    assert_eq!(call(clinic, api::GetAdmission {}), AdmissionView::None);
    // The other side waits for nobody, and is told when the room ends.
    windows.server.end_rooms();
    assert!(!windows.newcomer.look_into_rooms());
    assert_eq!(code_of(&call(&windows.newcomer, api::GetEntrance {})), Some(ErrorCode::BadCode));
    call(&windows.newcomer, api::LeaveRoom {});
    assert_eq!(call(&windows.newcomer, api::GetEntrance {}), AdmissionView::None);
    // Where the server cannot be asked, the clock tells.
    windows.meet();
    windows.server.set_away(true);
    windows.look(1);
    windows.stations.iter().for_each(|station| station.desk.later(631_000));
    assert!(!windows.clinic.look_into_rooms() && !windows.newcomer.look_into_rooms());
    let (here, there) = stand(&windows);
    assert_eq!(
        (code_of(&here), code_of(&there)),
        (Some(ErrorCode::NotFound), Some(ErrorCode::NotFound))
    );
    // A room that cannot be opened is told to who asked; what came before it is over.
    assert_eq!(refused(clinic, api::OpenRoom {}), ErrorCode::Unreachable);
    assert_eq!(call(clinic, api::GetAdmission {}), AdmissionView::None);
}

/// A computer whose joining was cut off can begin anew in a room.
#[test]
fn a_joining_that_was_cut_off_gives_way_to_another_in_a_room() {
    let windows = Windows::new();
    let code = call(&windows.clinic, api::MakeDeviceCode {}).code;
    windows.server.spoil_next_push(server::Spoilt::Request);
    let device_name = "First".to_owned();
    let join = api::JoinClinic { code, device_name, password: PASSWORD.into() };
    assert_eq!(refused(&windows.newcomer, join), ErrorCode::Unreachable);
    windows.meet();
    call(&windows.newcomer, api::AnswerEntrance { same: true });
    call(&windows.clinic, api::AnswerAdmission { same: true });
    windows.newcomer.look_into_rooms();
    windows.clinic.look_into_rooms();
    windows.newcomer.look_into_rooms();
    call(&windows.newcomer, api::JoinAdmitted { password: PASSWORD.into() });
    synced(&windows.clinic);
    let devices = call(&windows.clinic, api::ListDevices {});
    let mut names: Vec<_> = devices.iter().map(|device| device.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(names, ["Consulting room 2", "Front desk"]);
}
