//! Ids and days for values that are made to be checked or shown and never kept.

use crate::host::clock;
use clinical::{PartialDate, uuid_v7};
use uuid::Uuid;

/// An id that names nothing.
pub(super) fn no_id() -> Uuid {
    uuid_v7(0, [0; 10])
}

/// Today, as a date of the record.
pub(super) fn today() -> PartialDate {
    PartialDate::from_date(clock::today())
}
