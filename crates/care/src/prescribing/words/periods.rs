//! How often in hours, days, weeks and months.

use super::Says::{self, This, With};
use crate::prescribing::{
    fact::{Fact, Often},
    number::Number,
};
use clinical::DurationUnit::{self, Day, Hour, Minute, Month, Week, Year};

/// What is typed for it.
pub(super) const PHRASES: &[(&str, Says)] = &[
    ("every # {minutes|minute|mins|min}", With(|it| every(it, Minute))),
    ("every minute", This(|| each(1, Minute))),
    ("every # {hours|hour|hrs|hr|h|hourly|hrly}", With(|it| every(it, Hour))),
    ("q # {h|hr|hrs|hour|hours|hourly}", With(|it| every(it, Hour))),
    ("# {hourly|hrly|hly}", With(|it| every(it, Hour))),
    ("{toutes les|ttes les|chaque} # {heures|heure|h}", With(|it| every(it, Hour))),
    ("{a cada|cada} # {horas|hora|hrs|h}", With(|it| every(it, Hour))),
    ("c / # {horas|hrs|hs|h}", With(|it| every(it, Hour))),
    ("{de # em # horas|# em # horas|# / # {h|hrs|horas|heures}}", With(from_to)),
    ("kila {baada ya|} {masaa|saa} #", With(|it| every(it, Hour))),
    ("{hourly|every hour|toutes les heures|cada hora|kila saa}", This(|| each(1, Hour))),
    ("every # {days|day|d}", With(|it| every(it, Day))),
    // `q8`, and `q 6 weeks` of an injection, which is longer.
    ("q #", With(so_many_hours)),
    ("q # {weeks|week|wks|wk|w}", With(|it| every(it, Week))),
    ("q # {months|month|mo}", With(|it| every(it, Month))),
    ("q # {days|day}", With(|it| every(it, Day))),
    ("q # {minutes|minute|mins|min}", With(|it| every(it, Minute))),
    ("q # d", With(|it| every(it, Day))),
    ("{tous les # jours|cada # dias|a cada # dias}", With(|it| every(it, Day))),
    (
        "{every other day|every second day|on alternate days|alternate days|alternate day|alt days|\
         alternate daily|eod|qod|un jour sur deux|1 jour sur 2|cada dos dias|dias alternos|\
         em dias alternados|dias alternados|dia sim dia nao}",
        This(|| each(2, Day)),
    ),
    (
        "{weekly|wkly|once weekly|once a week|once per week|every week|each week|qw|\
         {/|a|per|par|por} {week|semaine|semana}|une fois par semaine|chaque semaine|\
         una vez por semana|una vez a la semana|uma vez por semana|semanal|semanalmente|\
         cada semana|kila wiki|mara moja kwa wiki}",
        This(|| each(1, Week)),
    ),
    ("{twice weekly|twice a week|twice per week}", This(|| times(2, Week))),
    ("{three times weekly|thrice weekly|thrice a week|tiw}", This(|| times(3, Week))),
    (
        "# {x|times|time|fois|veces|vezes} {a|per|par|por|/|a la} {week|wk|semaine|semana}",
        With(|it| times_a(it, Week)),
    ),
    ("# {x|times} weekly", With(|it| times_a(it, Week))),
    ("mara # kwa wiki", With(|it| times_a(it, Week))),
    (
        "{every # {weeks|week|wks|wk|w}|cada # semanas|a cada # semanas|toutes les # semaines}",
        With(|it| every(it, Week)),
    ),
    ("{fortnightly|every fortnight}", This(|| each(2, Week))),
    (
        "{monthly|once monthly|once a month|once per month|every month|each month|par mois|\
         chaque mois|une fois par mois|mensual|mensal|cada mes|una vez al mes|uma vez por mes|\
         kila mwezi}",
        This(|| each(1, Month)),
    ),
    (
        "{every # {months|month|mo}|cada # meses|a cada # meses|tous les # mois|kila miezi #}",
        With(|it| every(it, Month)),
    ),
    ("{yearly|every year|once a year|annually}", This(|| each(1, Year))),
    ("every # {years|year}", With(|it| every(it, Year))),
    // As it is written out.
    ("# times an hour", With(|it| times_a(it, Hour))),
    ("# times a hour", With(|it| times_a(it, Hour))),
    ("# times a minute", With(|it| times_a(it, Minute))),
    ("# times a month", With(|it| times_a(it, Month))),
    ("# times a year", With(|it| times_a(it, Year))),
    ("# times every # minutes", With(|it| times_every(it, Minute))),
    ("# times every # hours", With(|it| times_every(it, Hour))),
    ("# times every # days", With(|it| times_every(it, Day))),
    ("# times every # weeks", With(|it| times_every(it, Week))),
    ("# times every # months", With(|it| times_every(it, Month))),
    ("# times every # years", With(|it| times_every(it, Year))),
];

fn each(length: u32, unit: DurationUnit) -> Fact {
    Fact::Often(Often { times: 1, period: Number::whole(length), unit })
}

fn times(times: u32, unit: DurationUnit) -> Fact {
    Fact::Often(Often { times, period: Number::whole(1), unit })
}

fn so_many_hours(numbers: &[Number]) -> Option<Fact> {
    // How a day is divided: of another number nobody says which unit it has.
    const PARTS: [u32; 5] = [4, 6, 8, 12, 24];
    numbers.first()?.as_whole().filter(|hours| PARTS.contains(hours))?;
    every(numbers, Hour)
}

fn every(numbers: &[Number], unit: DurationUnit) -> Option<Fact> {
    let period = *numbers.first().filter(|period| !period.is_zero())?;
    Some(Fact::Often(Often { times: 1, period, unit }))
}

/// `8/8 h`: from eight to eight hours.
fn from_to(numbers: &[Number]) -> Option<Fact> {
    match numbers {
        [from, to] if from == to => every(numbers, Hour),
        _ => None,
    }
}

fn times_a(numbers: &[Number], unit: DurationUnit) -> Option<Fact> {
    let number = numbers.first()?.as_whole().filter(|times| *times > 0)?;
    Some(times(number, unit))
}

fn times_every(numbers: &[Number], unit: DurationUnit) -> Option<Fact> {
    let [times, period] = numbers else { return None };
    let times = times.as_whole().filter(|times| *times > 0)?;
    (!period.is_zero()).then_some(Fact::Often(Often { times, period: *period, unit }))
}
