//! docs/BENCHMARKS.md: our section of it, written anew by each run.

use crate::{
    machine::{self, Load},
    outcome::Outcome,
    places::Places,
    row::Row,
};
use std::fs;

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

/// Puts preface and the section of a whole run in their place on the page; what was measured apart
/// before goes, what stands below stays.
pub(crate) fn write(places: &Places, rows: &[Row], begun: &Load) -> Outcome {
    let section = format!("{BEGIN}\n{}{END}\n", section(places, "", rows, begun));
    let text = fs::read_to_string(places.page()).unwrap_or_default();
    fs::write(places.page(), placed(&text, &section))?;
    Ok(())
}

/// Puts what was measured by itself below the last whole run, in the place of what was measured
/// under the same name before.
pub(crate) fn write_apart(places: &Places, name: &str, rows: &[Row], begun: &Load) -> Outcome {
    let section = section(places, &format!(", by itself: {name}"), rows, begun);
    let text = fs::read_to_string(places.page())?;
    let text = placed_apart(&text, name, &section);
    fs::write(places.page(), text.ok_or("docs/BENCHMARKS.md has no run to stand below")?)?;
    Ok(())
}

/// The figures of one run.
fn section(places: &Places, which: &str, rows: &[Row], begun: &Load) -> String {
    let lines: Vec<String> = rows.iter().map(Row::to_markdown).collect();
    format!(
        "## {}{which}

Commit {}. {}. Running or waiting to run (load over 1, 5, 15 minutes): {begun} at the beginning, \
{} at the end.

| measured | figure | target | | others had of the machine |
|---|---|---|---|---|
{}
",
        machine::now(),
        machine::commit(places.repository()),
        machine::describe(),
        Load::now(),
        lines.join("\n"),
    )
}

fn placed(page: &str, section: &str) -> String {
    let after = page.split_once(END).map(|(_, after)| after.strip_prefix('\n').unwrap_or(after));
    match after {
        Some(after) => {
            let (_, after) = parted_apart(after);
            format!("{PREFACE}\n{section}{after}")
        }
        // Lines of long runs may be there before any figure.
        None => format!("{PREFACE}\n{section}{AFTER}{page}"),
    }
}

/// A run measured apart begins and ends so; its name stands in the first.
const APART: &str = "<!-- measured apart: ";
const APART_END: &str = "<!-- end of what was measured apart -->\n";

fn placed_apart(page: &str, name: &str, section: &str) -> Option<String> {
    let (whole, after) = page.split_once(END)?;
    let (apart, after) = parted_apart(after.strip_prefix('\n').unwrap_or(after));
    let own = format!("{APART}{name} -->");
    let others: String = apart.into_iter().filter(|run| !run.starts_with(&own)).collect();
    let preface_end = whole.find(BEGIN)?;
    let whole = whole.get(preface_end..)?;
    Some(format!("{PREFACE}\n{whole}{END}\n{others}{own}\n{section}{APART_END}{after}"))
}

/// The runs measured apart at the beginning of a text, and what stands after them.
fn parted_apart(mut text: &str) -> (Vec<&str>, &str) {
    let mut runs = Vec::new();
    while text.starts_with(APART) {
        let Some(end) = text.find(APART_END) else { break };
        let (run, rest) = text.split_at(end + APART_END.len());
        runs.push(run);
        text = rest;
    }
    (runs, text)
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

    #[test]
    fn what_is_measured_apart_stands_below_until_all_is_measured() {
        let whole = placed("- soak: fine\n", &format!("{BEGIN}\none\n{END}\n"));
        let page = placed_apart(&whole, "typing", "slow\n").unwrap();
        let page = placed_apart(&page, "day", "long\n").unwrap();
        let page = placed_apart(&page, "typing", "quick\n").unwrap();
        let at = |text: &str| page.find(text).unwrap_or_else(|| panic!("{text} in {page}"));
        assert!(at("one") < at("long") && at("long") < at("quick") && at("quick") < at("- soak"));
        assert!(!page.contains("slow") && page.starts_with("# Figures"), "{page}");
        assert_eq!(placed(&page, &format!("{BEGIN}\none\n{END}\n")), whole);
        assert_eq!(placed_apart("nothing", "day", ""), None);
    }
}
