//! Who belongs to a clinic: a log of clear, hash-chained, signed entries.
//!
//! It starts with the founding device's entry, whose key pins the clinic. Everything after it is
//! signed by an admin device, or, for one join, by an invite's key. A server stores and shows the
//! log and authenticates devices by it, but can add nobody. Names of devices are sealed by the
//! host; what is in clear is public keys, roles and times.

mod entry;
mod error;
mod members;
mod mending;

pub use entry::{
    ENTRY_VERSION, Entry, EntryBody, Epoch, Found, Invite, Join, Kit, MembersHead, Revoke, Role,
    SealedKey, SignedEntry,
};
pub use error::EntryError;
pub use members::{Member, Members, Revocation, Standing};
pub use mending::{Mending, Step, mend};
