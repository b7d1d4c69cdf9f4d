//! Writing a bundle, block by block.

use std::io;

use sha2::{Digest as _, Sha256};

use super::{BundleEnd, BundleHead, MAGIC};
use crate::ids::ClinicId;
use crate::membership::SignedEntry;
use crate::serve::members_page_len;
use crate::session::{Outgoing, fitting};
use crate::signing::Signer;
use crate::wire::{Frame, MembersPush};

/// A bundle being written.
#[derive(Debug)]
pub struct BundleWriter<W> {
    out: W,
    clinic: ClinicId,
    digest: Sha256,
    envelopes: u64,
}

impl<W: io::Write> BundleWriter<W> {
    /// Begins a bundle.
    ///
    /// # Errors
    /// Of the file.
    pub fn begin(out: W, head: &BundleHead) -> io::Result<Self> {
        let mut writer = Self { out, clinic: head.clinic, digest: Sha256::new(), envelopes: 0 };
        writer.put(&MAGIC)?;
        writer.block(&head.to_frame())?;
        Ok(writer)
    }

    /// Adds the membership log, from its first entry.
    ///
    /// # Errors
    /// Of the file.
    pub fn members(&mut self, mut entries: &[SignedEntry]) -> io::Result<()> {
        while !entries.is_empty() {
            let (page, rest) = entries.split_at(members_page_len(entries).clamp(1, entries.len()));
            let push = MembersPush { clinic: self.clinic, entries: page.to_vec() };
            self.block(&push.to_frame())?;
            entries = rest;
        }
        Ok(())
    }

    /// Adds envelopes with the keys of their documents.
    ///
    /// # Errors
    /// Of the file.
    pub fn envelopes(&mut self, outgoing: Outgoing) -> io::Result<()> {
        for push in fitting(self.clinic, outgoing) {
            let count = u64::try_from(push.envelopes.len()).unwrap_or(u64::MAX);
            self.envelopes = self.envelopes.saturating_add(count);
            self.block(&push.to_frame())?;
        }
        Ok(())
    }

    /// Ends the bundle; answers how many envelopes it holds, and the file, which may not have been
    /// flushed.
    ///
    /// # Errors
    /// Of the file.
    pub fn end(mut self, signer: &dyn Signer) -> io::Result<(u64, W)> {
        let digest = self.digest.clone().finalize().into();
        self.block(&BundleEnd::sign(self.envelopes, digest, signer).to_frame())?;
        Ok((self.envelopes, self.out))
    }

    fn block(&mut self, frame: &[u8]) -> io::Result<()> {
        let length = u32::try_from(frame.len()).map_err(io::Error::other)?;
        self.put(&length.to_be_bytes())?;
        self.put(frame)
    }

    fn put(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.digest.update(bytes);
        self.out.write_all(bytes)
    }
}
