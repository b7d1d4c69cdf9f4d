//! Who may know whom: the map of the house, and the test that the workspace keeps to it.
//!
//! A room is a package. A package missing from the map, an edge that is not in it, or a library a
//! room must never know fails the test. Change the map, `docs/ARCHITECTURE.md` and the code
//! together, and say why in a decision record.
#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "what goes wrong here ends the test"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

/// One package and what it may know.
struct Room {
    name: &'static str,
    /// Packages of ours it may use.
    may: &'static [&'static str],
    /// Packages of ours it may use in its tests besides.
    may_in_tests: &'static [&'static str],
    /// Libraries neither it nor anything of ours below it may use.
    never: &'static [&'static str],
    /// Libraries it may not use itself, though something below it does.
    never_itself: &'static [&'static str],
}

const fn room(
    name: &'static str,
    may: &'static [&'static str],
    never: &'static [&'static str],
) -> Room {
    Room { name, may, may_in_tests: &[], never, never_itself: &[] }
}

/// The hosts: they join the parts and know no rule and no SQL.
const fn host(name: &'static str, may: &'static [&'static str]) -> Room {
    Room {
        never_itself: &["automerge", "rusqlite", "hpke"],
        ..room(name, may, &["leptos", "axum"])
    }
}

/// What a program may know: the ways out are the computer's, store and keys the use-cases'.
const PROGRAM: &[&str] = &["api", "app", "clinical", "host"];

const MAP: &[Room] = &[
    room("api", &["clinical"], &["automerge", "getrandom", "leptos", "rusqlite", "tauri", "tokio"]),
    Room {
        // Documents are `chart`'s, and SQL is `store`'s.
        never_itself: &["automerge", "rusqlite"],
        ..room(
            "app",
            &["api", "care", "chart", "clinical", "interchange", "print", "store", "sync", "vault"],
            &["axum", "getrandom", "hyper", "keyring", "leptos", "rustls", "tauri", "tokio"],
        )
    },
    // A window with nothing of ours in it: what the app's start and memory are measured against.
    room("bare-app", &[], &["automerge", "leptos", "rusqlite"]),
    room("bare-page", &[], &["automerge", "rusqlite", "tauri", "tokio"]),
    room("care", &["clinical"], &["automerge", "getrandom", "rusqlite", "tokio"]),
    room("chart", &["clinical"], &["getrandom", "hyper", "leptos", "rusqlite", "tauri", "tokio"]),
    host("cli", PROGRAM),
    room(
        "clinical",
        &[],
        &["automerge", "getrandom", "leptos", "rusqlite", "tauri", "tokio", "web-sys"],
    ),
    host("desktop", PROGRAM),
    host("host", &["api", "app", "clinical", "link", "sync", "vault"]),
    room("interchange", &["clinical"], &["automerge", "leptos", "rusqlite", "tauri", "tokio"]),
    room("link", &["sync"], &["automerge", "leptos", "rusqlite", "tauri"]),
    // A macro: what it makes stands in the window, and what draws that too.
    room("markup", &[], &["automerge", "leptos", "rusqlite", "tauri", "tokio"]),
    // What is printed is values in and bytes out: no printer, no file, no clock.
    room("print", &["clinical"], &["automerge", "getrandom", "rusqlite", "tauri", "tokio"]),
    Room {
        never_itself: &["automerge"],
        ..room(
            "store",
            &["chart", "clinical"],
            &["axum", "hyper", "keyring", "leptos", "rustls", "tauri", "tokio"],
        )
    },
    room("sync", &[], &["automerge", "getrandom", "hyper", "rusqlite", "rustls", "tokio"]),
    Room {
        may_in_tests: &["link"],
        // It cannot read a chart even by mistake.
        ..room("sync-server", &["sync"], &["aes-gcm", "argon2", "automerge", "hpke", "tauri"])
    },
    room(
        "tests",
        &[
            "api",
            "app",
            "care",
            "chart",
            "clinical",
            "host",
            "interchange",
            "link",
            "print",
            "store",
            "sync",
            "vault",
        ],
        &[],
    ),
    room(
        "ui",
        &["api", "clinical", "markup"],
        &["automerge", "hyper", "keyring", "rusqlite", "tauri", "tokio"],
    ),
    room("vault", &[], &["automerge", "getrandom", "keyring", "rusqlite", "tokio"]),
    room("xtask", &[], &["automerge", "leptos", "rusqlite", "tauri"]),
];

/// Features that weaken or fake something for tests.
const TEST_FEATURES: &[&str] = &["test-suite", "test-support"];

/// What one `Cargo.toml` says.
#[derive(Debug, Clone, Default)]
struct Package {
    /// Dependencies of the library, its programs and its build, with their features.
    uses: BTreeMap<String, Vec<String>>,
    /// Dependencies of its tests.
    tests_use: BTreeSet<String>,
}

type Packages = BTreeMap<String, Package>;

/// Everything in which the packages do not keep to the map.
fn faults(map: &[Room], packages: &Packages) -> Vec<String> {
    let mut faults = Vec::new();
    for name in packages.keys().filter(|name| map.iter().all(|room| room.name != *name)) {
        faults.push(format!("{name} is not on the map"));
    }
    for room in map {
        match packages.get(room.name) {
            Some(package) => faults.extend(faults_of(room, package, packages)),
            None => faults.push(format!("{} is on the map and not in the workspace", room.name)),
        }
    }
    faults
}

fn faults_of(room: &Room, package: &Package, packages: &Packages) -> Vec<String> {
    let name = room.name;
    let ours = |used: &&String| packages.contains_key(*used);
    let mut faults = Vec::new();
    for used in package.uses.keys().filter(ours).filter(|used| !room.may.contains(&used.as_str())) {
        faults.push(format!("{name} may not use {used}"));
    }
    let allowed =
        |used: &str| used == name || room.may.contains(&used) || room.may_in_tests.contains(&used);
    for used in package.tests_use.iter().filter(ours).filter(|used| !allowed(used)) {
        faults.push(format!("the tests of {name} may not use {used}"));
    }
    for banned in room.never_itself.iter().filter(|banned| package.uses.contains_key(**banned)) {
        faults.push(format!("{name} may not use {banned} itself"));
    }
    for below in below(name, packages) {
        for banned in
            room.never.iter().filter(|banned| packages[&below].uses.contains_key(**banned))
        {
            faults.push(format!("{name} may never know {banned}, and {below} uses it"));
        }
    }
    for (used, features) in &package.uses {
        for feature in features.iter().filter(|feature| TEST_FEATURES.contains(&feature.as_str())) {
            faults.push(format!("{name} turns on {feature} of {used} outside its tests"));
        }
    }
    faults
}

/// The package and all of ours it is built with.
fn below(name: &str, packages: &Packages) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    let mut next = vec![name.to_owned()];
    while let Some(name) = next.pop() {
        let Some(package) = packages.get(&name) else { continue };
        if seen.insert(name) {
            next.extend(package.uses.keys().cloned());
        }
    }
    seen
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// Every package of the workspace.
fn packages() -> Packages {
    let root = root();
    let workspace = manifest(&root.join("Cargo.toml"));
    let members = workspace["workspace"]["members"].as_array().unwrap().clone();
    let mut folders = Vec::new();
    for member in members.iter().map(|member| member.as_str().unwrap()) {
        match member.strip_suffix("/*") {
            Some(parent) => {
                let entries = fs::read_dir(root.join(parent)).unwrap();
                folders.extend(entries.map(|entry| entry.unwrap().path()));
            }
            None => folders.push(root.join(member)),
        }
    }
    let manifests = folders.iter().map(|folder| folder.join("Cargo.toml"));
    manifests.filter(|path| path.exists()).map(|path| package(&manifest(&path))).collect()
}

fn manifest(path: &Path) -> toml::Table {
    let text = fs::read_to_string(path).unwrap();
    text.parse().unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn package(manifest: &toml::Table) -> (String, Package) {
    let mut package = Package::default();
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let tables = targets.into_iter().flat_map(|targets| targets.values());
    for table in tables.filter_map(toml::Value::as_table).chain([manifest]) {
        for (kind, dependencies) in table {
            let Some(dependencies) = dependencies.as_table() else { continue };
            match kind.as_str() {
                "dependencies" | "build-dependencies" => {
                    let named = dependencies.iter().map(|(key, d)| (real(key, d), features(d)));
                    package.uses.extend(named);
                }
                "dev-dependencies" => {
                    package.tests_use.extend(dependencies.iter().map(|(key, d)| real(key, d)));
                }
                _ => {}
            }
        }
    }
    (manifest["package"]["name"].as_str().unwrap().to_owned(), package)
}

/// The package behind a key: `x = { package = "y" }` is y.
fn real(key: &str, dependency: &toml::Value) -> String {
    let renamed = dependency.get("package").and_then(toml::Value::as_str);
    renamed.unwrap_or(key).to_owned()
}

fn features(dependency: &toml::Value) -> Vec<String> {
    let features = dependency.get("features").and_then(toml::Value::as_array);
    let words = features.into_iter().flatten().filter_map(toml::Value::as_str);
    words.map(str::to_owned).collect()
}

#[test]
fn the_workspace_keeps_to_the_map() {
    let packages = packages();
    assert!(packages.len() >= 10, "only {} packages were found", packages.len());
    let faults = faults(MAP, &packages);
    assert!(faults.is_empty(), "\n  {}\n", faults.join("\n  "));
}

#[test]
fn every_kind_of_fault_is_found() {
    let map = [
        room("low", &[], &["sockets"]),
        Room {
            never_itself: &["sql"],
            may_in_tests: &["tools"],
            ..room("high", &["low"], &["windows"])
        },
        room("tools", &[], &[]),
    ];
    let whole = || -> Packages {
        let manifests = [
            "[package]\nname = \"low\"\n[dependencies]\nsql = \"1\"",
            "[package]\nname = \"high\"\n[dependencies]\nlow.workspace = true\n\
             [dev-dependencies]\ntools.workspace = true\nhigh = { path = \".\" }",
            "[package]\nname = \"tools\"",
        ];
        manifests.iter().map(|text| package(&text.parse().unwrap())).collect()
    };
    assert_eq!(faults(&map, &whole()), Vec::<String>::new());
    let check = |name: &str, added: &str, want: &[&str]| {
        let mut packages = whole();
        let text = format!("[package]\nname = \"{name}\"\n{added}");
        let (name, package) = package(&text.parse().unwrap());
        packages.insert(name, package);
        assert_eq!(faults(&map, &packages), want, "{added}");
    };
    check("new", "", &["new is not on the map"]);
    check("low", "[dependencies]\nhigh = \"1\"", &["low may not use high"]);
    check("low", "[target.x.dependencies]\nhigh = \"1\"", &["low may not use high"]);
    check("low", "[dependencies]\nx = { package = \"high\" }", &["low may not use high"]);
    check(
        "low",
        "[build-dependencies]\nsockets = \"1\"",
        &["low may never know sockets, and low uses it"],
    );
    check(
        "low",
        "[dependencies]\nwindows = \"1\"",
        &["high may never know windows, and low uses it"],
    );
    check("high", "[dependencies]\nsql = \"1\"", &["high may not use sql itself"]);
    check("low", "[dev-dependencies]\ntools = \"1\"", &["the tests of low may not use tools"]);
    check(
        "tools",
        "[dependencies]\nx = { version = \"1\", features = [\"test-suite\"] }",
        &["tools turns on test-suite of x outside its tests"],
    );
    let mut fewer = whole();
    fewer.remove("tools");
    assert_eq!(faults(&map, &fewer), ["tools is on the map and not in the workspace"]);
}

#[test]
fn the_page_on_architecture_names_every_room() {
    let page = fs::read_to_string(root().join("docs/ARCHITECTURE.md")).unwrap();
    for room in MAP {
        let folder = match room.name {
            "desktop" => "src-tauri",
            name => name,
        };
        assert!(page.contains(&format!("`{folder}`")), "ARCHITECTURE.md has no word on {folder}");
    }
}
