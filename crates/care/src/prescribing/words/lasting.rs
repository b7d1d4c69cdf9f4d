//! For how long, how much is handed out, and how often again.

use super::Says::{self, This, With};
use crate::prescribing::{fact::Fact, number::Number};

/// What is typed for it.
pub(super) const PHRASES: &[(&str, Says)] = &[
    (
        "{x|for|pendant|pdt|durant|durante|por|pour|during|kwa|over|} \
         # {days|day|d|dys|jours|jour|jrs|jr|j|dias|dia|/ 7}",
        With(|it| days(it, 1)),
    ),
    ("{kwa|kwa muda wa|} siku #", With(|it| days(it, 1))),
    (
        "{x|for|pendant|pdt|durant|durante|por|pour|during|kwa|over|} \
         # {weeks|week|wks|wk|w|semaines|semaine|sem|semanas|semana|/ 52}",
        With(|it| days(it, 7)),
    ),
    ("{kwa|kwa muda wa|} wiki #", With(|it| days(it, 7))),
    (
        "{x|for|pendant|pdt|durant|durante|por|pour|during|kwa|over|qsp|} \
         # {months|month|mths|mth|mo|mois|meses|mes|/ 12}",
        With(|it| days(it, 30)),
    ),
    ("{kwa|kwa muda wa|} {miezi|mwezi} #", With(|it| days(it, 30))),
    (
        "{x|for|pendant|durante|por|} # {years|year|yrs|yr|ans|an|anos|ano}",
        With(|it| days(it, 365)),
    ),
    ("{for|x} a week", This(|| Fact::Lasting(Number::whole(7), false))),
    ("{for|x} a month", This(|| Fact::Lasting(Number::whole(30), true))),
    (
        "{long term|longterm|continue|continuous|ongoing|indefinitely|lifelong|for life}",
        This(|| Fact::LongTerm("long term")),
    ),
    ("{au long cours|a vie|traitement chronique}", This(|| Fact::LongTerm("au long cours"))),
    ("{tratamiento cronico|de por vida}", This(|| Fact::LongTerm("tratamiento crónico"))),
    ("{uso continuo|uso continuado}", This(|| Fact::LongTerm("uso contínuo"))),
    (
        "{x|} # {repeats|repeat|refills|refill|rpts|rpt|renouvellements|renouvellement}",
        With(repeats),
    ),
    (
        "{repeat|repeats|refill|refills|rpt|renouveler|a renouveler|renouvelable|renovar} \
         {x|} # {times|x|fois|}",
        With(repeats),
    ),
    (
        "{no|sans|zero} {repeats|repeat|refills|refill|renouvellement}",
        This(|| Fact::Repeats(Number::whole(0))),
    ),
    ("{ne pas renouveler|non renouvelable}", This(|| Fact::Repeats(Number::whole(0)))),
];

/// So many days for each.
fn days(numbers: &[Number], each: u64) -> Option<Fact> {
    let number = *numbers.first().filter(|number| !number.is_zero())?;
    Some(Fact::Lasting(number.times(each)?, each == 30))
}

fn repeats(numbers: &[Number]) -> Option<Fact> {
    numbers.first().filter(|number| number.as_whole().is_some()).map(|it| Fact::Repeats(*it))
}
