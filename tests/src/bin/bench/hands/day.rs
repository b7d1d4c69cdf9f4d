//! A day of sixty visits by keys, each with a note, a prescription and its sheet of paper; and what
//! memory the app and its webview hold of it.

use super::{
    stage,
    targets::{DAY, GROWTH_MAX, MEMORY_MAX},
};
use crate::{
    clock::Usage,
    desk::{Desk, call},
    import,
    launch::{self, Subject},
    outcome::Outcome,
    places::Places,
    row::{self, Row, real},
    screen::Screen,
    tree::Tree,
};
use ::tests::window::Window;
use api::{CreateClinic, Lock, RegisterPatient};
use app::App;
use clinical::PatientDraft;
use fantoccini::key::Key;
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// Who comes: each family name with each given name.
const FAMILIES: [&str; 10] =
    ["Abeng", "Barasa", "Chebet", "Dembele", "Etoo", "Fofana", "Gitau", "Hassan", "Imani", "Juma"];
const GIVEN: [&str; 6] = ["Amina", "Baraka", "Chausiku", "Daudi", "Esther", "Furaha"];
/// Memory is looked at after so many visits, and at the end.
const EARLY: usize = 20;
/// Looks at a memory, and the time between two: the least is what is held and not only waits to be
/// given back.
const LOOKS: usize = 4;
const BETWEEN: Duration = Duration::from_secs(2);

/// Works through the day.
pub(super) fn measure(places: &Places) -> Outcome<Vec<Row>> {
    let folder = places.own("day");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    fs::create_dir_all(&folder)?;
    let bare = bare(&folder)?;
    let CreateClinic { password, .. } = clinic(&folder.join("store"))?;
    let printed = folder.join("printed");
    let path = printer(&folder, &printed)?;
    let before = Usage::now();
    let window = stage::open(places, "day", &folder.join("store"), vec![("PATH", path)])?;
    stage::write_password(&window, &password);
    window.key(Key::Return);
    window.see_part("today", "Waiting");
    let mut early = 0;
    let names = people();
    for (at, name) in names.iter().enumerate() {
        visit(&window, name);
        if at + 1 == EARLY {
            early = held(&window);
        }
    }
    let late = held(&window);
    let sheets = fs::read_to_string(&printed)?.lines().count();
    if sheets != names.len() {
        return Err(format!("{sheets} sheets were printed in {} visits", names.len()).into());
    }
    Ok(stage::beside(rows(early, late, bare), &window, &before))
}

fn rows(early: u64, late: u64, bare: u64) -> Vec<Row> {
    let [memory, growth] = DAY;
    let (times, grown) = (real(late) / real(bare), real(late) / real(early));
    let mb = |bytes: u64| format!("{:.0} MB", real(bytes) / 1e6);
    vec![
        Row::new(
            memory.what,
            format!("{}; a bare page {}; {times:.2} x", mb(late), mb(bare)),
            memory.most,
            row::holds(times <= MEMORY_MAX),
        ),
        Row::new(
            growth.what,
            format!("{} to {}; {grown:.2} x", mb(early), mb(late)),
            growth.most,
            row::holds(grown <= GROWTH_MAX),
        ),
    ]
}

/// What a bare page holds, started as any program is.
fn bare(folder: &Path) -> Outcome<u64> {
    let path = |name| std::env::var_os(name).map(PathBuf::from);
    let (screen, program) = path("FIELDCHART_SCREEN")
        .zip(path("FIELDCHART_BARE"))
        .ok_or("there is no bare page to measure against: it is built by cargo xtask bench")?;
    let bare = Subject { name: "bare-app", program, arguments: Vec::new() };
    Ok(launch::start(&bare, &mut Screen::open(&screen)?, folder)?.memory_bytes)
}

/// Everyone who comes, as they are called.
fn people() -> Vec<[&'static str; 2]> {
    let all = FAMILIES.iter().flat_map(|family| GIVEN.iter().map(move |given| [*family, *given]));
    all.collect()
}

/// A clinic that knows them.
fn clinic(store: &Path) -> Outcome<CreateClinic> {
    let app = App::new(Desk::at(store));
    call(&app, import::clinic())?;
    for [family, given] in people() {
        let draft = PatientDraft {
            family: family.to_owned(),
            given: given.to_owned(),
            birth_date: "1980".to_owned(),
            ..PatientDraft::default()
        };
        call(&app, RegisterPatient { draft })?;
    }
    call(&app, Lock {})?;
    Ok(import::clinic())
}

/// A printer that takes every sheet and notes that it did; the folders in which programs are looked
/// for, with it before all others.
fn printer(folder: &Path, printed: &Path) -> Outcome<String> {
    let programs = folder.join("programs");
    fs::create_dir_all(&programs)?;
    let lp = programs.join("lp");
    fs::write(&lp, format!("#!/bin/sh\necho sheet >> '{}'\n", printed.display()))?;
    fs::set_permissions(&lp, fs::Permissions::from_mode(0o755))?;
    let path = std::env::var("PATH")?;
    Ok(format!("{}:{path}", programs.display()))
}

/// One visit, from the desk to the signed note and the printed sheet.
fn visit(window: &Window, [family, given]: &[&str; 2]) {
    let tab = char::from(Key::Tab);
    let shown = format!("{}, {given}", family.to_uppercase());
    window.shortcut(Key::Control, 'i');
    window.see_focus("#arrive");
    window.keys(&format!("{family} {given}").to_lowercase());
    window.see(&shown);
    window.key(Key::Return);
    window.see_focus("#arrival-reason");
    window.keys("headache");
    window.key(Key::Return);
    window.see_part("waiting", &shown);
    window.shortcut(Key::Control, '0');
    window.see_focus(".today .row");
    window.key(Key::Return);
    window.see_part("banner", &shown);
    window.see_focus("#vitals-systolic");
    window.keys(&format!("138{tab}86{tab}72"));
    window.key(Key::Return);
    window.see_part("visit-signs", "138/86 mmHg");
    window.see_focus("#note-subjective");
    window.keys(&format!("Headache for a week.{tab}Alert.{tab}Pressure too high.{tab}Less salt."));
    window.key(Key::F4);
    window.see_focus("#prescription-sentence");
    window.keys("amlo 5 od 30");
    window.see("30 tablets");
    window.key(Key::Return);
    window.see("Checked. Enter records");
    window.key(Key::Return);
    window.see_part("medications", "amLODIPine");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("finish", "Headache for a week.");
    window.see_focus("#finish-act");
    window.shortcut(Key::Control, char::from(Key::Return));
    window.see_part("gone", &shown);
    // The page leads the keyboard to its first line by itself.
    window.see_focus(".today .row");
}

/// What app and webview hold when nothing happens: the least of several looks.
fn held(window: &Window) -> u64 {
    let looks = (0..LOOKS).map(|_| {
        thread::sleep(BETWEEN);
        Tree::of(window.process()).memory_bytes()
    });
    looks.min().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sixty_people_come_and_no_two_are_called_alike() {
        let mut names = people();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 60);
    }

    #[test]
    fn a_memory_that_grows_is_no_excuse_for_a_small_one() {
        let check = |early, late, bare, want: [&str; 2]| {
            let lines: Vec<String> = rows(early, late, bare).iter().map(Row::to_markdown).collect();
            for (line, want) in lines.iter().zip(want) {
                assert!(line.contains(want), "{line}");
            }
        };
        let mb = |count: u64| count * 1_000_000;
        check(mb(400), mb(410), mb(300), ["| 410 MB; a bare page 300 MB; 1.37 x |", "| holds |"]);
        check(mb(300), mb(400), mb(300), ["| holds |", "300 MB to 400 MB; 1.33 x"]);
        check(mb(300), mb(400), mb(200), ["**misses**", "**misses**"]);
    }
}
