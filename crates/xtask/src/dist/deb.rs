//! A Debian package, by the tools Debian and Ubuntu bring for it.

use std::fs;
use std::path::{Path, PathBuf};

use crate::dist::{PAPERS, PROGRAMS, VERSION, manual, renew};
use crate::failure::{At, Failure, Outcome};
use crate::program::Program;

/// What the desktop's menu is told.
const ENTRY: &str = "\
[Desktop Entry]
Type=Application
Name=Fieldchart
Comment=A clinic's records, kept on its own computers
Exec=fieldchart-desktop
Icon=fieldchart
Categories=Science;MedicalSoftware;
Terminal=false
";

/// The icons, by the folder each belongs to.
const ICONS: [(&str, &str); 4] = [
    ("src-tauri/icons/32x32.png", "32x32/apps/fieldchart.png"),
    ("src-tauri/icons/128x128.png", "128x128/apps/fieldchart.png"),
    ("src-tauri/icons/128x128@2x.png", "256x256/apps/fieldchart.png"),
    ("assets/icons/fieldchart.svg", "scalable/apps/fieldchart.svg"),
];

/// The server's unit; nobody's computer becomes a server by it, until somebody enables it.
const UNIT: (&str, &str) =
    ("assets/server/fieldchart-sync.service", "usr/lib/systemd/system/fieldchart-sync.service");

/// As much of a source package as `dpkg-shlibdeps` asks for.
const STANZAS: &[u8] = b"Source: fieldchart\n\nPackage: fieldchart\nArchitecture: any\n";

/// Whether Debian's tools are here.
pub(crate) fn can_be_made() -> bool {
    let there = |tool: &str| Program::new(tool).args(["--version"]).works();
    there("dpkg-deb") && there("dpkg-shlibdeps")
}

/// How hard a package is pressed.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pressing {
    /// As small as Debian's packages are.
    Small,
    /// In seconds, for one that is only tried here.
    Quick,
}

impl Pressing {
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::Small => &[],
            Self::Quick => &["-Zgzip", "-z1"],
        }
    }
}

/// Packs the programs in `programs` into a package in `into`; answers with its path.
pub(crate) fn make(
    root: &Path,
    programs: &Path,
    into: &Path,
    pressing: Pressing,
) -> Outcome<PathBuf> {
    let stage = into.join("deb");
    renew(&stage)?;
    let tree = stage.join("tree");
    lay_out(root, programs, &tree)?;
    let pages = tree.join("usr/share/man/man1");
    manual::write(&programs.join("fieldchart"), &pages)?;
    manual::pack(&pages)?;
    let architecture = Program::new("dpkg").args(["--print-architecture"]).answer()?;
    let architecture = architecture.trim();
    let control = control(architecture, &libraries(&stage, &tree)?);
    write(&tree.join("DEBIAN/control"), control.as_bytes())?;
    let package = into.join(format!("fieldchart_{VERSION}_{architecture}.deb"));
    Program::new("dpkg-deb")
        .args(pressing.words())
        .args(["--root-owner-group", "--build"])
        .args([&tree, &package])
        .answer()?;
    Ok(package)
}

/// Puts everything where it will lie on the computer it is installed on.
fn lay_out(root: &Path, programs: &Path, tree: &Path) -> Outcome {
    for (name, _) in PROGRAMS {
        copy(&programs.join(name), &tree.join("usr/bin").join(name))?;
    }
    for name in PAPERS {
        copy(&root.join(name), &tree.join("usr/share/doc/fieldchart").join(name))?;
    }
    for (from, to) in ICONS {
        copy(&root.join(from), &tree.join("usr/share/icons/hicolor").join(to))?;
    }
    copy(&root.join(UNIT.0), &tree.join(UNIT.1))?;
    write(&tree.join("usr/share/applications/fieldchart.desktop"), ENTRY.as_bytes())
}

/// The packages whose libraries the programs are linked with, each with its oldest version.
fn libraries(stage: &Path, tree: &Path) -> Outcome<String> {
    // The tool wants to stand beside the sources of a package.
    write(&stage.join("debian/control"), STANZAS)?;
    let programs = PROGRAMS.map(|(name, _)| tree.join("usr/bin").join(name));
    let told = Program::new("dpkg-shlibdeps").directory(stage).args(["-O"]).args(programs).answer();
    read_libraries(&told?).ok_or(Failure::Answer { program: "dpkg-shlibdeps" })
}

fn read_libraries(told: &str) -> Option<String> {
    told.lines().find_map(|line| line.strip_prefix("shlibs:Depends=")).map(str::to_owned)
}

fn control(architecture: &str, libraries: &str) -> String {
    format!(
        "Package: fieldchart
Version: {VERSION}
Architecture: {architecture}
Maintainer: Fieldchart contributors <fieldchart@localhost>
Depends: {libraries}
Recommends: gnome-keyring
Section: science
Priority: optional
Description: a clinic's records, kept on its own computers
 Every computer of the clinic holds the whole record, encrypted, and works alone. When computers
 meet through a server they exchange sealed changes and merge them. Holds the app, the command
 line fieldchart and the server fieldchart-sync.
"
    )
}

fn copy(from: &Path, to: &Path) -> Outcome {
    beside(to)?;
    fs::copy(from, to).at(from).map(drop)
}

fn write(to: &Path, bytes: &[u8]) -> Outcome {
    beside(to)?;
    fs::write(to, bytes).at(to)
}

fn beside(file: &Path) -> Outcome {
    let folder = file.parent().unwrap_or(file);
    fs::create_dir_all(folder).at(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_package_says_what_it_needs() {
        let told = "shlibs:Depends=libc6 (>= 2.36), libgtk-3-0 (>= 3.24)\n";
        let libraries = read_libraries(told).unwrap();
        let control = control("amd64", &libraries);
        assert!(
            control.contains("\nDepends: libc6 (>= 2.36), libgtk-3-0 (>= 3.24)\n"),
            "{control}"
        );
        assert!(control.contains("\nArchitecture: amd64\n") && control.ends_with('\n'));
        assert!(control.lines().all(|line| !line.is_empty()), "an empty line ends a paragraph");
        assert_eq!(read_libraries("misc"), None);
    }

    #[test]
    fn debian_s_own_tool_tells_what_a_program_is_linked_with() {
        if !can_be_made() {
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let tree = folder.path().join("tree");
        for (name, _) in PROGRAMS {
            copy(&std::env::current_exe().unwrap(), &tree.join("usr/bin").join(name)).unwrap();
        }
        let told = libraries(folder.path(), &tree).unwrap();
        assert!(told.contains("libc6 (>= "), "{told}");
    }

    #[test]
    fn everything_lies_where_a_desktop_looks_for_it() {
        let folder = tempfile::tempdir().unwrap();
        let (programs, tree) = (folder.path().join("programs"), folder.path().join("tree"));
        PROGRAMS.iter().for_each(|(name, _)| write(&programs.join(name), b"x").unwrap());
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        lay_out(&root, &programs, &tree).unwrap();
        for path in [
            "usr/bin/fieldchart-desktop",
            "usr/lib/systemd/system/fieldchart-sync.service",
            "usr/share/applications/fieldchart.desktop",
            "usr/share/doc/fieldchart/LICENSE",
            "usr/share/icons/hicolor/scalable/apps/fieldchart.svg",
        ] {
            assert!(tree.join(path).is_file(), "{path}");
        }
    }
}
