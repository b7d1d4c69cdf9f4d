//! The ways a medicine is given that this program knows.

use crate::{CodeableConcept, SNOMED_CT};

/// A way a medicine is given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Route {
    /// By mouth.
    Oral,
    /// Under the tongue.
    Sublingual,
    /// Into a vein.
    Intravenous,
    /// Into a muscle.
    Intramuscular,
    /// Under the skin.
    Subcutaneous,
    /// Into the rectum.
    Rectal,
    /// Into the vagina.
    Vaginal,
    /// Breathed in.
    Inhaled,
    /// Into the nose.
    Nasal,
    /// Into the eye.
    Eye,
    /// Into the ear.
    Ear,
    /// On the skin.
    Skin,
}

/// The words of a language for each route.
#[derive(Debug, Clone, Copy)]
pub struct RouteWords {
    /// `oral`.
    pub oral: &'static str,
    /// `under the tongue`.
    pub sublingual: &'static str,
    /// `into a vein`.
    pub intravenous: &'static str,
    /// `into a muscle`.
    pub intramuscular: &'static str,
    /// `under the skin`.
    pub subcutaneous: &'static str,
    /// `rectal`.
    pub rectal: &'static str,
    /// `vaginal`.
    pub vaginal: &'static str,
    /// `inhaled`.
    pub inhaled: &'static str,
    /// `into the nose`.
    pub nasal: &'static str,
    /// `into the eye`.
    pub eye: &'static str,
    /// `into the ear`.
    pub ear: &'static str,
    /// `on the skin`.
    pub skin: &'static str,
}

impl Route {
    /// Every route.
    pub const ALL: [Self; 12] = [
        Self::Oral,
        Self::Sublingual,
        Self::Intravenous,
        Self::Intramuscular,
        Self::Subcutaneous,
        Self::Rectal,
        Self::Vaginal,
        Self::Inhaled,
        Self::Nasal,
        Self::Eye,
        Self::Ear,
        Self::Skin,
    ];

    /// The route a concept names; `None` where it is other words.
    pub fn of(concept: &CodeableConcept) -> Option<Self> {
        let code = concept.code_of(SNOMED_CT);
        let label = concept.label().trim().to_lowercase();
        let label = label.strip_suffix(" route").unwrap_or(&label);
        let label = label.strip_prefix("voie ").unwrap_or(label);
        let is_named = |route: &Self| {
            code == Some(route.snomed()) || route.typed().split('/').any(|it| it == label)
        };
        Self::ALL.into_iter().find(is_named)
    }

    /// Its SNOMED CT concept.
    pub const fn snomed(self) -> &'static str {
        match self {
            Self::Oral => "26643006",
            Self::Sublingual => "37839007",
            Self::Intravenous => "47625008",
            Self::Intramuscular => "78421000",
            Self::Subcutaneous => "34206005",
            Self::Rectal => "37161004",
            Self::Vaginal => "16857009",
            Self::Inhaled => "447694001",
            Self::Nasal => "46713006",
            Self::Eye => "54485002",
            Self::Ear => "10547007",
            Self::Skin => "6064005",
        }
    }

    /// What is typed for it, in English, French, Spanish, Swahili and Arabic, and how these show it.
    const fn typed(self) -> &'static str {
        match self {
            Self::Oral => {
                "oral/orally/po/p.o./orale/by mouth/per os/vía oral/por boca/kwa mdomo/\
                 عن طريق الفم/بالفم/فموي"
            }
            Self::Sublingual => {
                "sublingual/sl/sublinguale/under the tongue/sous la langue/debajo de la lengua/\
                 chini ya ulimi/تحت اللسان"
            }
            Self::Intravenous => {
                "intravenous/iv/i.v./intraveineuse/intraveineux/intravenosa/into a vein/\
                 dans une veine/vía intravenosa/kwenye mshipa wa damu/في الوريد/وريدي"
            }
            Self::Intramuscular => {
                "intramuscular/im/i.m./intramusculaire/into a muscle/dans un muscle/\
                 vía intramuscular/kwenye msuli/في العضل/عضلي"
            }
            Self::Subcutaneous => {
                "subcutaneous/sc/s.c./subcut/sous-cutanée/subcutánea/under the skin/\
                 sous la peau/vía subcutánea/sindano chini ya ngozi/حقن تحت الجلد/تحت الجلد"
            }
            Self::Rectal => {
                "rectal/rectally/pr/rectale/vía rectal/kwenye njia ya haja kubwa/عن طريق الشرج"
            }
            Self::Vaginal => "vaginal/vaginally/pv/vaginale/ukeni/vía vaginal/عن طريق المهبل",
            Self::Inhaled => {
                "inhaled/inhalation/inhalée/inhalé/inhalado/inhalada/par inhalation/\
                 kwa kuvuta pumzi/بالاستنشاق"
            }
            Self::Nasal => "nasal/nose/nasale/puani/into the nose/dans le nez/en la nariz/في الأنف",
            Self::Eye => {
                "eye/eyes/ophthalmic/ophtalmique/oculaire/oftálmica/into the eye/dans l’œil/\
                 en el ojo/kwenye jicho/في العين"
            }
            Self::Ear => {
                "ear/ears/otic/auriculaire/ótica/into the ear/dans l’oreille/en el oído/\
                 kwenye sikio/في الأذن"
            }
            Self::Skin => {
                "topical/skin/cutaneous/topique/cutanée/tópica/on the skin/sur la peau/\
                 sobre la piel/kupaka kwenye ngozi/دهان على الجلد"
            }
        }
    }
}

impl RouteWords {
    /// English, as the command line speaks it.
    pub const ENGLISH: Self = Self {
        oral: "oral",
        sublingual: "under the tongue",
        intravenous: "into a vein",
        intramuscular: "into a muscle",
        subcutaneous: "under the skin",
        rectal: "rectal",
        vaginal: "vaginal",
        inhaled: "inhaled",
        nasal: "into the nose",
        eye: "into the eye",
        ear: "into the ear",
        skin: "on the skin",
    };

    /// Those of a language, by the keys of `assets/locales`; `t` gives the text of a key.
    pub(super) fn of_keys(t: &dyn Fn(&'static str) -> &'static str) -> Self {
        Self {
            oral: t("route.oral"),
            sublingual: t("route.sublingual"),
            intravenous: t("route.intravenous"),
            intramuscular: t("route.intramuscular"),
            subcutaneous: t("route.subcutaneous"),
            rectal: t("route.rectal"),
            vaginal: t("route.vaginal"),
            inhaled: t("route.inhaled"),
            nasal: t("route.nasal"),
            eye: t("route.eye"),
            ear: t("route.ear"),
            skin: t("route.skin"),
        }
    }

    /// The words for a route.
    pub const fn of(&self, route: Route) -> &'static str {
        match route {
            Route::Oral => self.oral,
            Route::Sublingual => self.sublingual,
            Route::Intravenous => self.intravenous,
            Route::Intramuscular => self.intramuscular,
            Route::Subcutaneous => self.subcutaneous,
            Route::Rectal => self.rectal,
            Route::Vaginal => self.vaginal,
            Route::Inhaled => self.inhaled,
            Route::Nasal => self.nasal,
            Route::Eye => self.eye,
            Route::Ear => self.ear,
            Route::Skin => self.skin,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_is_found_by_its_code_and_by_all_that_is_typed_for_it() {
        for route in Route::ALL {
            let coded = CodeableConcept::from_coding(SNOMED_CT, route.snomed(), "x");
            assert_eq!(Route::of(&coded), Some(route));
            for typed in route.typed().split('/') {
                let found = Route::of(&CodeableConcept::from_text(typed.to_uppercase()));
                assert_eq!(found, Some(route), "{typed}");
            }
        }
        assert_eq!(Route::of(&CodeableConcept::from_text("by gastric tube")), None);
    }

    #[test]
    fn every_route_has_words_of_its_own() {
        let words = Route::ALL.map(|route| RouteWords::ENGLISH.of(route));
        let one = words.iter().collect::<std::collections::BTreeSet<_>>();
        assert_eq!(one.len(), Route::ALL.len());
    }
}
