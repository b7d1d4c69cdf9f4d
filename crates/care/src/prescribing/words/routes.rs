//! The ways a medicine is given.

use super::Says::{self, This};
use crate::prescribing::fact::Fact;

/// What is typed for it. The words that come out are those that `clinical::display::Route` knows.
pub(super) const PHRASES: &[(&str, Says)] = &[
    (
        "{po|p o|oral|orally|by mouth|per os|per oral|perorally|orale|voie orale|par voie orale|\
         par la bouche|via oral|por via oral|vo|v o|por boca|kwa mdomo}",
        This(|| Fact::Route("oral", "")),
    ),
    (
        "{iv|intravenous|intravenously|into a vein|intraveineuse|intraveineux|en iv|intravenosa|\
         endovenosa|via iv}",
        This(|| Fact::Route("intravenous", "")),
    ),
    (
        "{im|intramuscular|intramuscularly|into a muscle|intramusculaire|en im|via im}",
        This(|| Fact::Route("intramuscular", "")),
    ),
    (
        "{sc|sq|s c|subcut|subq|subcutaneous|subcutaneously|under the skin|sous cutanee|sous cutane|\
         subcutanea|via sc}",
        This(|| Fact::Route("subcutaneous", "")),
    ),
    (
        "{sl|sublingual|sublingually|under the tongue|sous la langue|sublinguale}",
        This(|| Fact::Route("sublingual", "")),
    ),
    ("{buccal|buccally}", This(|| Fact::Route("buccal", ""))),
    (
        "{pr|rectal|rectally|per rectum|rectale|par voie rectale|via rectal}",
        This(|| Fact::Route("rectal", "")),
    ),
    (
        "{pv|vaginal|vaginally|per vaginam|vaginale|par voie vaginale|via vaginal}",
        This(|| Fact::Route("vaginal", "")),
    ),
    (
        "{inhaled|by inhalation|inh|nebulised|nebulized|inhale|inhalee}",
        This(|| Fact::Route("inhaled", "")),
    ),
    ("{nasal|nasally|intranasal|intranasally|into the nose}", This(|| Fact::Route("nasal", ""))),
    ("{each nostril|in each nostril}", This(|| Fact::Route("nasal", "in each nostril"))),
    ("{eye|into the eye|in the eye|ophthalmic|ocular}", This(|| Fact::Route("eye", ""))),
    ("{right eye|in the right eye}", This(|| Fact::Route("eye", "in the right eye"))),
    ("{left eye|in the left eye}", This(|| Fact::Route("eye", "in the left eye"))),
    ("{both eyes|in both eyes|each eye}", This(|| Fact::Route("eye", "in both eyes"))),
    ("{dans l {oeil|œil} droit|{oeil|œil} droit}", This(|| Fact::Route("eye", "dans l’œil droit"))),
    (
        "{dans l {oeil|œil} gauche|{oeil|œil} gauche}",
        This(|| Fact::Route("eye", "dans l’œil gauche")),
    ),
    ("{les deux yeux|dans les deux yeux}", This(|| Fact::Route("eye", "dans les deux yeux"))),
    ("{ambos ojos|en ambos ojos}", This(|| Fact::Route("eye", "en ambos ojos"))),
    ("{ear|into the ear|in the ear|otic}", This(|| Fact::Route("ear", ""))),
    ("{right ear|in the right ear}", This(|| Fact::Route("ear", "in the right ear"))),
    ("{left ear|in the left ear}", This(|| Fact::Route("ear", "in the left ear"))),
    ("{both ears|in both ears|each ear}", This(|| Fact::Route("ear", "in both ears"))),
    (
        "{topical|topically|on the skin|to the skin|to skin|locally|cutaneous|topique|topica}",
        This(|| Fact::Route("topical", "")),
    ),
    ("transdermal", This(|| Fact::Route("transdermal", ""))),
    ("{intradermal|intradermally|into the skin}", This(|| Fact::Route("intradermal", ""))),
    ("{epidural|epidurally}", This(|| Fact::Route("epidural", ""))),
    ("{infiltration|by infiltration}", This(|| Fact::Route("infiltration", ""))),
    ("in the mouth", This(|| Fact::Route("in the mouth", ""))),
    (
        "{ng|ngt|via ng tube|by ng tube|by nasogastric tube|via nasogastric tube}",
        This(|| Fact::Route("by nasogastric tube", "")),
    ),
    ("intrauterine", This(|| Fact::Route("intrauterine", ""))),
];
