//! Reads a log: pages and the HAVE vector.

use deadpool_postgres::Client;
use futures_util::future::try_join;
use sync::codec::Canonical;
use sync::cursor::Mark;
use sync::envelope::Envelope;
use sync::have::{Have, Lane, Position};
use sync::log::{Page, PageQuery, Standing};
use sync::wire::{Brief, Item};

use super::clinic::{Clinic, mark};
use super::{StepError, position, to_sql};

pub(super) async fn page(
    db: &Client,
    clinic: &Clinic,
    query: &PageQuery<'_>,
) -> Result<Page, StepError> {
    let bounds = &clinic.bounds;
    let start = start(db, clinic, query.after).await?;
    let mut page = Page {
        log_epoch: bounds.log_epoch,
        start,
        items: Vec::new(),
        end: start,
        head: bounds.head.seq,
        keys_head: clinic.keys_head,
    };
    if query.items_max > 0 && start.seq < bounds.head.seq {
        let wanted = places(db, clinic, query, start).await?;
        fill(db, clinic, query, &wanted, &mut page).await?;
    }
    Ok(page)
}

pub(super) async fn standing(db: &Client, clinic: &Clinic, at: u64) -> Result<Standing, StepError> {
    let (have, at) = try_join(have(db, clinic), start(db, clinic, at)).await?;
    Ok(Standing { bounds: clinic.bounds, have, at, keys_head: clinic.keys_head })
}

pub(super) async fn have(db: &Client, clinic: &Clinic) -> Result<Have, StepError> {
    let find = db
        .prepare_cached("SELECT device, generation, counter, id FROM lane WHERE clinic = $1")
        .await?;
    let mut have = Have::new();
    for row in db.query(&find, &[&clinic.id.as_bytes().as_slice()]).await? {
        let (lane, position) = position(&row)?;
        have.set(lane, position);
    }
    Ok(have)
}

async fn start(db: &Client, clinic: &Clinic, after: u64) -> Result<Mark, StepError> {
    let bounds = &clinic.bounds;
    if after == 0 {
        return Ok(Mark::START);
    }
    if after >= bounds.head.seq {
        return Ok(bounds.head);
    }
    let find =
        db.prepare_cached("SELECT seq, chain FROM envelope WHERE clinic = $1 AND seq = $2").await?;
    let row = db.query_opt(&find, &[&clinic.id.as_bytes().as_slice(), &to_sql(after)?]).await?;
    let row = row.ok_or(StepError::Damaged)?;
    mark(row.try_get(0)?, row.try_get(1)?)
}

/// A place of the page, without what stands there.
struct Place {
    at: Mark,
    lane: Lane,
    position: Position,
    /// Whether the reader holds the envelope.
    held: bool,
}

const WARM_PLACES: &str = "SELECT device, generation, counter, id, seq, chain, octet_length(bytes)
    FROM envelope WHERE clinic = $1 AND seq > $2 ORDER BY seq LIMIT $3";
const MAYBE_COLD_PLACES: &str = "SELECT device, generation, counter, id, e.seq, chain,
        octet_length(coalesce(c.bytes, e.bytes))
    FROM envelope e LEFT JOIN cold_envelope c USING (clinic, seq)
    WHERE e.clinic = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3";
const WARM_BYTES: &str =
    "SELECT bytes FROM envelope WHERE clinic = $1 AND seq = ANY($2) ORDER BY seq";
const MAYBE_COLD_BYTES: &str = "SELECT coalesce(c.bytes, e.bytes)
    FROM envelope e LEFT JOIN cold_envelope c USING (clinic, seq)
    WHERE e.clinic = $1 AND e.seq = ANY($2) ORDER BY e.seq";

/// The places that fit into the page.
async fn places(
    db: &Client,
    clinic: &Clinic,
    query: &PageQuery<'_>,
    start: Mark,
) -> Result<Vec<Place>, StepError> {
    // Below the floor the bytes may lie apart.
    let below = start.seq < clinic.bounds.floor.seq;
    let find = db.prepare_cached(if below { MAYBE_COLD_PLACES } else { WARM_PLACES }).await?;
    let limit = i64::try_from(query.items_max).unwrap_or(i64::MAX);
    let clinic = clinic.id.as_bytes().as_slice();
    let (mut places, mut bytes) = (Vec::new(), 0_usize);
    for row in db.query(&find, &[&clinic, &to_sql(start.seq)?, &limit]).await? {
        let (lane, position) = position(&row)?;
        let held = position.counter <= query.skip.counter(lane);
        let sealed: i32 = row.try_get(6)?;
        let sealed = usize::try_from(sealed).map_err(|_| StepError::Damaged)?;
        let brief = Item::Brief(Brief { lane, position }).encoded_len();
        // An item is the envelope and one byte that says so.
        let len = if held { brief } else { sealed.saturating_add(1) };
        bytes = bytes.saturating_add(len);
        if bytes > query.bytes_max && !places.is_empty() {
            break;
        }
        places.push(Place { at: mark(row.try_get(4)?, row.try_get(5)?)?, lane, position, held });
    }
    Ok(places)
}

async fn fill(
    db: &Client,
    clinic: &Clinic,
    query: &PageQuery<'_>,
    places: &[Place],
    page: &mut Page,
) -> Result<(), StepError> {
    let below = page.start.seq < clinic.bounds.floor.seq;
    let find = db.prepare_cached(if below { MAYBE_COLD_BYTES } else { WARM_BYTES }).await?;
    let whole = places.iter().filter(|place| !place.held).map(|place| to_sql(place.at.seq));
    let whole: Vec<i64> = whole.collect::<Result<_, _>>()?;
    let rows = db.query(&find, &[&clinic.id.as_bytes().as_slice(), &whole]).await?;
    let mut rows = rows.iter();
    for place in places {
        if place.at.seq != page.end.seq.saturating_add(1) {
            return Err(StepError::Damaged);
        }
        let Place { lane, position, .. } = *place;
        let item = if place.held {
            Item::Brief(Brief { lane, position })
        } else {
            let row = rows.next().ok_or(StepError::Damaged)?;
            Item::for_reader(&Envelope::from_bytes(row.try_get(0)?)?, query.skip)
        };
        page.items.push(item);
        page.end = place.at;
    }
    Ok(())
}
