//! What comes of a measure that may fail. Whoever runs it reads the words.

/// A result whose error is told and ends the run.
pub(crate) type Outcome<T = ()> = Result<T, Box<dyn std::error::Error>>;
