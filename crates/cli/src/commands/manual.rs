//! The manual: a page for the program, and one for each thing it does.

use super::places::no_folder;
use crate::{arguments::Arguments, failure::Failure, output::Output};
use api::{ApiError, ErrorCode};
use clap::CommandFactory;
use std::{io::ErrorKind, path::Path};

/// Writes the pages into a folder, as `fieldchart.1`, `fieldchart-record.1` and so on.
pub(super) fn write(folder: &Path, output: Output) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        let is_full = error.kind() == ErrorKind::StorageFull;
        let code = if is_full { ErrorCode::DiskFull } else { ErrorCode::ReadOnlyDisk };
        let is_there = error.kind() != ErrorKind::NotFound;
        let told = || ApiError::new(code, format!("{}: {error}", folder.display()));
        Failure::Failed(if is_there { told() } else { no_folder(folder) })
    };
    clap_mangen::generate_to(Arguments::command(), folder).map_err(failed)?;
    let told = serde_json::json!({ "folder": folder });
    output.answer(&told, |_| format!("the manual is in {}", folder.display()));
    Ok(())
}
