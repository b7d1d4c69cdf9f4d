//! docs/BENCHMARKS.md: our section of it, written anew by each run.

use crate::{
    machine::{self, Load},
    outcome::Outcome,
    places::Places,
    row::Row,
};
use std::{fs, path::Path};

const BEGIN: &str = "<!-- figures: written by cargo xtask bench -->";
const END: &str = "<!-- end of the figures -->";

/// What stands above the figures on a page that is new.
const PREFACE: &str = "# Figures

What Fieldchart costs in time and space. `cargo xtask bench` measures everything in one run on \
one machine and writes the table below anew; the peers it is compared with run in the same \
minutes on the same files. The people are invented and the same on every machine.

These are figures of one machine on one day, not promises: a miss is printed as a miss, and what \
was not measured says so. Times stand as the clock on the wall tells them and, in brackets, as \
the processor does: others who use the machine meanwhile lengthen the first and hardly the \
second, and the last column tells how much of the machine they had. Waiting for the disk is in \
the first only. A p95 is the time within which 95 of 100 were done, each clock for itself.
";

/// What stands below, where the long runs are noted line by line.
const AFTER: &str = "
## Long runs

`cargo xtask soak` adds a line for each.

";

/// The section of this run.
pub(crate) fn section(places: &Places, rows: &[Row], begun: &Load) -> String {
    let lines: Vec<String> = rows.iter().map(Row::to_markdown).collect();
    format!(
        "{BEGIN}
## {}

Commit {}. {}. Running or waiting to run (load over 1, 5, 15 minutes): {begun} at the beginning, \
{} at the end.

| measured | figure | target | | others had of the machine |
|---|---|---|---|---|
{}
{END}
",
        machine::now(),
        machine::commit(places.repository()),
        machine::describe(),
        Load::now(),
        lines.join("\n"),
    )
}

/// Puts the section in its place on the page; the rest of the page stays.
pub(crate) fn write(page: &Path, section: &str) -> Outcome {
    let text = fs::read_to_string(page).unwrap_or_default();
    fs::write(page, placed(&text, section))?;
    Ok(())
}

fn placed(page: &str, section: &str) -> String {
    let marked = page
        .split_once(BEGIN)
        .and_then(|(before, rest)| rest.split_once(END).map(|(_, after)| (before, after)));
    match marked {
        Some((before, after)) => {
            format!("{before}{section}{}", after.strip_prefix('\n').unwrap_or(after))
        }
        // Lines of long runs may be there before any figure.
        None => format!("{PREFACE}\n{section}{AFTER}{page}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_replaces_the_section_of_the_last_and_nothing_else() {
        let section = |text: &str| format!("{BEGIN}\n{text}\n{END}\n");
        let first = placed("- soak: fine\n", &section("one"));
        assert!(first.starts_with("# Figures") && first.ends_with("- soak: fine\n"), "{first}");
        let second = placed(&first, &section("two"));
        assert_eq!(second, first.replace("one\n", "two\n"));
        assert_eq!(placed(&second, &section("two")), second);
    }
}
