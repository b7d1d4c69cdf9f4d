//! What several tests share.
#![allow(dead_code, unreachable_pub, reason = "each test file uses its own part")]

use clinical::Chart;
use interchange::{Import, Intake, Options, PatientIntake, Taken};
use std::{
    collections::{BTreeMap, BTreeSet},
    ops::ControlFlow,
};

/// Reads files as one import; the parts of a patient are put together.
pub fn read_all(files: &[(String, Vec<u8>)]) -> Intake {
    let mut import = Import::new(Options::default());
    let mut intake = Intake::default();
    let mut keep = |taken: Taken| {
        intake.keep(taken);
        ControlFlow::Continue(())
    };
    for (name, bytes) in files {
        import.read(name, &mut bytes.as_slice(), &mut keep).unwrap();
    }
    let report = import.finish(&mut keep);
    intake.counts = report.counts;
    merged(intake)
}

/// Puts together what came of one patient in several parts.
pub fn merged(mut intake: Intake) -> Intake {
    let mut patients: BTreeMap<clinical::PatientId, PatientIntake> = BTreeMap::new();
    for part in std::mem::take(&mut intake.patients) {
        match patients.get_mut(&part.patient_id) {
            None => {
                patients.insert(part.patient_id, part);
            }
            Some(patient) => {
                patient.patient = part.patient.or(patient.patient.take());
                patient.allergies.extend(part.allergies);
                patient.conditions.extend(part.conditions);
                patient.encounters.extend(part.encounters);
                patient.medications.extend(part.medications);
                patient.observations.extend(part.observations);
                patient.sources.extend(part.sources);
            }
        }
    }
    intake.patients = patients.into_values().collect();
    intake
}

/// The chart an empty store would have after taking in these entries.
pub fn chart_of(patient: &PatientIntake) -> Chart {
    let mut chart = Chart {
        patient: patient.patient.clone(),
        allergies: patient.allergies.clone(),
        conditions: patient.conditions.clone(),
        encounters: patient.encounters.clone(),
        medications: patient.medications.clone(),
        observations: patient.observations.clone(),
        sources: patient.sources.clone(),
        ..Chart::default()
    };
    chart.allergies.sort_by_key(|one| one.id);
    chart.conditions.sort_by_key(|one| one.id);
    chart.encounters.sort_by_key(|one| one.id);
    chart.medications.sort_by_key(|one| one.id);
    chart.observations.sort_by_key(|one| one.id);
    chart.sources.sort_by_key(|one| one.id);
    chart
}

/// Every value of every patient that is known, by its id, as text.
pub fn values(intake: &Intake) -> BTreeMap<String, String> {
    let mut values = BTreeMap::new();
    for patient in intake.patients.iter().filter(|patient| patient.patient.is_some()) {
        let mut chart = chart_of(patient);
        drop_dangling(&mut chart);
        let mut add = |id: String, value: String| values.insert(id, value);
        add(format!("patient/{}", patient.patient_id), format!("{:?}", chart.patient));
        chart.allergies.iter().for_each(|v| drop(add(v.id.to_string(), format!("{v:?}"))));
        chart.conditions.iter().for_each(|v| drop(add(v.id.to_string(), format!("{v:?}"))));
        chart.encounters.iter().for_each(|v| drop(add(v.id.to_string(), format!("{v:?}"))));
        chart.medications.iter().for_each(|v| drop(add(v.id.to_string(), format!("{v:?}"))));
        chart.observations.iter().for_each(|v| drop(add(v.id.to_string(), format!("{v:?}"))));
    }
    values
}

/// A link to a visit that is nowhere is no value: its id depends on the file it stood in.
fn drop_dangling(chart: &mut Chart) {
    let visits: BTreeSet<_> = chart.encounters.iter().map(|visit| visit.id).collect();
    let gone = |link: &mut Option<clinical::EncounterId>| {
        *link = link.filter(|visit| visits.contains(visit));
    };
    chart.conditions.iter_mut().for_each(|one| gone(&mut one.encounter));
    chart.medications.iter_mut().for_each(|one| gone(&mut one.about.encounter));
    chart.observations.iter_mut().for_each(|one| gone(&mut one.encounter));
}

/// How often each number that ends in a zero after the point stands in a text, as a value.
pub fn trailing_zeros(text: &[u8]) -> BTreeMap<String, usize> {
    let mut numbers = BTreeMap::new();
    let mut at = 0;
    while let Some(colon) = text[at..].iter().position(|byte| *byte == b':') {
        at += colon + 1;
        let part = |byte: &&u8| byte.is_ascii_digit() || **byte == b'.' || **byte == b' ';
        let value: Vec<u8> = text[at..].iter().take_while(part).copied().collect();
        let ends = text.get(at + value.len()).is_none_or(|byte| b",]}\r\n".contains(byte));
        let value = String::from_utf8_lossy(&value).trim().to_owned();
        if ends && value.matches('.').count() == 1 && value.ends_with('0') {
            *numbers.entry(value).or_default() += 1;
        }
    }
    numbers
}

/// A clinic that keeps these originals and has these people.
pub fn sender<'a>(
    sources: &'a [clinical::Source],
    people: &'a [clinical::Practitioner],
) -> interchange::Sender<'a> {
    interchange::Sender {
        clinic: clinical::ClinicId::from_uuid(clinical::ids::uuid_v7(1, [6; 10])),
        sources,
        people,
        devices: BTreeMap::new(),
    }
}
