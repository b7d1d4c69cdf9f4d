//! A printer of a test, which keeps what it was given.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use tests::process::wait_for;
use tests::scene::Scene;
use tests::window::Window;

/// A printer: it keeps the last page it was given.
pub struct Printer {
    programs: PathBuf,
}

impl Printer {
    pub fn on(scene: &Scene) -> Self {
        let programs = scene.folder().join("programs");
        fs::create_dir(&programs).expect("a folder of programs");
        let printer = Self { programs };
        let script =
            format!("#!/bin/sh\nshift $(($# - 1))\ncp \"$1\" '{}'\n", printer.page().display());
        let path = printer.programs.join("lp");
        fs::write(&path, script).expect("a printer");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("a printer");
        printer
    }

    fn page(&self) -> PathBuf {
        self.programs.join("page.pdf")
    }

    /// The window of a computer that has this printer.
    pub fn open(&self, scene: &Scene) -> Window {
        let path = std::env::var("PATH").unwrap_or_default();
        let path = format!("{}:{path}", self.programs.display());
        scene.open_with("a", vec![("PATH", path)])
    }

    /// Waits until what was printed last says this, and gives it.
    pub fn prints(&self, says: &str) -> String {
        wait_for(&format!("a page that says {says:?}"), || {
            let mut reader = Command::new("pdftotext");
            reader.args(["-layout", "-enc", "UTF-8"]).arg(self.page()).arg("-");
            let text = reader.output().expect("pdftotext, of poppler-utils").stdout;
            // Without the marks that say from which side a part is read.
            let is_mark = |c: &char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
            let text: String =
                String::from_utf8_lossy(&text).chars().filter(|c| !is_mark(c)).collect();
            let text = text.replace('\u{a0}', " ");
            text.contains(says).then_some(text)
        })
    }
}
