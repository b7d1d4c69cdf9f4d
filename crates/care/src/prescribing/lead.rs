//! The amounts of a sentence that may be the dose or the strength.

use super::{
    dose::{PIECES_AT_ONCE_MAX, PIECES_TYPED_MAX},
    fact::Fact,
    line::Line,
    number::Number,
    unit::Unit,
};

/// An amount that may be the dose or the strength.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lead {
    /// The parts it stands in.
    pub(super) at: Vec<usize>,
    /// The number.
    pub(super) value: Number,
    /// Its unit.
    pub(super) unit: Option<Unit>,
    /// Whether it can only be a number of pieces: `1 x 3`, `1-0-1`, `1 matin 1 soir`.
    pub(super) is_counted: bool,
    /// Whether a time of the day follows at once.
    pub(super) is_at_time: bool,
    /// Whether this or how often does.
    pub(super) is_before_times: bool,
}

/// The amounts that may be the dose or the strength; the same at several times of a day is one.
pub(super) fn leads(line: &mut Line<'_>) -> Vec<Lead> {
    let begin = begin(line);
    let found = line.all(|fact| {
        if let Fact::Amount(value, unit) = fact {
            Some((*value, Some(*unit)))
        } else if let Fact::Bare(value) = fact {
            Some((*value, None))
        } else if let Fact::ByTimes(amounts) = fact {
            amounts.iter().find(|it| !it.is_zero()).map(|it| (*it, None))
        } else {
            None
        }
    });
    let mut leads: Vec<Lead> = Vec::new();
    for (at, (value, unit)) in found {
        let lead = Lead::of(line, at, value, unit);
        if lead.is_loose(line, at, begin) || lead.is_taken_for_supply(line, at, begin) {
            continue;
        }
        let is_again = |other: &&mut Lead| {
            (lead.is_at_time && other.is_at_time)
                && (other.value, other.unit) == (lead.value, lead.unit)
        };
        match leads.iter_mut().find(is_again) {
            Some(same) => {
                same.at.push(at);
                same.is_counted = true;
            }
            None => leads.push(lead),
        }
    }
    leads
}

/// Where the first frequency and the first time of a day stand.
fn begin(line: &Line<'_>) -> (usize, usize) {
    // "Twice daily amlodipine 5" begins with it.
    let name = line.parts.iter().position(|part| part.fact.is_none()).unwrap_or(0);
    let often = line.all(Fact::often).into_iter().map(|(at, _)| at).find(|at| *at > name);
    let often = often.unwrap_or(usize::MAX);
    let times = line.all(|fact| matches!(fact, Fact::AtTime(_)).then_some(()));
    (often, times.first().map_or(usize::MAX, |(at, ())| *at))
}

impl Lead {
    fn of(line: &Line<'_>, at: usize, value: Number, unit: Option<Unit>) -> Self {
        let by_times = matches!(line.fact(at), Some(Fact::ByTimes(_)));
        let follows = line.next(at);
        let is_at_time = matches!(follows, Some(Fact::AtTime(_)));
        let is_counted = by_times || matches!(follows, Some(Fact::Times(_)));
        let is_often = follows.is_some_and(|fact| fact.often().is_some());
        let is_before_times = is_counted || is_at_time || is_often;
        Self { at: vec![at], value, unit, is_counted, is_at_time, is_before_times }
    }

    /// A number alone stands beside the name, or how often follows; behind the frequency it is
    /// days.
    fn is_loose(&self, line: &Line<'_>, at: usize, (often, time): (usize, usize)) -> bool {
        self.unit.is_none()
            && (at > often
                || (at > time && !self.is_at_time)
                || (line.is_parted(at) && !self.is_before_times))
    }

    /// Behind the frequency, and beyond what anyone takes, what is counted is handed out.
    fn is_taken_for_supply(
        &self,
        line: &mut Line<'_>,
        at: usize,
        (often, time): (usize, usize),
    ) -> bool {
        // "10 mg 10 tabs" says how many are handed out, and not how they are taken.
        let is_amount = |fact: &Fact| matches!(fact, Fact::Amount(..) | Fact::Bare(_));
        let follows_one = (0..at).any(|before| line.fact(before).is_some_and(is_amount));
        let is_untimed = often.min(time) == usize::MAX && follows_one;
        let is_behind =
            (is_untimed || at > often.min(time)) && self.value > Number::whole(PIECES_TYPED_MAX);
        let is_many = self.value > Number::whole(PIECES_AT_ONCE_MAX);
        (is_behind || is_many) && !self.is_before_times && is_handed_out(line, at, self.unit)
    }
}

/// Takes what is counted for what is handed out: `1 tab od 30 tabs`.
fn is_handed_out(line: &mut Line<'_>, at: usize, unit: Option<Unit>) -> bool {
    let is_piece = matches!(unit, Some(Unit::Count(noun)) if !noun.is_portion());
    if !is_piece || line.fact(at).and_then(Fact::whole).is_none() {
        return false;
    }
    let Some(Fact::Amount(value, unit)) = line.fact(at).cloned() else { return false };
    if let Some(part) = line.parts.get_mut(at) {
        part.fact = Some(Fact::Handed(value, Some(unit)));
    }
    line.inform("quantity", "read-as-quantity", "Read as how much is handed out.");
    true
}

/// Whether other amounts are told for other times of the day. They are words then.
pub(super) fn is_uneven(line: &mut Line<'_>) -> bool {
    let of_times: Vec<(usize, Vec<Number>, Option<Unit>)> = line
        .all(|fact| {
            if let Fact::ByTimes(amounts) = fact {
                Some((amounts.clone(), None))
            } else if let Fact::Amount(value, unit) = fact {
                Some((vec![*value], Some(*unit)))
            } else if let Fact::Bare(value) = fact {
                Some((vec![*value], None))
            } else {
                None
            }
        })
        .into_iter()
        .map(|(at, (values, unit))| (at, values, unit))
        .filter(|(at, values, _)| {
            values.len() > 1 || matches!(line.next(*at), Some(Fact::AtTime(_)))
        })
        .collect();
    let all =
        || of_times.iter().flat_map(|(_, values, unit)| values.iter().map(move |it| (*it, *unit)));
    let mut told = all().filter(|(value, _)| !value.is_zero());
    let Some(first) = told.next() else { return false };
    if told.all(|one| one == first) {
        return false;
    }
    for (at, ..) in &of_times {
        let Some(fact) = line.fact(*at).cloned() else { continue };
        let time = line.fact(at + 1).cloned();
        line.beside(*at, fact);
        if let Some(time @ Fact::AtTime(_)) = time {
            line.beside(at + 1, time);
        }
    }
    true
}
