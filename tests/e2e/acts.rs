//! What people do in the window, in the words the window uses.

use fantoccini::key::Key;
use serde_json::json;
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
    keep_recovery_code_of(window, "Hill Clinic");
}

/// The same, of another clinic.
pub fn keep_recovery_code_of(window: &Window, clinic: &str) {
    window.press("I have printed it or written it down");
    window.press("Go on");
    window.see(clinic);
}

/// Joins a clinic by a code, on a computer that has none.
pub fn join_clinic(window: &Window, code: &str, computer: &str) {
    window.see("Welcome to Fieldchart");
    window.press("Join a clinic");
    window.fill("Code", code);
    window.fill("Name for this computer", computer);
    window.fill("Password", PASSWORD);
    window.fill("Password once more", PASSWORD);
    window.submit("Join a clinic");
    // First it says whose password that is.
    window.see("You will be");
    window.submit("Join as this person");
    window.see_no("You will be");
    if window.see_one_of(&["Your recovery code", "Hill Clinic"]) == "Your recovery code" {
        keep_recovery_code(window);
    }
}

/// Makes a code that lets one more computer join.
pub fn device_code(window: &Window) -> String {
    window.press("Sync");
    window.submit("Make a code");
    window.see("Works until");
    shown_code(window)
}

/// The code that is on screen.
pub fn shown_code(window: &Window) -> String {
    let code = window.texts(".recovery-code code").pop().unwrap_or_default();
    assert!(code.len() > 20, "{code:?} is no code");
    code
}

/// Signs in.
pub fn sign_in(window: &Window) {
    enter(window, PASSWORD, "Hill Clinic");
}

/// Signs in to a clinic with a password.
pub fn enter(window: &Window, password: &str, clinic: &str) {
    window.see("Sign in");
    window.fill("Password", password);
    window.submit("Sign in");
    window.see(clinic);
}

/// Registers a patient, whose chart opens.
pub fn register(window: &Window, family: &str, given: &str, born: &str) {
    begin_patient(window, family, given, born);
    window.submit("Register");
    window.see_part("banner", &family.to_uppercase());
}

/// Registers the patient of the story with everything a form asks for.
pub fn register_grace(window: &Window) {
    begin_patient(window, "Okello", "Grace Akinyi", "1980-03-14");
    window.fill("Telephone", "+256 700 998877");
    window.fill("Village or town", "Namokora");
    window.fill("Number", "HC-88417");
    window.submit("Register");
    window.see_part("banner", "OKELLO");
}

fn begin_patient(window: &Window, family: &str, given: &str, born: &str) {
    window.press("New patient");
    window.fill("Family name", family);
    window.fill("Given names", given);
    window.choose("Sex", "Female");
    window.fill("Born", born);
}

/// Finds a patient by a name and opens the chart.
pub fn open_chart(window: &Window, family: &str) {
    window.press("Patients");
    window.fill("Find a patient by name", family);
    window.press(&family.to_uppercase());
    window.see_part("banner", &family.to_uppercase());
}

/// Finds who has come by the key of the desk; the reason is asked for next.
pub fn arrive(window: &Window, typed: &str, who: &str) {
    window.shortcut(Key::Control, 'i');
    window.see_focus("#arrive");
    window.keys(typed);
    window.see(who);
    window.key(Key::Return);
    window.see_focus("#arrival-reason");
}

/// Checks in who has come, for a reason.
pub fn check_in(window: &Window, typed: &str, who: &str, reason: &str) {
    arrive(window, typed, who);
    window.keys(reason);
    window.key(Key::Return);
    window.see_part("waiting", reason);
}

/// Records that a substance must not be given, what it did, and a note.
pub fn record_allergy(window: &Window, substance: &str, [reaction, note]: [&str; 2]) {
    window.press("Add an allergy");
    window.fill("Substance", substance);
    window.choose("How dangerous", "high risk");
    window.fill("Reaction", reaction);
    window.fill("Note", note);
    window.submit("Record allergy");
    window.see_part("allergies", substance);
}

/// Records a problem with a note.
pub fn record_problem(window: &Window, problem: &str, note: &str) {
    window.press("Add a problem");
    window.fill("Problem", problem);
    window.fill("Note", note);
    window.submit("Record problem");
    window.see_part("problems", problem);
}

/// How a medicine is taken, as it is typed.
pub struct Dosage {
    pub dose: &'static str,
    pub times: &'static str,
    pub instruction: &'static str,
}

/// Opens the form of a medicine with its fields.
pub fn add_medicine(window: &Window) {
    window.press("Add a medicine");
    window.press("All fields");
}

/// Records a medicine, what it is for, and a note.
pub fn record_medicine(window: &Window, name: &str, dosage: &Dosage, [reason, note]: [&str; 2]) {
    add_medicine(window);
    window.fill("Medicine", name);
    fill_dosage(window, dosage);
    window.fill("For", reason);
    window.fill("Note", note);
    window.submit("Record medicine");
    window.see_part("medications", &clinical::display::tall_man(name));
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
    window.fill("Unit", "mg");
    window.fill("Route", "by mouth");
    window.fill("Times", dosage.times);
    window.fill("Instruction", dosage.instruction);
}

/// Exchanges with the server and waits until an exchange has gone through since.
pub fn sync(window: &Window) {
    let before = last_exchange(window);
    window.press("Sync");
    window.press("Sync now");
    window.see("Nothing going on");
    wait_for("an exchange with the server", || (last_exchange(window) > before).then_some(()));
}

/// When the last exchange went through, in milliseconds since 1970.
fn last_exchange(window: &Window) -> Option<i64> {
    let state = window.dispatch("get-sync-state", &json!({})).ok()?;
    state["lastSuccess"].as_i64()
}
