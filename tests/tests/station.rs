//! A computer of a clinic in the test's own process: the use-cases over a real store and the real
//! ways out, with a clock that can be set.
#![allow(
    clippy::expect_used,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use api::{AlarmKind, Command, Event, Origin, SyncPhase, SyncView};
use app::{App, Host};
use clinical::{AllergyDraft, Chart, Instant, MedicationDraft, PatientDraft, PatientId, UtcOffset};
use sync::{
    carrier::Carrier,
    ids::{ServerPin, VerifyKey},
    session::Failure,
    signing::Signer,
};
use tests::{
    computer::{Computer as Copied, PASSWORD},
    scene::Scene,
};
use vault::{KeyringPort, stretch::StretchParams};

/// A day, in milliseconds.
pub(crate) const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// This computer, with a clock that may be wrong.
pub(crate) struct Clocked {
    computer: host::Computer,
    ahead_ms: Arc<AtomicI64>,
}

impl Host for Clocked {
    fn now(&self) -> Instant {
        let ahead_ms = self.ahead_ms.load(Ordering::SeqCst);
        Instant::from_unix_ms(self.computer.now().unix_ms() + ahead_ms)
    }

    fn utc_offset(&self, at: Instant) -> UtcOffset {
        self.computer.utc_offset(at)
    }

    fn fill_random(&self, bytes: &mut [u8]) {
        self.computer.fill_random(bytes);
    }

    fn keyring(&self) -> &dyn KeyringPort {
        self.computer.keyring()
    }

    fn stretching(&self) -> StretchParams {
        StretchParams::FLOOR
    }

    fn directory(&self) -> &Path {
        self.computer.directory()
    }

    fn device_name(&self) -> String {
        self.computer.device_name()
    }

    fn connect(&self, url: &str, pin: ServerPin) -> Result<Box<dyn Carrier>, Failure> {
        self.computer.connect(url, pin)
    }

    fn connect_peer(
        &self,
        address: &str,
        signer: Arc<dyn Signer + Send + Sync>,
        known: Vec<VerifyKey>,
    ) -> Result<(VerifyKey, Box<dyn Carrier>), Failure> {
        self.computer.connect_peer(address, signer, known)
    }

    fn emit(&self, event: Event) {
        self.computer.emit(event);
    }
}

/// A computer, whether its program runs or not.
pub(crate) struct Station {
    name: String,
    store: PathBuf,
    ahead_ms: Arc<AtomicI64>,
    app: Option<App<Clocked>>,
}

impl Station {
    /// A computer without a store.
    pub(crate) fn new(name: &str, store: PathBuf) -> Self {
        let mut station =
            Self { name: name.to_owned(), store, ahead_ms: Arc::default(), app: None };
        station.start();
        station
    }

    /// A clinic made on the computer `name`, with the server at `address`.
    pub(crate) fn found(scene: &Scene, name: &str, address: &str) -> Self {
        let station = Self::new(name, scene.store(name));
        station.call(api::CreateClinic {
            clinic_name: "Lakeside".to_owned(),
            user_name: "ana".to_owned(),
            name: "Dr Ana Reyes".to_owned(),
            password: PASSWORD.to_owned(),
            device_name: Some(name.to_owned()),
            server: Some(address.to_owned()),
        });
        station
    }

    /// Another computer that joins the clinic.
    pub(crate) fn joined(&self, scene: &Scene, name: &str) -> Self {
        Self::joined_by(scene, name, self.code())
    }

    /// The code that lets another computer in.
    pub(crate) fn code(&self) -> String {
        self.call(api::MakeDeviceCode {}).code
    }

    /// Another computer that joins by a code.
    pub(crate) fn joined_by(scene: &Scene, name: &str, code: String) -> Self {
        let station = Self::new(name, scene.store(name));
        let (device_name, password) = (name.to_owned(), PASSWORD.to_owned());
        station.call(api::JoinClinic { code, device_name, password });
        station
    }

    /// Two computers of one clinic that know of each other.
    pub(crate) fn two(scene: &Scene, address: &str) -> [Self; 2] {
        let a = Self::found(scene, "Front desk", address);
        let b = a.joined(scene, "Consulting room 2");
        a.synced();
        [a, b]
    }

    /// Starts the program, before anybody signs in.
    fn start(&mut self) {
        let computer = host::Computer::new(self.store.clone(), Box::new(|_| {})).without_keyring();
        self.app = Some(App::new(Clocked { computer, ahead_ms: Arc::clone(&self.ahead_ms) }));
    }

    /// Starts the program and signs in.
    pub(crate) fn open(&mut self) {
        self.start();
        let (user_name, password) = ("ana".to_owned(), PASSWORD.to_owned());
        self.call(api::SignIn { user_name, password });
    }

    /// Ends the program.
    pub(crate) fn close(&mut self) {
        self.app = None;
    }

    /// Ends the program and copies the store.
    pub(crate) fn copy_to(&mut self, folder: &Path) {
        self.close();
        self.files().copy_to(folder);
    }

    /// Ends the program, puts a copy in the place of the store and starts again.
    pub(crate) fn put_back(&mut self, folder: &Path) {
        self.close();
        self.files().put_back(folder);
        self.open();
    }

    fn files(&self) -> Copied {
        Copied::new(&self.name, &self.store)
    }

    /// The folder of the store.
    pub(crate) fn folder(&self) -> &Path {
        &self.store
    }

    /// The use-cases.
    pub(crate) fn app(&self) -> &App<Clocked> {
        self.app.as_ref().expect("its program runs")
    }

    /// Sets the clock, in milliseconds ahead of the true time.
    pub(crate) fn set_ahead(&self, ms: i64) {
        self.ahead_ms.store(ms, Ordering::SeqCst);
    }

    /// The time by its clock.
    pub(crate) fn now(&self) -> Instant {
        let truly = host::Computer::new(self.store.clone(), Box::new(|_| {})).now().unix_ms();
        Instant::from_unix_ms(truly + self.ahead_ms.load(Ordering::SeqCst))
    }

    /// Carries out a command that must succeed.
    pub(crate) fn call<C: Command>(&self, command: C) -> C::Reply {
        let told = self.app().call(command, Origin::Host);
        told.unwrap_or_else(|error| panic!("{} on {}: {error}", C::NAME, self.name))
    }

    /// How the sync stands.
    pub(crate) fn sync_state(&self) -> SyncView {
        self.call(api::GetSyncState {})
    }

    /// Syncs, however it goes.
    pub(crate) fn sync(&self) -> SyncView {
        self.call(api::SyncNow {})
    }

    /// Syncs; everything is sent, nothing is set aside.
    pub(crate) fn synced(&self) -> SyncView {
        let view = self.sync();
        let counts = (view.to_send, view.quarantined);
        assert_eq!((&view.phase, counts), (&SyncPhase::Idle, (0, 0)), "{}: {view:?}", self.name);
        view
    }

    /// Syncs; answers the alarms that were raised by it.
    pub(crate) fn alarmed(&self) -> (SyncView, Vec<AlarmKind>) {
        let before = self.now();
        let view = self.sync();
        let raised = view.alarms.iter().filter(|raised| raised.at >= before);
        let raised = raised.map(|raised| raised.alarm.clone()).collect();
        (view, raised)
    }

    /// Registers somebody of this family.
    pub(crate) fn register(&self, family: &str) -> PatientId {
        self.call(api::RegisterPatient { draft: person(family) })
    }

    /// Records an allergy.
    pub(crate) fn allergy(&self, patient: PatientId, substance: &str) {
        let draft = AllergyDraft { substance: substance.to_owned(), ..AllergyDraft::default() };
        self.call(api::RecordAllergy { patient, draft });
    }

    /// The chart.
    pub(crate) fn chart(&self, patient: PatientId) -> Chart {
        self.call(api::OpenChart { patient }).chart
    }

    /// The substances of a chart's allergies.
    pub(crate) fn substances(&self, patient: PatientId) -> BTreeSet<String> {
        let chart = self.chart(patient);
        chart.allergies.iter().map(|allergy| allergy.code.label().to_owned()).collect()
    }

    /// Checks the store to the end.
    pub(crate) fn must_be_sound(&self) {
        assert!(self.app().check().expect("the check runs").sound, "{}", self.name);
    }
}

/// Each syncs in turn.
pub(crate) fn settle<'a>(stations: impl IntoIterator<Item = &'a Station>) {
    for station in stations {
        station.synced();
    }
}

/// Somebody of this family.
pub(crate) fn person(family: &str) -> PatientDraft {
    PatientDraft {
        family: family.to_owned(),
        given: "Grace".to_owned(),
        birth_date: "1980-03-14".to_owned(),
        ..PatientDraft::default()
    }
}

/// A medicine in milligrams.
pub(crate) fn medicine(name: &str, dose: &str, frequency: &str) -> MedicationDraft {
    MedicationDraft {
        medication: name.to_owned(),
        dose: dose.to_owned(),
        unit: "mg".to_owned(),
        frequency: frequency.to_owned(),
        ..MedicationDraft::default()
    }
}
