//! What medicines come as.

use super::unit::{Noun, Unit};

/// What a medicine comes as.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Form {
    /// Its name: `dispersible tablet`.
    pub(super) name: &'static str,
    /// How a dose of it is measured.
    pub(super) measure: Measure,
    /// The way it is given; empty where it does not say.
    pub(super) route: &'static str,
    /// Taken unasked: 0; only where no other fits: 1; only when it is named: 2.
    pub(super) rank: u8,
    /// What is typed for it: phrases parted by commas, in small letters and without marks.
    typed: &'static [&'static str],
}

/// How a dose of a form is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Measure {
    /// By the piece, which may be halved or not.
    Piece(Noun, bool),
    /// By volume, drunk.
    Volume,
    /// By volume, injected.
    Injected,
    /// By the vial, made up for one dose.
    Vial,
    /// By puff, spray or drop, out of one container for many.
    Portion(Noun),
    /// Not at all: it is applied.
    Applied,
}

impl Form {
    /// The form of a name.
    pub(super) fn named(name: &str) -> Option<&'static Self> {
        FORMS.iter().find(|form| form.name == name)
    }

    /// The forms that a phrase may mean; empty where it means none.
    pub(super) fn typed(phrase: &str) -> Vec<&'static Self> {
        FORMS.iter().filter(|form| form.phrases_of().any(|known| known == phrase)).collect()
    }

    /// Every phrase that means a form.
    pub(super) fn phrases() -> impl Iterator<Item = &'static str> {
        FORMS.iter().flat_map(Self::phrases_of)
    }

    fn phrases_of(&self) -> impl Iterator<Item = &'static str> {
        self.typed.iter().flat_map(|list| list.split(", ")).chain([self.name])
    }

    /// Whether a dose in this unit can be of it.
    pub(super) fn takes(&self, unit: Unit) -> bool {
        match unit {
            Unit::Mass(_) | Unit::PerKilogram(_) | Unit::Units | Unit::Millimole => true,
            // What a sachet is dissolved in is drunk by the volume.
            Unit::Millilitre => {
                matches!(self.measure, Measure::Volume | Measure::Injected)
                    || self.name == "powder for oral solution"
            }
            Unit::Count(noun) => self.noun() == Some(noun) || self.is_packed_in(noun),
        }
    }

    /// What is counted of it.
    pub(super) const fn noun(&self) -> Option<Noun> {
        match self.measure {
            Measure::Piece(noun, _) | Measure::Portion(noun) => Some(noun),
            Measure::Vial => Some(Noun::Vial),
            Measure::Volume | Measure::Injected | Measure::Applied => None,
        }
    }

    fn is_packed_in(&self, noun: Noun) -> bool {
        let is_injected = self.measure == Measure::Injected;
        (noun == Noun::Ampoule && is_injected)
            || (noun == Noun::Vial && (is_injected || self.measure == Measure::Vial))
            || (noun == Noun::Drop && self.name.ends_with("drops"))
    }
}

const fn form(
    name: &'static str,
    measure: Measure,
    route: &'static str,
    rank: u8,
    typed: &'static [&'static str],
) -> Form {
    Form { name, measure, route, rank, typed }
}

const TABLET: Measure = Measure::Piece(Noun::Tablet, true);
const WHOLE_TABLET: Measure = Measure::Piece(Noun::Tablet, false);
const CAPSULE: Measure = Measure::Piece(Noun::Capsule, false);
const SACHET: Measure = Measure::Piece(Noun::Sachet, false);
const DROPS: Measure = Measure::Portion(Noun::Drop);

const TABLET_TYPED: &str = "tab, tabs, tablet, tablets, tbl, comprime, comprimes, cp, comp, \
                            comprimido, comprimidos, tableta, tabletas, tembe, kidonge, vidonge";
const SACHET_TYPED: &str = "sachet, sachets, sobre, sobres";
const CAPSULE_TYPED: &str =
    "cap, caps, capsule, capsules, gelule, gelules, capsula, capsulas, kapsuli";
const SLOW_TYPED: &str = "mr, sr, xr, er, xl, cr, la, modified release, slow release, sustained \
                          release, extended release, prolonged release, retard, lp";
const LIQUID_TYPED: &str = "susp, suspension, syr, syrup, sirop, jarabe, xarope, elixir, liquid, \
                            mixture, oral liquid, oral solution, oral suspension, oral susp, \
                            suspensao, solution buvable, suspension buvable, dawa ya maji";
const INJECTION_TYPED: &str = "inj, injection, injectable, injecao, inyeccion, inyectable, \
                               injetavel, sindano, amp, ampoule, ampoules, vial, vials";
const OINTMENT_TYPED: &str = "oint, ointment, pommade, unguento, pomada, marhamu";
const DROPS_TYPED: &str = "drops, gtt, gouttes, gotas, matone, collyre, colirio";

/// Every form. Where a phrase means several, the first is the likeliest.
static FORMS: [Form; 48] = [
    form("tablet", TABLET, "oral", 0, &[TABLET_TYPED]),
    form("capsule", CAPSULE, "oral", 0, &[CAPSULE_TYPED]),
    form("dispersible tablet", TABLET, "oral", 1, &[TABLET_TYPED, "disp tab, dispersible, dt"]),
    form("chewable tablet", TABLET, "oral", 1, &[TABLET_TYPED, "chewable, chew tab"]),
    form("orodispersible tablet", WHOLE_TABLET, "oral", 1, &["orodispersible, odt, melt"]),
    form("sublingual tablet", WHOLE_TABLET, "sublingual", 1, &[TABLET_TYPED, "sl tab"]),
    form("buccal tablet", WHOLE_TABLET, "buccal", 1, &["buccal tab"]),
    form("modified-release tablet", WHOLE_TABLET, "oral", 2, &[SLOW_TYPED, TABLET_TYPED]),
    form("modified-release capsule", CAPSULE, "oral", 2, &[SLOW_TYPED, CAPSULE_TYPED]),
    form("lozenge", Measure::Piece(Noun::Lozenge, false), "oral", 1, &["lozenges"]),
    form("chewing gum", Measure::Applied, "oral", 1, &["gum"]),
    form("oral suspension", Measure::Volume, "oral", 1, &[LIQUID_TYPED]),
    form("oral solution", Measure::Volume, "oral", 1, &[LIQUID_TYPED]),
    form("oral liquid", Measure::Volume, "oral", 1, &[LIQUID_TYPED]),
    form("oral drops", Measure::Volume, "oral", 1, &[DROPS_TYPED]),
    form("oral gel", Measure::Applied, "oral", 1, &["gel"]),
    form("powder for oral solution", SACHET, "oral", 1, &[SACHET_TYPED, "powder, poudre"]),
    form("granules", SACHET, "oral", 1, &[SACHET_TYPED, "granule"]),
    form("powder", SACHET, "oral", 1, &[SACHET_TYPED]),
    form("copack", SACHET, "oral", 1, &["co pack"]),
    form("injection", Measure::Injected, "", 1, &[INJECTION_TYPED]),
    form("powder for injection", Measure::Vial, "", 1, &[INJECTION_TYPED]),
    form("infusion", Measure::Injected, "intravenous", 1, &["inf, drip, perfusion, infusao"]),
    form(
        "inhaler",
        Measure::Portion(Noun::Puff),
        "inhaled",
        1,
        &["mdi, puffer, inhalateur, inhalador"],
    ),
    form(
        "nebuliser solution",
        Measure::Volume,
        "inhaled",
        1,
        &["neb, nebs, nebule, nebules, nebuliser, nebulizer, nebulisation"],
    ),
    form("cream", Measure::Applied, "topical", 1, &["creme, crema"]),
    form("ointment", Measure::Applied, "topical", 1, &[OINTMENT_TYPED]),
    form("gel", Measure::Applied, "topical", 1, &["topical gel"]),
    form("lotion", Measure::Applied, "topical", 1, &["locion, locao"]),
    form("shampoo", Measure::Applied, "topical", 1, &["shampooing, champu"]),
    form("cutaneous solution", Measure::Applied, "topical", 1, &["paint, skin solution"]),
    form("mouthwash", Measure::Volume, "in the mouth", 1, &["mouth wash, gargle"]),
    form("patch", Measure::Piece(Noun::Patch, false), "transdermal", 1, &["patches"]),
    form("eye drops", DROPS, "eye", 1, &[DROPS_TYPED]),
    form("eye ointment", Measure::Applied, "eye", 1, &[OINTMENT_TYPED]),
    form("ear drops", DROPS, "ear", 1, &[DROPS_TYPED]),
    form("nasal drops", DROPS, "nasal", 1, &[DROPS_TYPED]),
    form("nasal spray", Measure::Portion(Noun::Spray), "nasal", 1, &["spray"]),
    form("sublingual spray", Measure::Portion(Noun::Spray), "sublingual", 1, &["spray"]),
    form(
        "suppository",
        Measure::Piece(Noun::Suppository, false),
        "rectal",
        1,
        &["supp, suppo, suppos, suppositories, suppositoire, supositorio"],
    ),
    form("rectal solution", Measure::Volume, "rectal", 1, &["enema, lavement"]),
    form(
        "pessary",
        Measure::Piece(Noun::Pessary, false),
        "vaginal",
        1,
        &["pess, pessaries, ovule, ovulo, vaginal tablet, vag tab"],
    ),
    form("vaginal cream", Measure::Applied, "vaginal", 1, &["cream, creme, crema"]),
    form("implant", Measure::Applied, "under the skin", 1, &["rod", "implants"]),
    form("intrauterine system", Measure::Applied, "intrauterine", 1, &["ius"]),
    form("gas", Measure::Applied, "inhaled", 1, &["inhaled gas"]),
    form("buccal solution", Measure::Volume, "buccal", 1, &["oromucosal solution"]),
    form("vaginal gel", Measure::Applied, "vaginal", 1, &["gel"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_found_by_its_name_and_by_what_is_typed_for_it() {
        for form in &FORMS {
            assert_eq!(Form::named(form.name), Some(form));
            assert!(Form::typed(form.name).contains(&form), "{}", form.name);
            for phrase in form.phrases_of() {
                assert!(Form::typed(phrase).contains(&form), "{phrase}");
                assert!(
                    phrase.bytes().all(|one| one.is_ascii_lowercase() || b" -".contains(&one)),
                    "{phrase}"
                );
            }
        }
        assert!(Form::typed("amlodipine").is_empty());
        assert!(Form::phrases().any(|phrase| phrase == "eye drops"));
    }
}
