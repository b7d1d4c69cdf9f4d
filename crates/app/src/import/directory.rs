//! The clinic's own resources, such as people of a directory: of two versions the newer stays,
//! whichever file comes last.

use super::facts::updated;
use crate::{host::Host, open::Session};
use api::ApiError;
use chart::ClinicEdit;
use clinical::{Instant, Source};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Takes out of what comes the originals of which a newer version is here, by what both say
/// themselves. Without a day on both sides the last that comes stays.
pub(super) fn take_older<H: Host>(
    session: &Session<'_, H>,
    edits: &mut Vec<ClinicEdit>,
) -> Result<BTreeMap<Uuid, Source>, ApiError> {
    let dated: BTreeSet<Uuid> = edits.iter().filter_map(coming).map(|(id, _)| id).collect();
    let mut older = BTreeMap::new();
    if dated.is_empty() {
        return Ok(older);
    }
    let kept = session.load_clinic()?.read().sources;
    let kept = kept.into_iter().filter(|source| dated.contains(&source.id));
    let newest: BTreeMap<Uuid, Instant> =
        kept.filter_map(|source| Some((source.id, updated(&source.body)?))).collect();
    let is_older = |edit: &mut ClinicEdit| {
        coming(edit).is_some_and(|(id, at)| newest.get(&id).is_some_and(|newest| at < *newest))
    };
    for edit in edits.extract_if(.., is_older) {
        if let ClinicEdit::KeepSource(source) = edit {
            older.insert(source.id, source);
        }
    }
    Ok(older)
}

/// The id of an original and when it was last changed, where it says that.
fn coming(edit: &ClinicEdit) -> Option<(Uuid, Instant)> {
    let ClinicEdit::KeepSource(source) = edit else { return None };
    Some((source.id, updated(&source.body)?))
}
