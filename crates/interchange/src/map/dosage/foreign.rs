//! Words about how often that nobody here reads: whether they speak against a frequency that is
//! known. What is not understood contradicts nothing; a number or a unit of time in it may.

use clinical::{DurationUnit, Timing};

/// Whether words name a number of times or a unit of time that is another than that of a
/// frequency: "hebdomadaire" beside "once daily", "zweimal" beside "3 times daily". Of a frequency
/// over several units ("every 2 days") no number is held against it that could stand for either.
pub(super) fn speak_against(words: &[String], often: &Timing) -> bool {
    let is_other = |unit: DurationUnit| unit != often.period_unit;
    let names_day = words.iter().any(|word| is_among(WEEKDAYS, word));
    if names_day || units(words).any(is_other) {
        return true;
    }
    let numbers: Vec<Option<u32>> = words.iter().filter_map(|word| number(word)).collect();
    let is_over_one = often.period.to_f64() == 1.0;
    let fits = |number: &Option<u32>| [Some(1), Some(often.frequency)].contains(number);
    let is_said =
        is_over_one && numbers.contains(&Some(often.frequency)) && numbers.iter().all(fits);
    !numbers.is_empty() && !is_said
}

/// The number a word begins with or says; nothing that is a number where it is none of ours.
fn number(word: &str) -> Option<Option<u32>> {
    let digits = word.find(|sign: char| !sign.is_ascii_digit()).unwrap_or(word.len());
    if digits > 0 {
        let (number, rest) = word.split_at(digits);
        return Some(number.parse().ok().filter(|_| !rest.starts_with('.')));
    }
    let found = NUMBERS.iter().find(|(_, words)| is_among(words, word));
    found.map(|(number, _)| Some(*number))
}

/// The units of time that words name. A year is "an" in French, behind "par".
fn units(words: &[String]) -> impl Iterator<Item = DurationUnit> {
    let named = words.iter().filter_map(|word| {
        UNITS.iter().find(|(_, known)| is_among(known, word)).map(|(unit, _)| *unit)
    });
    let a_year = words.windows(2).any(|pair| pair == ["par", "an"]);
    named.chain(a_year.then_some(DurationUnit::Year))
}

fn is_among(list: &str, word: &str) -> bool {
    list.split(' ').any(|known| known == word)
}

/// English, French, German, Spanish, Portuguese, Italian, Dutch, Swahili.
const NUMBERS: [(u32, &str); 8] = [
    (1, "once one un une ein eine einmal uno una um uma moja"),
    (
        2,
        "twice two other second alternate deux deuxième zwei zweimal zweiten zweite dos \
         dois duas due twee tweemaal mbili",
    ),
    (3, "thrice three third trois drei dreimal tres três tre drie tatu"),
    (4, "four quatre vier viermal cuatro quatro quattro nne"),
    (6, "six sechs sechsmal seis sei zes sita"),
    (7, "seven sept sieben siete sete sette zeven saba"),
    (8, "eight huit acht ocho oito otto nane"),
    (12, "twelve douze zwölf doce doze dodici twaalf"),
];

/// Of the same languages.
const UNITS: [(DurationUnit, &str); 5] = [
    (
        DurationUnit::Hour,
        "hour hours hourly heure heures stunde stunden stündlich hora horas ora ore uur \
         saa h hrs",
    ),
    (
        DurationUnit::Day,
        "day days daily jour jours quotidien quotidienne quotidiennement tag tage tagen \
         täglich taeglich día días dia dias diario diaria diariamente diário giorno \
         giorni dag dagen dagelijks daags siku",
    ),
    (
        DurationUnit::Week,
        "week weeks weekly fortnight fortnightly semaine semaines hebdomadaire hebdo \
         woche wochen wöchentlich semana semanas semanal settimana settimane settimanale \
         weken wekelijks wiki",
    ),
    (
        DurationUnit::Month,
        "month months monthly mois mensuel mensuelle monat monate monaten monatlich mes \
         meses mensual mês mensal mese mesi mensile maand maanden maandelijks mwezi",
    ),
    (
        DurationUnit::Year,
        "year years yearly annual annually ans année annuel jahr jahre jährlich año años \
         anual ano anos anno anni jaar mwaka",
    ),
];

/// Which day it is taken is not compared: words that name one are not passed over.
const WEEKDAYS: &str = "monday tuesday wednesday thursday friday saturday sunday mondays \
     tuesdays wednesdays thursdays fridays saturdays sundays lundi mardi mercredi jeudi vendredi samedi \
     dimanche lundis mardis mercredis jeudis vendredis samedis dimanches montag montags \
     dienstag dienstags mittwoch mittwochs donnerstag donnerstags freitag freitags \
     samstag samstags sonntag sonntags lunes martes miércoles jueves viernes sábado \
     domingo lunedì martedì mercoledì giovedì venerdì sabato domenica";

#[cfg(test)]
mod tests {
    use super::super::spoken::words;
    use super::*;

    #[test]
    fn what_is_not_understood_contradicts_nothing_and_a_number_or_a_unit_may() {
        let check =
            |text: &str, (frequency, period, period_unit): (u32, u32, DurationUnit), want| {
                let often = Timing { frequency, period: period.into(), period_unit };
                assert_eq!(speak_against(&words(text), &often), want, "{text} {often:?}");
            };
        let a_day = |times| (times, 1, DurationUnit::Day);
        for fits in [
            "deux fois par jour",
            "zweimal täglich",
            "2x tgl.",
            "dos veces al día",
            "mara mbili kwa siku",
            "1 comprimé 2 fois par jour",
            "дважды в день",
            "como en la hoja",
        ] {
            check(fits, a_day(2), false);
        }
        for other in [
            "trois fois par jour",
            "einmal täglich",
            "hebdomadaire",
            "2 fois par semaine",
            "1-0-0",
            "toutes les 12 heures",
            "2.5 mg",
            "montags und donnerstags",
        ] {
            check(other, a_day(2), true);
        }
        check("un jour sur deux", a_day(1), true);
        check("every alternate day at noon", a_day(1), true);
        check("une fois par semaine", (1, 1, DurationUnit::Week), false);
        check("montags", (1, 1, DurationUnit::Week), true);
        check("une fois par an", a_day(1), true);
        // Either could be meant.
        check("2 fois par jour", (1, 2, DurationUnit::Day), true);
        check("toutes les 8 heures", (1, 8, DurationUnit::Hour), true);
        check("selon le plan", (1, 8, DurationUnit::Hour), false);
    }
}
