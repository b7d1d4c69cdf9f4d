//! The ways out: how a device reaches a server, and the other desktops of its clinic. Both hosts
//! share it.
//!
//! It carries the frames of [`sync::wire`] and knows nothing of what is sealed in them. A server
//! is trusted by its pin alone, a desktop by the key it is enrolled with; no certificate authority
//! is asked.

mod ahead;
mod carrier;
mod client;
mod courier;
mod error;
mod frames;
mod http;
mod lan;
mod pin;
mod pushing;
mod stopping;
mod traffic;
mod trust;
mod wake;

pub use carrier::{BlockingCarrier, CarrierError, pin_shown_at};
pub use client::{Client, shown_pin};
pub use courier::{Courier, Credentials, failure_of};
pub use error::LinkError;
pub use http::Patience;
pub use lan::{
    Announcement, Browse, LanAnswer, LanCarrier, LanDesk, LanListener, Standing, announce, browse,
    reachable,
};
pub use sync::address::{AddressError, PinError, ServerAddress, pin_from_text, pin_to_text};
pub use traffic::Tally;
pub use wake::WakeStream;
