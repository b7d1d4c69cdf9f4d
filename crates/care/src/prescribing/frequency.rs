//! How often, out of all that a sentence says about it.

use super::{
    fact::{Fact, Often, days_words},
    line::Line,
    number::Number,
    reading::Meaning,
};
use clinical::DurationUnit;

/// How often a medicine is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Frequency {
    /// So often.
    Often(Often),
    /// Once and no more.
    Once,
    /// At an occasion.
    Occasion,
    /// It is not told, or not clearly.
    Unknown,
}

/// For how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Length {
    /// So many days.
    Days(Number),
    /// Without an end.
    LongTerm,
    /// It is not told, or not clearly.
    Unknown,
}

/// More intakes a day than an `x 6` behind a dose can mean.
const TIMES_MAX: u32 = 6;

/// Settles how often. `is_eye` says whether `OD` may be the right eye.
pub(super) fn frequency(line: &mut Line<'_>, is_eye: bool) -> Frequency {
    let mut often = line.all(Fact::often);
    if is_eye && let Some(at) = right_eye(line, &often) {
        let detail = "OD is once daily to some and the right eye to others. Please write it out.";
        line.warn("frequency", "right-eye", detail);
        line.beside(at, Fact::Words("once daily or right eye"));
        often.retain(|(other, _)| *other != at);
    }
    let at_times = line.all(|fact| {
        if let Fact::AtTime(_) = fact {
            Some(1)
        } else if let Fact::ByTimes(amounts) = fact {
            Some(amounts.iter().filter(|it| !it.is_zero()).count())
        } else {
            None
        }
    });
    let once = line.all(|fact| matches!(fact, Fact::Once(_)).then_some(()));
    let occasion = line.all(|fact| matches!(fact, Fact::Occasion(_) | Fact::Span(_)).then_some(()));
    if line.parts.iter().any(|part| matches!(part.fact, Some(Fact::Span(_)))) {
        let detail = "How often is not one number: it stands in the instruction.";
        line.inform("frequency", "frequency-in-words", detail);
    }
    if often.is_empty() && at_times.is_empty() && once.is_empty() {
        often.extend(times_behind_a_dose(line));
    }
    let of_day = at_times.iter().map(|(_, count)| *count).sum::<usize>();
    let of_day = u32::try_from(of_day).ok().filter(|count| *count > 0).map(Often::daily);
    let said = said_once(&often);
    let fits = |often: Often| of_day.is_none_or(|of_day| often == of_day || !is_daily(often));
    let frequency = match (said, of_day) {
        (Some(often), _) if fits(often) && once.is_empty() => Frequency::Often(often),
        (None, _) if often.is_empty() && !once.is_empty() => Frequency::Once,
        (None, Some(of_day)) if often.is_empty() => Frequency::Often(of_day),
        (None, None) if often.is_empty() && !occasion.is_empty() => Frequency::Occasion,
        (None, None) if often.is_empty() => Frequency::Unknown,
        _ => {
            line.contradicted("frequency");
            return Frequency::Unknown;
        }
    };
    for at in often.iter().map(|(at, _)| *at).chain(at_times.iter().map(|(at, _)| *at)) {
        line.mark(at, Meaning::Frequency);
    }
    for (at, ()) in once.iter().chain(&occasion) {
        line.mark(*at, Meaning::Frequency);
    }
    frequency
}

/// Settles for how long.
pub(super) fn length(line: &mut Line<'_>, frequency: Frequency, has_dose: bool) -> Length {
    let told = line.all(|fact| {
        if let Fact::Lasting(days, is_months) = fact { Some((*days, *is_months)) } else { None }
    });
    let long = line.all(|fact| matches!(fact, Fact::LongTerm(_)).then_some(()));
    if told.iter().any(|(_, (_, is_months))| *is_months) {
        let detail = "A month is counted as 30 days.";
        line.inform("durationDays", "month-days", detail);
    }
    let days: Vec<(usize, Number)> = told.into_iter().map(|(at, (days, _))| (at, days)).collect();
    if !days.is_empty() && !long.is_empty() {
        line.contradicted("durationDays");
        return Length::Unknown;
    }
    for (at, ()) in &long {
        line.mark(*at, Meaning::Duration);
    }
    let said = line.one(&days, Meaning::Duration, "durationDays").map(Length::Days);
    // Behind "weekly" a 4 is as well four weeks, or four doses.
    let counts_days = matches!(frequency, Frequency::Often(often) if often.is_of_days());
    let may_follow = days.is_empty() && counts_days;
    let behind = may_follow.then(|| number_behind(line, has_dose)).flatten();
    let long = (!long.is_empty()).then_some(Length::LongTerm);
    said.or(long).or(behind.map(Length::Days)).unwrap_or(Length::Unknown)
}

/// `OD` typed as such.
fn right_eye(line: &Line<'_>, often: &[(usize, Often)]) -> Option<usize> {
    let is_od = |at: &usize| {
        let part = line.parts.get(*at)?;
        Some(part.tokens.len() == 1 && line.tokens.get(part.tokens.start)?.text == "od")
    };
    often.iter().map(|(at, _)| *at).find(|at| is_od(at) == Some(true))
}

fn is_daily(often: Often) -> bool {
    often.unit == DurationUnit::Day && often.period == Number::whole(1)
}

/// The only frequency that is told.
fn said_once(often: &[(usize, Often)]) -> Option<Often> {
    let (_, first) = often.first()?;
    often.iter().all(|(_, other)| other == first).then_some(*first)
}

/// `1 x 3`: behind a dose, so many times a day.
fn times_behind_a_dose(line: &mut Line<'_>) -> Option<(usize, Often)> {
    let (at, times) = line
        .all(|fact| {
            if let Fact::Times(number) = fact {
                number.as_whole().filter(|it| (1..=TIMES_MAX).contains(it))
            } else {
                None
            }
        })
        .into_iter()
        .next()?;
    let before = at.checked_sub(1).and_then(|before| line.fact(before));
    let is_behind = if let Some(Fact::Amount(..)) = before {
        true
    } else if let Some(Fact::Bare(number)) = before {
        *number <= Number::whole(10)
    } else {
        false
    };
    if !is_behind {
        return None;
    }
    let often = Often::daily(times);
    let detail = format!("Read as {}.", often.words());
    line.inform("frequency", "read-as-times", &detail);
    Some((at, often))
}

/// A number behind the frequency, with an `x` or alone: so many days.
fn number_behind(line: &mut Line<'_>, has_dose: bool) -> Option<Number> {
    let is_open = |line: &Line<'_>, at: usize| {
        line.parts.get(at).is_some_and(|part| part.meaning == Meaning::Unknown)
    };
    let is_when = |fact: &Fact| fact.often().is_some() || matches!(fact, Fact::AtTime(_));
    let often = line.all(|fact| is_when(fact).then_some(()));
    let times = line.all(|fact| if let Fact::Times(number) = fact { Some(*number) } else { None });
    let first = often
        .first()
        .map(|(at, ())| *at)
        .or_else(|| times.iter().map(|(at, _)| *at).find(|at| !is_open(line, *at)))?;
    let bare = line.all(|fact| if let Fact::Bare(number) = fact { Some(*number) } else { None });
    let behind: Vec<(usize, Number)> = times
        .into_iter()
        .chain(bare.into_iter().filter(|_| has_dose))
        .filter(|(at, number)| *at > first && is_open(line, *at) && number.as_whole().is_some())
        .collect();
    let [(at, days)] = behind.as_slice() else { return None };
    if days.is_zero() {
        return None;
    }
    if matches!(line.fact(*at), Some(Fact::Times(_))) {
        let detail = format!("Read as {}.", days_words(*days));
        line.inform("durationDays", "read-as-days", &detail);
    }
    line.mark(*at, Meaning::Duration);
    Some(*days)
}
