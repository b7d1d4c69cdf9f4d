//! What the rows of a projection hang on.

/// The document a view is projected for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Target {
    /// Its row.
    pub(crate) ord: i64,
    /// Nothing of it has been projected yet.
    pub(crate) is_new: bool,
}
