//! Codes that stand in what is stored: each is read and written as itself for ever.

use clinical::*;
use serde::{Serialize, de::DeserializeOwned};

/// Codes that were ever written; new ones are added at the end of a line.
const CODES_V1: &str = include_str!("codes_v1.txt");

fn check<T: Serialize + DeserializeOwned>(name: &str, seen: &mut usize) {
    let line = CODES_V1.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(' '));
    let line = line.unwrap_or_else(|| panic!("{name} is in no golden"));
    let values: Vec<T> = serde_json::from_str(line).unwrap_or_else(|e| panic!("{name}: {e}"));
    assert_eq!(serde_json::to_string(&values).unwrap(), line, "{name}");
    *seen += 1;
}

#[test]
fn every_code_ever_stored_is_read_and_written_as_itself() {
    let seen = &mut 0;
    check::<AdministrativeGender>("AdministrativeGender", seen);
    check::<AlertTier>("AlertTier", seen);
    check::<AllergyCategory>("AllergyCategory", seen);
    check::<AllergyClinicalStatus>("AllergyClinicalStatus", seen);
    check::<AllergyCriticality>("AllergyCriticality", seen);
    check::<ConditionClinicalStatus>("ConditionClinicalStatus", seen);
    check::<ContactSystem>("ContactSystem", seen);
    check::<DurationUnit>("DurationUnit", seen);
    check::<EncounterClass>("EncounterClass", seen);
    check::<EncounterStatus>("EncounterStatus", seen);
    check::<EntryKind>("EntryKind", seen);
    check::<MedicationIntent>("MedicationIntent", seen);
    check::<MedicationStatus>("MedicationStatus", seen);
    check::<NoteSectionCode>("NoteSectionCode", seen);
    check::<ObservationStatus>("ObservationStatus", seen);
    check::<ReactionSeverity>("ReactionSeverity", seen);
    check::<Role>("Role", seen);
    check::<TaskStatus>("TaskStatus", seen);
    check::<VerificationStatus>("VerificationStatus", seen);
    assert_eq!(*seen, CODES_V1.lines().count());
}
