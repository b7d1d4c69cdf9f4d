//! A window in other languages: it is chosen, kept and read from its own side.

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

use crate::prepared::Disputed;
use crate::printer::Printer;
use crate::{acts, sight};

/// A picture by day of a page where nothing is cut off, and axe finds nothing wrong.
fn judge(window: &Window, page: &str) {
    window.picture(page);
    sight::nothing_is_cut_off(window, page);
    window.must_be_accessible(page);
}

fn tongue(window: &Window) -> String {
    let asked = "return [document.documentElement.lang, document.documentElement.dir].join(' ')";
    window.ask(asked, &[]).as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_language_is_chosen_before_the_sign_in_and_kept() {
    let scene = Scene::new("tongues-chosen");
    let computer = Computer::founded(&scene, "a");
    assert!(!computer.register(&json!({ "family": "Okello", "given": "Grace" })).is_empty());
    let window = scene.open("a");
    window.choose("Language", "Kiswahili");
    window.see("Nenosiri");
    assert_eq!(tongue(&window), "sw ltr");
    judge(&window, "sw-sign-in");
    window.fill("Nenosiri", PASSWORD);
    window.submit("Ingia");
    window.see("Lakeside");
    judge(&window, "sw-today");
    window.press("Akaunti");
    judge(&window, "sw-account");

    // What is typed and not recorded is not lost by a choice.
    window.shortcut(Key::Control, 'n');
    window.fill("Jina la ukoo", "Nabirye");
    window.choose("Lugha", "Español");
    window.see("Ulichoandika bila kukirekodi kinabaki");
    assert_eq!(window.value("Jina la ukoo"), "Nabirye");
    assert_eq!(tongue(&window), "sw ltr");
    window.see("Lugha imehifadhiwa");

    // It is the one that is spoken when the program starts anew.
    let window = window.kill().open_again();
    window.see("Iniciar sesión");
    window.fill("Contraseña", PASSWORD);
    window.submit("Iniciar sesión");
    window.see("Lakeside");
    window.press("Cuenta");
    // Where nothing is typed the window is read anew, and nobody is signed out.
    window.choose("Idioma", "العربية");
    window.see("من الذي وصل؟");
    assert_eq!(tongue(&window), "ar rtl");
}

#[test]
fn a_chart_is_read_from_right_to_left() {
    let disputed = Disputed::new("tongues-rtl");
    let kept = disputed.scene.store("a").join("fieldchart.language");
    assert!(std::fs::write(kept, "ar").is_ok());
    let window = disputed.scene.open("a");
    window.see("من أنت؟");
    judge(&window, "ar-sign-in");
    window.fill("كلمة المرور", PASSWORD);
    window.submit("دخول");
    window.see("Lakeside");
    assert_eq!(tongue(&window), "ar rtl");
    judge(&window, "ar-today");
    window.press("المرضى");
    window.fill("البحث عن مريض", "Okello");
    window.see("OKELLO");
    judge(&window, "ar-find");
    window.press("OKELLO");
    window.see("حساسيات معروفة");
    window.see("3 مرات يوميًا");
    judge(&window, "ar-chart");
    window.picture_in(Scheme::Dark, "ar-chart");
    window.press("إضافة دواء");
    window.see("الوصفة في سطر واحد");
    judge(&window, "ar-prescribe");
    window.key(Key::Escape);
    window.press("الوارد");
    window.see_count("main .conflict-card", 1);
    judge(&window, "ar-inbox");
    window.press("المزامنة");
    judge(&window, "ar-sync");
}

/// A whole day in a window that is read from the right: the same keys, nothing cut off.
#[test]
fn a_day_is_worked_from_right_to_left() {
    let scene = Scene::new("tongues-day");
    let computer = Computer::founded(&scene, "a");
    computer.register(&json!({
        "family": "Okello", "given": "Grace", "gender": "female", "birthDate": "1980-03-14",
    }));
    let kept = scene.store("a").join("fieldchart.language");
    assert!(std::fs::write(kept, "ar").is_ok());
    let window = scene.open("a");
    window.see("من أنت؟");
    window.fill("كلمة المرور", PASSWORD);
    window.submit("دخول");
    window.see("Lakeside");

    acts::arrive(&window, "okello", "OKELLO, Grace");
    window.see("تسجيل الوصول");
    window.keys("صداع");
    judge(&window, "ar-check-in");
    window.key(Key::Return);
    window.see_part("waiting", "صداع");
    judge(&window, "ar-waiting");

    window.shortcut(Key::Control, '0');
    window.see_focus(".today .row");
    window.key(Key::Return);
    window.see_focus("#vitals-systolic");
    let tab = char::from(Key::Tab);
    window.keys(&format!("138{tab}86{tab}72"));
    window.key(Key::Return);
    window.see_part("visit-signs", "138/86 mmHg");
    window.see_focus("#note-subjective");
    window.keys("صداع منذ ثلاثة أيام.");
    window.see_part("saved-state", "محفوظة على هذا الحاسوب");
    judge(&window, "ar-visit");
    window.picture_in(Scheme::Dark, "ar-visit");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("finish", "صداع منذ ثلاثة أيام.");
    judge(&window, "ar-finish");
    window.see_focus("#finish-act");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("gone", "OKELLO, Grace");
    window.see("وُقّعت الزيارة وانتهت");
    judge(&window, "ar-day-done");
}

/// Somebody is registered, prescribed for by a sentence and given paper, all of it read from the
/// right; what is of medicine keeps its own direction and digits.
#[test]
fn a_new_patient_is_prescribed_and_printed_for_from_right_to_left() {
    let scene = Scene::new("tongues-paper");
    Computer::founded(&scene, "a");
    let kept = scene.store("a").join("fieldchart.language");
    assert!(std::fs::write(kept, "ar").is_ok());
    let printer = Printer::on(&scene);
    let window = printer.open(&scene);
    window.see("من أنت؟");
    window.fill("كلمة المرور", PASSWORD);
    window.submit("دخول");
    window.see("Lakeside");

    let tab = char::from(Key::Tab);
    window.shortcut(Key::Control, 'n');
    window.see_focus("#patient-family");
    window.keys(&format!("حسن{tab}أمل{tab}أ{tab}14/3/1990{tab}0700123456{tab}Lira"));
    window.see_in("الجنس", "female");
    window.see("14-مارس-1990");
    judge(&window, "ar-register");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("banner", "حسن, أمل");
    window.see_part("banner", "أنثى");

    window.key(Key::F4);
    window.see_focus("#prescription-sentence");
    window.keys("amlo 5 od 30");
    window.see("5 mg");
    judge(&window, "ar-sentence");
    window.key(Key::Return);
    window.see("جرى التحقّق");
    window.key(Key::Return);
    window.see_part("done", "سُجّل الدواء");
    window.see_part("medications", "amLODIPine");
    window.see_part("medications", "5 mg");
    judge(&window, "ar-prescribed");

    window.shortcut(Key::Control, 'p');
    window.choose("لغة الورقة", "العربية");
    window.see_count(".paper-page", 1);
    judge(&window, "ar-print");
    window.picture_in(Scheme::Dark, "ar-print");
    window.submit("طباعة");
    window.see_part("done", "سُلّمت إلى الطابعة");
    let page = printer.prints("حسن, أمل");
    for words in ["وصفة طبية", "14-مارس-1990", "amLODIPine", "5 mg", "الكمية 30", "كاتب الوصفة"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    window.see_part("documents", "وصفة طبية");
    judge(&window, "ar-printed");
}
