//! How an answer is shown while it loads, when it fails and when it is there.

pub(super) use crate::forms::shown;
