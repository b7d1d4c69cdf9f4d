//! How alike two birth dates are.

use clinical::{Identity, PartialDate};

/// An estimate may be so many years off: an age is told in whole years.
const ESTIMATE_YEARS: i16 = 1;

/// How two birth dates are alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum BirthLikeness {
    /// The same day.
    Same,
    /// The same day with day and month the other way round.
    Swapped,
    /// What is known agrees, an estimate is near, or one part of three differs.
    Close,
    /// Other dates.
    Other,
}

/// A birth date, and whether it is a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Birth<'a> {
    date: &'a PartialDate,
    estimated: bool,
}

impl<'a> Birth<'a> {
    pub(super) fn of(identity: &'a Identity) -> Option<Self> {
        let date = identity.birth_date.as_ref()?;
        Some(Self { date, estimated: identity.birth_date_estimated })
    }

    /// How this one is like another.
    pub(super) fn like(self, other: Birth<'_>) -> BirthLikeness {
        let years = (self.date.year() - other.date.year()).abs();
        let is_guess = self.estimated || other.estimated;
        let (Some(mine), Some(theirs)) = (self.date.date(), other.date.date()) else {
            let months = self.date.month().zip(other.date.month());
            let agrees = years == 0 && months.is_none_or(|(mine, theirs)| mine == theirs);
            let is_near = agrees || (is_guess && years <= ESTIMATE_YEARS);
            return if is_near { BirthLikeness::Close } else { BirthLikeness::Other };
        };
        if mine == theirs {
            return BirthLikeness::Same;
        }
        if years == 0 && (mine.day(), mine.month()) == (theirs.month(), theirs.day()) {
            return BirthLikeness::Swapped;
        }
        let parts = [
            mine.year() == theirs.year(),
            mine.month() == theirs.month(),
            mine.day() == theirs.day(),
        ];
        let is_slip = parts.iter().filter(|same| **same).count() == 2;
        let is_near = is_slip || (is_guess && years <= ESTIMATE_YEARS);
        if is_near { BirthLikeness::Close } else { BirthLikeness::Other }
    }
}

#[cfg(test)]
mod tests {
    use super::{BirthLikeness::*, *};

    #[test]
    fn dates_are_alike_in_several_ways() {
        let check = |one: &str, other: &str, want: BirthLikeness| {
            let read = |text: &str| {
                let (bare, estimated) =
                    text.strip_prefix('~').map_or((text, false), |bare| (bare, true));
                (bare.parse::<PartialDate>().unwrap(), estimated)
            };
            let (one, other) = (read(one), read(other));
            let birth = |(date, estimated)| Birth { date, estimated };
            let (mine, theirs) = (birth((&one.0, one.1)), birth((&other.0, other.1)));
            assert_eq!(mine.like(theirs), want, "{one:?} {other:?}");
            assert_eq!(theirs.like(mine), want, "{other:?} {one:?}");
        };
        check("1988-03-14", "1988-03-14", Same);
        check("1988-03-04", "1988-04-03", Swapped);
        check("1988-03-14", "1988-03-15", Close);
        check("1988-03-14", "1988-08-14", Close);
        check("1988-03-14", "1998-03-14", Close);
        check("1988-03-14", "1988-08-15", Other);
        check("1988-03-14", "1988", Close);
        check("1988-03-14", "1988-03", Close);
        check("1988-03-14", "1988-04", Other);
        check("1988", "1988", Close);
        check("1988", "1989", Other);
        check("~1988", "1989", Close);
        check("~1988", "1989-11-02", Close);
        check("~1988", "1990", Other);
        check("~1988-01-01", "1988-08-15", Close);
    }
}
