//! Medicines that are not usually given to a child younger than so much: a reason is asked for.
//!
//! Facts, each with its source; no text of theirs is taken over. Every row was checked in November
//! 2026 against stored copies of the publications it names, some as other pages repeat them (the
//! AAP's Red Book, the labels of Fansidar and, for two months, of co-trimoxazole). Of the BNF for
//! Children only the page on ceftriaxone could be read, the WHO's Model Formulary and Pocket Book
//! for children not at all. Sources that differ stand beside each other. Only what a source was
//! read for is here: ciprofloxacin is not, MSF gives it from a month of age. Applied to the skin,
//! the eye or the ear they are no such medicine.

/// An age.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Under {
    /// So many days.
    Days(i32),
    /// So many months.
    Months(i32),
    /// So many years.
    Years(i32),
}

/// One of them.
pub(crate) struct ForNoChild {
    /// The substances, by their international names.
    pub(crate) inns: &'static [&'static str],
    /// Younger than this.
    pub(crate) under: Under,
    /// Why, and who says so.
    pub(crate) source: &'static str,
}

const fn row(inns: &'static [&'static str], under: Under, source: &'static str) -> ForNoChild {
    ForNoChild { inns, under, source }
}

/// All of them.
pub(crate) const FOR_NO_CHILD: &[ForNoChild] = &[
    row(
        &["acetylsalicylic acid", "aspirin"],
        Under::Years(16),
        "Reye's syndrome, unless a doctor advises it as in Kawasaki disease: UK CSM 2002",
    ),
    row(&["codeine"], Under::Years(12), "Slow breathing: EMA and MHRA 2013; FDA 2017"),
    row(&["tramadol"], Under::Years(12), "Slow breathing: FDA 2017; MSF"),
    row(
        &["tetracycline", "oxytetracycline", "minocycline"],
        Under::Years(8),
        "Teeth that stay stained: labels; Drug and Therapeutics Bulletin 1973",
    ),
    row(
        &["doxycycline"],
        Under::Years(8),
        "Teeth; where life is at risk: WHO List for Children 2023. \
         Up to 21 days are accepted: MSF, AAP",
    ),
    row(&["nimesulide"], Under::Years(12), "Contra-indicated: EMEA 2004"),
    row(&["promethazine"], Under::Years(2), "Breathing that stops: FDA 2004 and 2006"),
    row(&["loperamide"], Under::Years(2), "Breathing and heart: FDA label 2024"),
    row(&["metoclopramide"], Under::Years(1), "Movements that cannot be held: EMA 2013"),
    row(&["ibuprofen"], Under::Months(3), "MSF Essential drugs"),
    row(
        &["nitrofurantoin"],
        Under::Months(3),
        "UK leaflet, emc 7818; the American label says one month",
    ),
    row(&["sulfadoxine"], Under::Months(2), "Kernicterus: label of Fansidar"),
    row(
        &["sulfadiazine"],
        Under::Months(2),
        "UpToDate 2025; given from birth in congenital toxoplasmosis",
    ),
    row(
        &["sulfamethoxazole"],
        Under::Days(42),
        "SmPC co-trimoxazole 2024; the American label says two months",
    ),
    row(
        &["ceftriaxone"],
        Under::Days(29),
        "With calcium by vein, or with jaundice: FDA label 2012; BNF for Children 2018. \
         One dose for gonococcal eyes is given: MSF 2023",
    ),
    row(
        &["chloramphenicol"],
        Under::Days(28),
        "Grey syndrome: BMJ 1983; Hesperian 2011. MSF gives it from one year",
    ),
];
