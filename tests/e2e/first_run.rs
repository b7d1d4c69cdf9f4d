//! The first things anyone sees.

use tests::scene::Scene;
use tests::window::Scheme;

use crate::acts;

#[test]
fn the_first_window_is_painted() {
    let scene = Scene::new("first-run");
    let window = scene.open("a");
    window.see("Welcome to Fieldchart");
    let painted = window.painted("first-run");
    assert!(painted > 0.002, "only {painted} of the window is painted");
    window.must_be_accessible("first run");
}

/// The judge itself is judged: a page that hides faults must not pass because axe did not run.
#[test]
fn planted_faults_are_found() {
    let scene = Scene::new("planted-faults");
    let window = scene.open("a");
    window.see("Welcome to Fieldchart");
    window.ask(
        "const main = document.querySelector('main') ?? document.body;
         main.append(document.createElement('button'), document.createElement('input'));",
        &[],
    );
    let rules = |scheme| -> Vec<String> {
        window.violations(scheme).into_iter().map(|found| found.rule).collect()
    };
    let found = rules(Scheme::Light);
    for rule in ["button-name", "label"] {
        assert!(found.iter().any(|found| found == rule), "{found:?}");
    }
    window.ask(
        "const text = document.createElement('p');
         text.append('Black on whatever there is');
         text.style.color = 'rgb(0, 0, 0)';
         (document.querySelector('main') ?? document.body).append(text);",
        &[],
    );
    let unreadable = |scheme| rules(scheme).contains(&"color-contrast".to_owned());
    assert!(!unreadable(Scheme::Light) && unreadable(Scheme::Dark), "dark is judged as dark");
}

#[test]
fn the_page_may_load_and_run_nothing_of_others() {
    let scene = Scene::new("policy");
    let window = scene.open("a");
    window.see("Welcome to Fieldchart");
    let check = |script: &str, expected: &str| {
        let found = window.ask(script, &[]);
        assert_eq!(found.as_str(), Some(expected), "{script}");
    };
    check(
        "try { return String(new Function('return 1')()) } catch { return 'refused' }",
        "refused",
    );
    check("return typeof window.__TAURI__", "undefined");
    check("return String(Object.isFrozen(Object.prototype))", "true");
    let fetched = "const done = arguments[arguments.length - 1];
        fetch('https://example.org/').then(() => done('fetched'), () => done('refused'));";
    assert_eq!(window.ask_later(fetched, &[]).as_str(), Some("refused"));
    let opened = "const done = arguments[arguments.length - 1];
        window.__TAURI_INTERNALS__.invoke('plugin:window|create', { options: { label: 'x' } })
          .then(() => done('opened'), () => done('refused'));";
    assert_eq!(window.ask_later(opened, &[]).as_str(), Some("refused"));
}

/// A wrong password is told as such; the right one opens the clinic in a new process.
#[test]
fn a_clinic_is_created_and_signed_in_to() {
    let scene = Scene::new("sign-in");
    let window = scene.open("a");
    acts::create_clinic(&window, None);
    window.must_be_accessible("recovery code");
    assert!(window.offers("Print…"), "on paper it is safest");
    window.see("Hill Clinic");
    // It is of this computer alone, and its sheet says of which.
    window.see("Computer");
    window.picture("recovery-code");
    acts::keep_recovery_code(&window);
    window.must_be_accessible("patients");
    let window = window.kill().open_again();
    window.see("Sign in");
    window.must_be_accessible("sign in");
    window.picture("sign-in");
    window.fill("Password", "seven red bicycles");
    window.submit("Sign in");
    window.see("The password is wrong");
    acts::sign_in(&window);
    window.press("Lock");
    window.see("Who are you?");
}

#[test]
fn a_second_program_on_the_same_store_is_told_so() {
    let scene = Scene::new("second-program");
    let first = scene.open("a");
    acts::create_clinic(&first, None);
    acts::keep_recovery_code(&first);
    let second = scene.open_beside("a", "a-again");
    second.fill("Password", acts::PASSWORD);
    second.submit("Sign in");
    second.see("Fieldchart has this store open already");
    second.picture("in-use");
    second.must_be_accessible("store in use");
    // The first goes on undisturbed.
    acts::register(&first, "Diallo", "Awa", "1990");
}

#[test]
fn a_window_without_its_texts_says_so() {
    let scene = Scene::new("no-texts");
    let window = scene.open("a");
    window.see("Welcome to Fieldchart");
    // For a file it does not have, the shell answers with the page.
    window.ask(
        "const real = window.fetch;
         const page = () => Promise.resolve(new Response('<!doctype html>'));
         window.fetch = (at) => String(at).includes('/locales/') ? page() : real(at);
         import('/boot.js?again');",
        &[],
    );
    window.see("window could not start. Please start the app again.");
    window.picture("no-texts");
    assert_eq!(window.texts("body > *").len(), 1, "nothing else is shown");
}
