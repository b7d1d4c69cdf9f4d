//! The pictures of the user's guide: the tasks of a day, each as it is worked.

use fantoccini::key::Key;

use tests::computer::PASSWORD;

use crate::acts;
use crate::prepared::Disputed;

#[test]
fn every_task_of_the_guide_has_its_picture() {
    let clinic = Disputed::new("guide");
    let window = clinic.scene.open("new");
    window.press("Create a clinic");
    window.see("Password");
    window.picture_for_guide("begin");
    drop(window.kill());

    let window = clinic.scene.open("a");
    window.see("Sign in");
    window.picture_for_guide("sign-in");
    acts::enter(&window, PASSWORD, "Lakeside");
    let tab = char::from(Key::Tab);

    window.shortcut(Key::Control, 'n');
    window.see_focus("#patient-family");
    window.keys(&format!("Okelo{tab}Grace{tab}"));
    window.fill("Born", "14/3/1980");
    window.see("OKELLO, Grace");
    window.picture_for_guide("register");
    window.press("Close");

    window.shortcut(Key::Control, '0');
    acts::check_in(&window, "okello", "OKELLO, Grace", "headache");
    window.picture_for_guide("today");

    window.shortcut(Key::Control, '0');
    window.see_focus(".today .row");
    window.key(Key::Return);
    window.see_focus("#vitals-systolic");
    window.keys(&format!("138{tab}86{tab}72"));
    window.key(Key::Return);
    window.see_part("visit-signs", "138/86 mmHg");
    window.see_focus("#note-subjective");
    window
        .keys(&format!("Headache in the mornings.{tab}Alert, no fever.{tab}Pressure still high."));
    window.see_part("saved-state", "Kept on this computer");
    window.picture_for_guide("visit");

    window.key(Key::F4);
    window.see_focus("#prescription-sentence");
    window.keys("para 1 g tds 3");
    window.see("DOSE 1,000 mg");
    window.see_no("Checking allergies");
    window.picture_for_guide("prescribe");
    window.key(Key::Return);
    window.see("Enter records");
    window.key(Key::Return);
    window.see_part("medications", "paracetamol");
    window.see_part("done", "Undo");
    window.picture_for_guide("undo");
    window.shortcut(Key::Control, 'p');
    window.see_count(".paper-page", 1);
    window.picture_for_guide("print");
    window.key(Key::Escape);

    window.see_part("visit-page", "Vital signs");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("finish", "Headache in the mornings.");
    window.picture_for_guide("finish");
    window.press("Cancel");

    window.press("Inbox");
    window.see_count("main .conflict-card", 1);
    window.see_part("tasks", "OKELLO");
    window.picture_for_guide("inbox");
    window.press("Sync");
    window.see_part("sync-page", "Nothing going on");
    window.picture_for_guide("sync");
}
