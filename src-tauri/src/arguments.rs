//! The words on the command line.

use std::ffi::OsString;
use std::path::PathBuf;

/// How to start the program.
pub(crate) const USAGE: &str = "usage: fieldchart-desktop [--store DIR] [--version] [--help]";

/// What the words mean.
pub(crate) const HELP: &str = "\
Opens the window of a clinic's record.

  --store DIR    the folder of the clinic's store; else FIELDCHART_STORE, else `fieldchart` in the
                 system's folder for programs' data
  -V, --version  tells the version
  -h, --help     tells this";

/// What was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To open the window.
    Run(Arguments),
    /// To tell the version.
    Version,
    /// To tell how it is started.
    Help,
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
            Some("--help" | "-h") => return Ok(Asked::Help),
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
        check("--help", Ok(Asked::Help));
        check("--store /a -h", Ok(Asked::Help));
        check("--stare /a", Err(ArgumentError::Unknown("--stare".to_owned())));
        check("/a", Err(ArgumentError::Unknown("/a".to_owned())));
    }
}
