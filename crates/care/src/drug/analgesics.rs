//! Painkillers.
//!
//! Cyclooxygenase groups: Kowalski ML et al., "Classification and practical approach to the
//! diagnosis and management of hypersensitivity to nonsteroidal anti-inflammatory drugs", Allergy
//! 2013;68:1219-1232. Opioids by chemical class: the structural groups of general pharmacology
//! texts.

use super::{
    DrugClass::{
        Alone, Nsaid, NsaidCox2Preferring, NsaidCox2Selective, OpioidDiphenylheptane,
        OpioidPhenanthrene, OpioidPhenylpiperidine, OpioidPhenylpropylamine,
    },
    Substance, substance,
};

/// The painkillers of a small clinic and what its patients were given elsewhere.
pub(super) const ANALGESICS: &[Substance] = &[
    substance(
        "paracetamol",
        Alone,
        &["acetaminophen", "apap", "panadol", "panodil", "tylenol", "парацетамол"],
    ),
    substance(
        "acetylsalicylic acid",
        Nsaid,
        &[
            "aspirin",
            "asa",
            "acetyl salicylic acid",
            "acido acetilsalicilico",
            "acide acetylsalicylique",
            "acetylsalicylsaure",
            "salicylate",
            "аспирин",
        ],
    ),
    substance("methyl salicylate", Nsaid, &[]),
    substance("ibuprofen", Nsaid, &["brufen", "advil", "motrin", "nurofen", "ибупрофен"]),
    substance("naproxen", Nsaid, &["aleve", "naprosyn"]),
    substance("ketoprofen", Nsaid, &[]),
    substance("dexketoprofen", Nsaid, &[]),
    substance("flurbiprofen", Nsaid, &[]),
    substance("diclofenac", Nsaid, &["voltaren", "voltarol", "cataflam", "диклофенак"]),
    substance("aceclofenac", Nsaid, &[]),
    substance("indometacin", Nsaid, &["indomethacin"]),
    substance("ketorolac", Nsaid, &["toradol"]),
    substance("piroxicam", Nsaid, &[]),
    substance("tenoxicam", Nsaid, &[]),
    substance("lornoxicam", Nsaid, &[]),
    substance("mefenamic acid", Nsaid, &["ponstan", "acido mefenamico", "acide mefenamique"]),
    substance("sulindac", Nsaid, &[]),
    substance("etodolac", Nsaid, &[]),
    substance("metamizole", Nsaid, &["dipyrone", "novalgin", "анальгин"]),
    substance("meloxicam", NsaidCox2Preferring, &[]),
    substance("nimesulide", NsaidCox2Preferring, &[]),
    substance("nabumetone", NsaidCox2Preferring, &[]),
    substance("celecoxib", NsaidCox2Selective, &["celebrex"]),
    substance("etoricoxib", NsaidCox2Selective, &[]),
    substance("parecoxib", NsaidCox2Selective, &[]),
    substance("morphine", OpioidPhenanthrene, &["морфин"]),
    substance("codeine", OpioidPhenanthrene, &["кодеин"]),
    substance("dihydrocodeine", OpioidPhenanthrene, &[]),
    substance("hydrocodone", OpioidPhenanthrene, &[]),
    substance("hydromorphone", OpioidPhenanthrene, &["dilaudid"]),
    substance("oxycodone", OpioidPhenanthrene, &["oxycontin"]),
    substance("oxymorphone", OpioidPhenanthrene, &[]),
    substance("diamorphine", OpioidPhenanthrene, &["heroin"]),
    substance("buprenorphine", OpioidPhenanthrene, &[]),
    substance("nalbuphine", OpioidPhenanthrene, &[]),
    substance("butorphanol", OpioidPhenanthrene, &[]),
    substance("pethidine", OpioidPhenylpiperidine, &["meperidine", "demerol"]),
    substance("fentanyl", OpioidPhenylpiperidine, &[]),
    substance("alfentanil", OpioidPhenylpiperidine, &[]),
    substance("remifentanil", OpioidPhenylpiperidine, &[]),
    substance("sufentanil", OpioidPhenylpiperidine, &[]),
    substance("methadone", OpioidDiphenylheptane, &[]),
    substance("dextropropoxyphene", OpioidDiphenylheptane, &["propoxyphene"]),
    substance("tramadol", OpioidPhenylpropylamine, &["трамадол"]),
    substance("tapentadol", OpioidPhenylpropylamine, &[]),
];
