//! Keys and sealing from outside.

mod golden;
mod hostile;
mod keyslots;
mod story;
