//! A window in other languages: it is chosen, kept and read from its own side.

use fantoccini::key::Key;
use serde_json::json;
use tests::computer::{Computer, PASSWORD};
use tests::scene::Scene;
use tests::window::{Scheme, Window};

use crate::prepared::Disputed;

/// What is cut off or reaches out of its place.
const CUT: &str = r#"
const cut = [];
const told = (what, e) => cut.push(`${what} ${e.tagName}.${e.className}: ${e.textContent.trim().slice(0, 60)}`);
for (const e of document.querySelectorAll("body *")) {
  if (!e.getClientRects().length || e.closest(".only-heard, .skip, svg")) continue;
  const box = e.getBoundingClientRect();
  if (box.left < -1 || box.right > innerWidth + 1) told("outside", e);
  const holds = e.matches("button, .chip, .rail-link, .badge, label, h1, h2, h3, th, dt");
  if (holds && e.scrollWidth > e.clientWidth + 1) told("too long", e);
}
if (document.documentElement.scrollWidth > innerWidth) cut.push("the page is too wide");
return [...new Set(cut)];
"#;

/// A picture by day of a page where nothing is cut off, and axe finds nothing wrong.
fn judge(window: &Window, page: &str) {
    window.picture(page);
    let cut = window.ask(CUT, &[]);
    assert_eq!(cut, json!([]), "{page}");
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
    window.press("بانتظار القرار");
    window.see_count("main .conflict-card", 1);
    judge(&window, "ar-conflicts");
    window.press("المزامنة");
    judge(&window, "ar-sync");
}
