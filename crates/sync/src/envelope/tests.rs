//! Envelopes, byte for byte.
