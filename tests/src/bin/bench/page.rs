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

/// What stands above the figures.
const PREFACE: &str = include_str!("preface.md");

/// What stands below, where the long runs are noted line by line.
const AFTER: &str = "
## Long runs

`cargo xtask soak` adds a line for each: the date, the commit, how many times the rounds of a test \
run, what passed, and what the tests said of it.

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

/// Puts preface and section in their place on the page; what stands below stays.
pub(crate) fn write(page: &Path, section: &str) -> Outcome {
    let text = fs::read_to_string(page).unwrap_or_default();
    fs::write(page, placed(&text, section))?;
    Ok(())
}

fn placed(page: &str, section: &str) -> String {
    match page.split_once(END) {
        Some((_, after)) => {
            format!("{PREFACE}\n{section}{}", after.strip_prefix('\n').unwrap_or(after))
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
