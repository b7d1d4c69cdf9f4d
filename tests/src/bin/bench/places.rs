//! Where things lie, and how much is measured.

use crate::outcome::Outcome;
use std::path::{Path, PathBuf};

/// Patients of the population when nothing else is asked for.
const PATIENTS: u32 = 100_000;

/// The folders of a run.
pub(crate) struct Places {
    repository: PathBuf,
    bench: PathBuf,
    /// How many patients are searched among.
    pub(crate) patients: u32,
}

impl Places {
    /// Finds them from the environment and from where this program was built.
    pub(crate) fn find() -> Outcome<Self> {
        let repository = tests::programs::repository();
        let program = std::env::current_exe()?;
        let target = program.ancestors().nth(2).ok_or("this program is in no target directory")?;
        let patients = std::env::var("FIELDCHART_BENCH_PATIENTS").ok();
        let patients = patients.map_or(Ok(PATIENTS), |number| number.parse())?;
        let bench = target.join("bench");
        std::fs::create_dir_all(&bench)?;
        Ok(Self { repository, bench, patients })
    }

    /// The page the figures are written to.
    pub(crate) fn page(&self) -> PathBuf {
        self.repository.join("docs").join("BENCHMARKS.md")
    }

    /// The top of the repository.
    pub(crate) fn repository(&self) -> &Path {
        &self.repository
    }

    /// A folder of this program's own.
    pub(crate) fn own(&self, name: &str) -> PathBuf {
        self.bench.join(name)
    }

    /// The FHIR bundles to import, by name; none where there is no such folder.
    pub(crate) fn bundles(&self) -> Vec<PathBuf> {
        let folder = self.fhir();
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut files: Vec<PathBuf> =
            entries.map(|entry| entry.path()).filter(|path| is_bundle(path)).collect();
        files.sort();
        files
    }

    /// The folder they are in.
    pub(crate) fn fhir(&self) -> PathBuf {
        let beside = || self.repository.join("../shared/data/interop/synthea-r4-2019");
        std::env::var_os("FIELDCHART_BENCH_FHIR").map_or_else(beside, PathBuf::from)
    }

    /// Where the peers' programs are.
    pub(crate) fn peers(&self) -> PathBuf {
        let beside = || self.repository.join("../shared/judges");
        std::env::var_os("FIELDCHART_BENCH_PEERS").map_or_else(beside, PathBuf::from)
    }
}

/// What the peers take for a bundle, so that all read the same.
fn is_bundle(path: &Path) -> bool {
    let manifest = path.to_string_lossy().contains("MANIFEST");
    path.extension().is_some_and(|extension| extension == "json") && !manifest
}
