//! A clinic's computers, its server, another clinic, and how they meet.

use super::computers::Twins;
use super::happened::{Deed, Happened};
use super::model::{Fact, Held, Record};
use crate::exchange::{Lan, Server, Station, clinic, hilltop, join, server::State};
use crate::support::{call, random::Random};
use api::{ApiError, Command, ErrorCode, Hold, Origin, SyncPhase};
use app::{App, NewBundle};
use clinical::PatientId;
use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};
use tempfile::TempDir;
use uuid::Uuid;

pub(super) const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// The clinic has no more computers.
const PLACES_MAX: usize = 4;

/// What happens beside the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Faults {
    /// A computer holds a part of the clinic.
    pub(super) part: bool,
    /// Computers are put back from copies.
    pub(super) restored: bool,
    /// The server is put back from a copy.
    pub(super) rolled_back: bool,
}

/// What lies in a folder.
pub(super) type Files = Vec<(PathBuf, Vec<u8>)>;

/// A computer, and what it holds at least.
pub(super) struct Place {
    pub(super) station: Station,
    program: Option<Arc<App<Station>>>,
    pub(super) name: String,
    pub(super) held: Held,
    /// What the server held when they last met.
    pub(super) read: Held,
    copy: Option<(Files, Held, Held)>,
}

impl Place {
    pub(super) fn app(&self) -> &App<Station> {
        self.program.as_ref().unwrap()
    }

    /// Whether it holds a part, and may lack any chart.
    pub(super) fn is_part(&self) -> bool {
        call(self.app(), api::GetSyncState {}).coming.is_some()
    }

    /// What was copied of it is gone.
    pub(super) fn forget_copy(&mut self) {
        self.copy = None;
    }
}

pub(super) struct World {
    pub(super) random: Random,
    pub(super) faults: Faults,
    pub(super) places: Vec<Place>,
    pub(super) record: Record,
    /// A clinic that charts are given to and come back from.
    pub(super) hilltop: App<Station>,
    pub(super) server: Server,
    pub(super) lan: Lan,
    pub(super) stick: TempDir,
    /// What the server holds at least.
    at_server: Held,
    server_copy: Option<(State, Held)>,
    pub(super) later_ms: i64,
    pub(super) words: u32,
    /// How many computers there ever were.
    places_made: u32,
    /// Two that work with the same keys.
    pub(super) twins: Option<Twins>,
    pub(super) happened: Happened,
}

impl World {
    pub(super) fn new(seed: u64, faults: Faults) -> Self {
        // Of two seeds that follow one another the second draws what the first does, but for one: the
        // histories would soon be one and the same.
        let mut random = Random::new(Random::new(seed).next());
        let (server, lan) = (Server::default(), Lan::default());
        let first = station(&server, &lan, &mut random);
        let program = clinic(&first);
        let hilltop = hilltop(station(&Server::default(), &lan, &mut random));
        let mut world = Self {
            random,
            faults,
            places: Vec::new(),
            record: Record::default(),
            hilltop,
            server,
            lan,
            stick: tempfile::tempdir().unwrap(),
            at_server: Held::default(),
            server_copy: None,
            later_ms: 0,
            words: 0,
            places_made: 0,
            twins: None,
            happened: Happened::default(),
        };
        world.settle(first, program);
        world.join();
        if faults.part {
            world.begin_with_a_part();
        } else {
            world.join();
        }
        // What made the clinic is of every history.
        world.happened = Happened::default();
        world
    }

    /// Charts of long ago, some of today, a floor under them, and a computer that holds what is in
    /// use.
    fn begin_with_a_part(&mut self) {
        self.server.give_small_pages(2000);
        for _ in 0..4 {
            self.register(0);
        }
        self.exchange(0);
        self.later(100);
        self.register(0);
        for at in [0, 1, 0] {
            self.exchange(at);
        }
        self.make_floor(0);
        for at in [0, 1, 0] {
            self.exchange(at);
        }
        self.join_in_part();
        let [coming, view] = [2, 2].map(|at| call(self.app(at), api::GetSyncState {}));
        assert!(coming.coming.is_some_and(|coming| coming.by_choice), "{view:?}");
    }

    pub(super) fn app(&self, at: usize) -> &App<Station> {
        self.places[at].app()
    }

    /// Carries out a command that may be refused for one of these reasons.
    pub(super) fn attempt<C: Command>(
        &self,
        at: usize,
        command: C,
        codes: &[ErrorCode],
    ) -> Option<C::Reply> {
        match self.app(at).call(command, Origin::Host) {
            Ok(reply) => Some(reply),
            Err(error) => {
                assert!(codes.contains(&error.code), "{} at {at}: {error:?}", C::NAME);
                None
            }
        }
    }

    pub(super) fn path(&mut self, what: &str) -> PathBuf {
        self.words += 1;
        self.stick.path().join(format!("{what}-{}", self.words))
    }

    /// A computer joins and is to hold what is in use: the line breaks before anything has come.
    fn join_in_part(&mut self) {
        self.join_cut_after(1);
        let at = self.places.len() - 1;
        call(self.app(at), api::SetHold { hold: Hold::InUse });
        self.exchange(at);
    }

    /// A computer joins, where there is room.
    pub(super) fn join(&mut self) {
        if self.has_room() {
            self.exchange(0);
            self.join_cut_after(usize::MAX);
            self.happened.note(Deed::Joined);
        }
    }

    /// Whether the clinic may have another computer.
    pub(super) const fn has_room(&self) -> bool {
        self.places.len() < PLACES_MAX
    }

    fn join_cut_after(&mut self, answers: usize) {
        let station = station(&self.server, &self.lan, &mut self.random);
        station.desk.later(self.later_ms);
        let code = call(self.app(0), api::MakeDeviceCode {}).code;
        self.server.cut_after(answers);
        let program = join(&station, code);
        self.mend_the_line();
        let at = self.places.len();
        self.settle(station, program);
        self.take_from_server(at);
    }

    /// A computer is of the clinic from now on.
    pub(super) fn settle(&mut self, station: Station, program: App<Station>) {
        self.places_made += 1;
        let name = format!("place-{}", self.places_made);
        let (held, read) = (Held::default(), Held::default());
        self.places.push(Place { station, program: None, name, held, read, copy: None });
        self.open(self.places.len() - 1, program);
    }

    /// Its program is at work from now on.
    pub(super) fn open(&mut self, at: usize, program: App<Station>) {
        let key = self.lan.key_of(&program);
        let (place, program) = (&mut self.places[at], Arc::new(program));
        self.lan.serve(&place.name, &program, key);
        place.program = Some(program);
    }

    /// The program ends.
    pub(super) fn close(&mut self, at: usize) {
        let place = &mut self.places[at];
        self.lan.switch_off(&place.name);
        let program = place.program.take().unwrap();
        assert_eq!(Arc::strong_count(&program), 1);
    }

    /// The program ends, and begins anew.
    pub(super) fn restart(&mut self, at: usize) {
        self.close(at);
        let program = self.places[at].station.sign_in();
        self.open(at, program);
    }

    /// Copies what a computer has on its disk, or puts back what was copied.
    pub(super) fn copy_or_restore(&mut self, at: usize) {
        self.close(at);
        let place = &mut self.places[at];
        let folder = place.station.desk.path().to_owned();
        match place.copy.take() {
            None => {
                let files = files_under(&folder);
                place.copy = Some((files, place.held.clone(), place.read.clone()));
            }
            Some((files, held, read)) => {
                for (path, _) in files_under(&folder) {
                    std::fs::remove_file(path).unwrap();
                }
                for (path, bytes) in files {
                    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
                    std::fs::write(path, bytes).unwrap();
                }
                (place.held, place.read) = (held, read);
                self.happened.note(Deed::PutBack);
            }
        }
        let program = self.places[at].station.sign_in();
        self.open(at, program);
    }

    /// Copies what the server has, or puts back what was copied.
    pub(super) fn copy_or_restore_server(&mut self) {
        match self.server_copy.take() {
            None => self.server_copy = Some((self.server.state(), self.at_server.clone())),
            Some((state, held)) => {
                self.server.stand(state);
                self.at_server = held;
                self.happened.note(Deed::ServerPutBack);
            }
        }
    }

    /// So many days pass.
    pub(super) fn later(&mut self, days: i64) {
        self.happened.note(Deed::Passed);
        let ms = days * DAY_MS;
        self.later_ms += ms;
        self.server.later(ms);
        self.hilltop.host().desk.later(ms);
        self.places.iter().for_each(|place| place.station.desk.later(ms));
    }

    /// A computer exchanges with the server, which must go well.
    pub(super) fn exchange(&mut self, at: usize) -> bool {
        let view = call(self.app(at), api::SyncNow {});
        assert_eq!(view.phase, SyncPhase::Idle, "place {at}: {view:?}");
        self.app(at).carry_files().unwrap();
        self.at_server.add(&self.places[at].held);
        self.take_from_server(at);
        self.check_what_is_read(at);
        self.answer_about_a_copy(at);
        view.sent + view.received > 0
    }

    /// The line is cut after so many answers.
    pub(super) fn exchange_cut(&mut self, at: usize, answers: usize) {
        self.server.cut_after(answers);
        let view = call(self.app(at), api::SyncNow {});
        let is_whole = view.phase == SyncPhase::Idle;
        assert!(is_whole || matches!(view.phase, SyncPhase::Failed(_)), "{view:?}");
        self.server.cut_after(usize::MAX);
        if is_whole {
            self.exchange(at);
        } else {
            self.happened.note(Deed::CutOff);
        }
        self.check_what_is_read(at);
    }

    /// A computer holds what the server does, or what it can be seen to hold of it.
    fn take_from_server(&mut self, at: usize) {
        let given = Held { facts: self.at_server.facts.clone(), files: BTreeSet::new() };
        self.take(at, &given);
        self.places[at].read = given;
    }

    /// A computer holds what another gave it.
    pub(super) fn take(&mut self, at: usize, given: &Held) {
        if self.places[at].is_part() {
            let here = self.readable(at);
            self.places[at].held.facts.extend(here);
        } else {
            self.places[at].held.add(given);
        }
    }

    /// What can be read at a computer.
    fn readable(&self, at: usize) -> BTreeSet<Fact> {
        let app = self.app(at);
        let mut facts = BTreeSet::new();
        for patient in &self.record.people {
            let Ok(view) = app.call(api::OpenChart { patient: *patient }, Origin::Host) else {
                continue;
            };
            facts.insert(Fact::Registered(*patient));
            let known = |id: &Uuid| Some(Fact::Entry(*self.record.chart_of.get(id)?, *id));
            facts.extend(ids(&view.chart).iter().filter_map(known));
        }
        let erased = call(app, api::ListErased {});
        facts.extend(erased.iter().map(|one| Fact::Erased(one.patient)));
        facts
    }

    /// One computer meets another, which answers.
    pub(super) fn meet(&mut self, at: usize, other: usize) {
        if at == other {
            return;
        }
        let name = self.places[other].name.clone();
        if let Err(error) = self.app(at).meet_peer(&name) {
            self.check_why_not_met(&error);
            return;
        }
        self.happened.note(Deed::Met);
        let mut both = self.places[at].held.clone();
        both.add(&self.places[other].held);
        both.files.clear();
        for one in [at, other] {
            self.take(one, &both);
            self.check_what_is_read(one);
        }
    }

    /// One of them has not heard of the other; or what one entered in the list of computers went with
    /// a server that was put back, and another entered something else: a server ends that.
    fn check_why_not_met(&mut self, error: &ApiError) {
        if error.code == ErrorCode::ServerMisbehaves && self.happened.has(Deed::ServerPutBack) {
            self.happened.note(Deed::ListsParted);
        } else {
            assert_eq!(error.code, ErrorCode::ServerNotTrusted, "{error}");
        }
    }

    /// A stick with all of one computer is read at another.
    pub(super) fn carry(&mut self, from: usize, to: usize) {
        if from == to {
            return;
        }
        let new = NewBundle { out: self.path("bundle"), only_for: None };
        self.app(from).write_bundle(&new, |_, _| {}).unwrap();
        let taken = self.app(to).read_bundle(&new.out, |_, _| {}).unwrap();
        assert_eq!(taken.ended, api::BundleEnded::Whole);
        self.happened.note(Deed::Carried);
        let given = Held { files: BTreeSet::new(), ..self.places[from].held.clone() };
        self.take(to, &given);
        self.check_what_is_read(to);
    }

    /// A computer covers the log, where it can now.
    pub(super) fn make_floor(&mut self, at: usize) {
        match self.app(at).make_floor() {
            Ok(_) => self.happened.note(Deed::Covered),
            Err(error) => assert_eq!(error.code, ErrorCode::Changed, "place {at}: {error}"),
        }
    }

    /// The server cuts no line any more.
    pub(super) fn mend_the_line(&self) {
        self.server.cut_after(usize::MAX);
    }

    /// Whether anything of a chart is known to be anywhere.
    pub(super) fn everywhere(&self) -> Held {
        let mut all = self.at_server.clone();
        self.places.iter().for_each(|place| all.add(&place.held));
        all
    }

    /// Somebody whose chart this computer names and does not hold.
    pub(super) fn is_elsewhere(&self, at: usize, patient: PatientId) -> bool {
        let hits = call(self.app(at), api::FindPatients { query: "amina".into(), limit: 99 });
        hits.iter().any(|hit| hit.patient == patient && hit.elsewhere)
    }
}

/// The entries of a chart that these tests write.
pub(super) fn ids(chart: &clinical::Chart) -> BTreeSet<Uuid> {
    let allergies = chart.allergies.iter().map(|it| it.id.uuid());
    let medicines = chart.medications.iter().map(|it| it.id.uuid());
    let documents = chart.documents.iter().map(|it| it.id.uuid());
    allergies.chain(medicines).chain(documents).collect()
}

/// A computer that nobody has begun to work with.
pub(super) fn station(server: &Server, lan: &Lan, random: &mut Random) -> Station {
    let station = Station { lan: lan.clone(), ..Station::new(server) };
    station.desk.draw_from(random.next());
    station
}

/// What lies in a folder.
pub(super) fn files_under(folder: &Path) -> Files {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.file_type().unwrap().is_dir() {
            files.extend(files_under(&entry.path()));
        } else {
            files.push((entry.path(), std::fs::read(entry.path()).unwrap()));
        }
    }
    files
}
