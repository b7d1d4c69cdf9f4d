//! The manual: a page for the program, and one for each thing it does.

use crate::{arguments::Arguments, failure::Failure, output::Output};
use api::{ApiError, ErrorCode};
use clap::CommandFactory;
use std::{io::ErrorKind, path::Path};

/// Writes the pages into a folder, as `fieldchart.1`, `fieldchart-record.1` and so on.
pub(super) fn write(folder: &Path, output: Output) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        let detail = format!("{}: {error}", folder.display());
        let kinds = [
            (ErrorKind::NotFound, ErrorCode::NotFound),
            (ErrorKind::StorageFull, ErrorCode::DiskFull),
        ];
        let code = kinds.into_iter().find(|(kind, _)| *kind == error.kind());
        let code = code.map_or(ErrorCode::ReadOnlyDisk, |(_, code)| code);
        Failure::Failed(ApiError::new(code, detail))
    };
    clap_mangen::generate_to(Arguments::command(), folder).map_err(failed)?;
    let told = serde_json::json!({ "folder": folder });
    output.answer(&told, |_| format!("the manual is in {}", folder.display()));
    Ok(())
}
