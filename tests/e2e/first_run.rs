//! The first thing anyone sees.

use tests::scene::Scene;

#[test]
fn the_first_window_is_painted() {
    let scene = Scene::new("first-run");
    let window = scene.open("a");
    window.see("Fieldchart");
    let painted = window.picture("first-run");
    assert!(painted > 0.002, "only {painted} of the window is painted");
    window.must_be_accessible("first run");
}

/// The judge itself is judged: a page that hides faults must not pass because axe did not run.
#[test]
fn planted_faults_are_found() {
    let scene = Scene::new("planted-faults");
    let window = scene.open("a");
    window.see("Fieldchart");
    window.ask(
        "const main = document.querySelector('main') ?? document.body;
         main.append(document.createElement('button'), document.createElement('input'));",
        &[],
    );
    let rules: Vec<String> = window.violations().into_iter().map(|found| found.rule).collect();
    assert!(rules.contains(&"button-name".to_owned()), "{rules:?}");
    assert!(rules.contains(&"label".to_owned()), "{rules:?}");
}
