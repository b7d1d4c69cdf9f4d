//! Medicines under international control: how much of them is handed out is written in words too.
//!
//! Names of the United Nations' Single Convention on Narcotic Drugs (1961, schedules I and II) and
//! the Convention on Psychotropic Substances (1971, schedules II to IV), as far as they are given as
//! medicines. A country may control more; what is exempt there, such as little codeine beside
//! paracetamol, has its quantity in words all the same, which harms nobody.

use crate::text::words;
use std::{collections::BTreeSet, sync::LazyLock};

const CONTROLLED: [&str; 61] = [
    // 1961
    "alfentanil",
    "cannabis",
    "cocaine",
    "codeine",
    "dextropropoxyphene",
    "diamorphine",
    "dihydrocodeine",
    "fentanyl",
    "hydrocodone",
    "hydromorphone",
    "levorphanol",
    "meperidine",
    "methadone",
    "morphine",
    "opium",
    "oxycodone",
    "oxymorphone",
    "pethidine",
    "pholcodine",
    "piritramide",
    "remifentanil",
    "sufentanil",
    "tilidine",
    // 1971
    "alprazolam",
    "amfetamine",
    "amphetamine",
    "bromazepam",
    "brotizolam",
    "buprenorphine",
    "butalbital",
    "chlordiazepoxide",
    "clobazam",
    "clonazepam",
    "clorazepate",
    "dexamfetamine",
    "dexamphetamine",
    "dextroamphetamine",
    "diazepam",
    "estazolam",
    "flunitrazepam",
    "flurazepam",
    "loprazolam",
    "lorazepam",
    "lormetazepam",
    "meprobamate",
    "methamphetamine",
    "methylphenidate",
    "midazolam",
    "nitrazepam",
    "oxazepam",
    "pentazocine",
    "pentobarbital",
    "phenobarbital",
    "phenobarbitone",
    "phentermine",
    "secobarbital",
    "temazepam",
    "tetrazepam",
    "triazolam",
    "zaleplon",
    "zolpidem",
];

/// The words of each name, spelt as those of an order are.
static SPELT: LazyLock<Vec<Vec<String>>> =
    LazyLock::new(|| CONTROLLED.iter().map(|one| words(one)).collect());

/// Whether a medicine, as it is named on an order, is or holds one of them.
pub fn is_controlled(name: &str) -> bool {
    let named: BTreeSet<String> = words(name).into_iter().collect();
    SPELT.iter().any(|one| one.iter().all(|word| named.contains(word)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controlled_medicines_are_known_by_their_names() {
        let check = |name: &str, want: bool| assert_eq!(is_controlled(name), want, "{name}");
        check("morphine", true);
        check("Morphine sulfate 10 mg tablet", true);
        check("diazépam", true);
        check("paracetamol + codeine", true);
        check("phenobarbital", true);
        check("apomorphine", false);
        check("paracetamol", false);
        check("amlodipine", false);
        check("tramadol", false);
        check("", false);
    }
}
