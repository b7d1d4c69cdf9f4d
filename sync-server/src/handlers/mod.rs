//! One file a purpose: what is asked, what it does, what it answers.

pub(crate) mod blob;
pub(crate) mod challenge;
pub(crate) mod erase;
pub(crate) mod floor;
pub(crate) mod health;
pub(crate) mod hello;
pub(crate) mod invite;
pub(crate) mod members;
pub(crate) mod metrics;
pub(crate) mod pull;
pub(crate) mod push;
pub(crate) mod room;
pub(crate) mod wake;
