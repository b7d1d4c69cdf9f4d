//! Debian's and Ubuntu's packages: which are missing, and their installation.

use std::path::Path;

use crate::failure::{Failure, Outcome};
use crate::program::Program;
use crate::say;

/// Whether this machine has Debian's package tools.
pub(crate) fn is_here() -> bool {
    Path::new("/usr/bin/apt-get").exists() && Path::new("/usr/bin/dpkg-query").exists()
}

/// Those of `packages` that are not installed.
pub(crate) fn missing<'a>(packages: &[&'a str]) -> Vec<&'a str> {
    // dpkg-query complains about unknown names and still answers about the others.
    let answer = Program::new("/usr/bin/dpkg-query")
        .args(["--show", "--showformat=${Package} ${db:Status-Status}\\n"])
        .args(packages)
        .into_command()
        .output();
    let text = answer.map(|out| String::from_utf8_lossy(&out.stdout).into_owned());
    missing_in(packages, &text.unwrap_or_default())
}

fn missing_in<'a>(packages: &[&'a str], answer: &str) -> Vec<&'a str> {
    let installed: Vec<&str> =
        answer.lines().filter_map(|line| line.strip_suffix(" installed")).collect();
    packages.iter().copied().filter(|package| !installed.contains(package)).collect()
}

/// Installs packages, as root or through sudo; without either it says what to run.
pub(crate) fn install(packages: &[&str], purpose: &str) -> Outcome {
    say::doing(&format!("installing {purpose}: {}", packages.join(" ")));
    let Some(elevate) = Elevation::find() else {
        return Err(Failure::Missing(format!(
            "{purpose} must be installed by an administrator: apt-get install {}",
            packages.join(" ")
        )));
    };
    // A list that is stale still installs; a machine off line may have the packages cached.
    if elevate.apt_get().args(["update", "-qq"]).show().is_err() {
        say::doing("the list of packages could not be refreshed; trying with the one at hand");
    }
    elevate
        .apt_get()
        .args(["install", "--yes", "-qq", "--no-install-recommends"])
        .args(packages)
        .show()
}

/// How this user becomes an administrator.
#[derive(Debug, Clone, Copy)]
enum Elevation {
    Root,
    Sudo,
}

impl Elevation {
    fn find() -> Option<Self> {
        let id = Program::new("id").args(["-u"]).answer().unwrap_or_default();
        if id.trim() == "0" {
            return Some(Self::Root);
        }
        Program::new("sudo").args(["--version"]).works().then_some(Self::Sudo)
    }

    fn apt_get(self) -> Program {
        let environment = ["DEBIAN_FRONTEND=noninteractive", "apt-get"];
        let program = match self {
            Self::Root => Program::new("env"),
            Self::Sudo => Program::new("sudo").args(["env"]),
        };
        // Another installation may be running: wait for it rather than fail.
        program.args(environment).args(["-o", "DPkg::Lock::Timeout=300"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_installed_packages_count_as_there() {
        let answer = "xvfb installed\ndbus config-files\nperl installed\n";
        assert_eq!(
            missing_in(&["xvfb", "dbus", "perl", "gnome-keyring"], answer),
            ["dbus", "gnome-keyring"]
        );
        assert_eq!(missing_in(&["xvfb"], ""), ["xvfb"]);
    }
}
