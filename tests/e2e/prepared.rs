//! Clinics made through the command line, where a window is only to look at them.

use serde_json::json;
use tests::computer::{Computer, text};
use tests::scene::Scene;
use tests::server::SyncServer;
use tests::window::Window;

use crate::acts;

/// Two computers of a clinic that have met and disagree: on a dose, and on whether a patient who
/// must not have penicillin is given amoxicillin.
pub struct Disputed {
    pub scene: Scene,
    pub server: SyncServer,
}

impl Disputed {
    pub fn new(name: &str) -> Self {
        let scene = Scene::new(name);
        let server = scene.server();
        let here = Computer::of(&scene, "a");
        here.found_clinic(Some(server.address()));
        let patient = here.register(&json!({
            "family": "Okello", "given": "Grace", "gender": "female", "birthDate": "1980-03-14",
            "phone": "+256 700 123456", "city": "Amolatar", "identifier": "CLN-88417",
        }));
        let on = Some(patient.as_str());
        let order =
            json!({ "medication": "amlodipine", "dose": "5", "unit": "mg", "frequency": "1" });
        let medication = text(&here.record("medication", on, &order), "/entries/0/id");
        here.json(&["sync"]);
        let there = Computer::of(&scene, "b");
        there.join(&text(&here.json(&["device", "code"]), "/code"));
        let dosage = |dose: &str, times: &str| {
            let dosage = json!({ "dose": dose, "unit": "mg", "frequency": times });
            json!({ "medication": medication, "dosage": dosage })
        };
        let allergy = json!({
            "substance": "penicillin", "reaction": "rash, fever", "criticality": "high",
            "note": "As a child.",
        });
        here.record("allergy", on, &allergy);
        here.record("dosage", on, &dosage("10", "1"));
        here.record("condition", on, &json!({ "problem": "Hypertension", "onset": "2019" }));
        here.record("vitals", on, &json!({ "values": { "systolic": "150", "diastolic": "95" } }));
        let amoxicillin =
            json!({ "medication": "amoxicillin", "dose": "500", "unit": "mg", "frequency": "3" });
        there.record("medication", on, &amoxicillin);
        there.record("dosage", on, &dosage("5", "2"));
        let note = json!({ "section": "subjective", "text": "Sore throat for three days." });
        there.record("note", on, &note);
        there.record("signature", on, &json!({}));
        for computer in [&here, &there, &here] {
            computer.json(&["sync"]);
        }
        Self { scene, server }
    }

    /// The window of this computer, signed in.
    pub fn open(&self) -> Window {
        self.open_speaking("en")
    }

    /// The same in the language of a tag.
    pub fn open_speaking(&self, tag: &str) -> Window {
        let window = self.scene.open_speaking("a", tag);
        acts::enter(&window, tests::computer::PASSWORD, "Lakeside");
        window
    }
}
