//! Which folder the clinic's store is in.

use std::path::{Path, PathBuf};

/// The folder's name in the place where programs keep data.
const NAME: &str = "fieldchart";

/// There is no place for the store.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no folder for data on this computer: name one by --store")]
pub struct NoStoreFolder;

/// The folder named on the command line, else by `FIELDCHART_STORE`, else the system's place.
///
/// `variable` is the environment's, `data` the system's folder for programs' data.
///
/// # Errors
/// [`NoStoreFolder`] when there is none of the three.
pub fn resolve(
    named: Option<PathBuf>,
    variable: Option<PathBuf>,
    data: Option<&Path>,
) -> Result<PathBuf, NoStoreFolder> {
    named
        .or_else(|| variable.filter(|folder| !folder.as_os_str().is_empty()))
        .or_else(|| data.map(|data| data.join(NAME)))
        .ok_or(NoStoreFolder)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_wins() {
        let check = |named: Option<&str>, variable: Option<&str>, data: Option<&str>, expected| {
            let found =
                resolve(named.map(Into::into), variable.map(Into::into), data.map(Path::new));
            assert_eq!(found.ok().as_deref(), expected);
        };
        check(Some("/n"), Some("/v"), Some("/d"), Some(Path::new("/n")));
        check(None, Some("/v"), Some("/d"), Some(Path::new("/v")));
        check(None, Some(""), Some("/d"), Some(Path::new("/d/fieldchart")));
        check(None, None, Some("/d"), Some(Path::new("/d/fieldchart")));
        check(None, None, None, None);
    }
}
