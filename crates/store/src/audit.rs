//! Who did what to which chart, why and with what outcome: rows chained by SHA-256.
//!
//! A row is written in the transaction of what it tells of. It is never changed or removed:
//! triggers refuse, and [`verify`] finds whoever goes round them.

use crate::{
    error::{Result, StoreError},
    sql::{all, run, sql, unsql},
    tables::writer,
    transaction::Tx,
};
use chart::ChangeHash;
use clinical::{DeviceId, Instant, PatientId, PractitionerId};
use rusqlite::Connection;
use sha2::{Digest, Sha256};

macro_rules! numbered {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $number:literal $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The number it is stored by, for ever.
            pub const fn number(self) -> u8 {
                match self { $(Self::$variant => $number),+ }
            }

            /// The word it is shown and exported by.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }

            /// The value of a stored number.
            pub fn from_number(number: u8) -> Option<Self> {
                Self::ALL.iter().copied().find(|value| value.number() == number)
            }
        }
    };
}

numbered! {
    /// What was done.
    AuditAction {
        /// Something was recorded for the first time.
        Create = 1 "create",
        /// A chart or list was read.
        Read = 2 "read",
        /// An entry was changed.
        Update = 3 "update",
        /// An entry was marked as recorded by mistake.
        Withdraw = 4 "withdraw",
        /// Patients were searched.
        Search = 5 "search",
        /// Something was printed.
        Print = 6 "print",
        /// Something left as a file.
        Export = 7 "export",
        /// Something came in from a file.
        Import = 8 "import",
        /// Changes of another device were merged.
        Merge = 9 "merge",
        /// Someone signed in.
        SignIn = 10 "sign-in",
        /// The store was locked.
        Lock = 11 "lock",
        /// A note was signed.
        Sign = 12 "sign",
        /// A conflict was decided.
        Decide = 13 "decide",
        /// People, devices or settings were changed.
        Administer = 14 "administer",
        /// The store was checked, rebuilt or repaired.
        Maintain = 15 "maintain",
    }
}

numbered! {
    /// How it ended (FHIR R4 `AuditEvent.outcome`).
    AuditOutcome {
        /// It was done.
        Success = 0 "success",
        /// It was refused.
        Refused = 4 "refused",
        /// It failed.
        Failure = 8 "failure",
    }
}

numbered! {
    /// Why it was done.
    AuditPurpose {
        /// To treat the patient.
        Treatment = 1 "treatment",
        /// To run the clinic.
        Administration = 2 "administration",
        /// In an emergency, beyond what the role may do.
        BreakGlass = 3 "break-glass",
        /// By the program itself.
        System = 4 "system",
    }
}

/// One thing that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditEvent {
    /// When, by this computer's clock.
    pub at: Instant,
    /// Who.
    pub author: PractitionerId,
    /// Where.
    pub device: DeviceId,
    /// What.
    pub action: AuditAction,
    /// Whose chart, when it was about one.
    pub patient: Option<PatientId>,
    /// Which document, entry or list: `allergy/0190…`, `patients`. No clinical content.
    pub resource: String,
    /// How it ended.
    pub outcome: AuditOutcome,
    /// Why.
    pub purpose: AuditPurpose,
}

/// One row of the chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its place, from 1.
    pub seq: u64,
    /// What was done.
    pub event: AuditEvent,
    /// The change it wrote, or the SHA-256 of the hashes of several; empty when it wrote none.
    pub change: Vec<u8>,
    /// SHA-256 over the row before and this one.
    pub hash: [u8; 32],
}

/// The change a row tells of.
pub(crate) fn change_of(hashes: &[ChangeHash]) -> Vec<u8> {
    match hashes {
        [] => Vec::new(),
        [one] => one.to_vec(),
        several => Sha256::digest(several.concat()).to_vec(),
    }
}

/// Appends a row.
pub(crate) fn append(tx: &mut Tx<'_>, event: AuditEvent, change: Vec<u8>) -> Result<()> {
    let seq = tx.mark.audit_seq + 1;
    let row = AuditRow { seq, event, change, hash: [0; 32] };
    let hash = chain(&tx.mark.audit_head, &row);
    let writer = tx.writers.number(tx.db, row.event.author, row.event.device)?;
    let text = "INSERT INTO audit
                (seq, at, writer, action, patient, resource, outcome, purpose, change, hash)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
    let event = &row.event;
    let params = rusqlite::params![
        sql(seq),
        event.at.unix_ms(),
        writer,
        event.action.number(),
        patient_bytes(event),
        event.resource,
        event.outcome.number(),
        event.purpose.number(),
        row.change,
        hash,
    ];
    run(tx.db, text, params)?;
    tx.mark.audit_seq = seq;
    tx.mark.audit_head = hash;
    Ok(())
}

/// Which way to read the rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AuditSpan {
    /// After this row, the oldest first.
    After(u64),
    /// Before this row, the newest first.
    Before(u64),
}

macro_rules! rows {
    ($rest:literal) => {
        concat!(
            "SELECT seq, at, writer, action, patient, resource, outcome, purpose, change, hash
             FROM audit WHERE ",
            $rest
        )
    };
}

/// The rows after `after`, in order.
pub(crate) fn page(db: &Connection, after: u64, limit: u32) -> Result<Vec<AuditRow>> {
    span(db, None, AuditSpan::After(after), limit)
}

/// The rows of a span: all, or those about one patient.
pub(crate) fn span(
    db: &Connection,
    whose: Option<PatientId>,
    span: AuditSpan,
    limit: u32,
) -> Result<Vec<AuditRow>> {
    match (whose.map(|patient| patient.uuid().into_bytes()), span) {
        (None, AuditSpan::After(seq)) => {
            read(db, rows!("seq > ?1 ORDER BY seq LIMIT ?2"), (sql(seq), limit))
        }
        (None, AuditSpan::Before(seq)) => {
            read(db, rows!("seq < ?1 ORDER BY seq DESC LIMIT ?2"), (sql(seq), limit))
        }
        (Some(id), AuditSpan::After(seq)) => {
            let text = rows!("seq > ?1 AND patient = ?3 ORDER BY seq LIMIT ?2");
            read(db, text, (sql(seq), limit, id))
        }
        (Some(id), AuditSpan::Before(seq)) => {
            let text = rows!("seq < ?1 AND patient = ?3 ORDER BY seq DESC LIMIT ?2");
            read(db, text, (sql(seq), limit, id))
        }
    }
}

/// The hash of one row.
pub(crate) fn hash_at(db: &Connection, seq: u64) -> Result<Option<[u8; 32]>> {
    crate::sql::one(db, "SELECT hash FROM audit WHERE seq = ?1", [sql(seq)], |row| row.get(0))
}

/// Walks the whole chain: the first row that was altered, removed or put in, if any.
pub(crate) fn verify(db: &Connection, audit_seq: u64, head: &[u8; 32]) -> Result<Option<u64>> {
    const PAGE: u32 = 4096;
    let mut before = [0; 32];
    let mut seq = 0;
    loop {
        let rows = page(db, seq, PAGE)?;
        if rows.is_empty() {
            let whole = seq == audit_seq && before == *head;
            return Ok((!whole).then_some(seq + 1));
        }
        for row in rows {
            if row.seq != seq + 1 || row.hash != chain(&before, &row) {
                return Ok(Some(seq + 1));
            }
            before = row.hash;
            seq = row.seq;
        }
    }
}

fn read(db: &Connection, text: &str, params: impl rusqlite::Params) -> Result<Vec<AuditRow>> {
    type Found = (i64, i64, i64, u8, Vec<u8>, String, u8, u8, Vec<u8>, [u8; 32]);
    let writers = writer::all(db)?;
    let rows: Vec<Found> = all(db, text, params, |row| {
        Ok((
            row.get(0)?,
            row.get(1)?,
            row.get(2)?,
            row.get(3)?,
            row.get(4)?,
            row.get(5)?,
            row.get(6)?,
            row.get(7)?,
            row.get(8)?,
            row.get(9)?,
        ))
    })?;
    let bad = StoreError::Damaged("an audit row");
    let rows = rows.into_iter().map(|found| {
        let (seq, at, writer, action, patient, resource, outcome, purpose, change, hash) = found;
        let (author, device) = *writers.get(&writer)?;
        let event = AuditEvent {
            at: Instant::from_unix_ms(at),
            author,
            device,
            action: AuditAction::from_number(action)?,
            patient: patient_of(&patient),
            resource,
            outcome: AuditOutcome::from_number(outcome)?,
            purpose: AuditPurpose::from_number(purpose)?,
        };
        Some(AuditRow { seq: unsql(seq), event, change, hash })
    });
    rows.collect::<Option<Vec<_>>>().ok_or(bad)
}

fn patient_bytes(event: &AuditEvent) -> Vec<u8> {
    event.patient.map(|patient| patient.uuid().into_bytes().to_vec()).unwrap_or_default()
}

fn patient_of(bytes: &[u8]) -> Option<PatientId> {
    let bytes = bytes.try_into().ok()?;
    Some(PatientId::from_uuid(uuid::Uuid::from_bytes(bytes)))
}

fn chain(before: &[u8; 32], row: &AuditRow) -> [u8; 32] {
    let event = &row.event;
    let mut hash = Sha256::new();
    hash.update(b"fieldchart audit 1");
    hash.update(before);
    hash.update(row.seq.to_be_bytes());
    hash.update(event.at.unix_ms().to_be_bytes());
    hash.update(event.author.uuid().as_bytes());
    hash.update(event.device.uuid().as_bytes());
    hash.update([event.action.number(), event.outcome.number(), event.purpose.number()]);
    for part in [patient_bytes(event).as_slice(), event.resource.as_bytes(), &row.change] {
        hash.update(u64::try_from(part.len()).unwrap_or_default().to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_distinct_and_read_back() {
        fn check<T: Copy + PartialEq + std::fmt::Debug>(
            all: &[T],
            number: fn(T) -> u8,
            from: fn(u8) -> Option<T>,
        ) {
            for value in all {
                assert_eq!(from(number(*value)), Some(*value));
            }
        }
        check(AuditAction::ALL, AuditAction::number, AuditAction::from_number);
        check(AuditOutcome::ALL, AuditOutcome::number, AuditOutcome::from_number);
        check(AuditPurpose::ALL, AuditPurpose::number, AuditPurpose::from_number);
        assert_eq!(AuditAction::from_number(0), None);
    }

    /// The chain is part of the form: a row written today verifies for ever.
    #[test]
    fn the_chain_keeps_its_form() {
        let event = AuditEvent {
            at: Instant::from_unix_ms(1_795_512_600_250),
            author: PractitionerId::from_uuid(uuid::Uuid::from_u128(1)),
            device: DeviceId::from_uuid(uuid::Uuid::from_u128(2)),
            action: AuditAction::Read,
            patient: Some(PatientId::from_uuid(uuid::Uuid::from_u128(3))),
            resource: "chart".into(),
            outcome: AuditOutcome::Success,
            purpose: AuditPurpose::Treatment,
        };
        let row = AuditRow { seq: 1, event, change: vec![7; 32], hash: [0; 32] };
        let hex: String = chain(&[0; 32], &row).iter().map(|b| format!("{b:02x}")).collect();
        insta::assert_snapshot!(
            hex,
            @"218d51e8d9a308891cbc1f82e68ca0b961f1c0821b701c14c973fde8369eb715"
        );
    }
}
