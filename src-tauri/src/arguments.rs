//! The words on the command line.

use std::ffi::OsString;
use std::path::PathBuf;

/// How to start the program.
pub(crate) const USAGE: &str = "usage: fieldchart-desktop [--store DIR] [--version]";

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To open the window.
    Run(Arguments),
    /// To tell the version.
    Version,
}

/// How the window is to be opened.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Arguments {
    /// The folder of the clinic's store, when named.
    pub(crate) store: Option<PathBuf>,
}

/// What is wrong with the words.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum ArgumentError {
    /// `--store` stands last.
    #[error("--store needs a folder")]
    NoFolder,
    /// A word without meaning here.
    #[error("{0} is not understood")]
    Unknown(String),
}

/// Reads the words after the program's name.
pub(crate) fn read(words: impl IntoIterator<Item = OsString>) -> Result<Asked, ArgumentError> {
    let mut arguments = Arguments::default();
    let mut words = words.into_iter();
    while let Some(word) = words.next() {
        match word.to_str() {
            Some("--store") => {
                let folder = words.next().filter(|folder| !folder.is_empty());
                arguments.store = Some(folder.ok_or(ArgumentError::NoFolder)?.into());
            }
            Some("--version" | "-V") => return Ok(Asked::Version),
            _ => return Err(ArgumentError::Unknown(word.to_string_lossy().into_owned())),
        }
    }
    Ok(Asked::Run(arguments))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read() {
        let check = |line: &str, expected: Result<Asked, ArgumentError>| {
            let words = line.split(' ').filter(|word| !word.is_empty()).map(OsString::from);
            assert_eq!(read(words), expected, "{line}");
        };
        let store = |folder: &str| Ok(Asked::Run(Arguments { store: Some(folder.into()) }));
        check("", Ok(Asked::Run(Arguments::default())));
        check("--store /a", store("/a"));
        check("--store /a --store /b", store("/b"));
        check("--store", Err(ArgumentError::NoFolder));
        check("--version", Ok(Asked::Version));
        check("--stare /a", Err(ArgumentError::Unknown("--stare".to_owned())));
        check("/a", Err(ArgumentError::Unknown("/a".to_owned())));
    }
}
