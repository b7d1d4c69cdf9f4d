//! Instructions that are known, and words that say nothing by themselves.

use super::Says::{self, This};
use crate::prescribing::fact::Fact;

/// What is typed for them.
pub(super) const PHRASES: &[(&str, Says)] = &[
    (
        "{prn|as needed|when needed|if needed|as required|when required|if required|\
         when necessary|if necessary|sos|si besoin|au besoin|en cas de besoin|si necessaire|\
         si necesario|si es necesario|si precisa|se necessario|se preciso|kama inahitajika|\
         ikihitajika|inapohitajika}",
        This(|| Fact::AsNeeded),
    ),
    ("{with food|with meals|with a meal}", This(|| Fact::Words("with food"))),
    ("{after food|after meals|after a meal|after eating|pc}", This(|| Fact::Words("after meals"))),
    (
        "{before food|before meals|before a meal|before eating|ac}",
        This(|| Fact::Words("before meals")),
    ),
    ("{on an empty stomach|empty stomach}", This(|| Fact::Words("on an empty stomach"))),
    (
        "{with water|with plenty of water|with a glass of water}",
        This(|| Fact::Words("with plenty of water")),
    ),
    ("{with milk}", This(|| Fact::Words("with milk"))),
    ("{dissolved in water|dissolve in water|in water}", This(|| Fact::Words("dissolved in water"))),
    ("{as directed|as instructed|ud}", This(|| Fact::Words("as directed"))),
    (
        "{until finished|complete the course|finish the course}",
        This(|| Fact::Words("complete the course")),
    ),
    ("{with a spacer|via spacer|with spacer|via a spacer}", This(|| Fact::Words("with a spacer"))),
    ("{apply thinly|thinly}", This(|| Fact::Words("apply thinly"))),
    ("apply", This(|| Fact::Words("apply"))),
    (
        "{avec nourriture|avec repas|avec les repas|pendant les repas|au cours des repas|au milieu des repas}",
        This(|| Fact::Words("pendant les repas")),
    ),
    ("{apres les repas|apres repas|apres le repas}", This(|| Fact::Words("après les repas"))),
    ("{avant les repas|avant repas|avant le repas}", This(|| Fact::Words("avant les repas"))),
    ("a jeun", This(|| Fact::Words("à jeun"))),
    (
        "{con comida|con las comidas|con alimentos|con los alimentos}",
        This(|| Fact::Words("con las comidas")),
    ),
    ("{despues de las comidas|despues de comer}", This(|| Fact::Words("después de las comidas"))),
    ("{antes de las comidas|antes de comer}", This(|| Fact::Words("antes de las comidas"))),
    ("en ayunas", This(|| Fact::Words("en ayunas"))),
    ("{com alimentos|com comida|com as refeicoes}", This(|| Fact::Words("com as refeições"))),
    ("{apos as refeicoes|depois das refeicoes}", This(|| Fact::Words("após as refeições"))),
    ("antes das refeicoes", This(|| Fact::Words("antes das refeições"))),
    ("em jejum", This(|| Fact::Words("em jejum"))),
    ("{baada ya kula|baada ya chakula}", This(|| Fact::Words("baada ya kula"))),
    ("{kabla ya kula|kabla ya chakula}", This(|| Fact::Words("kabla ya kula"))),
    ("{pamoja na chakula|na chakula}", This(|| Fact::Words("pamoja na chakula"))),
    (
        "{after each loose stool|after every loose stool|after each stool|after every stool|\
         after each diarrhoea}",
        This(|| Fact::Occasion("after each loose stool")),
    ),
    (
        "{apres chaque selle liquide|apres chaque selle}",
        This(|| Fact::Occasion("après chaque selle liquide")),
    ),
    ("{with each meal|with every meal}", This(|| Fact::Occasion("with each meal"))),
    (
        "{take|takes|to take|give|use|instil|please|rx|of|dose|prendre|prenez|donner|tomar|tome|\
         dar|meza|kunywa|de}",
        This(|| Fact::Filler),
    ),
    ("{and|et|y|e|na|&}", This(|| Fact::Filler)),
    (
        "{then|followed by|after|repeat|review|return|within|before|apres|revoir|max|maximum|up to|not|no more than|do not|don t|avoid|stop|until|if|\
         unless|except|reduce|increase|taper|puis|ensuite|ne|sans|jusqu|arreter|si|luego|despues|\
         hasta|maximo|nao|ate|depois|baada ya|se|kisha|hadi|usi|kama|no|<|>|≤|≥}",
        This(|| Fact::Aside),
    ),
];
