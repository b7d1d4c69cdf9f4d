//! Who else was seen to hold what is written in a chart. What is not known is not said: the server
//! holds an entry once it acknowledged the envelope that its last change is in.

use crate::{error::ToldResult, host::Host, open::Session, permit::Permit};
use api::{ApiError, GetWhereabouts, Holder, WhereaboutsView};
use clinical::{DeviceId, DocumentKind, DocumentRef, PatientId};
use std::collections::{BTreeMap, BTreeSet};
use store::{SELF, Unacknowledged};
use sync::check::QuarantineReason as Reason;
use uuid::Uuid;

use super::{
    holders::others,
    keys::{Keys, device_of},
    names,
    peer::Peer,
    quarantine::left,
    seal::tag_of_document,
    server::server_of,
};

/// Tells where what is written in a chart is.
///
/// # Errors
/// The store's.
pub(crate) fn get_whereabouts<H: Host>(
    session: &Session<'_, H>,
    _permit: &Permit<GetWhereabouts>,
    command: &GetWhereabouts,
) -> Result<WhereaboutsView, ApiError> {
    let store = &session.open.store;
    let patients: Vec<PatientId> = session.group(command.patient)?.members().collect();
    let mut rows = Vec::new();
    for patient in &patients {
        rows.extend(store.unacknowledged(*patient).told()?);
    }
    let whole = rows.iter().find(|row| row.entry.is_none());
    // What the server holds is told also where the keys cannot be read.
    let keys = Keys::load(session).ok();
    let Around { sides, members: computers, elsewhere } = Around::look(session, keys.as_ref())?;
    let own = match whole {
        Some(whole) => holders(&sides, |side| side.has(whole)),
        None => holders(&sides, |side| side.has_all_else),
    };
    let recent = rows.iter().filter_map(|row| Some((row.entry?, row)));
    let recent = recent.map(|(entry, row)| (entry, holders(&sides, |side| side.has(row))));
    let held = store.devices_held(SELF).told()?;
    let other = |device: &[u8; 16]| {
        let writer = DeviceId::from_uuid(Uuid::from_bytes(*device));
        let is_known = held.contains(device);
        let has = |side: &Side| side.is_of(writer) || (is_known && !side.lacks.contains(device));
        (writer, holders(&sides, has))
    };
    Ok(WhereaboutsView {
        here: session.open.device,
        elsewhere,
        recent: recent.collect(),
        own,
        others: computers.iter().map(other).collect(),
        set_aside: keys.map_or(Ok(0), |keys| {
            let each = patients.iter().map(|patient| set_aside(session, &keys, *patient));
            each.sum::<Result<u64, ApiError>>()
        })?,
    })
}

/// How much was set aside that computers of the clinic sealed for a chart.
fn set_aside<H: Host>(
    session: &Session<'_, H>,
    keys: &Keys,
    patient: PatientId,
) -> Result<u64, ApiError> {
    let document = DocumentRef::new(DocumentKind::Chart, patient.uuid());
    let Some(tag) = tag_of_document(keys, document) else { return Ok(0) };
    let mut aside = session.open.store.set_aside_of(&tag.0).told()?;
    aside.extend(aside_beside(session, document)?);
    let is_genuine = |code: &str| Reason::from_code(code).is_some_and(Reason::is_genuine);
    let left = left(session)?;
    let waits = |envelope: &[u8; 32]| !left.contains_key(envelope);
    let genuine = aside.iter().filter(|(envelope, reason)| is_genuine(reason) && waits(envelope));
    Ok(u64::try_from(genuine.count()).unwrap_or(u64::MAX))
}

/// What was set aside that holds changes of many documents, one of them this.
fn aside_beside<H: Host>(
    session: &Session<'_, H>,
    document: DocumentRef,
) -> Result<Vec<([u8; 32], String)>, ApiError> {
    let store = &session.open.store;
    let mut aside = Vec::new();
    for row in store.named_with_prefix(&names::aside_of_prefix(document)).told()? {
        let Ok(envelope) = row.bytes.try_into() else { continue };
        // It may have come in since.
        let kept = store.set_aside_one(&envelope).told()?;
        aside.extend(kept.map(|kept| (envelope, kept.reason)));
    }
    Ok(aside)
}

fn holders(sides: &[Side], has: impl Fn(&Side) -> bool) -> Vec<Holder> {
    sides.iter().filter(|side| has(side)).map(|side| side.who.clone()).collect()
}

/// Who else there is.
struct Around {
    /// The server, then the other computers by name.
    sides: Vec<Side>,
    /// All other computers there ever were.
    members: Vec<[u8; 16]>,
    /// Whether there is anybody else.
    elsewhere: bool,
}

/// Somebody else, as far as this computer has seen.
struct Side {
    who: Holder,
    /// How far they hold what this computer sealed, by generation.
    own: BTreeMap<u32, u64>,
    /// The computers of which they lack something that is here.
    lacks: BTreeSet<[u8; 16]>,
    /// Whether they hold all that this computer wrote and that is not told by itself.
    has_all_else: bool,
}

impl Around {
    fn look<H: Host>(session: &Session<'_, H>, keys: Option<&Keys>) -> Result<Self, ApiError> {
        let mut sides = Vec::new();
        let server = server_of(session)?;
        if let Some(server) = &server {
            sides.push(Side::server(session, &Peer::server(server))?);
        }
        let Some(keys) = keys else {
            return Ok(Self { sides, members: Vec::new(), elsewhere: server.is_some() });
        };
        let others = others(session, keys)?;
        let elsewhere = server.is_some() || !others.is_empty();
        for (peer, who) in others {
            sides.push(Side::computer(session, &peer, who)?);
        }
        let members = keys.members.devices().map(|(device, _)| device);
        let members = members.filter(|device| *device != keys.device).map(|device| device.0);
        Ok(Self { sides, members: members.collect(), elsewhere })
    }
}

impl Side {
    fn computer<H: Host>(
        session: &Session<'_, H>,
        peer: &Peer,
        who: Holder,
    ) -> Result<Self, ApiError> {
        let (store, here, name) = (&session.open.store, device_of(session).0, peer.name());
        let own = store.have_of_device(&name, &here).told()?;
        let own: BTreeMap<u32, u64> =
            own.into_iter().map(|row| (row.generation, row.counter)).collect();
        let lacks: BTreeSet<_> = store.lacked_by(&name).told()?.into_iter().collect();
        let has_all_else = !own.is_empty() && !lacks.contains(&here);
        Ok(Self { who, own, lacks, has_all_else })
    }

    /// What stands nowhere by itself was acknowledged once: the server holds it where it still holds
    /// as much as it ever acknowledged.
    fn server<H: Host>(session: &Session<'_, H>, peer: &Peer) -> Result<Self, ApiError> {
        let side = Self::computer(session, peer, Holder::Server)?;
        let given = session.open.store.acknowledged(&device_of(session).0).told()?;
        let still_has = |(generation, counter): &(u32, u64)| side.reaches(*generation, *counter);
        let has_all_else = !given.is_empty() && given.iter().all(still_has);
        Ok(Self { has_all_else, ..side })
    }

    fn is_of(&self, writer: DeviceId) -> bool {
        match self.who {
            Holder::Server => false,
            Holder::Computer { device, .. } => device == writer,
        }
    }

    fn reaches(&self, generation: u32, counter: u64) -> bool {
        self.own.get(&generation).is_some_and(|held| *held >= counter)
    }

    fn has(&self, row: &Unacknowledged) -> bool {
        row.envelope.is_some_and(|(generation, counter)| self.reaches(generation, counter))
    }
}
