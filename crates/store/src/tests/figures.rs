//! The size budget on a small store, so that a careless column is noticed at once.

use super::fixtures::*;
use crate::*;

/// Bytes of store a patient of thirty entries may take.
const PATIENT_BYTES_MAX: u64 = 20_000;

#[test]
fn a_patient_of_thirty_entries_fits_its_budget() {
    let kept = new_store();
    const PATIENTS: u64 = 400;
    for first in (1..=PATIENTS).step_by(100) {
        let records = (first..first + 100).map(|n| begin(n, &thirty_entries(n)).1).collect();
        kept.store.commit(Commit::local(records)).unwrap();
    }
    kept.store.rest().unwrap();
    let bytes = std::fs::metadata(kept.path().join(DATABASE_FILE)).unwrap().len();
    let each = bytes / PATIENTS;
    eprintln!("{each} bytes a patient");
    kept.store
        .read(|r| {
            let text =
                "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 20";
            let sizes: Vec<(String, u64)> =
                sql::all(&r.db, text, [], |row| Ok((row.get(0)?, sql::unsql(row.get(1)?))))?;
            for (name, bytes) in sizes {
                eprintln!("{:>8} {name}", bytes / PATIENTS);
            }
            Ok(())
        })
        .unwrap();
    assert!(each <= PATIENT_BYTES_MAX, "{each} bytes a patient");
}
