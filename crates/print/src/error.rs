//! What can go wrong when a sheet is made.

/// Why there is no sheet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PrintError {
    /// There is nothing to print.
    #[error("there is nothing to print")]
    Nothing,
    /// A square code cannot hold its text.
    #[error("the text of the square code is too long; nothing was printed")]
    Code,
    /// A typeface cannot be put into the file.
    #[error("a typeface cannot be put into the file; nothing was printed")]
    Font,
    /// The file cannot be put together.
    #[error("the file cannot be put together; nothing was printed")]
    File,
}
