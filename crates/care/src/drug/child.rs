//! Medicines that are not given to a child younger than so much, without a reason.
//!
//! Facts, each with its source; no text of theirs is taken over. Applied to the skin, the eye or the
//! ear they are no such medicine.

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
        "Reye's syndrome: MHRA 2002; BNF for Children",
    ),
    row(
        &["codeine"],
        Under::Years(12),
        "Breathing stops in fast metabolisers: EMA and MHRA 2013; FDA 2017",
    ),
    row(&["tramadol"], Under::Years(12), "Breathing stops in fast metabolisers: FDA 2017"),
    row(
        &["tetracycline", "doxycycline", "oxytetracycline", "minocycline"],
        Under::Years(8),
        "Teeth and bones: WHO Model Formulary for Children 2010",
    ),
    row(&["nimesulide"], Under::Years(12), "Liver: EMA 2012"),
    row(&["promethazine"], Under::Years(2), "Breathing stops: FDA 2004"),
    row(&["metoclopramide"], Under::Years(1), "Movements that cannot be held: EMA 2013"),
    row(&["ibuprofen"], Under::Months(3), "WHO Model List of Essential Medicines for Children"),
    row(&["nitrofurantoin"], Under::Months(3), "Haemolysis: BNF for Children"),
    row(
        &["sulfamethoxazole", "sulfadoxine", "sulfadiazine"],
        Under::Days(42),
        "Kernicterus: WHO Pocket Book of Hospital Care for Children 2013",
    ),
    row(
        &["ceftriaxone"],
        Under::Days(28),
        "Deposits with calcium infusions, and jaundice: FDA 2009; WHO Model List for Children",
    ),
    row(&["chloramphenicol"], Under::Days(28), "Grey syndrome: BNF for Children"),
];
