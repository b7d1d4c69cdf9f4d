//! What a clinic installs: the Debian package, unpacked by Debian's own tool and started.

use std::path::{Path, PathBuf};
use std::process::Command;

use tests::programs;
use tests::scene::Scene;

use crate::acts;

#[test]
fn the_package_installs_and_its_window_opens() {
    if !is_here("dpkg") || !is_here("dpkg-shlibdeps") {
        return;
    }
    let scene = Scene::new("package");
    let package = packed(&scene.folder().join("built"));
    let system = scene.folder().join("system");
    install(&package, &system);

    // Everything a desktop, a terminal and `man` look for.
    let entry = std::fs::read_to_string(system.join("usr/share/applications/fieldchart.desktop"));
    assert!(entry.unwrap().contains("\nExec=fieldchart-desktop\n"));
    let page = said(Command::new("gzip").arg("-cd").arg(manual(&system, "fieldchart-record")));
    assert!(page.contains("fieldchart record") && page.contains(".SH OPTIONS"), "{page}");
    assert!(manual(&system, "fieldchart").is_file(), "the program has a page");
    let version = said(Command::new(system.join("usr/bin/fieldchart")).arg("version"));
    assert_eq!(version.trim(), format!("fieldchart {}", env!("CARGO_PKG_VERSION")));
    // What it says it depends on is all it needs: nothing else is to be installed here.
    let plan = said(Command::new("apt-get").args(["--simulate", "install"]).arg(&package));
    let installed: Vec<&str> = plan.lines().filter(|line| line.starts_with("Inst ")).collect();
    assert!(matches!(installed.as_slice(), [one] if one.starts_with("Inst fieldchart ")), "{plan}");

    let window = scene.open_program("a", system.join("usr/bin/fieldchart-desktop"));
    acts::create_clinic(&window, None);
    acts::keep_recovery_code(&window);
    window.see("Nobody waits");
}

/// The package of the programs under test, which leave what only a debugger reads.
fn packed(built: &Path) -> PathBuf {
    std::fs::create_dir_all(built).unwrap();
    for program in [programs::app(), programs::cli(), programs::sync_server()] {
        let slim = built.join(program.file_name().unwrap());
        said(Command::new("strip").arg("-o").arg(slim).arg(program));
    }
    let mut pack = Command::new(programs::xtask());
    // The task looks for the workspace from its own folder, not from that of this test.
    pack.env("CARGO_MANIFEST_DIR", programs::repository().join("crates/xtask"));
    said(pack.arg("dist").arg(built));
    let mut packages = tests::scene::files_of(built).into_iter();
    packages.find(|file| file.extension().is_some_and(|it| it == "deb")).expect("a package")
}

/// Has Debian's tool unpack and configure the package in a system of its own, which holds nothing
/// else.
fn install(package: &Path, system: &Path) {
    let ledger = system.join("var/lib/dpkg");
    for folder in ["info", "updates", "triggers"] {
        std::fs::create_dir_all(ledger.join(folder)).unwrap();
    }
    std::fs::write(ledger.join("status"), "").unwrap();
    let mut root = std::ffi::OsString::from("--root=");
    root.push(system);
    let forced = ["--force-not-root", "--force-depends", "--install"];
    said(Command::new("dpkg").arg(&root).args(forced).arg(package));
    let state = said(Command::new("dpkg").arg(&root).args(["--status", "fieldchart"]));
    assert!(state.contains("Status: install ok installed"), "{state}");
}

fn manual(system: &Path, page: &str) -> PathBuf {
    system.join("usr/share/man/man1").join(format!("{page}.1.gz"))
}

fn is_here(tool: &str) -> bool {
    Command::new(tool).arg("--version").output().is_ok_and(|told| told.status.success())
}

/// What a program that must succeed says.
fn said(command: &mut Command) -> String {
    let told = command.output().unwrap();
    let (out, err) = (String::from_utf8_lossy(&told.stdout), String::from_utf8_lossy(&told.stderr));
    assert!(told.status.success(), "{command:?}: {out} {err}");
    out.into_owned()
}
