//! What becomes of one fact that comes.

use super::lines::{Lines, correction_id, is_of_file, is_void, say_the_same, updated};
use clinical::{Observation, ObservationId, Source};
use interchange::FIELDCHART_FHIR;

/// What becomes of a fact.
pub(super) enum Verdict {
    /// It is new here. It is taken in beside what it names as replaced where a person has decided
    /// about that.
    First { beside: bool },
    /// It says what the fact of an id says. What it names as replaced was not taken up.
    Known { id: ObservationId, beside: bool },
    /// It corrects a version of it that is here.
    Correction { id: ObservationId, of: ObservationId },
    /// Its sender takes it back, with these versions of it.
    TakenBack { facts: Vec<ObservationId>, last: ObservationId },
    /// It is no news.
    Nothing,
    /// A newer one is here.
    Older,
    /// A person has decided about it.
    Stays,
}

impl Lines<'_> {
    pub(super) fn verdict(&self, coming: &Observation, original: Option<&Source>) -> Verdict {
        let Some(known) = self.known(coming.id) else {
            let beside = coming.replaces.is_some_and(|named| self.is_of_a_person(named));
            return Verdict::First { beside };
        };
        let line = self.line(coming.id);
        let in_force = self.in_force(&line);
        if original.is_some_and(is_struck_out)
            && let Some(verdict) = past(coming, known, &in_force.contains(&coming.id))
        {
            return verdict;
        }
        let (versions, others): (Vec<&Observation>, Vec<&Observation>) =
            line.into_iter().partition(|one| one.id == coming.id || is_of_file(one, coming.id));
        let last = versions.last().copied().unwrap_or(known);
        let is_older = original.and_then(|original| updated(&original.body));
        let is_older = is_older.zip(self.updated(last.id)).is_some_and(|(now, last)| now < last);
        let is_mistake =
            versions.iter().chain(&others).any(|one| self.is_mistake_of_a_person(one.id));
        let is_of_here = !self.came(coming.id);
        if is_void(coming.status) {
            let is_here = |one: &&Observation| !self.came(one.id);
            let is_decided = is_of_here || is_mistake || others.iter().any(is_here);
            // An export of ours says of each version for itself what it is.
            let is_said = |one: &Observation| one.id != coming.id && self.comes(one.id);
            let standing = versions.iter().filter(|one| !self.is_void(one) && !is_said(one));
            let facts: Vec<ObservationId> = standing.map(|one| one.id).collect();
            return match facts.is_empty() {
                true if versions.len() == 1 && !is_older => {
                    Verdict::Known { id: coming.id, beside: false }
                }
                true => Verdict::Nothing,
                false if is_decided => Verdict::Stays,
                false if is_older => Verdict::Older,
                false => Verdict::TakenBack { facts, last: last.id },
            };
        }
        let counts = |one: &&&Observation| in_force.contains(&one.id);
        let same = versions.iter().filter(counts).find(|one| say_the_same(one, coming)).copied();
        let is_taken_back = self.is_void(last) && !self.is_mistake_of_a_person(last.id);
        let same =
            same.or_else(|| Some(last).filter(|_| !is_taken_back && say_the_same(last, coming)));
        if let Some(same) = same {
            let beside =
                same.id == coming.id && same.replaces.is_none() && coming.replaces.is_some();
            return match is_older {
                true => Verdict::Nothing,
                false => Verdict::Known { id: same.id, beside },
            };
        }
        if is_of_here || is_mistake || !others.is_empty() {
            return Verdict::Stays;
        }
        if is_older {
            return Verdict::Older;
        }
        let counting = versions.iter().rev().filter(counts);
        let of = counting.copied().find(|one| coming.takes_the_place_of(one)).unwrap_or(last).id;
        Verdict::Correction { id: correction_id(coming, of), of }
    }

    /// Whether a fact was recorded here, or a person has said that a correction of it was a mistake.
    fn is_of_a_person(&self, id: ObservationId) -> bool {
        let is_mistake = |one: &&Observation| self.is_mistake_of_a_person(one.id);
        self.known(id).is_some() && (!self.came(id) || self.line(id).iter().skip(1).any(is_mistake))
    }
}

/// What becomes of one that an export of ours marks as corrected, where that tells: with its
/// correction it has the status that it had.
fn past(coming: &Observation, known: &Observation, counts: &bool) -> Option<Verdict> {
    let is_known = say_the_same(known, &Observation { status: known.status, ..coming.clone() });
    if is_void(coming.status) {
        let is_known = is_known && !counts && !is_void(known.status);
        return is_known.then_some(Verdict::Known { id: coming.id, beside: false });
    }
    let is_known = is_known && coming.status == known.status;
    Some(if is_known { Verdict::Known { id: coming.id, beside: false } } else { Verdict::Stays })
}

fn is_struck_out(original: &Source) -> bool {
    original.body.contains(&format!("{FIELDCHART_FHIR}/corrected-by\""))
}
