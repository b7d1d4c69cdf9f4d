//! What people do in the window, in the words the window uses.

use tests::process::wait_for;
use tests::window::Window;

/// The password of everyone in these tests.
pub const PASSWORD: &str = "seven green bicycles";

/// Creates a clinic on a computer that has none, and goes on to its first page.
pub fn create_clinic(window: &Window, server: Option<&str>) {
    window.see("Welcome to Fieldchart");
    window.press("Create a clinic");
    window.fill("Name of the clinic", "Hill Clinic");
    window.fill("Your name", "Dr Amina Diallo");
    window.fill("Name to sign in with", "amina");
    window.fill("Password", PASSWORD);
    window.fill("Password once more", PASSWORD);
    if let Some(server) = server {
        window.fill("Sync server", server);
    }
    window.submit("Create a clinic");
    window.see("Your recovery code");
}

/// Promises to have printed the recovery code, and goes on.
pub fn keep_recovery_code(window: &Window) {
    window.press("I have printed it or written it down");
    window.press("Go on");
    window.see("Hill Clinic");
}

/// Joins a clinic by a code, on a computer that has none.
pub fn join_clinic(window: &Window, code: &str, computer: &str) {
    window.see("Welcome to Fieldchart");
    window.press("Join a clinic");
    window.fill("Code", code);
    window.fill("Name for this computer", computer);
    window.fill("Password", PASSWORD);
    window.submit("Join a clinic");
    window.see("Hill Clinic");
}

/// Signs in.
pub fn sign_in(window: &Window) {
    window.see("Sign in");
    window.fill("Password", PASSWORD);
    window.submit("Sign in");
    window.see("Hill Clinic");
}

/// Registers a patient, whose chart opens.
pub fn register(window: &Window, family: &str, given: &str, born: &str) {
    window.press("New patient");
    window.fill("Family name", family);
    window.fill("Given names", given);
    window.choose("Sex", "Female");
    window.fill("Born", born);
    window.submit("Register");
    window.see_part("banner", &family.to_uppercase());
}

/// Finds a patient by a name and opens the chart.
pub fn open_chart(window: &Window, family: &str) {
    window.press("Patients");
    window.fill("Find a patient by name", family);
    window.press(&family.to_uppercase());
    window.see_part("banner", &family.to_uppercase());
}

/// Records that a substance must not be given.
pub fn record_allergy(window: &Window, substance: &str) {
    window.press("Add an allergy");
    window.fill("Substance", substance);
    window.choose("How dangerous", "high risk");
    window.submit("Record allergy");
    window.see_part("allergies", substance);
}

/// How a medicine is taken, as it is typed.
pub struct Dosage {
    pub dose: &'static str,
    pub unit: &'static str,
    pub times: &'static str,
}

/// Records a medicine.
pub fn record_medicine(window: &Window, name: &str, dosage: &Dosage) {
    window.press("Add a medicine");
    window.fill("Medicine", name);
    fill_dosage(window, dosage);
    window.submit("Record medicine");
    window.see_part("medications", name);
}

/// Changes how a medicine is taken.
pub fn change_dosage(window: &Window, name: &str, dosage: &Dosage) {
    window.press(&format!("Change the dose of {name}"));
    window.see("From now on");
    fill_dosage(window, dosage);
    window.submit("Change dose");
    window.see_no("From now on");
}

fn fill_dosage(window: &Window, dosage: &Dosage) {
    window.fill("Dose", dosage.dose);
    window.fill("Unit", dosage.unit);
    window.fill("Route", "oral");
    window.fill("Times", dosage.times);
}

/// Exchanges with the server and waits until an exchange has gone through since.
pub fn sync(window: &Window) {
    let before = last_exchange(window);
    window.press("Sync");
    window.press("Sync now");
    window.see("Connected");
    wait_for("an exchange with the server", || (last_exchange(window) > before).then_some(()));
}

/// When the last exchange went through, in milliseconds since 1970.
fn last_exchange(window: &Window) -> Option<i64> {
    let state = window.ask_later(
        "const done = arguments[arguments.length - 1];
         window.__TAURI_INTERNALS__.invoke('dispatch', { name: 'get-sync-state', payload: {} })
           .then((state) => done(state.lastSuccess), () => done(null));",
    );
    state.as_i64()
}
