//! Writes beside the record: what is being typed, what was read, what was sealed.

use crate::{
    audit::{self, AuditEvent},
    commit::{Receipt, write_receipt},
    error::Result,
    search,
    store::Store,
    tables::{
        cursor,
        draft_text::{self, DraftTextRow},
        elsewhere::{self, ElsewhereRow},
        form_text::{self, FormTextRow},
        kept::{self, SealedRun},
        named::{self, NamedRow},
        peer_have::{self, HaveRow},
        quarantine,
        replica::{self, ReplicaRow},
        sheet::{self, SheetRow},
        unacknowledged,
    },
};
use clinical::{PatientId, PractitionerId};

/// What was sealed, kept in one transaction: the envelopes, the place in the sequence they took,
/// and the end of their changes in the outbox.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sealing {
    /// The changes that were sealed.
    pub sealed: Vec<SealedChange>,
    /// Envelopes whose content was sealed again: where it was and where it is, each by generation
    /// and counter.
    pub moved: Vec<((u32, u64), (u32, u64))>,
    /// Where this device stands in its sequence now.
    pub replica: Option<ReplicaRow>,
    /// The envelopes, and what else must be kept with them.
    pub receipt: Receipt,
}

/// A change that was sealed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SealedChange {
    /// Its place in the outbox.
    pub ord: i64,
    /// In which of this device's sequences.
    pub generation: u32,
    /// The envelope that ends it.
    pub counter: u64,
}

impl Store {
    /// Keeps what is being typed: durable when this returns.
    ///
    /// # Errors
    /// [`crate::StoreError`]: the text before is kept.
    pub fn save_draft_text(&self, row: &DraftTextRow) -> Result<()> {
        self.write(|tx| draft_text::put(tx.db, row))
    }

    /// Keeps what stands in a form that is not recorded yet: durable when this returns.
    ///
    /// # Errors
    /// [`crate::StoreError`]: what was kept before stays.
    pub fn save_form_text(&self, row: &FormTextRow) -> Result<()> {
        self.write(|tx| form_text::put(tx.db, row))
    }

    /// Forgets a form that was recorded or given up.
    ///
    /// # Errors
    /// [`crate::StoreError`]: it is still kept.
    pub fn forget_form_text(&self, author: PractitionerId, form: &str) -> Result<()> {
        self.write(|tx| form_text::forget(tx.db, author, form))
    }

    /// Keeps audit rows of what changed nothing: readings, searches, exports, sign-ins. On a full
    /// disk they get the room that was kept for them, so that charts can still be read for a while.
    ///
    /// # Errors
    /// [`crate::StoreError`]: none of the rows is kept, and what they tell of must not be shown.
    pub fn record_audit(&self, events: &[AuditEvent]) -> Result<()> {
        self.write_with_reserve(|tx| {
            let mut events = events.iter().cloned();
            events.try_for_each(|event| audit::append(tx, event, Vec::new()))
        })
    }

    /// Keeps that a sheet was printed, the file of an original, and the audit row that attests it:
    /// all or none. A sheet leaves for the printer only after this.
    ///
    /// # Errors
    /// [`crate::StoreError`]: nothing was printed as far as the store knows.
    pub fn archive(&self, row: &SheetRow, file: &[u8], audit: &AuditEvent) -> Result<()> {
        self.write(|tx| sheet::put(tx, row, file, audit.clone()))
    }

    /// Keeps what was sealed. An envelope leaves the device only after this.
    ///
    /// # Errors
    /// [`crate::StoreError`]: nothing was sealed as far as the store knows.
    pub fn seal(&self, sealing: &Sealing) -> Result<()> {
        self.write(|tx| {
            runs(&sealing.sealed).iter().try_for_each(|run| kept::sealed(tx, run))?;
            sealing
                .moved
                .iter()
                .try_for_each(|(from, to)| unacknowledged::moved(tx.db, *from, *to))?;
            sealing.replica.iter().try_for_each(|row| replica::put(tx.db, row))?;
            write_receipt(tx, &sealing.receipt)
        })
    }

    /// Keeps what was received and changes no document.
    ///
    /// # Errors
    /// [`crate::StoreError`]: nothing of it is kept.
    pub fn receive(&self, receipt: &Receipt) -> Result<()> {
        self.write(|tx| write_receipt(tx, receipt))
    }

    /// Notes all that a peer holds, in place of what was noted of it before.
    ///
    /// # Errors
    /// [`crate::StoreError`]: what was noted before stays.
    pub fn replace_have(&self, peer: &str, rows: &[HaveRow]) -> Result<()> {
        self.write(|tx| {
            peer_have::forget(tx.db, peer)?;
            rows.iter().try_for_each(|row| peer_have::put(tx.db, row))
        })
    }

    /// Goes back to the start of a server's log where, of envelopes set aside for `reason`, only
    /// names are kept: the next exchange fetches them again. Answers whether there were any.
    ///
    /// # Errors
    /// [`crate::StoreError`]: nothing was changed.
    pub fn read_log_again(&self, server: &str, reason: &str) -> Result<bool> {
        self.write(|tx| {
            let names = quarantine::forget_names(tx.db, reason)?;
            if names > 0 {
                cursor::forget(tx.db, server)?;
            }
            Ok(names > 0)
        })
    }

    /// Forgets how far a server's log was read, with a note of when.
    ///
    /// # Errors
    /// [`crate::StoreError`]: nothing is forgotten.
    pub fn forget_cursor(&self, server: &str, note: &NamedRow) -> Result<()> {
        self.write(|tx| {
            cursor::forget(tx.db, server)?;
            named::put(tx, note)
        })
    }

    /// Keeps small named values, all or none.
    ///
    /// # Errors
    /// [`crate::StoreError`]: none is kept.
    pub fn put_named(&self, rows: &[NamedRow]) -> Result<()> {
        self.write(|tx| rows.iter().try_for_each(|row| named::put(tx, row)))
    }

    /// Keeps small named values in place of all whose names begin with `prefix`, and others besides.
    ///
    /// # Errors
    /// [`crate::StoreError`]: all is as it was.
    pub fn replace_named(&self, prefix: &str, rows: &[NamedRow]) -> Result<()> {
        self.write(|tx| {
            let before = named::with_prefix(tx.db, prefix)?;
            before.iter().try_for_each(|row| named::remove(tx, &row.name))?;
            rows.iter().try_for_each(|row| named::put(tx, row))
        })
    }

    /// Changes a small named value, as it stands now, in one step: nobody else's change to it is
    /// lost. `None` is that there is none.
    ///
    /// # Errors
    /// [`crate::StoreError`]: it is as it was.
    pub fn change_named(
        &self,
        name: &str,
        change: impl FnOnce(Option<Vec<u8>>) -> Option<Vec<u8>>,
    ) -> Result<()> {
        self.write(|tx| match change(named::find(tx.db, name)?) {
            Some(bytes) => named::put(tx, &NamedRow { name: name.to_owned(), bytes }),
            None => named::remove(tx, name),
        })
    }

    /// Removes a small named value.
    ///
    /// # Errors
    /// [`crate::StoreError`]: it is still there.
    pub fn remove_named(&self, name: &str) -> Result<()> {
        self.write(|tx| named::remove(tx, name))
    }

    /// Lists people whose charts may not be here, as was said with the floor of a place.
    ///
    /// # Errors
    /// [`crate::StoreError`]: none of them is listed.
    pub fn list_elsewhere(&self, place: u64, people: &[ElsewhereRow]) -> Result<()> {
        self.write(|tx| people.iter().try_for_each(|row| elsewhere::put(tx, place, row)))
    }

    /// Counts a chart as here of which only a part was.
    ///
    /// # Errors
    /// [`crate::StoreError`]: it counts as before.
    pub fn settle_elsewhere(&self, patient: PatientId) -> Result<()> {
        self.write(|tx| elsewhere::settle(tx, patient))
    }

    /// Forgets who was listed for places that are not kept, and not that a chart is partly here.
    ///
    /// # Errors
    /// [`crate::StoreError`]: they are listed as before.
    pub fn forget_elsewhere(&self, keeps: impl Fn(u64) -> bool) -> Result<()> {
        self.write(|tx| elsewhere::forget_places(tx, &keeps))
    }

    /// Forgets all who were listed: everything is here.
    ///
    /// # Errors
    /// [`crate::StoreError`]: they are listed as before.
    pub fn settle_all_elsewhere(&self) -> Result<()> {
        self.write(|tx| elsewhere::forget_all(tx))
    }

    /// Tidies the search index and the query planner's statistics: worth it after an import.
    ///
    /// # Errors
    /// [`crate::StoreError`]: everything works as before.
    pub fn optimize(&self) -> Result<()> {
        self.write(|tx| search::index::optimize(tx.db))
    }
}

/// Changes that stand one after another and were sealed into one envelope, together.
fn runs(sealed: &[SealedChange]) -> Vec<SealedRun> {
    let mut runs: Vec<SealedRun> = Vec::new();
    for SealedChange { ord, generation, counter } in sealed {
        let envelope = (*generation, *counter);
        match runs.last_mut() {
            Some(run) if run.envelope == envelope && run.last.checked_add(1) == Some(*ord) => {
                run.last = *ord;
            }
            Some(_) | None => runs.push(SealedRun { first: *ord, last: *ord, envelope }),
        }
    }
    runs
}
