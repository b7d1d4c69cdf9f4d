//! Reads every JSON and NDJSON file of the folders given, over and over, and tells megabytes for
//! each second; with `--out DIR` it writes each patient as a Bundle there instead.

#![allow(clippy::print_stdout, reason = "it is a program for people")]

use interchange::{Export, Import, Intake, Options, Sender, Taken, reading_order};
use std::{
    collections::BTreeMap,
    error::Error,
    fs::{self, File},
    io::BufReader,
    ops::ControlFlow,
    path::PathBuf,
    time::Instant,
};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let out = arguments.iter().position(|argument| argument == "--out").map(|at| {
        let rest = arguments.split_off(at);
        rest.into_iter().nth(1).unwrap_or_else(|| "out".to_owned())
    });
    let mut files: Vec<(String, PathBuf)> = Vec::new();
    for folder in &arguments {
        for entry in fs::read_dir(folder)? {
            let path: PathBuf = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            if name.ends_with("json") {
                files.push((name, path));
            }
        }
    }
    files.sort_by_key(|(name, _)| (reading_order(name), name.clone()));
    match out {
        Some(out) => write(&files, &PathBuf::from(out)),
        None => measure(&files),
    }
}

fn measure(files: &[(String, PathBuf)]) -> Result<(), Box<dyn Error>> {
    let sizes = files.iter().map(|(_, path)| fs::metadata(path).map(|file| file.len()));
    let bytes: u64 = sizes.sum::<Result<u64, _>>()?;
    for _ in 0..5 {
        let began = Instant::now();
        let (mut sources, mut findings) = (0_usize, 0_usize);
        let mut import = Import::new(Options::default());
        let mut count = |taken: Taken| {
            match taken {
                Taken::Patient(patient) => sources += patient.sources.len(),
                Taken::ClinicSource { .. } | Taken::Aside { .. } => sources += 1,
                Taken::Finding(_) => findings += 1,
            }
            ControlFlow::Continue(())
        };
        for (name, path) in files {
            import.read(name, &mut BufReader::new(File::open(path)?), &mut count)?;
        }
        import.finish(&mut count);
        let seconds = began.elapsed().as_secs_f64();
        let megabytes = f64::from(u32::try_from(bytes)?) / 1e6;
        println!(
            "{megabytes:.1} MB, {sources} resources, {findings} findings, {seconds:.3} s, {:.1} MB/s",
            megabytes / seconds
        );
    }
    Ok(())
}

fn write(files: &[(String, PathBuf)], out: &PathBuf) -> Result<(), Box<dyn Error>> {
    fs::create_dir_all(out)?;
    let mut import = Import::new(Options::default());
    let mut intake = Intake::default();
    let mut keep = |taken: Taken| {
        intake.keep(taken);
        ControlFlow::Continue(())
    };
    for (name, path) in files {
        import.read(name, &mut BufReader::new(File::open(path)?), &mut keep)?;
    }
    import.finish(&mut keep);
    let now = clinical::Instant::from_unix_ms(1_795_512_600_000);
    let sender = Sender {
        clinic: clinical::ClinicId::from_uuid(clinical::uuid_v7(1, [1; 10])),
        sources: &intake.clinic_sources,
        people: &[],
        devices: BTreeMap::new(),
    };
    let export = Export::new(sender, now);
    let mut lines: BTreeMap<String, String> = BTreeMap::new();
    let mut charts: BTreeMap<clinical::PatientId, clinical::Chart> = BTreeMap::new();
    for part in intake.patients {
        let chart = charts.entry(part.patient_id).or_default();
        chart.patient = part.patient.or(chart.patient.take());
        chart.allergies.extend(part.allergies);
        chart.conditions.extend(part.conditions);
        chart.encounters.extend(part.encounters);
        chart.medications.extend(part.medications);
        chart.observations.extend(part.observations);
        chart.sources.extend(part.sources);
    }
    for (id, chart) in charts.iter().filter(|(_, chart)| chart.patient.is_some()) {
        fs::write(out.join(format!("{id}.json")), export.bundle(chart, &[])?)?;
        for line in export.lines(chart, &[], &|id| charts.contains_key(&id))? {
            let file = lines.entry(line.resource_type).or_default();
            file.push_str(&line.json);
            file.push('\n');
        }
    }
    for line in export.clinic_lines(&|id| charts.contains_key(&id))? {
        let file = lines.entry(line.resource_type).or_default();
        file.push_str(&line.json);
        file.push('\n');
    }
    for (resource_type, text) in lines {
        fs::write(out.join(format!("{resource_type}.ndjson")), text)?;
    }
    Ok(())
}
