//! How often in a day, and at which times of it.

use super::Says::{self, This, With};
use crate::prescribing::{
    fact::{Fact, Often},
    number::Number,
};
use clinical::DurationUnit;

/// What is typed for it.
pub(super) const PHRASES: &[(&str, Says)] = &[
    (
        "{od|qd|sid|daily|dly|once daily|once a day|once per day|once every day|every day|each day|\
         everyday|tous les jours|chaque jour|quotidien|cada dia|todos los dias|todos os dias|diario|\
         diariamente|kila siku}",
        This(|| daily(1)),
    ),
    ("{/ {day|d|jour|jr|j|dia}|{par|per|a|por|al|ao} {day|jour|dia}}", This(|| Fact::ADay)),
    ("{bd|bid|bds|twice daily|twice a day|twice per day|twice every day}", This(|| daily(2))),
    ("{tds|tid|thrice daily|thrice a day|three times daily}", This(|| daily(3))),
    ("{qds|qid|four times daily}", This(|| daily(4))),
    (
        "# {x|times|time|fois|f|veces|vez|vezes} \
         {a|per|par|por|al|ao|each|every|/|in the|le} {day|d|jour|jr|j|dia|24 h|24 hours}",
        With(times_a_day),
    ),
    ("# {x|times|time|fois} {daily|dly|day|jour|dia|diarias|diarios}", With(times_a_day)),
    ("x # {/|a|per|par|por|al|ao} {day|d|jour|jr|j|dia|24 h}", With(times_a_day)),
    ("x # {daily|dly}", With(times_a_day)),
    ("# / {day|d|jour|jr|j|dia}", With(times_a_day)),
    ("mara # {kwa siku|kila siku|kutwa}", With(times_a_day)),
    ("{kutwa|kila siku|kwa siku} mara #", With(times_a_day)),
    // Times of the day.
    (
        "{in the morning|every morning|each morning|in the mornings|morning|mane|qam}",
        This(|| Fact::AtTime("in the morning")),
    ),
    ("{at midday|midday|noon|at noon}", This(|| Fact::AtTime("at midday"))),
    ("{in the afternoon|afternoon}", This(|| Fact::AtTime("in the afternoon"))),
    (
        "{in the evening|every evening|each evening|evening}",
        This(|| Fact::AtTime("in the evening")),
    ),
    (
        "{at night|every night|each night|nightly|night|nocte|noct|qn}",
        This(|| Fact::AtTime("at night")),
    ),
    (
        "{at bedtime|bedtime|at bed time|before bed|before bedtime|hs|qhs}",
        This(|| Fact::AtTime("at bedtime")),
    ),
    ("{le matin|matin|chaque matin|tous les matins}", This(|| Fact::AtTime("le matin"))),
    ("{a midi|midi|le midi}", This(|| Fact::AtTime("à midi"))),
    ("{le soir|soir|chaque soir|tous les soirs}", This(|| Fact::AtTime("le soir"))),
    ("{au coucher|coucher|le coucher}", This(|| Fact::AtTime("au coucher"))),
    (
        "{por la manana|en la manana|cada manana|por las mananas}",
        This(|| Fact::AtTime("por la mañana")),
    ),
    ("{al mediodia|mediodia}", This(|| Fact::AtTime("al mediodía"))),
    ("{por la tarde|en la tarde}", This(|| Fact::AtTime("por la tarde"))),
    (
        "{por la noche|en la noche|noche|cada noche|por las noches}",
        This(|| Fact::AtTime("por la noche")),
    ),
    ("{al acostarse|antes de acostarse}", This(|| Fact::AtTime("al acostarse"))),
    ("{de manha|pela manha|manha}", This(|| Fact::AtTime("de manhã"))),
    ("{a tarde|de tarde|pela tarde}", This(|| Fact::AtTime("à tarde"))),
    ("{a noite|de noite|noite}", This(|| Fact::AtTime("à noite"))),
    ("{ao deitar|antes de deitar}", This(|| Fact::AtTime("ao deitar"))),
    ("asubuhi", This(|| Fact::AtTime("asubuhi"))),
    ("mchana", This(|| Fact::AtTime("mchana"))),
    ("jioni", This(|| Fact::AtTime("jioni"))),
    ("usiku", This(|| Fact::AtTime("usiku"))),
    // One dose.
    ("{stat|stat dose|immediately|at once}", This(|| Fact::Once("immediately as a single dose"))),
    (
        "{once|once only|as a single dose|single dose|one dose|one dose only|one time only}",
        This(|| Fact::Once("as a single dose")),
    ),
    (
        "{dose unique|en dose unique|en une dose|en une prise|en prise unique|prise unique}",
        This(|| Fact::Once("en une seule prise")),
    ),
    ("{dosis unica|en dosis unica|en una sola dosis}", This(|| Fact::Once("en una sola dosis"))),
    ("{dose unica|em dose unica}", This(|| Fact::Once("em dose única"))),
    ("{dozi moja|mara moja tu}", This(|| Fact::Once("mara moja tu"))),
    ("immediately as a single dose", This(|| Fact::Once("immediately as a single dose"))),
    ("en une seule prise", This(|| Fact::Once("en une seule prise"))),
];

fn daily(times: u32) -> Fact {
    Fact::Often(Often::daily(times))
}

fn times_a_day(numbers: &[Number]) -> Option<Fact> {
    let times = numbers.first()?.as_whole().filter(|times| *times > 0)?;
    let (period, unit) = (Number::whole(1), DurationUnit::Day);
    Some(Fact::Often(Often { times, period, unit }))
}
