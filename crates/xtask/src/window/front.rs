//! What the webview can be given: the product's window, and the bare page it is measured against.

use std::path::{Path, PathBuf};

/// A package that is compiled for the webview.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Front {
    /// The product's window.
    Window,
    /// A page of Leptos with nothing of ours in it.
    Bare,
}

impl Front {
    /// The name of the package, of its module and of the script made from it.
    pub(crate) fn package(self) -> &'static str {
        match self {
            Self::Window => "ui",
            Self::Bare => "bare-page",
        }
    }

    /// The package's folder.
    pub(crate) fn folder(self, root: &Path) -> PathBuf {
        match self {
            Self::Window => root.join("ui"),
            Self::Bare => root.join("tests").join("bare-page"),
        }
    }

    /// The folder from which it is packed into a program.
    pub(crate) fn dist(self, root: &Path) -> PathBuf {
        self.folder(root).join("dist")
    }

    /// The folders of `assets/` that its page refers to.
    pub(crate) fn assets(self) -> &'static [&'static str] {
        match self {
            Self::Window => &["styles", "icons", "fonts", "locales"],
            Self::Bare => &[],
        }
    }
}
