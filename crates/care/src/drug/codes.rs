//! The few codes whose meaning the rules need.
//!
//! ATC codes are single facts (WHO Collaborating Centre for Drug Statistics Methodology), typed
//! for these substances and not copied as an index. RxNorm ingredient codes: courtesy of the U.S.
//! National Library of Medicine, public domain. SNOMED CT: the codes HL7's IPS examples use.

use super::{Family, Lexeme, by_inn};
use clinical::{Coding, SNOMED_CT};

const ATC: &str = "http://www.whocc.no/atc";
const RXNORM: &str = "http://www.nlm.nih.gov/research/umls/rxnorm";

/// What a code names; nothing when it is not in the tables.
pub(super) fn meaning(coding: &Coding) -> Vec<Lexeme> {
    match coding.system.as_str() {
        ATC => atc(&coding.code.to_ascii_uppercase()),
        RXNORM => exact(RXNORM_CODES, &coding.code),
        SNOMED_CT => {
            let family = SNOMED_FAMILIES.iter().find(|(code, _)| *code == coding.code);
            match family {
                Some((_, family)) => vec![Lexeme::Family(*family)],
                None => exact(SNOMED_CODES, &coding.code),
            }
        }
        _ => Vec::new(),
    }
}

fn atc(code: &str) -> Vec<Lexeme> {
    let known = exact(ATC_CODES, code);
    if !known.is_empty() {
        return known;
    }
    let family = ATC_FAMILIES.iter().find(|(prefix, _)| code.starts_with(prefix));
    family.map(|(_, family)| Lexeme::Family(*family)).into_iter().collect()
}

fn exact(table: &[(&str, &[&str])], code: &str) -> Vec<Lexeme> {
    let rows = table.iter().filter(|(known, _)| *known == code);
    rows.flat_map(|(_, names)| *names)
        .filter_map(|inn| by_inn(inn))
        .map(Lexeme::Substance)
        .collect()
}

/// Groups of the third and fourth level, for codes that are not in [`ATC_CODES`].
const ATC_FAMILIES: &[(&str, Family)] = &[
    ("J01C", Family::Penicillins),
    ("J01DB", Family::Cephalosporins),
    ("J01DC", Family::Cephalosporins),
    ("J01DD", Family::Cephalosporins),
    ("J01DE", Family::Cephalosporins),
    ("J01DH", Family::Carbapenems),
    ("J01EB", Family::Sulfonamides),
    ("J01EC", Family::Sulfonamides),
    ("J01ED", Family::Sulfonamides),
    ("J01FA", Family::Macrolides),
    ("J01G", Family::Aminoglycosides),
    ("J01M", Family::Quinolones),
    ("M01AA", Family::Nsaids),
    ("M01AB", Family::Nsaids),
    ("M01AC", Family::Nsaids),
    ("M01AE", Family::Nsaids),
    ("M01AG", Family::Nsaids),
    ("N02A", Family::Opioids),
];

pub(super) const ATC_CODES: &[(&str, &[&str])] = &[
    ("J01CA01", &["ampicillin"]),
    ("J01CA04", &["amoxicillin"]),
    ("J01CA12", &["piperacillin"]),
    ("J01CE01", &["benzylpenicillin"]),
    ("J01CE02", &["phenoxymethylpenicillin"]),
    ("J01CE08", &["benzylpenicillin"]),
    ("J01CE09", &["benzylpenicillin"]),
    ("J01CF01", &["dicloxacillin"]),
    ("J01CF02", &["cloxacillin"]),
    ("J01CF04", &["oxacillin"]),
    ("J01CF05", &["flucloxacillin"]),
    ("J01CR01", &["ampicillin"]),
    ("J01CR02", &["amoxicillin"]),
    ("J01CR05", &["piperacillin"]),
    ("J01DB01", &["cefalexin"]),
    ("J01DB04", &["cefazolin"]),
    ("J01DB05", &["cefadroxil"]),
    ("J01DC02", &["cefuroxime"]),
    ("J01DC04", &["cefaclor"]),
    ("J01DD01", &["cefotaxime"]),
    ("J01DD02", &["ceftazidime"]),
    ("J01DD04", &["ceftriaxone"]),
    ("J01DD08", &["cefixime"]),
    ("J01DE01", &["cefepime"]),
    ("J01DF01", &["aztreonam"]),
    ("J01DH02", &["meropenem"]),
    ("J01DH03", &["ertapenem"]),
    ("J01DH51", &["imipenem"]),
    ("J01EA01", &["trimethoprim"]),
    ("J01EE01", &["sulfamethoxazole", "trimethoprim"]),
    ("J01FA01", &["erythromycin"]),
    ("J01FA09", &["clarithromycin"]),
    ("J01FA10", &["azithromycin"]),
    ("J01FF01", &["clindamycin"]),
    ("J01AA02", &["doxycycline"]),
    ("J01AA07", &["tetracycline"]),
    ("J01AA08", &["minocycline"]),
    ("J01GB03", &["gentamicin"]),
    ("J01GB06", &["amikacin"]),
    ("J01MA01", &["ofloxacin"]),
    ("J01MA02", &["ciprofloxacin"]),
    ("J01MA12", &["levofloxacin"]),
    ("J01XA01", &["vancomycin"]),
    ("J01XD01", &["metronidazole"]),
    ("P01AB01", &["metronidazole"]),
    ("P01AB02", &["tinidazole"]),
    ("J01XE01", &["nitrofurantoin"]),
    ("N02BE01", &["paracetamol"]),
    ("N02BA01", &["acetylsalicylic acid"]),
    ("B01AC06", &["acetylsalicylic acid"]),
    ("N02BB02", &["metamizole"]),
    ("M01AE01", &["ibuprofen"]),
    ("M01AE02", &["naproxen"]),
    ("M01AE03", &["ketoprofen"]),
    ("M01AB01", &["indometacin"]),
    ("M01AB05", &["diclofenac"]),
    ("M01AB15", &["ketorolac"]),
    ("M01AC01", &["piroxicam"]),
    ("M01AC06", &["meloxicam"]),
    ("M01AG01", &["mefenamic acid"]),
    ("M01AX17", &["nimesulide"]),
    ("M01AH01", &["celecoxib"]),
    ("M01AH05", &["etoricoxib"]),
    ("N02AA01", &["morphine"]),
    ("N02AA05", &["oxycodone"]),
    ("N02AA08", &["dihydrocodeine"]),
    ("R05DA04", &["codeine"]),
    ("N02AB02", &["pethidine"]),
    ("N02AB03", &["fentanyl"]),
    ("N02AX02", &["tramadol"]),
    ("N02AX06", &["tapentadol"]),
    ("N07BC02", &["methadone"]),
];

pub(super) const RXNORM_CODES: &[(&str, &[&str])] = &[
    ("161", &["paracetamol"]),
    ("723", &["amoxicillin"]),
    ("733", &["ampicillin"]),
    ("1191", &["acetylsalicylic acid"]),
    ("2176", &["cefaclor"]),
    ("2177", &["cefadroxil"]),
    ("2193", &["ceftriaxone"]),
    ("2231", &["cefalexin"]),
    ("2551", &["ciprofloxacin"]),
    ("2582", &["clindamycin"]),
    ("2670", &["codeine"]),
    ("3355", &["diclofenac"]),
    ("3640", &["doxycycline"]),
    ("4053", &["erythromycin"]),
    ("4337", &["fentanyl"]),
    ("5489", &["hydrocodone"]),
    ("5640", &["ibuprofen"]),
    ("6813", &["methadone"]),
    ("6922", &["metronidazole"]),
    ("7052", &["morphine"]),
    ("7258", &["naproxen"]),
    ("7454", &["nitrofurantoin"]),
    ("7804", &["oxycodone"]),
    ("7980", &["benzylpenicillin"]),
    ("7984", &["phenoxymethylpenicillin"]),
    ("10180", &["sulfamethoxazole"]),
    ("10395", &["tetracycline"]),
    ("10689", &["tramadol"]),
    ("10829", &["trimethoprim"]),
    ("10831", &["sulfamethoxazole", "trimethoprim"]),
    ("11124", &["vancomycin"]),
    ("18631", &["azithromycin"]),
    ("21212", &["clarithromycin"]),
    ("25037", &["cefdinir"]),
    ("35827", &["ketorolac"]),
    ("41493", &["meloxicam"]),
    ("82122", &["levofloxacin"]),
    ("140587", &["celecoxib"]),
];

const SNOMED_FAMILIES: &[(&str, Family)] = &[
    ("764146007", Family::Penicillins),
    ("373270004", Family::Penicillins),
    ("91936005", Family::Penicillins),
    ("763875007", Family::Sulfonamides),
    ("91939003", Family::Sulfonamides),
];

pub(super) const SNOMED_CODES: &[(&str, &[&str])] = &[
    ("372687004", &["amoxicillin"]),
    ("294505008", &["amoxicillin"]),
    ("387458008", &["acetylsalicylic acid"]),
    ("293586001", &["acetylsalicylic acid"]),
    ("387207008", &["ibuprofen"]),
    ("387517004", &["paracetamol"]),
    ("387494007", &["codeine"]),
    ("373529000", &["morphine"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_names_a_substance_of_the_tables_and_stands_once() {
        for table in [ATC_CODES, RXNORM_CODES, SNOMED_CODES] {
            for (code, names) in table {
                assert_eq!(exact(table, code).len(), names.len(), "{code}");
                assert_eq!(table.iter().filter(|(other, _)| other == code).count(), 1, "{code}");
            }
        }
    }

    #[test]
    fn a_code_of_a_group_means_the_family() {
        let check = |system: &str, code: &str, want: &[&str]| {
            let coding = Coding { system: system.into(), code: code.into(), display: None };
            let got: Vec<_> = meaning(&coding).iter().map(Lexeme::label).collect();
            assert_eq!(got, want, "{code}");
        };
        check(ATC, "J01CA04", &["amoxicillin"]);
        check(ATC, "j01ca", &["penicillins"]);
        check(ATC, "J01CR50", &["penicillins"]);
        check(ATC, "M01AX05", &[]);
        check(RXNORM, "10831", &["sulfamethoxazole", "trimethoprim"]);
        check(SNOMED_CT, "764146007", &["penicillins"]);
        check("urn:other", "723", &[]);
    }
}
