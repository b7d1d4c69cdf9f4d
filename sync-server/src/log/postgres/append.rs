//! Writes envelopes: the verdict of each, the counter row and the chain in one transaction.
//!
//! What the log holds of the batch is read at once, the rule of [`sync::log::place`] is applied in
//! memory, and what it takes in is written at once: three ways to the database for a push, however
//! many envelopes it has.

use std::collections::BTreeMap;

use deadpool_postgres::Client;
use futures_util::future::{try_join, try_join3};
use sync::codec::Canonical;
use sync::cursor::Mark;
use sync::envelope::Envelope;
use sync::have::{Have, Lane, Position};
use sync::ids::{ClinicId, DeviceId, EnvelopeId};
use sync::log::{LaneCounts, LaneState, Placement, place};
use sync::wire::{Refused, Verdict};
use tokio_postgres::Row;

use super::clinic::Clinic;
use super::{StepError, array, from_sql, position, to_sql};
use crate::quota::{Quota, Usage};

pub(super) async fn append(
    db: &Client,
    clinic: ClinicId,
    envelopes: &[Envelope],
    default: Quota,
) -> Result<Vec<Verdict>, StepError> {
    let clinic = Clinic::lock(db, clinic).await?;
    let mut tail = Tail::read(db, &clinic, envelopes).await?;
    let verdicts = envelopes.iter().map(|envelope| tail.take(envelope)).collect();
    if tail.head != clinic.bounds.head {
        let usage = Usage { bytes: tail.bytes, envelopes: tail.head.seq };
        if !Quota::of(clinic.quota, default).allows(usage) {
            return Err(StepError::OverQuota);
        }
        tail.write(db, clinic.id).await?;
    }
    Ok(verdicts)
}

/// The end of a log as far as a batch touches it.
#[derive(Debug)]
struct Tail<'a> {
    head: Mark,
    /// Of everything the clinic keeps.
    bytes: u64,
    places: BTreeMap<EnvelopeId, u64>,
    /// The last position of each lane.
    lanes: Have,
    /// How many there are of each device, where one begins.
    counts: LaneCounts,
    at: BTreeMap<(Lane, u64), Vec<EnvelopeId>>,
    /// What is taken in, with the mark after it.
    new: Vec<(&'a Envelope, Mark)>,
    moved: BTreeMap<Lane, Position>,
}

impl<'a> Tail<'a> {
    async fn read(
        db: &Client,
        clinic: &Clinic,
        envelopes: &'a [Envelope],
    ) -> Result<Self, StepError> {
        let mut tail = Self {
            head: clinic.bounds.head,
            bytes: clinic.bytes,
            places: BTreeMap::new(),
            lanes: Have::new(),
            counts: LaneCounts::default(),
            at: BTreeMap::new(),
            new: Vec::new(),
            moved: BTreeMap::new(),
        };
        let (known, lanes) =
            try_join(known(db, clinic.id, envelopes), lanes(db, clinic.id, envelopes)).await?;
        for row in known {
            tail.places.insert(EnvelopeId(array(row.try_get(0)?)?), from_sql(row.try_get(1)?)?);
        }
        for row in lanes {
            let (lane, last) = position(&row)?;
            tail.lanes.set(lane, last);
        }
        let mut begins = envelopes
            .iter()
            .map(|envelope| (tail.lanes.counter(envelope.header().lane()), envelope));
        let begins = begins.any(|(last, envelope)| LaneState::begins(last, envelope));
        let counts = async {
            if begins { lane_counts(db, clinic.id).await } else { Ok(LaneCounts::default()) }
        };
        let (ends, counts) = try_join(tail.ends(db, clinic.id, envelopes), counts).await?;
        tail.counts = counts;
        for row in ends {
            let (lane, held) = position(&row)?;
            tail.at.entry((lane, held.counter)).or_default().push(held.id);
        }
        Ok(tail)
    }

    /// The envelopes at the counters of the batch and before them.
    async fn ends(
        &self,
        db: &Client,
        clinic: ClinicId,
        envelopes: &[Envelope],
    ) -> Result<Vec<Row>, StepError> {
        let mut wanted: Vec<(Lane, u64)> = Vec::new();
        for header in envelopes.iter().map(Envelope::header) {
            let last = self.lanes.counter(header.lane());
            let counters = [header.counter.saturating_sub(1), header.counter];
            // Above the last one nothing is held, and a counter may be more than a number here.
            wanted.extend(
                counters.into_iter().filter(|it| *it <= last).map(|it| (header.lane(), it)),
            );
        }
        wanted.sort_unstable();
        wanted.dedup();
        if wanted.is_empty() {
            return Ok(Vec::new());
        }
        let devices: Vec<&[u8]> = wanted.iter().map(|(lane, _)| bytes(&lane.device)).collect();
        let generations: Vec<i64> =
            wanted.iter().map(|(lane, _)| i64::from(lane.generation)).collect();
        let counters: Vec<i64> =
            wanted.iter().map(|(_, counter)| to_sql(*counter)).collect::<Result<_, _>>()?;
        let find = db
            .prepare_cached(
                "SELECT device, generation, counter, id
                 FROM envelope JOIN unnest($2::bytea[], $3::bigint[], $4::bigint[])
                     AS wanted (device, generation, counter) USING (device, generation, counter)
                 WHERE clinic = $1 ORDER BY seq",
            )
            .await?;
        let clinic = clinic.as_bytes().as_slice();
        Ok(db.query(&find, &[&clinic, &devices, &generations, &counters]).await?)
    }

    /// The verdict on an envelope; what is taken in is the tail from then on.
    fn take(&mut self, envelope: &'a Envelope) -> Verdict {
        if let Some(seq) = self.places.get(&envelope.id()) {
            return Verdict::Duplicate { seq: *seq };
        }
        let lane = self.lane_state(envelope);
        match place(envelope, &lane) {
            Placement::Next => Verdict::Stored { seq: self.add(envelope, &lane) },
            Placement::Fork => Verdict::Forked { seq: self.add(envelope, &lane) },
            Placement::Gap => Verdict::Gap { have: lane.last },
            Placement::TooManyForks => Verdict::Refused(Refused::TooManyForks),
        }
    }

    fn lane_state(&self, envelope: &Envelope) -> LaneState {
        let header = envelope.header();
        let at = |counter: u64| self.at.get(&(header.lane(), counter));
        let last = self.lanes.counter(header.lane());
        LaneState {
            last,
            may_begin: !LaneState::begins(last, envelope) || self.counts.may_begin(header.device),
            at_counter: at(header.counter).map_or(0, Vec::len),
            prev_held: at(header.counter.saturating_sub(1))
                .is_some_and(|ids| ids.contains(&header.prev_id)),
        }
    }

    fn add(&mut self, envelope: &'a Envelope, state: &LaneState) -> u64 {
        self.head = self.head.then(envelope.id());
        let (lane, position) = (envelope.header().lane(), envelope.position());
        if LaneState::begins(state.last, envelope) {
            self.counts.begin(lane.device);
        }
        if position.counter > state.last {
            self.lanes.set(lane, position);
            self.moved.insert(lane, position);
        }
        self.at.entry((lane, position.counter)).or_default().push(envelope.id());
        self.places.insert(envelope.id(), self.head.seq);
        let len = u64::try_from(envelope.encoded_len()).unwrap_or(u64::MAX);
        self.bytes = self.bytes.saturating_add(len);
        self.new.push((envelope, self.head));
        self.head.seq
    }

    async fn write(&self, db: &Client, clinic: ClinicId) -> Result<(), StepError> {
        let head = db
            .prepare_cached("UPDATE clinic SET head = $2, chain = $3, bytes = $4 WHERE clinic = $1")
            .await?;
        let (seq, bytes) = (to_sql(self.head.seq)?, to_sql(self.bytes)?);
        let (clinic, chain) = (clinic.as_bytes().as_slice(), self.head.chain.as_bytes().as_slice());
        let move_head = async { Ok(db.execute(&head, &[&clinic, &seq, &chain, &bytes]).await?) };
        try_join3(self.insert(db, clinic), self.move_lanes(db, clinic), move_head).await?;
        Ok(())
    }

    async fn insert(&self, db: &Client, clinic: &[u8]) -> Result<u64, StepError> {
        let insert = db
            .prepare_cached(
                "INSERT INTO envelope
                     (clinic, seq, id, device, generation, counter, chain, bytes)
                 SELECT $1, * FROM unnest($2::bigint[], $3::bytea[], $4::bytea[], $5::bigint[],
                     $6::bigint[], $7::bytea[], $8::bytea[])",
            )
            .await?;
        let mut seqs = Vec::new();
        let (mut ids, mut devices, mut chains, mut sealed) = (vec![], vec![], vec![], vec![]);
        let (mut generations, mut counters) = (Vec::new(), Vec::new());
        for (envelope, mark) in &self.new {
            let header = envelope.header();
            seqs.push(to_sql(mark.seq)?);
            ids.push(envelope.id().0.to_vec());
            devices.push(bytes(&header.device));
            generations.push(i64::from(header.generation));
            counters.push(to_sql(header.counter)?);
            chains.push(mark.chain.as_bytes().as_slice());
            sealed.push(envelope.to_bytes());
        }
        let values: [&(dyn tokio_postgres::types::ToSql + Sync); 8] =
            [&clinic, &seqs, &ids, &devices, &generations, &counters, &chains, &sealed];
        Ok(db.execute(&insert, &values).await?)
    }

    async fn move_lanes(&self, db: &Client, clinic: &[u8]) -> Result<u64, StepError> {
        if self.moved.is_empty() {
            return Ok(0);
        }
        let update = db
            .prepare_cached(
                "INSERT INTO lane (clinic, device, generation, counter, id)
                 SELECT $1, * FROM unnest($2::bytea[], $3::bigint[], $4::bigint[], $5::bytea[])
                 ON CONFLICT (clinic, device, generation)
                 DO UPDATE SET counter = excluded.counter, id = excluded.id",
            )
            .await?;
        let devices: Vec<&[u8]> = self.moved.keys().map(|lane| bytes(&lane.device)).collect();
        let generations: Vec<i64> =
            self.moved.keys().map(|lane| i64::from(lane.generation)).collect();
        let counters: Vec<i64> =
            self.moved.values().map(|it| to_sql(it.counter)).collect::<Result<_, _>>()?;
        let ids: Vec<&[u8]> = self.moved.values().map(|it| it.id.as_bytes().as_slice()).collect();
        Ok(db.execute(&update, &[&clinic, &devices, &generations, &counters, &ids]).await?)
    }
}

async fn known(
    db: &Client,
    clinic: ClinicId,
    envelopes: &[Envelope],
) -> Result<Vec<Row>, StepError> {
    let find = db
        .prepare_cached("SELECT id, seq FROM envelope WHERE clinic = $1 AND id = ANY($2)")
        .await?;
    let ids: Vec<Vec<u8>> = envelopes.iter().map(|envelope| envelope.id().0.to_vec()).collect();
    Ok(db.query(&find, &[&clinic.as_bytes().as_slice(), &ids]).await?)
}

async fn lanes(
    db: &Client,
    clinic: ClinicId,
    envelopes: &[Envelope],
) -> Result<Vec<Row>, StepError> {
    let find = db
        .prepare_cached(
            "SELECT device, generation, counter, id FROM lane
             WHERE clinic = $1 AND device = ANY($2)",
        )
        .await?;
    let mut devices: Vec<&[u8]> =
        envelopes.iter().map(|envelope| bytes(&envelope.header().device)).collect();
    devices.sort_unstable();
    devices.dedup();
    Ok(db.query(&find, &[&clinic.as_bytes().as_slice(), &devices]).await?)
}

/// How many lanes of each device are kept.
async fn lane_counts(db: &Client, clinic: ClinicId) -> Result<LaneCounts, StepError> {
    let count = db
        .prepare_cached("SELECT device, count(*) FROM lane WHERE clinic = $1 GROUP BY device")
        .await?;
    let rows = db.query(&count, &[&clinic.as_bytes().as_slice()]).await?;
    let read = |row: &Row| {
        let many = usize::try_from(row.try_get::<_, i64>(1)?).unwrap_or(usize::MAX);
        Ok((DeviceId(array(row.try_get(0)?)?), many))
    };
    rows.iter().map(read).collect()
}

fn bytes(device: &DeviceId) -> &[u8] {
    device.as_bytes().as_slice()
}
